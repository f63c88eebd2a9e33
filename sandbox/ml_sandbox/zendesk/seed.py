"""Who may sign in to a fresh sandbox. These are no secrets: they open nothing but the sandbox."""

from typing import Any

from ml_sandbox.zendesk.user_defaults import DEFAULTS, STAFF_DEFAULTS

SUBDOMAIN = "acme"
ACCOUNT_URL = f"https://{SUBDOMAIN}.zendesk.com"
ACCOUNT_ID = 21000001

CLIENT_ID = "ml_connector"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105
AGENT_CLIENT_ID = "ml_connector_agent"
AGENT_CLIENT_SECRET = "sandbox-agent-client-secret"  # noqa: S105
PUBLIC_CLIENT_ID = "ml_connector_public"
REDIRECT_URI = "http://127.0.0.1:8765/callback"

ADMIN_EMAIL = "admin@acme.example"
AGENT_EMAIL = "agent@acme.example"
API_TOKEN = "sandbox-api-token"  # noqa: S105

ADMIN_ID = 26363647450387
AGENT_ID = 26363647450388

ALL_SCOPES = ["read", "write", "impersonate"]


def users() -> list[dict[str, Any]]:
    """The account's staff: one admin and one agent."""
    staff = [
        {"id": ADMIN_ID, "email": ADMIN_EMAIL, "name": "Ada Admin", "role": "admin"},
        {"id": AGENT_ID, "email": AGENT_EMAIL, "name": "Abel Agent", "role": "agent"},
    ]
    return [{**DEFAULTS, **STAFF_DEFAULTS, **user} for user in staff]


def identities() -> list[dict[str, Any]]:
    """Their e-mail addresses."""
    return [
        {
            "id": user["id"] + 1_000,
            "user_id": user["id"],
            "type": "email",
            "value": user["email"],
            "verified": True,
            "verification_method": "low",
            "verified_at": None,
            "primary": True,
            "undeliverable_count": 0,
            "deliverable_state": "deliverable",
        }
        for user in users()
    ]


def clients() -> list[dict[str, Any]]:
    """OAuth clients: one of the admin, one of the agent, and a public one that has to use PKCE."""
    redirects = [REDIRECT_URI]
    return [
        {"identifier": CLIENT_ID, "secret": CLIENT_SECRET, "user_id": ADMIN_ID, "redirect_uris": redirects},
        {
            "identifier": AGENT_CLIENT_ID,
            "secret": AGENT_CLIENT_SECRET,
            "user_id": AGENT_ID,
            "redirect_uris": redirects,
        },
        {"identifier": PUBLIC_CLIENT_ID, "secret": None, "user_id": ADMIN_ID, "redirect_uris": redirects},
    ]
