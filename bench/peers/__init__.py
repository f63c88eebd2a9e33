"""Other makers' tools that write customers and contacts to Zendesk, each in an environment of its own."""
