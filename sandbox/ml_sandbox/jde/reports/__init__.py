"""Batch reports: submitted, waiting, processing, ended; and what R01010Z does with F0101Z2."""
