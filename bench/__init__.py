"""Measurements: real processes against the sandbox on this machine."""
