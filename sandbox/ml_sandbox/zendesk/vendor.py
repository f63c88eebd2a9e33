"""The simulated Zendesk account as a vendor of the sandbox."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ml_sandbox.core.errors import ControlError
from ml_sandbox.core.table import Row
from ml_sandbox.core.vendor import Mount, Vendor, VendorContext
from ml_sandbox.zendesk import seeding
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.deleted_users import DeletedUsers
from ml_sandbox.zendesk.errors import invalid_endpoint
from ml_sandbox.zendesk.field_definitions import FieldDefinitions
from ml_sandbox.zendesk.gate import Envelope, api_routes, open_routes
from ml_sandbox.zendesk.identities import Identities
from ml_sandbox.zendesk.incremental import Incremental
from ml_sandbox.zendesk.job_statuses import JobStatuses
from ml_sandbox.zendesk.membership_operations import Memberships
from ml_sandbox.zendesk.oauth import OAuth
from ml_sandbox.zendesk.operations import Operation
from ml_sandbox.zendesk.organization_jobs import OrganizationJobs
from ml_sandbox.zendesk.organizations import Organizations
from ml_sandbox.zendesk.search import Search
from ml_sandbox.zendesk.settings import SETTINGS
from ml_sandbox.zendesk.staff import Staff
from ml_sandbox.zendesk.talk import talk_operations
from ml_sandbox.zendesk.ticketing.bulk import TicketJobs
from ml_sandbox.zendesk.ticketing.collection_listings import CollectionListings
from ml_sandbox.zendesk.ticketing.collections import seed_collections
from ml_sandbox.zendesk.ticketing.exports import TicketEventExport, TicketExport
from ml_sandbox.zendesk.ticketing.field_definitions import TicketFields
from ml_sandbox.zendesk.ticketing.history import History
from ml_sandbox.zendesk.ticketing.merging import Merging
from ml_sandbox.zendesk.ticketing.metric_events import MetricEventExport
from ml_sandbox.zendesk.ticketing.redactions import Redactions
from ml_sandbox.zendesk.ticketing.removal import DeletedTickets
from ml_sandbox.zendesk.ticketing.statuses import CustomStatuses
from ml_sandbox.zendesk.ticketing.threads import Threads
from ml_sandbox.zendesk.ticketing.tickets import Tickets
from ml_sandbox.zendesk.user_jobs import UserJobs
from ml_sandbox.zendesk.users import Users


class Zendesk(Vendor):
    """One Zendesk Support account."""

    name = "zendesk"
    declared_settings = SETTINGS

    def __init__(self, context: VendorContext) -> None:
        super().__init__(context)
        self.account = Account(self.clock, self.settings)
        seed_collections(self.account)

    def operations(self) -> list[Operation]:
        """Every operation of the API, fixed paths before the ones with an id."""
        account = self.account
        return [
            *OrganizationJobs(account).operations(),
            *Organizations(account).operations(),
            *FieldDefinitions(account, account.organization_fields).operations(),
            *FieldDefinitions(account, account.user_fields).operations(),
            *JobStatuses(account).operations(),
            *Incremental(account).operations(),
            *Staff(account).operations(),
            *UserJobs(account).operations(),
            *Users(account).operations(),
            *Identities(account).operations(),
            *Memberships(account).operations(),
            *DeletedUsers(account).operations(),
            *TicketJobs(account).operations(),
            *Merging(account).operations(),
            *Redactions(account).operations(),
            *Threads(account).operations(),
            *DeletedTickets(account).operations(),
            *CustomStatuses(account).operations(),
            *Tickets(account).operations(),
            *TicketFields(account).operations(),
            *Search(account).operations(),
            *talk_operations(),
            *CollectionListings(account).operations(),
            *History(account).operations(),
            *TicketExport(account).operations(),
            *TicketEventExport(account).operations(),
            *MetricEventExport(account).operations(),
        ]

    def mounts(self) -> Sequence[Mount]:
        """One address; with TLS any subdomain of zendesk.com."""
        routes: list[Route] = [
            *api_routes(self.account, self.operations()),
            *open_routes(OAuth(self.account).operations()),
        ]
        return [Mount("/zendesk", routes, ("*.zendesk.com",))]

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Request ids and the optional ``.json``."""
        return Envelope(app)

    @property
    def objects(self) -> tuple[str, ...]:
        """What the control API can read; ``seeding.writers`` tells what can be written."""
        return tuple(self._readers())

    def rows(self, object_name: str) -> list[Row]:
        """All rows as the API shows them."""
        self.account.jobs.advance()
        return self._readers()[object_name]()

    def put_rows(self, object_name: str, rows: Sequence[Row]) -> list[Row]:
        """Upsert rows: organizations by id or external_id or name, fields by key, users by id, external_id or
        email, identities by id or value.
        """
        self.account.jobs.advance()
        writers = seeding.writers(self.account)
        if object_name not in writers:
            raise ControlError(f"{object_name} of zendesk cannot be written.", writers)
        return [writers[object_name](row) for row in rows]

    def clear(self, object_name: str | None = None) -> None:
        """Empty the account, or one object of it; people and clients of the seed come back."""
        if object_name is None:
            self.account.clear()
            seed_collections(self.account)
        else:
            self._clearers()[object_name]()

    def expire_tokens(self) -> None:
        """End all access tokens; refresh tokens live on."""
        self.account.tokens.expire()

    def revoke_tokens(self) -> None:
        """Withdraw all tokens."""
        self.account.tokens.revoke()

    def is_write(self, method: str, path: str) -> bool:
        """Token calls change nothing that an integration keeps."""
        return super().is_write(method, path) and not path.startswith("/oauth/")

    async def not_found(self, request: Request) -> Response:
        """An unknown path."""
        return invalid_endpoint().response()

    async def method_not_allowed(self, request: Request, allowed: Sequence[str]) -> Response:
        """The vendor answers a known path with another method as an unknown path."""
        return invalid_endpoint().response()

    def _readers(self) -> dict[str, Callable[[], list[Row]]]:
        return seeding.readers(self.account)

    def _clearers(self) -> dict[str, Callable[[], None]]:
        return seeding.clearers(self.account)
