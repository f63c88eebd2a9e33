"""Zendesk: login, client, limits, faults.

Facts are from Zendesk's API reference; the names of its sections stand in brackets.
"""
