"""The policies that each direction of an integration was last run with."""

from __future__ import annotations

import time

from sqlalchemy import Connection, delete, insert, select

from ml_connector.errors import SystemFault
from ml_connector.ledger import tables


class PolicyStore:
    """Table `policy` of one integration, through one connection."""

    def __init__(self, connection: Connection, integration: str) -> None:
        self._connection = connection
        self._integration = integration

    def declare(self, declared_by: str, digest: str, body: str) -> None:
        """Note the policies of one direction.

        Both directions must run under the same. Who edits them edits them for both, so a direction that
        comes with new policies is taken to be the first to run after an edit; one that comes with its old
        ones, after the other changed, was forgotten.

        Raises:
            SystemFault: it was forgotten.
        """
        table = tables.policy
        rows = self._connection.execute(select(table).where(table.c.integration == self._integration)).all()
        own = next((row for row in rows if row.declared_by == declared_by), None)
        if own is not None and own.digest == digest:
            for row in rows:
                if row.digest != digest and row.changed_at > own.changed_at:
                    raise _contradiction(self._integration, declared_by, row.declared_by)
            return
        if own is None and rows and all(row.digest != digest for row in rows):
            raise _contradiction(self._integration, declared_by, rows[0].declared_by)
        self._connection.execute(
            delete(table).where(table.c.integration == self._integration, table.c.declared_by == declared_by)
        )
        self._connection.execute(
            insert(table).values(
                integration=self._integration,
                declared_by=declared_by,
                digest=digest,
                body=body,
                changed_at=time.time(),
            )
        )


def _contradiction(integration: str, declared_by: str, other: str) -> SystemFault:
    return SystemFault(
        f"The direction of {integration} that writes to {declared_by} has other policies than the one that "
        f"writes to {other}.",
        fix="Write policies, authority and newest_ties once in meltano.yml, with a YAML anchor for both. "
        f"If you did just now, run the direction that writes to {other} first.",
    )
