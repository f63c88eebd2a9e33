"""A real sandbox for each test file, emptied before each test."""

from collections.abc import Iterator

import pytest
from fixtures.sandboxes import running_sandbox
from sandbox.ebs_api import EbsApi
from sandbox.jde_api import JdeApi
from sandbox.oro_api import OroApi
from sandbox.zendesk_api import ZendeskApi
from sandbox.zoho_api import ZohoApi

from ml_sandbox.testing import RunningSandbox


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(time_scale=100) as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    served.control.faults()
    served.control.reset_settings()
    for system in served.control.systems():
        served.control.clear(system)
    served.control.clear_requests()
    return served


@pytest.fixture
def zendesk(sandbox: RunningSandbox) -> Iterator[ZendeskApi]:
    with ZendeskApi(sandbox) as api:
        yield api


@pytest.fixture
def ebs(sandbox: RunningSandbox) -> Iterator[EbsApi]:
    with EbsApi(sandbox) as api:
        yield api


@pytest.fixture
def zoho(sandbox: RunningSandbox) -> Iterator[ZohoApi]:
    with ZohoApi(sandbox) as api:
        yield api


@pytest.fixture
def jde(sandbox: RunningSandbox) -> Iterator[JdeApi]:
    with JdeApi(sandbox) as api:
        yield api


@pytest.fixture
def oro(sandbox: RunningSandbox) -> Iterator[OroApi]:
    with OroApi(sandbox) as api:
        yield api
