"""Organizations in bulk (ORG, JOB)."""

from ml_sandbox.core.table import Row, Table
from ml_sandbox.zendesk.organization_rules import KNOWN_KEYS
from ml_sandbox.zendesk.organizations import create_organization, delete_organization, update_organization
from ml_sandbox.zendesk.record_jobs import RecordJobs


class OrganizationJobs(RecordJobs):
    """The endpoints that start jobs."""

    wrapper = "organization"
    known = KNOWN_KEYS

    @property
    def table(self) -> Table:
        """All organizations."""
        return self.account.organizations

    def create(self, given: Row) -> Row:
        """Store a new organization."""
        return create_organization(self.account, given)

    def update(self, stored: Row, given: Row) -> Row:
        """Store changes."""
        return update_organization(self.account, stored, given)

    def delete(self, stored: Row) -> None:
        """Delete an organization."""
        delete_organization(self.account, stored)
