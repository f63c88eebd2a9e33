"""Who may sign in to a fresh sandbox. These are no secrets: they open nothing but the sandbox."""

from typing import Any

CLIENT_ID = "1000.SANDBOXSELFCLIENT"
CLIENT_SECRET = "sandbox-zoho-client-secret"  # noqa: S105
WEB_CLIENT_ID = "1000.SANDBOXWEBCLIENT"
WEB_CLIENT_SECRET = "sandbox-zoho-web-client-secret"  # noqa: S105
REDIRECT_URI = "http://127.0.0.1:8765/callback"

REFRESH_TOKEN = "1000.sandbox-refresh-token.integration"  # noqa: S105
SALES_REFRESH_TOKEN = "1000.sandbox-refresh-token.sales"  # noqa: S105

ORG_ID = "5725767"
"""The ``zgid``, which names the organisation in uploads and in ``soid``."""
ORGANIZATION_ID = "5725767000000020005"
"""The ``id`` of ``GET /org``."""

USER_ID = "5725767000000411001"
SALES_USER_ID = "5725767000000411002"

SCOPES = (
    "ZohoCRM.modules.ALL",
    "ZohoCRM.settings.ALL",
    "ZohoCRM.org.READ",
    "ZohoCRM.users.READ",
    "ZohoCRM.coql.READ",
    "ZohoCRM.bulk.READ",
    "ZohoCRM.bulk.CREATE",
    "ZohoFiles.files.ALL",
    "ZohoSearch.securesearch.READ",
    "ZohoCRM.composite_requests.CUSTOM",
)


def users() -> list[dict[str, Any]]:
    """The integration's user, who is an administrator, and a colleague in sales."""
    return [
        {"id": USER_ID, "name": "Ines Integration", "email": "integration@acme.example"},
        {"id": SALES_USER_ID, "name": "Sam Sales", "email": "sales@acme.example"},
    ]


def clients() -> list[dict[str, Any]]:
    """A self client, and a web client for the redirect flow."""
    return [
        {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "self_client": True, "redirect_uris": []},
        {
            "client_id": WEB_CLIENT_ID,
            "client_secret": WEB_CLIENT_SECRET,
            "self_client": False,
            "redirect_uris": [REDIRECT_URI],
        },
    ]


def refresh_tokens() -> list[dict[str, Any]]:
    """One refresh token of each user."""
    return [
        {"refresh_token": REFRESH_TOKEN, "client_id": CLIENT_ID, "user_id": USER_ID},
        {"refresh_token": SALES_REFRESH_TOKEN, "client_id": CLIENT_ID, "user_id": SALES_USER_ID},
    ]
