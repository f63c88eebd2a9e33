"""The state of the simulated account."""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.core.table import IdSequence, Row, Table
from ml_sandbox.zendesk import seed
from ml_sandbox.zendesk.field_sets import FieldSet
from ml_sandbox.zendesk.jobs import Jobs
from ml_sandbox.zendesk.quota import Quota
from ml_sandbox.zendesk.ticketing.limits import TicketLimits
from ml_sandbox.zendesk.ticketing.state import Ticketing
from ml_sandbox.zendesk.tokens import TokenStore

FIRST_ORGANIZATION_ID = 26363647450400
FIRST_FIELD_ID = 26363650000100
FIRST_USER_ID = 26363660000400
FIRST_IDENTITY_ID = 26363670000200
FIRST_MEMBERSHIP_ID = 26363680000300
FIRST_CLIENT_ID = 26363640000001


class Account:
    """Everything that the account holds.

    Attributes:
        organizations: by id; found by ``name`` and ``external_id`` in their compared forms.
        organization_fields, user_fields: the definitions of custom fields.
        users: end users, agents and admins by id, deleted ones too; found by ``external_id``.
        identities: their e-mail addresses, phone numbers and others; found by ``user`` and by
            ``value`` (a type and a value in its compared form).
        memberships: who belongs to which organization; found by ``user`` and ``organization``.
        ticketing: tickets with their comments, audits and fields.
        mails: the verification mails that a real account would have sent.
        clients: OAuth clients by ``identifier``.
    """

    def __init__(self, clock: SandboxClock, settings: VendorSettings) -> None:
        self.clock = clock
        self.settings = settings
        self.organizations = Table(
            indexes={
                "name": _compared("name", compared_name),
                "external_id": _compared("external_id", str.lower),
            }
        )
        self.users = Table(indexes={"external_id": _external_id_of_user})
        self.organization_fields = FieldSet("organization_field", "organizations", self.organizations)
        self.user_fields = FieldSet("user_field", "users", self.users)
        self.identities = Table(indexes={"user": _field("user_id"), "value": _identity_value})
        self.memberships = Table(
            indexes={"user": _field("user_id"), "organization": _field("organization_id")}
        )
        self.mails = Table()
        self.clients = Table(key="identifier")
        self.organization_ids = IdSequence(FIRST_ORGANIZATION_ID, 3)
        self.field_ids = IdSequence(FIRST_FIELD_ID, 7)
        self.user_ids = IdSequence(FIRST_USER_ID, 3)
        self.identity_ids = IdSequence(FIRST_IDENTITY_ID, 1)
        self.membership_ids = IdSequence(FIRST_MEMBERSHIP_ID, 1)
        self.tokens = TokenStore(clock)
        self.quota = Quota(clock, settings)
        self.jobs = Jobs(clock, settings, self.quota)
        self.ticketing = Ticketing(clock)
        self.ticket_limits = TicketLimits(clock, settings, self.quota)
        self._stored_at: dict[int, float] = {}
        self.seed()

    def put_new_organization(self, row: Row) -> Row:
        """Store an organization for the first time."""
        self._stored_at[row["id"]] = self.clock.monotonic()
        return self.organizations.put(row)

    def put_new_user(self, row: Row) -> Row:
        """Store a user for the first time."""
        self._stored_at[row["id"]] = self.clock.monotonic()
        return self.users.put(row)

    def is_indexed(self, user_id: int) -> bool:
        """Whether the search knows a user yet (SRCH: it lags)."""
        stored_at = self._stored_at.get(user_id)
        lag = self.settings.number("search_lag_seconds")
        return stored_at is None or self.clock.monotonic() - stored_at >= lag

    def is_fresh(self, organization_id: int) -> bool:
        """Whether an organization is so new that a create in a race would not see it yet."""
        age = self.clock.monotonic() - self._stored_at.get(organization_id, 0.0)
        return age < self.settings.number("twin_seconds")

    def seed(self) -> None:
        """Put in the people and clients of a fresh sandbox."""
        now = self.now()
        for user in seed.users():
            self.users.put({**user, "created_at": now, "updated_at": now})
        for identity in seed.identities():
            self.identities.put({**identity, "created_at": now, "updated_at": now})
        for client in seed.clients():
            self.clients.put({"scopes": list(seed.ALL_SCOPES), **client})

    def clear_users(self) -> None:
        """Take out everybody, with their identities, memberships and mails."""
        for table in (self.users, self.identities, self.memberships, self.mails):
            table.clear()

    def client_number(self, identifier: str) -> int:
        """The numeric id of an OAuth client."""
        return FIRST_CLIENT_ID + [client["identifier"] for client in self.clients].index(identifier)

    def clear(self) -> None:
        """Back to a fresh sandbox."""
        for table in (
            self.organizations,
            self.organization_fields.table,
            self.user_fields.table,
            self.clients,
        ):
            table.clear()
        self.clear_users()
        self._stored_at.clear()
        self.jobs.clear()
        self.tokens.revoke()
        self.quota.clear()
        self.ticketing.clear()
        self.ticket_limits.clear()
        self.seed()

    def now(self) -> str:
        """The present time as Zendesk writes it, with whole seconds.

        While a job catches up on rows that fell due earlier, this is the time at which the row fell due.
        """
        moment = self.jobs.working_at if self.jobs.working_at is not None else self.clock.timestamp()
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def compared_name(name: str) -> str:
    """A name as uniqueness and search compare it: trimmed (ORG), case-insensitive."""
    return name.strip().casefold()


def _compared(field: str, compared: Callable[[str], str]) -> Callable[[Row], Hashable | None]:
    return lambda row: compared(row[field]) if row.get(field) is not None else None


def _field(name: str) -> Callable[[Row], Hashable | None]:
    return lambda row: row[name]


def _external_id_of_user(row: Row) -> str | None:
    return row["external_id"].lower() if row["external_id"] and row["active"] else None


def _identity_value(row: Row) -> tuple[str, str]:
    return row["type"], row["value"]
