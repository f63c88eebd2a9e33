"""The PL/SQL package that an EBS administrator installs. No Oracle runs here: its text is what is tested."""

from __future__ import annotations

import re

import pytest
from sqlfluff.core import FluffConfig, Linter
from sqlfluff.core.parser import BaseSegment
from support.plsql_source import (
    BODY,
    FOLDER,
    SPECIFICATION,
    as_package,
    code_of,
    comments,
    distinct,
    procedures,
    records,
    selected_into,
    specification_units,
    units,
)

from tap_oracle_ebs.catalog.tables import TABLES

COMMON = ["last_update_from", "last_update_to", "last_key", "limit", "offset", "org_id", "keys", "keys_only"]
CROSSED = ["crossed_from", "crossed_to", "as_of", "orders_from"]
CHECKED = ["validate_gl", "po_types", "po_statuses"]
SUMMED = ["recent_days", "currency", "rate_type", "document_limit"]
BUSINESS = {
    "customers": (COMMON, {"x_rows": "customers", "x_limits": "customer_limits"}),
    "customer_contacts": (COMMON, {"x_rows": "customer_contacts"}),
    "customer_summaries": (
        [*COMMON, *CROSSED, *SUMMED, *CHECKED],
        {
            "x_rows": "customer_summaries",
            "x_amounts": "summary_amounts",
            "x_orders": "summary_orders",
            "x_invoices": "summary_invoices",
        },
    ),
    "customer_exclusions": ([*COMMON, *CROSSED, *CHECKED], {"x_rows": "customer_exclusions"}),
}
RAW = {name.lower(): (COMMON, {"x_rows": name.lower()}) for name in TABLES}
STATES = ["x_return_status", "x_msg_data", "x_has_more", "x_server_time"]
TYPES = {"VARCHAR2": 4000, "INTEGER": 64, "NUMBER": 64, "DATE": 19}
METHOD = ("scope public", "displayname", "lifecycle active", "compatibility S", "category BUSINESS_ENTITY")
# Words that PL/SQL does not take as names of fields and variables.
_RESERVED = (
    "all alter and any as asc at begin between by case check cluster clusters colauth columns compress "
    "connect crash create cursor declare default desc distinct drop else end exception exclusive fetch for "
    "from function goto grant group having identified if in index indexes insert intersect into is like "
    "lock minus mode nocompress not nowait null of on option or order overlaps procedure public resource "
    "revoke select share size sql start subtype tabauth table then to type union unique update values view "
    "views when where with date number level uid user mode rowid rownum comment file access"
)
RESERVED = set(_RESERVED.split())


@pytest.fixture(scope="module")
def linter() -> Linter:
    return Linter(config=FluffConfig.from_path(str(FOLDER / "xxml_read_pkg.pkb")))


@pytest.fixture(scope="module")
def trees(linter: Linter) -> dict[str, BaseSegment]:
    """The parse tree of each unit of the body; of units that differ in names alone, that of one."""
    found: dict[str, BaseSegment] = {}
    for name, text in distinct(units()).items():
        linted = linter.lint_string(as_package(text), fname=f"{name}.pkb")
        assert not linted.get_violations(), (name, [str(found) for found in linted.get_violations()])
        assert linted.tree is not None
        found[name] = linted.tree
    return found


def test_the_specification_parses_and_is_clean(linter: Linter) -> None:
    head = SPECIFICATION[: SPECIFICATION.index("  TYPE ")]
    assert len(specification_units()) == 2 * len(records()) + len(RAW) + len(BUSINESS)
    text = head + "\n".join(distinct(specification_units()).values()) + "\nEND xxml_read_pkg;\n/\n"
    linted = linter.lint_string(text, fname="xxml_read_pkg.pks")
    assert [str(found) for found in linted.get_violations()] == []


def test_the_units_make_the_whole_files() -> None:
    head = SPECIFICATION[: SPECIFICATION.index("  TYPE ")]
    rest = SPECIFICATION.removeprefix(head).removesuffix("END xxml_read_pkg;\n/\n")
    assert "".join(specification_units().values()).split() == rest.split()
    names = re.findall(r"^  (?:PROCEDURE|FUNCTION|TYPE) (\w+)", BODY, re.MULTILINE)
    assert list(units()) == ["declarations", *names]
    assert max(len(line) for line in (SPECIFICATION + BODY).split("\n")) <= 110


def test_the_body_parses_and_is_clean(trees: dict[str, BaseSegment]) -> None:
    assert {"declarations", "request_of", "hz_parties", "gl_daily_rates", *BUSINESS} <= set(trees)
    assert len(trees) > 40


def test_the_body_only_reads(trees: dict[str, BaseSegment]) -> None:
    changes = {
        "insert_statement", "update_statement", "delete_statement", "merge_statement",
        "transaction_statement",
        "execute_immediate_statement", "open_for_statement", "forall_statement", "truncate_table",
        "lock_table_statement",
    }  # fmt: skip
    for name, tree in trees.items():
        assert not [str(found.raw) for found in tree.recursive_crawl(*changes)], name
        assert list(tree.recursive_crawl("create_package_body_statement")), name
    words = set(re.findall(r"\w+", code_of(BODY).lower()))
    assert not words & {
        "execute",
        "dbms_sql",
        "commit",
        "rollback",
        "savepoint",
        "merge",
        "insert",
        "truncate",
    }
    assert "select" in words


def test_no_text_of_a_caller_becomes_a_statement(trees: dict[str, BaseSegment]) -> None:
    for name, tree in trees.items():
        opened = [found.raw for found in tree.recursive_crawl("open_statement", "open_for_statement")]
        assert opened == [], name


@pytest.mark.parametrize("name", [*RAW, *BUSINESS])
def test_an_operation_has_the_parameters_of_the_contract(name: str) -> None:
    inputs, collections = {**RAW, **BUSINESS}[name]
    expected = [f"p_{parameter} IN VARCHAR2 DEFAULT NULL" for parameter in inputs]
    expected += [f"{parameter} OUT NOCOPY {stem}_t" for parameter, stem in collections.items()]
    expected += [f"{parameter} OUT NOCOPY VARCHAR2" for parameter in STATES]
    assert list(procedures(SPECIFICATION)[name]) == expected
    assert list(procedures(BODY)[name]) == expected


def test_there_is_no_other_operation() -> None:
    assert set(procedures(SPECIFICATION)) == {*RAW, *BUSINESS}
    assert len(re.findall(r"^  (?:PROCEDURE|FUNCTION) ", SPECIFICATION, re.MULTILINE)) == len(RAW) + len(
        BUSINESS
    )


@pytest.mark.parametrize("name", ["package", *RAW, *BUSINESS])
def test_it_has_the_annotations_that_the_parser_needs(name: str) -> None:
    comment = comments()[name]
    for annotation in METHOD:
        assert f"@rep:{annotation}" in comment
    first = comment.strip().removeprefix("* ")
    assert re.match(r"Use this (?:package|operation) to ", first)
    if name == "package":
        assert "@rep:product HZ" in comment
    else:
        described = re.findall(r"@param (\w+) \S", comment)
        assert described == [parameter.split()[0] for parameter in procedures(SPECIFICATION)[name]]


def test_names_fit_every_release_and_are_not_reserved() -> None:
    names = {
        word.lower() for text in (SPECIFICATION, BODY) for word in re.findall(r"\b[a-z]\w*", code_of(text))
    }
    assert [name for name in names if len(name) > 30] == []
    fields = {field for record in records().values() for field in record}
    assert not fields & RESERVED


@pytest.mark.parametrize("name", RAW)
def test_a_record_has_the_columns_of_its_table(name: str) -> None:
    table = TABLES[name.upper()]
    expected = {column.name.lower(): f"VARCHAR2({TYPES[column.kind.value]})" for column in table.columns}
    assert records()[name] == expected
    assert selected_into(units()[name], "x_rows") == list(expected)


@pytest.mark.parametrize(
    ("name", "collection", "stem"),
    [
        ("customers", "x_rows", "customers"),
        ("customers", "x_limits", "customer_limits"),
        ("customer_contacts", "x_rows", "customer_contacts"),
        ("customer_exclusions", "x_rows", "customer_exclusions"),
    ],
)
def test_a_query_gives_the_columns_of_the_record_in_order(name: str, collection: str, stem: str) -> None:
    assert selected_into(units()[name], collection) == list(records()[stem])


def test_a_summary_fills_every_field_once() -> None:
    text = units()["customer_summaries"]
    for collection, stem in BUSINESS["customer_summaries"][1].items():
        filled = re.findall(rf"{collection}\(l_place\)\.(\w+) :=", text)
        assert filled == list(records()[stem])
    chosen = re.findall(r"^    (text_\d\d) VARCHAR2\(4000\)", units()["line_r"], re.MULTILINE)
    assert selected_into(units()["read_summaries"], "l_lines") == ["kind", "cust_account_id", *chosen]


def test_every_operation_ends_well_or_says_why() -> None:
    for name in (*RAW, *BUSINESS):
        text = units()[name]
        assert text.count("x_return_status := 'S';") == 1
        assert "end_badly('E', SQLERRM," in text
        assert "end_badly('U', SQLERRM," in text
        assert "x_server_time := server_time;" in text


def test_the_parser_finds_what_is_broken(linter: Linter) -> None:
    text = units()["hz_parties"]
    for broken in (
        text.replace("END IF;", "", 1),
        text.replace(" THEN", "", 1),
        text.replace("FROM", "FRM", 1),
    ):
        assert linter.lint_string(as_package(broken)).get_violations()
