"""OroCRM: the JSON:API of the back office, with and without the native Zendesk bundle."""
