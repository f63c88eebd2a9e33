"""Credentials for every kind of login the vendors know, as `requests.auth.AuthBase`.

Tokens are shared, by way of an encrypted store, among all threads and processes: one of them logs in or
refreshes, the others read what it stored. A refused login is tried once.
"""

from ml_connector.auth._basic import Basic
from ml_connector.auth._gate import LoginGate, login_reset
from ml_connector.auth._oauth import (
    OAuth2ClientCredentials,
    OAuth2RefreshToken,
    TokenEndpoint,
    judge_token_answer,
    save_grant,
)
from ml_connector.auth._session_token import SessionToken
from ml_connector.auth._store import TokenEntry, TokenStore
from ml_connector.auth._tokens import (
    Attach,
    StaticToken,
    Token,
    TokenAuth,
    in_cookie,
    in_header,
    in_json_body,
)

__all__ = [
    "Attach",
    "Basic",
    "LoginGate",
    "OAuth2ClientCredentials",
    "OAuth2RefreshToken",
    "SessionToken",
    "StaticToken",
    "Token",
    "TokenAuth",
    "TokenEndpoint",
    "TokenEntry",
    "TokenStore",
    "in_cookie",
    "in_header",
    "in_json_body",
    "judge_token_answer",
    "login_reset",
    "save_grant",
]
