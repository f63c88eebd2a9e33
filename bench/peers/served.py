"""A Zendesk as the measurements want it: Enterprise, 50 ms away, with the fields that are written."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from bench.data import FIELDS, Customer
from ml_sandbox.testing import RunningSandbox, running_sandbox

_LATENCY_MS = 50


@contextlib.contextmanager
def zendesk(*, bulk_user_imports: bool = True) -> Iterator[RunningSandbox]:
    """Serve it while the block runs."""
    settings = {"zendesk.bulk_user_imports": "true" if bulk_user_imports else "false"}
    with running_sandbox(tls=True, lifetime=1800, latency_ms=_LATENCY_MS, settings=settings) as sandbox:
        put_fields(sandbox)
        yield sandbox


def put_fields(sandbox: RunningSandbox) -> None:
    """The custom fields, which not every tool can create."""
    for name, fields in FIELDS.items():
        sandbox.control.put_rows("zendesk", name, fields)


def empty(sandbox: RunningSandbox) -> None:
    """As it was at the start, quota and all."""
    sandbox.control.clear("zendesk")
    put_fields(sandbox)


def put_organizations(sandbox: RunningSandbox, customers: list[Customer]) -> None:
    """Customers that are there already, for a tool whose contacts are measured apart."""
    rows = [
        {
            "external_id": row["account_number"],
            "name": row["name"],
            "organization_fields": {"ebs_city": row["city"]},
        }
        for row in customers
    ]
    sandbox.control.put_rows("zendesk", "organizations", rows)
