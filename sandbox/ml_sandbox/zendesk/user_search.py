"""The part of the search syntax that finds users (USR, SRCH): texts, and properties with a value."""

import re
from collections.abc import Callable

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.identity_rules import identities_of

TERM = re.compile(r'(?:(\w+):)?(?:"([^"]*)"|(\S+))')
TEXTS = ("name", "email", "external_id", "phone", "notes", "details", "alias")
Found = Callable[[Account, Row, str], bool]


def found_users(account: Account, query: str) -> list[Row]:
    """The users that meet all terms of a query, by id; the search learns of a new one with a lag.

    Values of one property are alternatives, as the vendor's syntax has it.
    """
    wanted: dict[str, list[str]] = {}
    for name, quoted, plain in TERM.findall(query):
        value = (quoted or plain).casefold()
        known = name in PROPERTIES
        wanted.setdefault(name if known else "", []).append(value if known or not name else f"{name}:{value}")
    rows = [row for row in _proposed(account, wanted) if row["active"] and account.is_indexed(row["id"])]
    return [row for row in rows if all(_meets(account, row, name, values) for name, values in wanted.items())]


def _proposed(account: Account, wanted: dict[str, list[str]]) -> list[Row]:
    """All users, or only those with one of the wanted addresses: it has to be quick."""
    if "email" not in wanted or any("*" in value for value in wanted["email"]):
        return account.users.by_key()
    holders = (
        row["user_id"]
        for value in wanted["email"]
        for row in account.identities.find("value", ("email", value))
    )
    found = {key: user for key in holders if (user := account.users.get(key)) is not None}
    return [found[key] for key in sorted(found)]


def _meets(account: Account, row: Row, name: str, values: list[str]) -> bool:
    if not name:
        return all(_has_text(account, row, value) for value in values)
    return any(PROPERTIES[name](account, row, value) for value in values)


def _has_text(account: Account, row: Row, value: str) -> bool:
    return any(value in str(row[name] or "").casefold() for name in TEXTS)


def _has_email(account: Account, row: Row, value: str) -> bool:
    """Any address of the user, secondary ones too (n/c); ``*`` stands for any text."""
    pattern = ".*".join(map(re.escape, value.split("*")))
    held = (
        identity["value"] for identity in identities_of(account, row["id"]) if identity["type"] == "email"
    )
    return any(re.fullmatch(pattern, email) for email in held)


def _equals(name: str) -> Found:
    return lambda account, row, value: str(row[name] or "").casefold() == value


PROPERTIES: dict[str, Found] = {
    "type": lambda account, row, value: value == "user",
    "email": _has_email,
    "role": _equals("role"),
    "external_id": _equals("external_id"),
    "phone": _equals("phone"),
    "name": lambda account, row, value: value in row["name"].casefold(),
    "tags": lambda account, row, value: value in row["tags"],
    "notes": lambda account, row, value: value in row["notes"].casefold(),
    "details": lambda account, row, value: value in row["details"].casefold(),
}
