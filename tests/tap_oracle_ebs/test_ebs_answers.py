"""Every way in which the gateway writes an answer ends in the same rows."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from ml_connector.errors import SystemFault
from ml_connector.zones import ServerZone
from tap_oracle_ebs.business.accounts import fault_of
from tap_oracle_ebs.business.days import Days
from tap_oracle_ebs.catalog.tables import TABLES
from tap_oracle_ebs.gateway.answers import RowReader, integer_of, is_null, number_of, records_in, text_of
from tap_oracle_ebs.gateway.documents import Unreadable, parse
from tap_oracle_ebs.gateway.masks import DateMask

ZONE = ServerZone("America/New_York")
TERMS = TABLES["RA_TERMS"].only("NAME", "CREATION_DATE")
ROW = {"TERM_ID": 4, "NAME": "30 NET", "LAST_UPDATE_DATE": "2026-11-20T10:11:12"}
READ = {
    "TERM_ID": 4,
    "NAME": "30 NET",
    "CREATION_DATE": None,
    "LAST_UPDATE_DATE": "2026-11-20T15:11:12Z",
}


def rows(output: Any) -> list[dict[str, Any]]:
    document = parse(json.dumps({"OutputParameters": output}).encode())
    return [dict(row) for row in RowReader(TERMS, ZONE).rows(records_in(document, "RA_TERMS"))]


@pytest.mark.parametrize(
    "output",
    [
        {"RA_TERMS_REC": [ROW]},
        {"RA_TERMS_REC": ROW},
        {"RA_TERMS": [ROW]},
        {"RA_TERMS": {"RA_TERMS_ITEM": [ROW]}},
        {"RA_TERMS": {"@xmlns": "http://xmlns.oracle.com/x", "RA_TERMS_ITEM": ROW}},
        {"ControlBean": [{"fields": "", "limit": "1"}], "value": [ROW]},
        {"@xmlns": "x", "@xmlns:xsi": "y", "X_RETURN_STATUS": "S", "P_ROWS": {"P_ROWS_ITEM": [ROW]}},
    ],
)
def test_rows_are_found_in_every_wrapper(output: Any) -> None:
    assert rows(output) == [READ]


@pytest.mark.parametrize("output", [{}, {"RA_TERMS_REC": None}, {"RA_TERMS_REC": []}, None, {"@xmlns": "x"}])
def test_a_missing_collection_is_no_rows(output: Any) -> None:
    assert rows(output) == []


@pytest.mark.parametrize("nothing", [None, "", "null", {"@xsi:nil": "true"}, {"@xsi:nil": True}, {}])
def test_all_nulls_are_one(nothing: Any) -> None:
    assert is_null(nothing)
    assert rows({"RA_TERMS_REC": [{**ROW, "NAME": nothing}]}) == [{**READ, "NAME": None}]


def test_a_missing_member_is_null() -> None:
    assert rows({"RA_TERMS_REC": [{"TERM_ID": "4", "LAST_UPDATE_DATE": "2026-11-20T10:11:12"}]}) == [
        {**READ, "NAME": None}
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T10:11:12",
        "2026-11-20T10:11:12.000",
        "2026-11-20 10:11:12",
        "2026-11-20T10:11:12-05:00",
        "2026-11-20T15:11:12Z",
    ],
)
def test_dates_become_instants(text: str) -> None:
    assert rows({"RA_TERMS_REC": {**ROW, "LAST_UPDATE_DATE": text}}) == [READ]


def test_dates_in_a_mask() -> None:
    reader = RowReader(TERMS, ZONE, DateMask("DD-MON-YYYY HH24:MI:SS"))
    assert reader.rows([{**ROW, "LAST_UPDATE_DATE": "20-NOV-2026 10:11:12"}]) == [READ]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        ("7", 7),
        ("7.00", 7),
        (Decimal("12.50"), Decimal("12.5")),
        ("12.5", Decimal("12.5")),
        ("1E3", 1000),
        ("98765432109876543210.123", Decimal("98765432109876543210.123")),
        ("null", None),
    ],
)
def test_numbers_are_exact_and_in_one_form(value: Any, number: Any) -> None:
    found = number_of(value)
    assert found == number
    assert str(found) == str(number)


@pytest.mark.parametrize("value", ["abc", "NaN", "Infinity", True, [1]])
def test_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="number"):
        number_of(value)


def test_keys_are_whole_numbers() -> None:
    assert integer_of("100000000007001") == 100000000007001
    with pytest.raises(ValueError, match="whole"):
        integer_of("1.5")


def test_business_keys_stay_text() -> None:
    assert text_of("00123") == "00123"
    assert text_of(1001) == "1001"


def test_a_value_of_another_type_is_named() -> None:
    with pytest.raises(SystemFault, match=r"RA_TERMS.TERM_ID .* 'four', which is no INTEGER"):
        rows({"RA_TERMS_REC": [{**ROW, "TERM_ID": "four"}]})


def test_rows_of_another_table_are_named() -> None:
    with pytest.raises(SystemFault, match="none of its columns"):
        rows({"RA_TERMS_REC": [{"PARTY": 1}]})


def test_a_failure_inside_of_an_answer_is_a_failure() -> None:
    with pytest.raises(SystemFault, match="X_RETURN_STATUS 'E': no such period"):
        rows({"X_RETURN_STATUS": "E", "X_MSG_DATA": "no such period", "RA_TERMS_REC": [ROW]})
    messages = {"X_MESSAGES_ITEM": {"MESSAGE_TEXT": "locked"}}
    with pytest.raises(SystemFault, match="locked"):
        rows({"X_RETURN_STATUS": "U", "X_MESSAGES": messages})


def test_an_answer_without_rows_that_says_something_else_is_named() -> None:
    with pytest.raises(SystemFault, match="GREETING"):
        rows({"GREETING": "hello"})


def test_xml_in_place_of_json() -> None:
    body = b"""<?xml version="1.0"?>
    <OutputParameters xmlns="http://xmlns.oracle.com/a" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
      <RA_TERMS_REC><TERM_ID>4</TERM_ID><NAME>30 NET</NAME>
        <LAST_UPDATE_DATE>2026-11-20T10:11:12</LAST_UPDATE_DATE></RA_TERMS_REC>
      <RA_TERMS_REC><TERM_ID>5</TERM_ID><NAME xsi:nil="true"/>
        <LAST_UPDATE_DATE>2026-11-20T10:11:12</LAST_UPDATE_DATE></RA_TERMS_REC>
    </OutputParameters>"""
    found = RowReader(TERMS, ZONE).rows(records_in(parse(body), "RA_TERMS"))
    assert found == [READ, {**READ, "TERM_ID": 5, "NAME": None}]


@pytest.mark.parametrize(
    ("body", "is_web_page"),
    [
        (b"<!DOCTYPE html><html>", True),
        (b"<html><body>", True),
        (b'{"a": ', False),
        (b"", False),
        (b"<a><b></a>", False),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', False),
        (b'<?xml version="1.0" encoding="Shift_JIS"?><a>b</a>', False),
        (b'<?xml version="1.0" encoding="none-such"?><a>b</a>', False),
        (b"[" * 100_000, False),
    ],
)
def test_what_cannot_be_read_is_said(body: bytes, is_web_page: bool) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(body)
    assert caught.value.is_web_page is is_web_page


def test_the_repeated_hour_never_narrows_a_window() -> None:
    # On 2026-11-01 the hour from 01:00 comes twice: 05:30Z and 06:30Z are both 01:30.
    early, late = (ZONE.local(ZONE.to_utc(ZONE.local(_instant(hour)))) for hour in (5, 6))
    assert early == late
    assert ZONE.lower_bound(_instant(5)) < early.replace(minute=0)


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("0016-01-05T00:00:00", "0016-01-05T04:56:02Z"),
        ("0016-01-05T00:00:00.000", "0016-01-05T04:56:02Z"),
        ("0999-12-31T19:30:00", "1000-01-01T00:26:02Z"),
        ("4712-12-31T00:00:00", "4712-12-31T05:00:00Z"),
        ("9999-12-31T00:00:00", "9999-12-31T05:00:00Z"),
        ("9999-12-31T23:59:59", "9999-12-31T23:59:59Z"),
    ],
)
def test_dates_of_far_years_are_dates_too(local: str, instant: str) -> None:
    assert ZONE.text_of(local) == instant
    assert ZONE.text_of(local) == instant
    Days(ZONE, dt.date(2026, 11, 20)).day(instant)


def test_an_account_that_ends_with_the_calendar_has_not_ended() -> None:
    days = Days(ZONE, dt.date(2026, 11, 20))
    account = {
        "known": 7,
        "enabled": "Y",
        "summary": "N",
        "template_id": None,
        "detail_posting": "Y",
        "active_from": ZONE.text_of("0001-01-01T00:00:00"),
        "active_to": ZONE.text_of("9999-12-31T00:00:00"),
    }
    assert fault_of(account, days.midnight, days) is None
    ended = {**account, "active_to": ZONE.text_of("2026-11-19T00:00:00")}
    assert fault_of(ended, days.midnight, days) == "is not active on 2026-11-20"
    assert (
        fault_of({**account, "active_to": ZONE.text_of("2026-11-19T00:00:01")}, days.midnight, days) is None
    )


def _instant(hour: int) -> Any:
    return dt.datetime(2026, 11, 1, hour, 30, tzinfo=dt.UTC)


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(SystemFault, match="server_timezone"):
        ServerZone("Mars/Olympus")


@pytest.mark.parametrize("nil", ['{"@xsi:nil":"true"}', '{ "@xsi:nil" : "true" }', '{\n"@xsi:nil": true}'])
def test_nil_objects_are_nulls_and_text_that_looks_like_one_stays(nil: str) -> None:
    text = f"a {nil} b"
    body = f'{{"A": {nil}, "B": [{nil}, {json.dumps(text)}], "@xsi:nil": {nil}}}'
    assert parse(body.encode()) == {"A": None, "B": [None, text], "@xsi:nil": None}


def test_nil_objects_in_more_than_one_form_are_null() -> None:
    row = b'{"TERM_ID": 4, "NAME": {"@xsi:nil":"true"}, "CREATION_DATE": {"@xsi:nil": "true"}}'
    found = records_in(parse(b'{"RA_TERMS_REC": [%s]}' % row), "RA_TERMS")
    assert RowReader(TERMS, ZONE).rows(found) == [
        {"TERM_ID": 4, "NAME": None, "CREATION_DATE": None, "LAST_UPDATE_DATE": None}
    ]
