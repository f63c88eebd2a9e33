"""The settings of the tap. What no public text settles about the gateway is one of them."""

from __future__ import annotations

from ml_connector.settings import COMMON_SETTINGS, Setting, with_defaults, without
from ml_connector.singer.windows import WINDOW_SETTINGS

_ACCESS = (
    Setting("username", "Name of the EBS user (FND_USER) that reads.", required=True),
    Setting("password", "Password of the EBS user.", required=True, secret=True),
    Setting(
        "auth_mode",
        "`token`: log in once by Basic, send the access token as cookie, log out at the end. `basic`: send "
        "user and password with every call.",
        default="token",
        allowed=("token", "basic"),
    ),
    Setting("services_path", "Path of the REST services below `base_url`.", default="/webservices/rest/"),
    Setting(
        "alias", "Alias under which the tables are deployed, unless `aliases` names another.", required=True
    ),
    Setting(
        "aliases",
        "Alias of single tables: `{HZ_LOCATIONS: addresses}`.",
        "object",
        items={"type": ["string"]},
    ),
    Setting(
        "operations",
        "Operation of single tables where it is not named as the table is, such as a view: "
        "`{HZ_CUST_ACCT_SITES_ALL: HZ_CUST_ACCT_SITES}`.",
        "object",
        items={"type": ["string"]},
    ),
    Setting(
        "table_path",
        "Path of a table below `services_path`, with the trailing slash.",
        default="{alias}/{operation}/",
    ),
)
_CONTEXT = (
    Setting("responsibility", "Key of the responsibility to read with.", required=True),
    Setting(
        "responsibility_application",
        "Short name of the responsibility's application, such as AR.",
        required=True,
    ),
    Setting("security_group", "Key of the security group.", default="STANDARD"),
    Setting("language", "NLS language of the session.", default="AMERICAN"),
    Setting(
        "org_ids",
        "Operating units to read. By default all that the tables show; a name that the multi-org policy "
        "filters (without _ALL) is read once for each.",
        "array",
        items={"type": ["integer"]},
    ),
    Setting(
        "context_in",
        "Where the application context travels.",
        default="query",
        allowed=("query", "header", "body"),
    ),
    Setting(
        "context_names",
        "Names of the context elements in query or header, where they differ: `{Org_Id: ctx_orgid}`.",
        "object",
        items={"type": ["string"]},
    ),
    Setting(
        "server_timezone",
        "Time zone of the database server (profile Server Timezone), from the IANA list: DATE columns are in "
        "it and do not say so.",
        required=True,
    ),
)
_GRAMMAR = (
    Setting("select_parameter", "Query name of the column list; empty: none is sent.", default="select"),
    Setting("filter_parameter", "Query name of the filter.", default="filter"),
    Setting("sort_parameter", "Query name of the sort order.", default="sort"),
    Setting("limit_parameter", "Query name of the page size.", default="limit"),
    Setting("offset_parameter", "Query name of the first row.", default="offset"),
    Setting("offset_base", "Offset of the first row.", "integer", 0, minimum=0, maximum=1),
    Setting(
        "filter_operators",
        "How comparisons are written in filters: `symbols` (>=) or `words` (ge).",
        default="symbols",
        allowed=("symbols", "words"),
    ),
    Setting("date_mask", "Oracle mask of the date literals in filters.", default="YYYY-MM-DD HH24:MI:SS"),
    Setting(
        "answer_date_mask", "Oracle mask of the dates in answers; by default they are ISO 8601 (dateTime)."
    ),
    Setting("sort_item", "How one column of the sort order is written.", default="{column}"),
    Setting(
        "paging",
        "`keyset`: ask for the rows after the last key. `offset`: count rows; pages then overlap, and a page "
        "that does not join the one before is read again.",
        default="keyset",
        allowed=("keyset", "offset"),
    ),
    Setting(
        "key_list_filter",
        "Whether the service takes `COLUMN IN (...)`. Without it, each run reads the tables whole.",
        "boolean",
        True,
    ),
    Setting("page_size", "Rows per page.", "integer", 1000, minimum=1),
    Setting("key_list_size", "Keys per list at most.", "integer", 300, minimum=1, maximum=1000),
    Setting(
        "key_list_limit",
        "Changed customers from which on the tables are read whole instead of by key lists.",
        "integer",
        20_000,
        minimum=1,
    ),
    Setting(
        "max_url_length",
        "Longest address in characters; key lists are cut to fit.",
        "integer",
        6000,
        minimum=1000,
    ),
)
_STREAMS = (
    Setting(
        "credit_currency",
        "Currency of `credit_limit` where an account has limits in several; by default the first by code.",
    ),
)

SETTINGS: tuple[Setting, ...] = (
    *with_defaults(
        without(COMMON_SETTINGS, "quota_share", "quota_max_wait"), read_timeout=300, max_retries=3
    ),
    *_ACCESS,
    *_CONTEXT,
    *_GRAMMAR,
    *WINDOW_SETTINGS,
    *_STREAMS,
)
"""Every setting. The gateway has no quota; the tap sends one request at a time."""
