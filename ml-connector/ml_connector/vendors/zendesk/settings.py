"""The settings that tap and target of Zendesk share."""

from __future__ import annotations

from ml_connector.settings import Setting

LOGIN_SETTINGS: tuple[Setting, ...] = (
    Setting("subdomain", "The account: the part of its address before .zendesk.com."),
    Setting("base_url", "Address of the account, instead of the subdomain."),
    Setting(
        "auth_mode",
        "How to log in: client_credentials (an OAuth client of an admin), refresh_token, or api_token.",
        default="client_credentials",
        allowed=("client_credentials", "refresh_token", "api_token"),
    ),
    Setting("client_id", "Identifier of the OAuth client."),
    Setting("client_secret", "Secret of the OAuth client.", secret=True),
    Setting("refresh_token", "First refresh token; later ones are kept in the token store.", secret=True),
    Setting("scope", "Scopes to ask for, separated by blanks.", default="read write"),
    Setting(
        "token_lifetime",
        "Seconds that an access token is asked to live.",
        "integer",
        7200,
        minimum=300,
        maximum=172800,
    ),
    Setting("email", "E-mail of the user behind the API token."),
    Setting("api_token", "API token, for accounts that still have one.", secret=True),
)
