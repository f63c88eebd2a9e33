"""Customers, suppliers and contacts: the tables behind each, and the one record that is made of their rows.

Taps read what changed, targets what a record is now; both get the same record.
"""
