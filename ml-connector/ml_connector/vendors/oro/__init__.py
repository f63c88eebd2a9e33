"""OroCRM: login, client, features of a server, faults, and the flat form of its JSON:API resources.

Facts are from Oro's documentation of its web API and from the tests of its platform.
"""
