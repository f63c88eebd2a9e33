"""A sandbox per test, with Northwind or generated customers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.customers import Customers, Organizations
from e2e.pipe import Pipe
from e2e.project import FAST_JOBS, NORTHWIND
from fixtures.sandboxes import running_sandbox

from ml_sandbox.testing import RunningSandbox


@pytest.fixture
def northwind() -> Path:
    """A Northwind CSV directory."""
    if not NORTHWIND.is_dir():
        pytest.skip(f"there is no Northwind CSV directory {NORTHWIND}")
    return NORTHWIND


@pytest.fixture
def trading(northwind: Path) -> Iterator[RunningSandbox]:
    """A sandbox with the customers of Northwind."""
    with running_sandbox(data=northwind, settings=FAST_JOBS) as running:
        yield running


@pytest.fixture
def generated() -> Iterator[RunningSandbox]:
    """A sandbox with forty generated customers, some of them inactive."""
    with running_sandbox(customers=40, seed=7, settings=FAST_JOBS) as running:
        yield running


@pytest.fixture
def pipe(generated: RunningSandbox, tmp_path: Path) -> Pipe:
    """Tap and target on generated customers."""
    return Pipe(generated, tmp_path)


@pytest.fixture
def customers(generated: RunningSandbox) -> Customers:
    """The generated customers."""
    return Customers(generated.control)


@pytest.fixture
def organizations(generated: RunningSandbox) -> Organizations:
    """What Zendesk holds of them."""
    return Organizations(generated.control)
