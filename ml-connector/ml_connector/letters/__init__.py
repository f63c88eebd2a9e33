"""Letters on their way back: the replay tap, and letters as files that can be edited."""
