"""The simulated organisation as a vendor of the sandbox."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from ml_sandbox.core.errors import ControlError
from ml_sandbox.core.table import Row
from ml_sandbox.core.vendor import Mount, Vendor, VendorContext
from ml_sandbox.zoho.bulk.reading import BulkRead
from ml_sandbox.zoho.bulk.uploads import Uploads
from ml_sandbox.zoho.bulk.writing import BulkWrite
from ml_sandbox.zoho.data_centers import hosts
from ml_sandbox.zoho.deleted import Deleted
from ml_sandbox.zoho.deleting import Deleting
from ml_sandbox.zoho.errors import invalid_method, invalid_url
from ml_sandbox.zoho.gate import api_routes, open_routes
from ml_sandbox.zoho.limits import Limits
from ml_sandbox.zoho.metadata import Metadata
from ml_sandbox.zoho.oauth import OAuth
from ml_sandbox.zoho.operations import Operation
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.paging import PageTokens
from ml_sandbox.zoho.query.coql import Coql
from ml_sandbox.zoho.query.search import Search
from ml_sandbox.zoho.reading import Reading
from ml_sandbox.zoho.records import Records
from ml_sandbox.zoho.seeding import Reader, Seeding
from ml_sandbox.zoho.settings import SETTINGS
from ml_sandbox.zoho.writing import Writing


class Zoho(Vendor):
    """One organisation of Zoho CRM."""

    name = "zoho"
    declared_settings = SETTINGS

    def __init__(self, context: VendorContext) -> None:
        super().__init__(context)
        self.organization = Organization(self.clock, self.settings)
        self.limits = Limits(self.clock, self.settings)
        self._records = Records(self.organization)
        self._page_tokens = PageTokens(self.organization)
        self._deleting = Deleting(self.organization)
        self._uploads = Uploads(self.organization)
        self._bulk_read = BulkRead(self.organization, self.limits)
        self._bulk_write = BulkWrite(self.organization, self.limits, self._records, self._uploads)
        self._seeding = Seeding(self.organization, self._records)

    def operations(self) -> list[Operation]:
        """Every operation of the API host, fixed paths before the ones with a module."""
        organization = self.organization
        return [
            *self._bulk_read.operations(),
            *self._bulk_write.operations(),
            *Metadata(organization).operations(),
            *Coql(organization).operations(),
            *Search(organization).operations(),
            *Deleted(organization).operations(),
            *Reading(organization, self._page_tokens).operations(),
            *Writing(organization, self._records).operations(),
        ]

    def mounts(self) -> Sequence[Mount]:
        """The three hosts of each data centre."""
        api = api_routes(self.organization, self.limits, self.operations(), self._advance)
        content = api_routes(self.organization, self.limits, self._uploads.operations(), self._advance)
        accounts = open_routes(OAuth(self.organization).operations())
        return [
            Mount("/zoho/accounts", accounts, hosts("accounts")),
            Mount("/zoho/api", api, hosts("api")),
            Mount("/zoho/content", content, hosts("content")),
        ]

    @property
    def objects(self) -> tuple[str, ...]:
        """Modules by API name, and what steers the organisation."""
        return tuple(self._readers())

    def rows(self, object_name: str) -> list[Row]:
        """All rows as the API shows them, with every field."""
        self._advance()
        return self._readers()[object_name]()

    def put_rows(self, object_name: str, rows: Sequence[Row]) -> list[Row]:
        """Upsert rows: records by id or a unique field."""
        self._advance()
        writers = self._seeding.writers()
        if object_name not in writers:
            raise ControlError(f"{object_name} of zoho cannot be written.", writers)
        return [writers[object_name](row) for row in rows]

    def clear(self, object_name: str | None = None) -> None:
        """Empty the organisation, or one object of it."""
        if object_name is None:
            self.organization.clear()
            self.limits.clear()
            self._page_tokens.clear()
            self._bulk_read.clear()
            self._bulk_write.jobs.clear()
            self._uploads.clear()
            return
        clearers = self._seeding.clearers()
        if object_name not in clearers:
            raise ControlError(f"{object_name} of zoho cannot be emptied.", clearers)
        clearers[object_name]()

    def expire_tokens(self) -> None:
        """End all access tokens; refresh tokens live on."""
        self.organization.tokens.expire()

    def revoke_tokens(self) -> None:
        """Withdraw all tokens."""
        self.organization.tokens.revoke()

    def is_write(self, method: str, path: str) -> bool:
        """Token calls, queries and jobs that read change nothing that an integration keeps."""
        reading = path.startswith("/oauth/") or path.endswith(("/coql", "/read", "/upload"))
        return super().is_write(method, path) and not reading

    async def not_found(self, request: Request) -> Response:
        """An unknown path."""
        return invalid_url().response()

    async def method_not_allowed(self, request: Request, allowed: Sequence[str]) -> Response:
        """A known path with another method."""
        return invalid_method().response()

    def _readers(self) -> dict[str, Reader]:
        return {
            **self._seeding.readers(),
            "bulk_read_jobs": self._bulk_read.rows,
            "bulk_write_jobs": self._bulk_write.rows,
        }

    def _advance(self) -> None:
        self._deleting.forget_old()
        self._bulk_read.jobs.advance()
        self._bulk_write.jobs.advance()
