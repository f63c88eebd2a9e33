"""Ways of reading tables through the gateway."""
