"""Orchestrations: what they take, what they write and how they answer."""
