"""The tickets that an account holds, with what belongs to them."""

from datetime import datetime

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.table import IdSequence, Row, Table
from ml_sandbox.zendesk.ticketing.idempotency import IdempotencyKeys

FIRST_TICKET_ID = 1
FIRST_EVENT_ID = 26363660000200
FIRST_TICKET_FIELD_ID = 26363670000100
FIRST_STATUS_ID = 26363680000001
ARCHIVED_AFTER_DAYS = 120
STATUSES = ("new", "open", "pending", "hold", "solved")
COLLECTIONS = (
    "brands",
    "groups",
    "group_memberships",
    "macros",
    "satisfaction_ratings",
    "sla_policies",
    "ticket_forms",
)


class Ticketing:
    """All of it.

    Attributes:
        tickets: by id, deleted ones too; found by ``external_id``, which need not be unique.
        comments, audits: by id; found by ``ticket_id``.
        fields: definitions of custom ticket fields by id.
        collections: what there is around tickets (groups, forms, macros and others): a table for each name.
        statuses: custom statuses by id; the default of each category is there from the beginning.
    """

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self.tickets = Table(indexes={"external_id": lambda row: row.get("external_id")})
        self.comments = Table(indexes={"ticket_id": lambda row: row["ticket_id"]})
        self.audits = Table(indexes={"ticket_id": lambda row: row["ticket_id"]})
        self.fields = Table()
        self.collections = {name: Table() for name in COLLECTIONS}
        self.statuses = Table()
        self.collection_ids: dict[str, IdSequence] = {}
        self.ticket_ids = IdSequence(FIRST_TICKET_ID)
        self.event_ids = IdSequence(FIRST_EVENT_ID, 10)
        self.field_ids = IdSequence(FIRST_TICKET_FIELD_ID, 7)
        self.status_ids = IdSequence(FIRST_STATUS_ID)
        self.idempotency = IdempotencyKeys(clock)
        self.seed()

    def seed(self) -> None:
        """Put in the default status of each category."""
        for category in STATUSES:
            label = "On-hold" if category == "hold" else category.capitalize()
            status = {"status_category": category, "agent_label": label, "end_user_label": label}
            self.put_status({**status, "default": True}, "2026-01-01T00:00:00Z")

    def put_status(self, given: Row, now: str) -> Row:
        """Store a custom status with the vendor's defaults."""
        label = given.get("agent_label") or ""
        fresh = {
            "end_user_label": label,
            "description": "",
            "end_user_description": "",
            "active": True,
            "default": False,
            "created_at": now,
            "updated_at": now,
        }
        row = {**fresh, **given, "id": given.get("id") or self.status_ids.take()}
        self.status_ids.pass_over(row["id"])
        for name in ("agent_label", "end_user_label", "description", "end_user_description"):
            row[f"raw_{name}"] = row[name]
        return self.statuses.put(row)

    def default_status(self, category: str) -> Row | None:
        """The default custom status of a category; closed tickets belong to solved."""
        wanted = "solved" if category == "closed" else category
        found = (row for row in self.statuses if row["status_category"] == wanted and row["default"])
        return next(found, None)

    def living(self, ticket_id: int) -> Row | None:
        """A ticket that is not deleted."""
        row = self.tickets.get(ticket_id)
        return None if row is None or row["status"] == "deleted" else row

    def is_archived(self, row: Row) -> bool:
        """Closed for about 120 days, or imported straight into the archive: no listing shows it (TKT)."""
        if row["status"] != "closed":
            return False
        changed = datetime.fromisoformat(row["updated_at"]).timestamp()
        old = self._clock.timestamp() - changed > ARCHIVED_AFTER_DAYS * 86_400
        return old or bool(row["archived"])

    def listed(self) -> list[Row]:
        """Tickets that listings show, by id."""
        rows = self.tickets.by_key()
        return [row for row in rows if row["status"] != "deleted" and not self.is_archived(row)]

    def comments_of(self, ticket_id: int) -> list[Row]:
        """The comments of a ticket, oldest first."""
        return sorted(self.comments.find("ticket_id", ticket_id), key=lambda row: row["id"])

    def audits_of(self, ticket_id: int) -> list[Row]:
        """The audits of a ticket, oldest first."""
        return sorted(self.audits.find("ticket_id", ticket_id), key=lambda row: row["id"])

    def clear(self) -> None:
        """Nothing but the default statuses."""
        tables = (self.tickets, self.comments, self.audits, self.fields)
        for table in (*tables, *self.collections.values()):
            table.clear()
        self.collection_ids.clear()
        self.idempotency.clear()
        self.reset_statuses()

    def reset_statuses(self) -> None:
        """Nothing but the default statuses."""
        self.statuses.clear()
        self.status_ids.reset()
        self.seed()
