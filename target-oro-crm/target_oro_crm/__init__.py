"""Singer target for OroCRM."""
