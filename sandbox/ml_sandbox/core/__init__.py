"""What every simulated vendor shares: clock, tables, settings, faults, request log, control API, server."""
