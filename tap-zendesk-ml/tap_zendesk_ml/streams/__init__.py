"""The streams: exports, what goes with tickets, listings."""
