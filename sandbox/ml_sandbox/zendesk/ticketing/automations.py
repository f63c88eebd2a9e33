"""What the vendor does to tickets by itself, done when the control API asks for it."""

from collections.abc import Callable
from datetime import datetime

from ml_sandbox.core.errors import ControlError
from ml_sandbox.core.table import Row
from ml_sandbox.zendesk import seed
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.ticketing.writes import generated, update_ticket

_RULE = {"title": "Close what was solved four days ago"}
RULE_VIA = {"channel": "rule", "source": {"from": _RULE, "to": {}, "rel": "automation"}}
HOUR = 3600.0


def run_automation(account: Account, given: Row) -> Row:
    """Run one: ``{"name", "older_than_hours", "ids"}``; tells the ids of the tickets that it changed.

    ``close`` closes solved tickets, with an audit; ``archive`` archives closed ones; ``touch`` is a system
    change without an event. The last two move ``generated_timestamp`` only.
    """
    name = given.get("name")
    if name not in AUTOMATIONS:
        raise ControlError(f"There is no automation {name!r}.", AUTOMATIONS)
    hours, ids = given.get("older_than_hours", 0), given.get("ids")
    if not isinstance(hours, int | float) or not isinstance(ids, list | None):
        raise ControlError("'older_than_hours' is a number, and 'ids' a list of ticket ids.")
    latest = account.clock.timestamp() - hours * HOUR
    status, work = AUTOMATIONS[name]
    changed = []
    for row in account.ticketing.tickets:
        old = datetime.fromisoformat(row["updated_at"]).timestamp() <= latest
        if old and row["status"] in status and (ids is None or row["id"] in ids):
            work(account, row)
            changed.append(row["id"])
    return {"id": name, "name": name, "tickets": changed}


def _close(account: Account, row: Row) -> None:
    update_ticket(account, row, {"status": "closed"}, seed.ADMIN_ID, via=RULE_VIA)


def _archive(account: Account, row: Row) -> None:
    account.ticketing.tickets.put(generated(account, {**row, "archived": True}))


def _touch(account: Account, row: Row) -> None:
    account.ticketing.tickets.put(generated(account, row))


Work = Callable[[Account, Row], None]
AUTOMATIONS: dict[str, tuple[tuple[str, ...], Work]] = {
    "close": (("solved",), _close),
    "archive": (("closed",), _archive),
    "touch": (("new", "open", "pending", "hold", "solved", "closed"), _touch),
}
