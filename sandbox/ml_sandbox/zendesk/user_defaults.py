"""What a user has who was given nothing else (USR)."""

from ml_sandbox.core.table import Row

DEFAULTS: Row = {
    "time_zone": "UTC",
    "iana_time_zone": "Etc/UTC",
    "phone": None,
    "shared_phone_number": None,
    "photo": None,
    "locale_id": 1,
    "locale": "en-US",
    "organization_id": None,
    "role": "end-user",
    "custom_role_id": None,
    "verified": False,
    "external_id": None,
    "tags": [],
    "alias": "",
    "active": True,
    "shared": False,
    "shared_agent": False,
    "last_login_at": None,
    "two_factor_auth_enabled": None,
    "signature": "",
    "details": "",
    "notes": "",
    "moderator": False,
    "ticket_restriction": "requested",
    "only_private_comments": False,
    "restricted_agent": True,
    "suspended": False,
    "default_group_id": None,
    "report_csv": False,
    "user_fields": {},
}
STAFF_DEFAULTS: Row = {
    "verified": True,
    "moderator": True,
    "ticket_restriction": None,
    "restricted_agent": False,
    "report_csv": True,
}
"""How agents and admins differ."""
