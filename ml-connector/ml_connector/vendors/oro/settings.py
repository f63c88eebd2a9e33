"""The settings that tap and target of OroCRM share."""

from __future__ import annotations

from ml_connector.settings import COMMON_SETTINGS, Setting, with_defaults, without

DEFAULT_PREFIX = "/api"
DEFAULT_PAGE = 250

_LOGIN = (
    Setting(
        "base_url",
        "Address of OroCRM without the path of its API, such as https://crm.example.com. The login is always "
        "at /oauth2-token below it.",
        required=True,
    ),
    Setting(
        "api_prefix",
        "Path of the back office's API below `base_url`: /api, or with the commerce packages /admin/api, "
        "where /api is the API of the storefront.",
        default=DEFAULT_PREFIX,
    ),
    Setting(
        "auth_mode",
        "`client_credentials`: an OAuth application with a back-office user of its own. `password`: an "
        "OAuth application for the name and password of a user.",
        default="client_credentials",
        allowed=("client_credentials", "password"),
    ),
    Setting("client_id", "Client id of the OAuth application.", required=True),
    Setting("client_secret", "Client secret of the OAuth application.", required=True, secret=True),
    Setting("username", "Name of the back-office user, for `auth_mode: password`."),
    Setting("password", "Password of the back-office user.", secret=True),
)
_READING = (
    Setting(
        "page_size",
        "Records per page. A server whose limit (`max_entities`) is lower is asked for as many as it gives.",
        "integer",
        DEFAULT_PAGE,
        minimum=1,
        maximum=10_000,
    ),
)

ORO_SETTINGS: tuple[Setting, ...] = (
    *_LOGIN,
    *_READING,
    *with_defaults(without(COMMON_SETTINGS, "base_url"), retry_after_default=5),
)
"""Every setting that `OroClient` reads, beside those of `WRITING_SETTINGS`."""

WRITING_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "batch",
        "How contacts and accounts are written in bulk. `auto`: synchronously where the server can, else "
        "asynchronously, else one by one, as the API itself tells. `sync`, `async`: this way. `off`: one by "
        "one.",
        default="auto",
        allowed=("auto", "sync", "async", "off"),
    ),
    Setting(
        "external_ids",
        "Use `externalId` of cases, contacts, accounts and users. `auto`: where the server has it (OroCRM "
        "7.0.2 and later). `off`: leave it to others.",
        default="auto",
        allowed=("auto", "off"),
    ),
    Setting(
        "batch_poll",
        "Seconds between two looks at a batch operation at first; the pause grows to ten times as much.",
        "number",
        1,
        minimum=0.01,
    ),
    Setting(
        "batch_timeout",
        "Seconds to wait for a batch operation; one that stays `new` needs the server's message consumer.",
        "number",
        900,
        minimum=1,
    ),
)
"""Settings of features that only a writer needs; see `Features` and `Batches`."""
