"""A query looks at few rows only, and finds what a look at all of them would find."""

import itertools
import random
from datetime import date
from typing import Any

import pytest
from sandbox.jde_api import JSON, condition

from ml_sandbox.core.app import Sandbox
from ml_sandbox.jde import JdeVendor, browsing
from ml_sandbox.jde.catalog import TABLES
from ml_sandbox.jde.conditions import Surroundings
from ml_sandbox.jde.ranges import Query
from ml_sandbox.jde.requests import DataRequest, read_post
from ml_sandbox.jde.store import Row, TableStore

TABLE = "F01151"
KEY = TABLES[TABLE].key
NUMBERS = 2_000


@pytest.fixture(scope="module")
def around() -> Surroundings:
    vendor = Sandbox([JdeVendor]).vendors["jde"]
    vendor.settings.text("date_literal")
    return Surroundings(vendor.settings, date(2026, 11, 21), "ME")


@pytest.fixture
def store() -> TableStore:
    """Three e-mail addresses of each number, put in no order; some were never stamped."""
    filled = TableStore(TABLES[TABLE])
    keys = list(itertools.product(range(1, NUMBERS + 1), (0,), (1, 2, 3)))
    random.Random(1).shuffle(keys)
    for number, line, sequence in keys:
        day = None if number % 10 == 0 else f"2026-{number % 9 + 1:02}-11"
        row: Row = {
            "AN8": number,
            "IDLN": line,
            "RCK7": sequence,
            "EMAL": f"m{number % 50}@a.example",
            "UPMJ": day,
        }
        filled.put(row)
    return filled


def asked(around: Surroundings, query: JSON, size: str = "500", **more: Any) -> DataRequest:
    body = {
        "targetName": TABLE, "targetType": "table", "findOnEntry": "TRUE", "maxPageSize": size,
        "query": query,
        "aggregation": {"orderBy": [{"column": f"{TABLE}.{alias}"} for alias in KEY]},
    }  # fmt: skip
    return read_post({**body, **more}, around, version=2)


def counting(request: DataRequest) -> tuple[DataRequest, list[Row]]:
    """The same request, and the rows that it will look at."""
    assert request.query is not None
    test, looked_at = request.query.test, []

    def counted(row: Row) -> bool:
        looked_at.append(row)
        return test(row)

    fields = {name: getattr(request, name) for name in DataRequest.__slots__}
    return DataRequest(**{**fields, "query": Query(counted, request.query.ranges)}), looked_at


def after(row: Row) -> JSON:
    """Ask for the keys behind a row's, as keyset paging does."""
    parts = []
    for position, alias in enumerate(KEY):
        conditions = [condition(f"{TABLE}.{one}", "EQUAL", str(row[one])) for one in KEY[:position]]
        conditions.append(condition(f"{TABLE}.{alias}", "GREATER", str(row[alias])))
        parts.append({"andOr": "OR" if position else "AND", "query": {"condition": conditions}})
    return {"complexQuery": parts}


def test_a_page_by_keys_looks_at_little_more_than_its_rows(around: Surroundings, store: TableStore) -> None:
    found: list[Row] = []
    left: Any = [dict.fromkeys(KEY, 0)]
    while left:
        request, looked_at = counting(asked(around, after(found[-1] if found else left[0])))
        rows, left = browsing.first_rows(request, store)
        found += rows
        assert len(looked_at) <= 510

    assert [store.key_of(row) for row in found] == sorted(store.key_of(row) for row in store.rows)


@pytest.mark.parametrize(
    ("conditions", "most"),
    [
        ([condition(f"{TABLE}.EMAL", "EQUAL", "m7@a.example")], 120),
        ([condition(f"{TABLE}.AN8", "LIST", "5", "900", "77777")], 6),
        ([condition(f"{TABLE}.AN8", "BETWEEN", "10", "19")], 30),
        ([condition(f"{TABLE}.AN8", "LESS", "11"), condition(f"{TABLE}.AN8", "GREATER_EQUAL", "9")], 9),
        ([condition(f"{TABLE}.AN8", "GREATER", "1990"), condition(f"{TABLE}.AN8", "GREATER", "2")], 33),
    ],
)
def test_a_search_looks_at_what_an_index_gives(
    around: Surroundings, store: TableStore, conditions: list[JSON], most: int
) -> None:
    request, looked_at = counting(asked(around, {"condition": conditions}, "No Max"))
    rows, _ = browsing.first_rows(request, store)

    assert 0 < len(rows) <= len(looked_at) <= most


def test_the_short_ways_find_what_a_look_at_all_rows_finds(around: Surroundings, store: TableStore) -> None:
    draw = random.Random(7)
    comparisons = ["EQUAL", "LESS", "GREATER", "LESS_EQUAL", "NOT_EQUAL"]
    kinds = [
        lambda: condition(f"{TABLE}.AN8", draw.choice(comparisons), draw.randint(0, 2100)),
        lambda: condition(f"{TABLE}.AN8", "BETWEEN", *sorted(draw.sample(range(2100), 2))),
        lambda: condition(f"{TABLE}.AN8", "LIST", *draw.sample(range(2100), 5)),
        lambda: condition(f"{TABLE}.RCK7", draw.choice(["EQUAL", "GREATER"]), draw.randint(0, 3)),
        lambda: condition(f"{TABLE}.EMAL", "STR_CONTAIN", f"{draw.randint(0, 9)}@"),
        lambda: condition(f"{TABLE}.EMAL", "EQUAL", f"m{draw.randint(0, 50)}@a.example"),
        lambda: condition(f"{TABLE}.UPMJ", "GREATER", draw.randint(0, 300), special="TODAY_MINUS_DAY"),
        lambda: condition(f"{TABLE}.UPMJ", "STR_BLANK"),
    ]  # fmt: skip

    def query(depth: int) -> JSON:
        if depth and draw.random() < 0.6:
            return {
                "complexQuery": [{"andOr": draw.choice(["AND", "OR"]), "query": query(0)} for _ in range(3)]
            }
        conditions = [draw.choice(kinds)() for _ in range(draw.randint(1, 3))]
        return {"condition": conditions, "matchType": draw.choice(["MATCH_ALL", "MATCH_ANY"])}

    orders: list[list[str]] = [[], ["AN8", "RCK7"], ["UPMJ", "AN8", "RCK7"], ["-AN8", "RCK7"], ["EMAL"]]
    some = 0
    for _ in range(60):
        order = [{"column": f"{TABLE}.{name.lstrip('-')}", "direction": "DESC" if name[0] == "-" else "ASC"}
                 for name in draw.choice(orders)]  # fmt: skip
        request = asked(around, query(1), "No Max", aggregation={"orderBy": order})
        rows, _ = browsing.first_rows(request, store)
        assert request.query is not None
        wanted = [row for row in store.view(request.sort) if request.query.test(row)]
        assert rows == wanted
        some += bool(wanted)
    assert some > 20


def test_indexes_and_views_follow_changes(around: Surroundings, store: TableStore) -> None:
    request = asked(around, {"condition": [condition(f"{TABLE}.EMAL", "EQUAL", "new@a.example")]})
    assert browsing.first_rows(request, store) == ([], [])
    row = store.get(5, 0, 1)
    assert row is not None

    store.put({**row, "EMAL": "new@a.example"})
    assert [store.key_of(one) for one in browsing.first_rows(request, store)[0]] == [(5, 0, 1)]
    assert (5, 0, 1) not in [store.key_of(one) for one in store.having("EMAL", "m5@a.example")]
    store.delete(5, 0, 1)
    assert browsing.first_rows(request, store) == ([], [])
    store.put(row)
    # A row that was away comes last where nothing orders the rows.
    assert store.key_of(store.having("AN8", 5)[-1]) == (5, 0, 1)
    store.clear()
    assert (store.having("AN8", 6), store.rows) == ([], [])


def test_links_keep_every_row_and_a_cut_one_more(around: Surroundings, store: TableStore) -> None:
    query = {"condition": [condition(f"{TABLE}.AN8", "GREATER", "0")]}
    paged = asked(around, query, enableNextPageProcessing=True)
    assert [len(rows) for rows in browsing.first_rows(paged, store)] == [500, 3 * NUMBERS - 500]
    request, looked_at = counting(asked(around, query))
    assert [len(rows) for rows in browsing.first_rows(request, store)] == [500, 1]
    assert len(looked_at) == 501
