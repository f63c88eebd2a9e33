from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sandbox.ebs_api import EbsApi, fault, parties

from ml_sandbox.testing import ControlRefusedError

PATH = "custtables/HZ_PARTIES/"


def now(ebs: EbsApi, zone: str = "America/New_York") -> str:
    return ebs.control.now().astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M:%S")


def test_an_inserted_row_gets_a_key_and_who_columns_in_the_servers_zone(ebs: EbsApi) -> None:
    ebs.put("HZ_PARTIES", {"PARTY_ID": 77, "PARTY_NAME": "old"})
    before = now(ebs)
    (stored,) = ebs.put("HZ_PARTIES", {"PARTY_NAME": "new", "CITY": ""})
    after = now(ebs)

    assert stored["PARTY_ID"] == 78
    assert before <= stored["LAST_UPDATE_DATE"] <= after
    assert stored["CREATION_DATE"] == stored["LAST_UPDATE_DATE"]
    assert stored["CITY"] is None
    assert ebs.control.rows("ebs", "HZ_PARTIES")[1] == stored


def test_the_servers_zone_is_a_setting(ebs: EbsApi) -> None:
    ebs.settings(server_zone="Asia/Tokyo")
    before = now(ebs, "Asia/Tokyo")

    (stored,) = ebs.put("HZ_PARTIES", {"PARTY_ID": 1})
    assert before <= stored["LAST_UPDATE_DATE"] <= now(ebs, "Asia/Tokyo")


def test_an_update_keeps_other_columns_and_stamps_the_row_anew(ebs: EbsApi) -> None:
    old = {"PARTY_ID": 1, "PARTY_NAME": "A", "CITY": "Köln", "LAST_UPDATE_DATE": "2026-01-01T00:00:00"}
    (first,) = ebs.put("HZ_PARTIES", old)
    before = now(ebs)
    (second,) = ebs.put("HZ_PARTIES", {"PARTY_ID": 1, "PARTY_NAME": "B"})

    assert first["LAST_UPDATE_DATE"] == "2026-01-01T00:00:00"
    assert (second["PARTY_NAME"], second["CITY"]) == ("B", "Köln")
    assert second["CREATION_DATE"] == first["CREATION_DATE"]
    assert second["LAST_UPDATE_DATE"] >= before
    assert len(ebs.rows("HZ_PARTIES")) == 1


def test_a_deleted_row_leaves_no_trace(ebs: EbsApi) -> None:
    ebs.put("HZ_PARTIES", *parties(["A", "B"]))
    ebs.put("HZ_PARTIES", {"PARTY_ID": 1, "__deleted": True})

    assert [row["PARTY_NAME"] for row in ebs.rows("HZ_PARTIES")] == ["B"]


def test_a_late_commit_shows_a_row_later_than_its_stamp_says(ebs: EbsApi) -> None:
    ebs.put("HZ_PARTIES", *parties(["A"]))
    ebs.put("HZ_PARTIES", {"PARTY_ID": 1, "PARTY_NAME": "changed", "__visible_after_seconds": 5_000})
    ebs.put("HZ_PARTIES", {"PARTY_ID": 2, "PARTY_NAME": "new", "__visible_after_seconds": 9_000})
    stamped = now(ebs)
    assert [row["PARTY_NAME"] for row in ebs.rows("HZ_PARTIES")] == ["A"]

    ebs.control.jump(5_000)
    (row,) = ebs.rows("HZ_PARTIES")
    assert row["PARTY_NAME"] == "changed"
    assert row["LAST_UPDATE_DATE"] <= stamped

    ebs.control.jump(4_000)
    assert [row["PARTY_NAME"] for row in ebs.rows("HZ_PARTIES")] == ["changed", "new"]


def test_the_date_header_is_the_servers_time(ebs: EbsApi) -> None:
    ebs.control.jump(3_600)
    answer = ebs.get(PATH)

    shown = parsedate_to_datetime(answer.headers["Date"])
    assert abs(shown - ebs.control.now()) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("HZ_PARTIES", {"PARTY_ID": 1, "PO_STATUS": "x"}, "no column 'PO_STATUS'"),
        ("HZ_PARTIES", {"PARTY_ID": "one"}, "PARTY_ID must be a number"),
        ("HZ_PARTIES", {"PARTY_ID": True}, "PARTY_ID must be a number"),
        ("HZ_PARTIES", {"PARTY_ID": 1, "PARTY_NAME": 5}, "PARTY_NAME must be a text"),
        ("HZ_PARTIES", {"PARTY_ID": 1, "STATUS": "Active"}, "STATUS holds 1 characters"),
        ("HZ_PARTIES", {"PARTY_ID": 1, "LAST_UPDATE_DATE": "yesterday"}, "LAST_UPDATE_DATE must be a date"),
        ("HZ_PARTIES", {"PARTY_ID": 1, "CREATION_DATE": "2026-01-01T00:00:00Z"}, "without an offset"),
        ("HZ_PARTIES", {"PARTY_ID": 1, "LAST_UPDATE_DATE": None}, "cannot be null"),
        ("HZ_PARTIES", {"PARTY_ID": 1, "__visible_after_seconds": "soon"}, "number of seconds"),
        ("HZ_RELATIONSHIPS", {"RELATIONSHIP_ID": 1}, "RELATIONSHIP_ID, DIRECTIONAL_FLAG"),
        ("users", {"name": "X"}, "password"),
        ("users", {"name": "X", "password": "y", "responsibilities": ["Z"]}, "list of objects"),
        ("users", {"name": "X", "password": "y", "locked": "no"}, "type bool"),
        ("deployments", {"alias": "x", "operations": ["NO_SUCH_TABLE"]}, "NO_SUCH_TABLE"),
        ("grants", {"user": "X", "alias": "x", "role": "y"}, "role"),
    ],
)
def test_rows_that_the_instance_could_never_hold_are_refused(
    ebs: EbsApi, table: str, row: dict[str, Any], message: str
) -> None:
    with pytest.raises(ControlRefusedError, match=message):
        ebs.put(table, row)


def test_clearing_the_system_brings_back_users_deployments_and_grants(ebs: EbsApi) -> None:
    kept = {name: ebs.control.rows("ebs", name) for name in ("users", "deployments", "grants")}
    ebs.put("HZ_PARTIES", *parties(["A"]))
    ebs.put("users", {"name": "new", "password": "x"})
    ebs.put("grants", {"user": "NEW", "alias": "custtables"})
    ebs.put("deployments", {"alias": "new", "operations": []})
    token = ebs.token()

    ebs.control.clear("ebs")

    assert {name: ebs.control.rows("ebs", name) for name in kept} == kept
    assert ebs.rows("HZ_PARTIES") == []
    assert ebs.get_as(token, PATH).status_code == 401


def test_clearing_one_table_leaves_the_others(ebs: EbsApi) -> None:
    ebs.put("HZ_PARTIES", *parties(["A"]))
    ebs.put("HZ_LOCATIONS", {"LOCATION_ID": 1})

    ebs.control.clear("ebs", "HZ_PARTIES")

    assert ebs.rows("HZ_PARTIES") == []
    assert len(ebs.rows("HZ_LOCATIONS")) == 1


def test_a_gateway_fault_can_be_injected(ebs: EbsApi) -> None:
    document = {"ISGServiceFault": {"Code": "ISG_DB_CONNECTION_ERROR", "Message": "m", "Resolution": "r"}}
    ebs.control.faults(
        {"system": "ebs", "fault": "status", "status": 500, "body": document, "path": "*PARTIES/"}
    )

    answer = ebs.get(PATH)
    assert (answer.status_code, answer.json()) == (500, document)
    assert ebs.get(PATH).status_code == 200
    assert fault(ebs.get("nowhere/X/")) == "ISG_INVALID_ALIAS"
