"""The state of the simulated account."""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.core.table import IdSequence, Row, Table
from ml_sandbox.zendesk import seed
from ml_sandbox.zendesk.jobs import Jobs
from ml_sandbox.zendesk.quota import Quota
from ml_sandbox.zendesk.tokens import TokenStore

FIRST_ORGANIZATION_ID = 26363647450400
FIRST_FIELD_ID = 26363650000100
FIRST_CLIENT_ID = 26363640000001


class Account:
    """Everything that the account holds.

    Attributes:
        organizations: by id; found by ``name`` and ``external_id`` in their compared forms.
        fields: organization field definitions by id; found by ``key``.
        users: staff by id; found by ``email``.
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
        self.fields = Table(indexes={"key": lambda row: row["key"]})
        self.users = Table(indexes={"email": lambda row: row["email"].lower()})
        self.clients = Table(key="identifier")
        self.organization_ids = IdSequence(FIRST_ORGANIZATION_ID, 3)
        self.field_ids = IdSequence(FIRST_FIELD_ID, 7)
        self.tokens = TokenStore(clock)
        self.quota = Quota(clock, settings)
        self.jobs = Jobs(clock, settings, self.quota)
        self._stored_at: dict[int, float] = {}
        self.seed()

    def put_new_organization(self, row: Row) -> Row:
        """Store an organization for the first time."""
        self._stored_at[row["id"]] = self.clock.monotonic()
        return self.organizations.put(row)

    def is_fresh(self, organization_id: int) -> bool:
        """Whether an organization is so new that a create in a race would not see it yet."""
        age = self.clock.monotonic() - self._stored_at.get(organization_id, 0.0)
        return age < self.settings.number("twin_seconds")

    def seed(self) -> None:
        """Put in the people and clients of a fresh sandbox."""
        now = self.now()
        for user in seed.users():
            self.users.put({**user, "created_at": now, "updated_at": now})
        for client in seed.clients():
            self.clients.put({"scopes": list(seed.ALL_SCOPES), **client})

    def client_number(self, identifier: str) -> int:
        """The numeric id of an OAuth client."""
        return FIRST_CLIENT_ID + [client["identifier"] for client in self.clients].index(identifier)

    def clear(self) -> None:
        """Back to a fresh sandbox."""
        for table in (self.organizations, self.fields, self.users, self.clients):
            table.clear()
        self._stored_at.clear()
        self.jobs.clear()
        self.tokens.revoke()
        self.quota.clear()
        self.seed()

    def now(self) -> str:
        """The present time as Zendesk writes it, with whole seconds.

        While a job catches up on rows that fell due earlier, this is the time at which the row fell due.
        """
        moment = self.jobs.working_at if self.jobs.working_at is not None else self.clock.timestamp()
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def field_by_key(self, key: str) -> Row | None:
        """The organization field definition with this key."""
        found = self.fields.find("key", key)
        return found[0] if found else None


def compared_name(name: str) -> str:
    """A name as uniqueness and search compare it: trimmed (ORG), case-insensitive."""
    return name.strip().casefold()


def _compared(field: str, compared: Callable[[str], str]) -> Callable[[Row], Hashable | None]:
    return lambda row: compared(row[field]) if row.get(field) is not None else None
