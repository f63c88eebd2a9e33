"""Asking for records by conditions: COQL, the search and the criteria of bulk reads."""
