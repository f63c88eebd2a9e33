"""The settings that every plugin of JD Edwards has. What no public text settles is one of them."""

from __future__ import annotations

from ml_connector.settings import COMMON_SETTINGS, Setting, with_defaults, without

DEFAULT_DEVICE = "ml-connector"
DEFAULT_REFRESH_MINUTES = 25.0

ACCESS_SETTINGS: tuple[Setting, ...] = (
    *with_defaults(
        without(COMMON_SETTINGS, "quota_share", "quota_max_wait"), read_timeout=300, max_retries=3
    ),
    Setting("username", "Name of the EnterpriseOne user.", required=True),
    Setting("password", "Password of the EnterpriseOne user.", required=True, secret=True),
    Setting("environment", "Environment, such as JPD920. By default the one that the server names."),
    Setting("role", "Role, such as *ALL. By default the one that the server names."),
    Setting("jas_server", "Address of the HTML server (jasserver). By default the server's own choice."),
    Setting(
        "auth_mode",
        "`token`: log in once, send the token with each call, log out at the end. `basic`: send user and "
        "password with each call; the server then opens a session for every one.",
        default="token",
        allowed=("token", "basic"),
    ),
    Setting(
        "device_name",
        "Name under which tokens are bound (deviceName). It is fixed, since a token without one is bound to "
        "the address of this machine.",
        default=DEFAULT_DEVICE,
    ),
    Setting(
        "token_refresh_minutes",
        "Minutes after which a token is replaced before it can expire. Keep it below the session time-outs "
        "of the AIS server and of the HTML server.",
        "number",
        DEFAULT_REFRESH_MINUTES,
        minimum=0.01,
    ),
    Setting(
        "keep_cookies",
        "Send back the cookies of the login with each call (session affinity). Switch it off where a cluster "
        "shares sessions (Tools 9.2.5.2 and later).",
        "boolean",
        True,
    ),
    Setting(
        "concurrency",
        "Calls at the same time, such as those for the tables behind a business record. Each occupies a "
        "session of the HTML server that people may share.",
        "integer",
        1,
        minimum=1,
    ),
    Setting(
        "server_timezone",
        "Time zone that UPMJ and UPMT are written in, from the IANA list: they do not say so.",
        default="UTC",
    ),
)
"""Address, login and clock of an AIS server."""

READING_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "paging",
        "`keyset`: ask for the rows after the last key. `next_link`: follow the server's own links, which "
        "need `auth_mode: token` and die after 60 seconds without a call (resultSetTimeout).",
        default="keyset",
        allowed=("keyset", "next_link"),
    ),
    Setting("page_size", "Rows per page (maxPageSize).", "integer", 500, minimum=1),
    Setting("key_list_size", "Keys per list (operator LIST) at most.", "integer", 100, minimum=1),
    Setting(
        "date_filter",
        "How a date is written in conditions. `today_minus_day`: as days before today, the only form that "
        "Oracle documents without doubt. `user_format`: in the date format of the user. `yyyymmdd`: as "
        "8 digits.",
        default="today_minus_day",
        allowed=("today_minus_day", "user_format", "yyyymmdd"),
    ),
    Setting(
        "user_date_format",
        "Date format of the user, such as dd/MM/yyyy, for `date_filter: user_format`. By default the one "
        "that the login names.",
    ),
    Setting(
        "decimals",
        "Decimal places by which stored whole numbers have to be divided: `{F03012: {ACL: 2}}`, or "
        "`{F03012.ACL: 2}` where Meltano is not in between. By default numbers are taken as the server gives "
        "them; compare one record with the application's screen.",
        "object",
        items={
            "type": ["integer", "object"],
            "minimum": 0,
            "maximum": 15,
            "additionalProperties": {"type": ["integer"], "minimum": 0, "maximum": 15},
        },
    ),
)
"""How tables are read by the data service."""
