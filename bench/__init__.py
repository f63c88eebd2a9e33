"""Measurements of the numbers that the project promises. `python -m bench [NAME]` runs them."""
