"""The commands of `ml-connector`, one module per family."""
