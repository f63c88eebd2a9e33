"""An honest vendor in memory, and runs of the real engine between two of them."""
