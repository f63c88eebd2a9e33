"""Users in bulk (USR, JOB); creating them so is switched off in a new account."""

from starlette.requests import Request
from starlette.responses import Response

from ml_sandbox.core.table import Row, Table
from ml_sandbox.zendesk.errors import RecordInvalid, imports_disabled
from ml_sandbox.zendesk.jobs import Item, RowFailed
from ml_sandbox.zendesk.operations import ADMIN, Operation
from ml_sandbox.zendesk.record_jobs import RecordJobs
from ml_sandbox.zendesk.user_rules import KNOWN_KEYS
from ml_sandbox.zendesk.user_writes import create_user, delete_user, matching_user, update_user


class UserJobs(RecordJobs):
    """The endpoints that start jobs."""

    wrapper = "user"
    known = KNOWN_KEYS

    @property
    def table(self) -> Table:
        """All users, deleted ones too."""
        return self.account.users

    def operations(self) -> list[Operation]:
        """What is served."""
        path = "/api/v2/users/create_or_update_many"
        upsert = Operation("POST", path, self.create_or_update_many, self.plural, ADMIN)
        return [upsert, *super().operations()]

    async def create_many(self, request: Request) -> Response:
        """Create up to 100 users; 403 while bulk user imports are not enabled."""
        self._check_imports()
        return await super().create_many(request)

    async def create_or_update_many(self, request: Request) -> Response:
        """Create up to 100 users, or update those that an e-mail address or external id names."""
        self._check_imports()
        rows = await self.given(request)
        return self.start(request, "UserBulkCreateOrUpdateJob", rows, self._create_or_update)

    def create(self, given: Row) -> Row:
        """Store a new user."""
        return create_user(self.account, given)

    def update(self, stored: Row, given: Row) -> Row:
        """Store changes."""
        return update_user(self.account, stored, given)

    def delete(self, stored: Row) -> None:
        """Delete a user."""
        delete_user(self.account, stored)

    def created(self, row: Row, status: str = "Created") -> Item:
        """The result item of a user names its e-mail address and external id (JAVA, live)."""
        return {
            "id": row["id"],
            "email": row["email"],
            "external_id": row["external_id"],
            "status": status,
        }

    def _create_or_update(self, given: Row) -> Item | RowFailed:
        stored = matching_user(self.account, given)
        try:
            if stored is None:
                return self.created(self.create(given))
            return self.created(self.update(stored, given), "Updated")
        except RecordInvalid as error:
            return self.refused("Update" if stored else "Create", error)

    def _check_imports(self) -> None:
        if not self.account.settings.flag("bulk_user_imports"):
            raise imports_disabled()
