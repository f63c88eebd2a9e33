"""JD Edwards EnterpriseOne through its AIS server: login, data service, values, orchestration calls.

A plugin builds a `client.Client` from its settings (`settings.ACCESS_SETTINGS`), reads tables by
`reading.TableReader` and gives the session back by `Client.close`.
"""
