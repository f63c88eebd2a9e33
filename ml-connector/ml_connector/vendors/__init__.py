"""What is true of one vendor and needed by its tap and its target alike; a folder per vendor."""
