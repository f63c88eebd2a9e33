"""Singer tap for OroCRM."""
