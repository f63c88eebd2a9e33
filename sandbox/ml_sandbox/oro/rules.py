"""What the server does with single types on write: primary e-mails, closing cases, native exports."""

from collections.abc import Mapping
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.oro.errors import Problem
from ml_sandbox.oro.schema import ResourceType
from ml_sandbox.oro.world import World

WATCHED = ("subject", "description", "status", "priority", "relatedContact", "assignedTo", "owner")
"""Changes of these on a linked case make the native two-way sync export it (A8)."""
CONTACT_INFORMATION = ("firstName", "lastName", "emails", "phones")
CONTACT_DETAIL = "At least one of the fields First name, Last name, Emails or Phones must be defined."


def settle_primaries(resource: ResourceType, row: Row, given: Mapping[str, Any]) -> list[Problem]:
    """Let the primary value be one of the collection: given together they have to agree."""
    problems = []
    for attribute in resource.attributes.values():
        whole = attribute.primary_of
        if not whole or not {attribute.name, whole} & given.keys():
            continue
        chosen, items = row[attribute.name], row[whole]
        if whole not in given:
            row[whole] = (*items, chosen) if chosen is not None and chosen not in items else items
        elif attribute.name not in given:
            row[attribute.name] = chosen if chosen in items else (items[0] if items else None)
        elif chosen is not None and chosen not in items:
            detail = f"The {whole} should contain the value of {attribute.name}."
            problems.append(Problem(400, "form constraint", detail, f"/attributes/{attribute.name}"))
    return problems


def check_contact(resource: ResourceType, row: Row) -> list[Problem]:
    """A contact needs a name, an e-mail or a phone."""
    if resource.name != "contacts" or any(row[name] for name in CONTACT_INFORMATION):
        return []
    return [Problem(400, "has contact information constraint", CONTACT_DETAIL)]


def stamp_closing(world: World, old: Row | None, row: Row, given: Mapping[str, Any]) -> None:
    """Closing a case dates it; reopening does not take the date away (B4)."""
    entered = row.get("status") == "closed" and (old is None or old["status"] != "closed")
    kept = world.settings.text("closed_at") == "given" and given.get("closedAt") is not None
    if entered and not kept:
        row["closedAt"] = world.now()


def note_native_export(world: World, old: Row | None, row: Row) -> None:
    """What the bundle's own listener would queue after this write of a case (A8)."""
    settings = world.settings
    if old is None or not (settings.flag("bundle") and settings.flag("native_two_way")):
        return
    changed = [name for name in WATCHED if old.get(name) != row.get(name)]
    for ticket in world.store("zendesktickets").holding("relatedCase", row["id"]) if changed else ():
        world.native_exports.append(
            {
                "id": str(len(world.native_exports) + 1),
                "case": row["id"],
                "ticket": ticket,
                "fields": changed,
                "createdAt": world.now(),
            }
        )
