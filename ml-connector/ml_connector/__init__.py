"""Shared library of the ml-connector taps and targets: HTTP, auth, ledger, sync engine, Singer bases."""
