"""The settings that tap and target of Zoho CRM share."""

from __future__ import annotations

from ml_connector.settings import COMMON_SETTINGS, Setting, with_defaults, without
from ml_connector.vendors.zoho.data_centers import DATA_CENTERS, ENVIRONMENTS

READ_SCOPE = (
    "ZohoCRM.modules.READ,ZohoCRM.settings.modules.READ,ZohoCRM.settings.fields.READ,ZohoCRM.org.READ,"
    "ZohoCRM.coql.READ,ZohoCRM.bulk.READ"
)

_LOGIN = (
    Setting(
        "data_center",
        "Data centre in which the organisation lives; login and API have hosts of their own in each.",
        default="us",
        allowed=tuple(DATA_CENTERS),
    ),
    Setting(
        "environment",
        "Which environment of the organisation: its API host begins with www., sandbox. or developer.",
        default="production",
        allowed=tuple(ENVIRONMENTS),
    ),
    Setting("accounts_url", "Address of the login, in place of the data centre's."),
    Setting("api_url", "Address of the API, in place of the data centre's and of what the login names."),
    Setting("content_url", "Address for file uploads, in place of the data centre's."),
    Setting(
        "auth_mode",
        "`refresh_token`: a refresh token, of the setting or of `ml-connector auth login zoho-crm`. "
        "`self_client`: the code of a self client, which is exchanged once. `client_credentials`: a self "
        "client without a user's token; Zoho recommends it for one-off work only.",
        default="refresh_token",
        allowed=("refresh_token", "self_client", "client_credentials"),
    ),
    Setting("client_id", "Id of the client in the Zoho API console.", required=True),
    Setting("client_secret", "Secret of the client.", required=True, secret=True),
    Setting("refresh_token", "Refresh token of the user that reads and writes.", secret=True),
    Setting(
        "grant_code",
        "Code of a self client, made in the API console and good for some minutes: the first run exchanges "
        "it, and the tokens are kept in the token store.",
        secret=True,
    ),
    Setting("org_id", "Id of the organisation (zgid), for `client_credentials`."),
    Setting("scope", "Scopes to ask for, for `client_credentials`.", default=READ_SCOPE),
)
_LIMITS = (
    Setting(
        "api_version", "Version of the API, as it stands in its paths.", default="v8", allowed=("v7", "v8")
    ),
    Setting(
        "edition",
        "Edition of the organisation, which sets credits and concurrency. By default it is read from the "
        "organisation (scope ZohoCRM.org.READ).",
        allowed=("free", "standard", "professional", "enterprise", "ultimate"),
    ),
    Setting(
        "sub_concurrency",
        "How many heavy calls (COQL, writes of more than 10 records, sorted lists) Zoho takes at once.",
        "integer",
        10,
        minimum=1,
    ),
    Setting(
        "credit_reserve",
        "API credits of the day that stay for others: a run stops before the call that would use them. "
        "Zoho tells what remains only once half of the day's credits are used.",
        "integer",
        500,
        minimum=0,
    ),
)

ZOHO_SETTINGS: tuple[Setting, ...] = (
    *_LOGIN,
    *_LIMITS,
    *with_defaults(without(COMMON_SETTINGS, "base_url"), retry_after_default=5, max_retries=8),
)
"""Every setting that `ZohoClient` reads."""
