"""Who may sign in to a fresh sandbox, and what it holds. No secrets: they open nothing but the sandbox."""

from typing import Any

CLIENT_ID = "sandbox-oro-client"
CLIENT_SECRET = "sandbox-oro-client-secret"  # noqa: S105
USERNAME = "admin"
PASSWORD = "sandbox-oro-password"  # noqa: S105

USER_ID = "1"
"""The user for whom the application acts: an administrator."""
ORGANIZATION_ID = "1"
CHANNEL_ID = "1"
"""The Zendesk integration of the native bundle."""

AGENTS = (("20", "agnes", "Agnes", "Agent"), ("21", "bela", "Bela", "Berg"), ("35", "sam", "Sam", "Support"))

DICTIONARIES: dict[str, tuple[tuple[str, str], ...]] = {
    "casestatuses": (
        ("open", "Open"),
        ("in_progress", "In Progress"),
        ("resolved", "Resolved"),
        ("closed", "Closed"),
    ),
    "casepriorities": (("low", "Low"), ("normal", "Normal"), ("high", "High")),
    "casesources": (("phone", "Phone"), ("email", "Email"), ("web", "Web"), ("other", "Other")),
    "contactsources": (
        ("call", "Call"),
        ("tv", "TV"),
        ("website", "Website"),
        ("other", "Other"),
    ),
    "contactmethods": (("phone", "Phone"), ("email", "Email"), ("mail", "Mail")),
    "userauthstatuses": (("active", "Active"), ("reset", "Reset")),
    "zendeskticketstatuses": (
        ("new", "New"),
        ("open", "Open"),
        ("pending", "Pending"),
        ("hold", "Hold"),
        ("solved", "Solved"),
        ("closed", "Closed"),
    ),
    "zendeskticketpriorities": (
        ("low", "Low"),
        ("normal", "Normal"),
        ("high", "High"),
        ("urgent", "Urgent"),
    ),
    "zendesktickettypes": (
        ("problem", "Problem"),
        ("incident", "Incident"),
        ("question", "Question"),
        ("task", "Task"),
    ),
    "zendeskuserroles": (("admin", "Admin"), ("agent", "Agent"), ("end-user", "End user")),
}


def rows() -> dict[str, list[dict[str, Any]]]:
    """The first rows of every type that has some."""
    return {
        **{name: _dictionary(entries) for name, entries in DICTIONARIES.items()},
        "organizations": [{"id": ORGANIZATION_ID, "name": "Acme", "enabled": True}],
        "businessunits": [{"id": "1", "name": "Main"}],
        "userroles": [{"id": "1", "label": "Administrator"}, {"id": "2", "label": "User"}],
        "integrationchannels": [{"id": CHANNEL_ID, "name": "Zendesk", "type": "zendesk", "enabled": True}],
        "users": [
            _user(USER_ID, USERNAME, "Ada", "Admin", "1"),
            *(_user(*agent, "2") for agent in AGENTS),
        ],
    }


def _dictionary(entries: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    return [{"id": name, "label": label, "order": n} for n, (name, label) in enumerate(entries, 1)]


def _user(user_id: str, username: str, first: str, last: str, role: str) -> dict[str, Any]:
    email = f"{username}@acme.example"
    return {
        "id": user_id,
        "username": username,
        "email": email,
        "firstName": first,
        "lastName": last,
        "emails": [],
        "userRoles": [role],
        "businessUnits": ["1"],
        "organizations": [ORGANIZATION_ID],
    }
