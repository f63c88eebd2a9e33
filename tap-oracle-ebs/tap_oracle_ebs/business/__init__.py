"""Records that join several tables."""
