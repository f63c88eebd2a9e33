"""Many rows: every way of paging sees each of them once, and quickly."""

import time
from collections.abc import Iterator

import pytest
from fixtures.sandboxes import running_sandbox
from sandbox.ebs_api import EbsApi, collection

from ml_sandbox.testing import RunningSandbox

TABLE = "HZ_CONTACT_POINTS"
PATH = f"custtables/{TABLE}/"
SORT = "LAST_UPDATE_DATE,CONTACT_POINT_ID"
PAGE = 1_000


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=3_000, seed=5) as running:
        yield running


@pytest.fixture
def full(served: RunningSandbox) -> Iterator[EbsApi]:
    with EbsApi(served) as api:
        yield api


def page(ebs: EbsApi, **parameters: object) -> list[dict[str, object]]:
    query = {"select": SORT, "sort": SORT, "limit": PAGE} | parameters
    return collection(ebs.get(PATH, query), TABLE)


def expected(ebs: EbsApi) -> list[tuple[str, int]]:
    rows = ebs.control.rows("ebs", TABLE)
    return sorted((row["LAST_UPDATE_DATE"], row["CONTACT_POINT_ID"]) for row in rows)


def keys(rows: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(row["LAST_UPDATE_DATE"], row["CONTACT_POINT_ID"]) for row in rows]


def test_keyset_pages_give_every_row_once_in_order(full: EbsApi) -> None:
    found = keys(page(full))
    while True:
        date, key = found[-1]
        literal = str(date).replace("T", " ")
        after = (
            f"LAST_UPDATE_DATE > '{literal}' OR (LAST_UPDATE_DATE = '{literal}' AND CONTACT_POINT_ID > {key})"
        )
        rows = page(full, filter=after)
        found += keys(rows)
        if len(rows) < PAGE:
            break

    assert len(found) > 10 * PAGE
    assert found == expected(full)


def test_offset_pages_give_every_row_once_in_order(full: EbsApi) -> None:
    found: list[tuple[object, object]] = []
    while rows := page(full, offset=len(found)):
        found += keys(rows)

    assert found == expected(full)


def test_descending_pages_are_the_reverse(full: EbsApi) -> None:
    rows = page(
        full,
        sort="LAST_UPDATE_DATE desc,CONTACT_POINT_ID desc",
        filter="LAST_UPDATE_DATE < '2100-01-01 00:00:00'",
    )

    assert keys(rows) == expected(full)[: -PAGE - 1 : -1]


def test_a_list_of_keys_gives_just_those_rows(full: EbsApi) -> None:
    wanted = [key for _, key in expected(full)][::40][:900]
    rows = page(full, filter=f"CONTACT_POINT_ID IN ({','.join(map(str, wanted))}) AND STATUS = 'A'")

    assert sorted(key for _, key in keys(rows)) == sorted(wanted)  # type: ignore[type-var]  # numbers


def test_filters_on_other_columns_agree_with_a_plain_search(full: EbsApi) -> None:
    rows = full.control.rows("ebs", TABLE)
    mails = [
        row for row in rows if row["CONTACT_POINT_TYPE"] == "EMAIL" and row["LAST_UPDATE_DATE"] > "2026-06"
    ]

    query = "CONTACT_POINT_TYPE = 'EMAIL' AND LAST_UPDATE_DATE > '2026-06-01 00:00:00'"
    assert len(page(full, filter=query, limit=5_000)) == len(mails) > 100


def test_a_page_takes_milliseconds(full: EbsApi) -> None:
    page(full)
    began = time.perf_counter()
    for offset in range(0, 10_000, PAGE):
        assert len(page(full, offset=offset, filter="CONTACT_POINT_ID > 0")) == PAGE

    assert time.perf_counter() - began < 5
