"""The ways to read a module: COQL, lists, Bulk Read, single records; and which one is taken."""
