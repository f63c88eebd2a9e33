"""Transport of the gateway: login, context, faults, and the forms of its answers."""
