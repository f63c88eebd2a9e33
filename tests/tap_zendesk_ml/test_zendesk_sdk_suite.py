"""The Singer SDK's standard suite over all streams, against the real simulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from singer_sdk.testing import SuiteConfig, get_tap_test_class
from support.zendesk import Zendesk, catalog_of
from support.zendesk_world import fill

from tap_zendesk_ml.tap import NAMES, TapZendesk

CONFIG: dict[str, Any] = {"subdomain": "acme", "client_id": "id", "client_secret": "secret"}


@pytest.fixture(scope="module", autouse=True)
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with running_sandbox(settings={"time_scale": 100}) as running:
        zendesk = Zendesk(running, tmp_path_factory.mktemp("tokens"))
        fill(zendesk)
        zendesk.later()
        CONFIG.update(zendesk.settings)
        yield


_Suite = get_tap_test_class(
    TapZendesk,
    config=CONFIG,
    suite_config=SuiteConfig(max_records_limit=20, ignore_no_records=False),
    catalog=catalog_of(CONFIG, *NAMES),
)


# Not every field has a value in a fresh account; test_zendesk_streams.py compares those that have one.
@pytest.mark.filterwarnings("ignore:No records were available to test:UserWarning")
class TestStandardSuite(_Suite):  # type: ignore[misc, valid-type]  # the SDK makes the class at run time
    """Every case; none is left out."""
