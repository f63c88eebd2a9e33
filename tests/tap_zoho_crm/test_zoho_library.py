"""Hosts, credits, metadata, values and queries of Zoho CRM, without a server."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ml_connector.errors import SystemFault
from ml_connector.http import QuotaSpent
from ml_connector.vendors.zoho import api_credits, coql
from ml_connector.vendors.zoho.api_credits import Credits, edition_named
from ml_connector.vendors.zoho.data_centers import DATA_CENTERS, Addresses
from ml_connector.vendors.zoho.metadata import Field
from ml_connector.vendors.zoho.records import field_batches
from ml_connector.vendors.zoho.values import WrongValue, converter, exact, kind_of, schema_of

AT = dt.datetime(2026, 11, 20, 10, 11, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("name", DATA_CENTERS)
def test_a_data_center_names_its_hosts(name: str) -> None:
    found = Addresses.from_settings({"data_center": name})
    assert found.accounts == f"https://{DATA_CENTERS[name].accounts}"
    assert found.api == f"https://{DATA_CENTERS[name].api}"
    inside = Addresses.from_settings({"data_center": name, "environment": "sandbox"})
    assert inside.api == f"https://sandbox.{DATA_CENTERS[name].api.removeprefix('www.')}"


def test_the_api_domain_of_the_login_is_honoured_on_the_table_only() -> None:
    us = Addresses.from_settings({})
    assert us.led_by("https://www.zohoapis.eu").api == "https://www.zohoapis.eu"
    assert us.led_by("https://www.zohoapis.eu").content == "https://content.zohoapis.eu"
    assert us.led_by("https://sandbox.zohoapis.com/").api == "https://sandbox.zohoapis.com"
    for foreign in (
        "https://evil.example",
        "http://www.zohoapis.com",
        "https://www.zohoapis.com.evil.example",
    ):
        assert us.led_by(foreign) == us
    # The login tells the data centre, never another environment than the one that is set.
    tried = Addresses.from_settings({"environment": "sandbox"})
    assert tried.led_by("https://www.zohoapis.eu").api == "https://sandbox.zohoapis.eu"
    assert tried.led_by("https://www.zohoapis.com").api == "https://sandbox.zohoapis.com"
    given = Addresses.from_settings({"api_url": "http://127.0.0.1:9/zoho/api"})
    assert given.led_by("https://www.zohoapis.eu") == given
    with pytest.raises(SystemFault, match="mars"):
        Addresses.from_settings({"data_center": "mars"})


def test_credits_by_call_and_edition() -> None:
    assert [api_credits.coql(limit) for limit in (1, 200, 201, 1000, 1001, 2000)] == [1, 1, 2, 2, 3, 3]
    assert [api_credits.write(count) for count in (1, 10, 11, 100)] == [1, 1, 2, 10]
    assert edition_named("zohooneenterprise").concurrency == 20
    assert edition_named("something new").name == "free"
    assert edition_named("standard").credits_for(1000) == 100_000
    assert edition_named("ultimate").credits_for(10) == 70_000


def test_the_reserve_is_not_touched() -> None:
    kept = Credits(reserve=10)
    kept.spend("list", 1)
    kept._remaining = 12
    kept.spend("list", 2)
    with pytest.raises(QuotaSpent, match="10 API credits remain"):
        kept.spend("list", 1)
    with pytest.raises(QuotaSpent, match="the first load would cost 5"):
        kept.require(5, "the first load")
    assert kept.spent == 3


@pytest.mark.parametrize(
    ("data_type", "given", "expected"),
    [
        ("currency", Decimal("15000.00"), Decimal(15000)),
        ("currency", "15000.50", Decimal("15000.5")),
        ("double", "1E+3", Decimal(1000)),
        ("double", "-0.0", Decimal(0)),
        ("integer", "12", 12),
        ("integer", 0, 0),
        ("boolean", "true", True),
        ("boolean", False, False),
        ("datetime", "2024-02-19T18:30:23-11:00", "2024-02-20T05:30:23Z"),
        ("date", "1985-04-12", "1985-04-12"),
        ("lookup", {"name": "A", "id": "1"}, {"id": "1"}),
        ("lookup", "1", {"id": "1"}),
        ("ownerlookup", {"name": "A", "id": 1, "email": "a@b.example"}, {"id": "1"}),
        ("bigint", 123, "123"),
        ("text", "", None),
        ("multiselectpicklist", [], None),
        ("multiselectpicklist", "b;a", ["a", "b"]),
        ("multiselectpicklist", "b,a", ["a", "b"]),
        ("currency", "", None),
        ("lookup", None, None),
        ("RRULE", {"RRULE": "FREQ=DAILY"}, "FREQ=DAILY"),
        ("subform", [{"id": "7", "Price": Decimal("1.50"), "$x": 1}], [{"id": "7", "Price": Decimal("1.5")}]),
        ("new type", {"id": "1", "name": "x"}, {"id": "1"}),
    ],
)
def test_values_in_form(data_type: str, given: Any, expected: Any) -> None:
    field = Field("F", data_type, picklist=("a", "b"))
    made = converter(field)(given)
    assert made == expected
    assert type(made) is type(expected)


@pytest.mark.parametrize(
    ("data_type", "given"),
    [
        ("currency", "a lot"),
        ("datetime", "yesterday"),
        ("datetime", "2024-02-19T18:30:23"),
        ("boolean", "maybe"),
    ],
)
def test_values_of_another_type_are_named(data_type: str, given: str) -> None:
    with pytest.raises(WrongValue):
        converter(Field("F", data_type))(given)


def test_numbers_keep_all_their_digits() -> None:
    text = "12345678901234567890123456789.123456789"
    assert str(exact(text)) == text


def test_fields_of_the_metadata() -> None:
    field = Field.from_answer(
        {
            "api_name": "JDE_Address_Number",
            "data_type": "text",
            "length": 20,
            "unique": {"casesensitive": "true"},
            "external": {"type": "org", "show": True},
            "operation_type": {"api_create": True, "api_update": False},
            "pick_list_values": [{"actual_value": "x", "display_value": "X"}],
        }
    )
    assert (field.unique, field.case_sensitive, field.external) == (True, True, "org")
    assert (field.length, field.creatable, field.updatable) == (20, True, False)
    assert field.picklist == ("x",)
    assert (
        Field.from_answer(
            {"api_name": "A", "data_type": "lookup", "lookup": {"module": {"api_name": "B"}}}
        ).lookup_module
        == "B"
    )
    assert not Field.from_answer({"api_name": "A", "data_type": "text", "unique": {}}).unique
    formula = Field.from_answer(
        {"api_name": "A", "data_type": "formula", "formula": {"return_type": "boolean"}}
    )
    assert kind_of(formula) == "boolean"
    assert "type" not in schema_of(Field("A", "unheard of"))


def test_queries() -> None:
    changed = coql.changed_between("Modified_Time", AT, None)
    assert changed is not None
    where = coql.compare("Account_Name", "=", "O'Neill \\ Sons") & changed
    text = coql.select("Accounts", ["id", "Owner.id"], where & coql.one_of("id", ["1", "2"]), ["id"], 10)
    assert text == (
        "select id, Owner.id from Accounts where ((Account_Name = 'O\\'Neill \\\\ Sons' and Modified_Time >= "
        "'2026-11-20T10:11:12+00:00') and id in ('1', '2')) order by id asc limit 10"
    )
    further = coql.after("Modified_Time", AT, "7")
    assert str(further) == (
        "(Modified_Time >= '2026-11-20T10:11:12+00:00' and "
        "(Modified_Time > '2026-11-20T10:11:12+00:00' or id > '7'))"
    )
    assert further.count == 3


def test_queries_that_zoho_would_refuse_are_not_sent() -> None:
    for name in ("id; delete", "a b", "1a", "a'"):
        with pytest.raises(SystemFault, match="no API name"):
            coql.select("Accounts", [name], None, ["id"], 10)
    many = coql.compare("A", "=", 0)
    for number in range(25):
        many = many & coql.compare("A", "=", number)
    for columns, where, limit in ((["A"] * 501, None, 10), (["A"], many, 10), (["A"], None, 2001)):
        with pytest.raises(SystemFault, match="COQL"):
            coql.select("Accounts", columns, where, ["id"], limit)
    with pytest.raises(SystemFault, match="50"):
        coql.one_of("id", [str(number) for number in range(51)])


def test_batches_of_fields_share_id_and_time() -> None:
    names = ["id", "Modified_Time", *(f"F{number}" for number in range(100))]
    batches = field_batches(names)
    assert all(len(batch) <= 50 and batch[:2] == ["id", "Modified_Time"] for batch in batches)
    assert [name for batch in batches for name in batch[2:]] == names[2:]
    assert field_batches(["id"]) == [["id"]]
