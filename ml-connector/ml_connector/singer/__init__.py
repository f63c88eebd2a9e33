"""The Singer bases: targets and taps with our exit codes, fast reading and writing, settling, state."""
