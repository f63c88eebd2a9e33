"""Zoho CRM: data centres, login, client, credits, metadata, COQL, and one form of a record.

Facts are from Zoho's public API documentation (v8); the names of its pages stand in brackets.
"""
