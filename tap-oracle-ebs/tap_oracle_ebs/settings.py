"""The settings of the tap. What no public text settles about the gateway is one of them."""

from __future__ import annotations

from ml_connector.settings import COMMON_SETTINGS, Setting, with_defaults, without
from ml_connector.singer.deletes import DELETE_SETTINGS
from ml_connector.singer.windows import WINDOW_SETTINGS
from tap_oracle_ebs.settings_business import BUSINESS
from tap_oracle_ebs.settings_package import PACKAGE
from tap_oracle_ebs.settings_reading import GRAMMAR, TABLES

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
        "Where the application context travels. By default in the query of a GET and in the body of a POST.",
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
SETTINGS: tuple[Setting, ...] = (
    *with_defaults(
        without(COMMON_SETTINGS, "quota_share", "quota_max_wait"), read_timeout=300, max_retries=3
    ),
    *_ACCESS,
    *_CONTEXT,
    *GRAMMAR,
    *PACKAGE,
    *TABLES,
    *WINDOW_SETTINGS,
    *DELETE_SETTINGS,
    *BUSINESS,
)
"""Every setting. The gateway has no quota; the tap sends one request at a time."""
