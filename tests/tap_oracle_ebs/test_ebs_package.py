"""Reading through the package: names of a site, pages, and what goes wrong inside of a 200."""

from __future__ import annotations

import datetime as dt
import json
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support.raw_streams import ReadRaw, catalog_of, expected, in_order
from support.scripted_package import ScriptedPackage, terms
from support.scripted_server import ScriptedServer
from support.tap_run import start

from ml_connector.errors import PassingFault, SystemFault
from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.catalog.tables import TABLES
from tap_oracle_ebs.reading.selection import Selection
from tap_oracle_ebs.tap import TapOracleEbs

PARTIES = TABLES["HZ_PARTIES"]
FAULT = '{"ISGServiceFault": {"Code": "%s", "Message": "%s", "Resolution": "ask"}}'


@pytest.fixture
def raw(settings: dict[str, Any]) -> ReadRaw:
    return ReadRaw({**settings, "access": "plsql"})


@pytest.fixture
def scripted(settings: dict[str, Any]) -> Iterator[tuple[ScriptedServer, ReadRaw]]:
    with ScriptedServer() as server:
        own = {**settings, "base_url": server.url, "access": "plsql", "auth_mode": "basic", "page_size": 10}
        yield server, ReadRaw(own)


def calls(sandbox: RunningSandbox, operation: str) -> int:
    paths = [request["path"] for request in sandbox.control.requests("ebs")]
    return sum(path.endswith(f"/mlread/{operation}/") for path in paths)


def answering(status: int, body: str, times: int | None = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    fault = {"system": "ebs", "path": "*/mlread/hz_parties/*", "fault": "status", "headers": headers}
    return {**fault, "status": status, "body": body, "times": times}


@pytest.mark.parametrize(
    ("server", "tap"),
    [
        (
            {"package_operation_names": "HZ_PARTIES=GET_PARTIES"},
            {"package_operations": {"hz_parties": "get_parties"}},
        ),
        (
            {"package_parameter_names": "P_LIMIT=P_ROWS, P_LAST_KEY=P_AFTER, P_OFFSET="},
            {"package_parameters": {"P_LIMIT": "P_ROWS", "P_LAST_KEY": "P_AFTER", "P_OFFSET": ""}},
        ),
        (
            {"package_parameter_names": "P_LAST_KEY=, P_ORG_ID="},
            {"package_parameters": {"P_LAST_KEY": "", "P_ORG_ID": ""}},
        ),
        (
            {"package_output_names": "X_ROWS=X_DATA, X_HAS_MORE=X_MORE, X_RETURN_STATUS=X_STATUS"},
            {
                "package_collections": {
                    "X_ROWS": "X_DATA",
                    "X_HAS_MORE": "X_MORE",
                    "X_RETURN_STATUS": "X_STATUS",
                }
            },
        ),
        ({"package_output_names": "X_HAS_MORE=, X_SERVER_TIME="}, {}),
        (
            {"package_date_mask": "DD-MON-YYYY HH24:MI:SS"},
            {"package_date_mask": "DD-MON-YYYY HH24:MI:SS"},
        ),
        ({"package_types": "typed", "date_format": "fraction_offset", "numbers": "number"}, {}),
        (
            {"package_types": "typed", "package_date_mask": "YYYYMMDDHH24MISS"},
            {"package_date_mask": "YYYYMMDDHH24MISS"},
        ),
        ({"post_context": "query"}, {"context_in": "query"}),
        ({"post_context": "header", "get_context": "header"}, {"context_in": "header"}),
    ],
)
def test_the_names_and_forms_of_a_site_are_settings(
    sandbox: RunningSandbox, raw: ReadRaw, server: dict[str, Any], tap: dict[str, Any]
) -> None:
    sandbox.control.settings(ebs=server)
    for stream in ("hz_parties", "ap_payment_schedules_all"):
        run = raw(stream, start_date="2001-01-01T00:00:00Z", page_size=20, **tap)
        assert in_order(TABLES[stream.upper()], run.records(stream)) == expected(sandbox, stream.upper())


def test_the_context_of_a_post_travels_in_the_body_and_with_every_call(
    scripted: tuple[ScriptedServer, ReadRaw],
) -> None:
    server, raw = scripted
    server.route = ScriptedPackage(terms(25))
    raw("ra_terms", org_ids=[204, 458])
    posts = [received for received in server.received if received.method == "POST"]
    assert len(posts) == 4
    for received in posts:
        assert "?" not in received.path
        body = received.json["RA_TERMS_Input"]
        assert body["RESTHeader"] == {
            "Responsibility": "ML_CONNECTOR_INQUIRY",
            "RespApplication": "AR",
            "SecurityGroup": "STANDARD",
            "NLSLanguage": "AMERICAN",
            "Org_Id": "204",
        }
        assert body["InputParameters"]["P_ORG_ID"] == "204,458"


@pytest.mark.parametrize("place", ["query", "header"])
def test_the_context_of_a_post_can_travel_elsewhere(
    scripted: tuple[ScriptedServer, ReadRaw], place: str
) -> None:
    server, raw = scripted
    server.route = ScriptedPackage(terms(3))
    raw("ra_terms", context_in=place)
    for received in server.received:
        assert "RESTHeader" not in received.json["RA_TERMS_Input"]
        assert ("ctx_responsibility=ML_CONNECTOR_INQUIRY" in received.path) is (place == "query")
        assert (received.header("Responsibility") is not None) is (place == "header")


@pytest.mark.parametrize("times", [1, 2])
def test_an_unexpected_failure_is_called_again(sandbox: RunningSandbox, raw: ReadRaw, times: int) -> None:
    failure = {"OutputParameters": {"X_RETURN_STATUS": "U", "X_MSG_DATA": "ORA-04068"}}
    sandbox.control.faults(answering(200, json.dumps(failure), times))
    assert len(raw("hz_parties").records("hz_parties")) == len(sandbox.control.rows("ebs", "HZ_PARTIES"))


@pytest.mark.parametrize(("status", "expected_calls"), [("E", 1), ("U", 3)])
def test_a_status_of_failure_ends_the_run_with_its_text(
    sandbox: RunningSandbox, raw: ReadRaw, status: str, expected_calls: int
) -> None:
    failure = {"OutputParameters": {"X_RETURN_STATUS": status, "X_MSG_DATA": "no such period"}}
    sandbox.control.faults(answering(200, json.dumps(failure)))
    with pytest.raises(SystemFault, match=f"X_RETURN_STATUS '{status}': no such period") as caught:
        raw("hz_parties")
    assert caught.value.exit_code == 5
    assert calls(sandbox, "hz_parties") == expected_calls


def test_a_bad_parameter_is_named_by_the_package(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    with pytest.raises(SystemFault, match="P_LIMIT"):
        raw("hz_parties", page_size=6000)
    sandbox.control.settings(ebs={"package_date_mask": "DD-MON-YYYY HH24:MI:SS"})
    with pytest.raises(SystemFault, match=r"package_date_mask|P_LAST_UPDATE") as caught:
        raw("hz_parties")
    assert caught.value.fix


@pytest.mark.parametrize(
    ("body", "message", "fix"),
    [
        (FAULT % ("ISG_SERVICE_AUTH_FAILURE", "not authorized"), "ISG_SERVICE_AUTH_FAILURE", "grant"),
        ("<!DOCTYPE html><html>Sign in</html>", "web page", "base_url"),
        ('{"OutputParameters": {"P_RESULT": "x"}}', "without X_RETURN_STATUS and X_ROWS", "collections"),
        ('{"OutputParameters": "x"}', "no OutputParameters", "WADL"),
        ("[]", "no OutputParameters", "WADL"),
        (
            '{"OutputParameters": {"X_RETURN_STATUS": "S", "X_ROWS": "x"}}',
            "no rows where they are expected",
            "WADL",
        ),
        (
            '{"OutputParameters": {"X_RETURN_STATUS": "S", "X_ROWS": {"X_ROWS_ITEM": {"A": 1}}}}',
            "none of its columns",
            "package_operations",
        ),
        (
            '{"OutputParameters": {"X_RETURN_STATUS": "S", "X_ROWS": {"X_ROWS_ITEM": {"PARTY_NAME": "A"}}}}',
            "has no PARTY_ID",
            "key columns",
        ),
        (
            '{"OutputParameters": {"X_RETURN_STATUS": "S", "X_ROWS": {"X_ROWS_ITEM": {"PARTY_ID": "x"}}}}',
            "'x', which is no INTEGER",
            "declares",
        ),
        (
            '{"OutputParameters": {"X_RETURN_STATUS": "S", "X_SERVER_TIME": "20-NOV-26", "X_ROWS": null}}',
            "'20-NOV-26', which does not fit",
            "package_date_mask",
        ),
        (
            '{"OutputParameters": {"X_RETURN_STATUS": "S", "X_ROWS": null, "X_HAS_MORE": "Y"}}',
            "there is more, and gives no row",
            "X_HAS_MORE",
        ),
    ],
)
def test_what_is_wrong_inside_of_a_200_is_named(
    sandbox: RunningSandbox, raw: ReadRaw, body: str, message: str, fix: str
) -> None:
    sandbox.control.faults(answering(200, body))
    with pytest.raises(SystemFault, match=message) as caught:
        raw("hz_parties")
    assert fix in caught.value.fix


def test_a_body_that_is_cut_is_asked_for_again_later(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    sandbox.control.faults({"system": "ebs", "path": "*/hz_parties/*", "fault": "reset", "times": 2})
    assert raw("hz_parties").records("hz_parties")
    sandbox.control.faults(answering(200, '{"OutputParameters": '))
    with pytest.raises(PassingFault, match="cannot be read"):
        raw("hz_parties")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"package_alias": "nowhere"}, "ISG_INVALID_ALIAS"),
        ({"package_operations": {"hz_parties": "no_such"}}, "ISG_INVALID_FUNCTION"),
        ({"package_parameters": {"P_LIMIT": "P_NO_SUCH"}}, "P_NO_SUCH"),
        ({"package_collections": {"X_ROWS": "X_NO", "X_RETURN_STATUS": "X_NO_2"}}, "without X_NO_2 and X_NO"),
    ],
)
def test_a_wrong_setting_is_named_at_once(
    sandbox: RunningSandbox, raw: ReadRaw, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(SystemFault, match=message) as caught:
        raw("hz_parties", **changes)
    assert caught.value.fix


def test_no_grant_on_the_package_is_named(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    grant = {"user": "ML_EXTRACT", "alias": "mlread", "operations": ["RA_TERMS"]}
    sandbox.control.put_rows("ebs", "grants", [grant])
    with pytest.raises(SystemFault, match=r"hz_parties.*ISG_SERVICE_AUTH_FAILURE") as caught:
        raw("hz_parties")
    assert "grant" in caught.value.fix
    assert calls(sandbox, "hz_parties") == 1


@pytest.mark.parametrize(
    ("ignored", "changes"),
    [
        ("P_LAST_KEY", {}),
        ("P_LIMIT", {}),
        ("P_LAST_UPDATE_FROM", {"from": "2026-10-20T00:00:00Z", "page_size": 100}),
        ("P_LAST_UPDATE_TO", {"to": "2026-10-10T00:00:00Z", "page_size": 100}),
        ("P_KEYS", {"keys": ["3", "4"], "page_size": 100}),
        ("P_OFFSET", {"package_parameters": {"P_LAST_KEY": ""}}),
    ],
)
def test_a_parameter_without_effect_is_named(
    scripted: tuple[ScriptedServer, ReadRaw], ignored: str, changes: dict[str, Any]
) -> None:
    server, raw = scripted
    server.route = ScriptedPackage(terms(25), (ignored,))
    with pytest.raises(SystemFault, match=f"ra_terms ignores the parameter {ignored}") as caught:
        raw("ra_terms", **changes)
    assert "package_parameters" in caught.value.fix


def test_pages_by_offset_have_no_upper_bound(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    sandbox.control.settings(ebs={"package_parameter_names": "P_LAST_KEY="})
    run = raw("hz_parties", page_size=10, package_parameters={"P_LAST_KEY": ""})
    assert len(run.records("hz_parties")) > 20
    calls = [each for each in sandbox.control.requests("ebs") if each["path"].endswith("/hz_parties/")]
    given = [call["body"]["HZ_PARTIES_Input"]["InputParameters"] for call in calls]
    assert any("P_OFFSET" in each for each in given)
    assert not [each for each in given if "P_LAST_UPDATE_TO" in each]


def test_keys_and_units_that_the_package_does_not_take_are_refused(raw: ReadRaw) -> None:
    with pytest.raises(SystemFault, match="takes no P_KEYS"):
        raw("hz_parties", keys=["1"], package_parameters={"P_KEYS": ""})
    with pytest.raises(SystemFault, match="takes no P_ORG_ID"):
        raw("customers", org_ids=[204], package_parameters={"P_ORG_ID": ""})


def test_a_package_with_neither_key_nor_offset_is_named(scripted: tuple[ScriptedServer, ReadRaw]) -> None:
    server, raw = scripted
    server.route = ScriptedPackage(terms(25))
    with pytest.raises(SystemFault, match="neither P_LAST_KEY nor P_OFFSET"):
        raw("ra_terms", package_parameters={"P_LAST_KEY": "", "P_OFFSET": ""})


@pytest.mark.parametrize(("count", "expected_calls"), [(24, 4), (30, 5), (0, 2)])
def test_without_x_has_more_a_short_page_is_the_last(
    scripted: tuple[ScriptedServer, ReadRaw], count: int, expected_calls: int
) -> None:
    def unsaid(outputs: dict[str, Any], _: Mapping[str, str]) -> dict[str, Any]:
        return {name: value for name, value in outputs.items() if name != "X_HAS_MORE"}

    server, raw = scripted
    package = server.route = ScriptedPackage(terms(count), change=unsaid)
    assert len(raw("ra_terms").records("ra_terms")) == count
    # The first call asks for the time alone.
    assert len(package.calls) == expected_calls


def test_pages_that_the_package_cuts_itself_go_on(scripted: tuple[ScriptedServer, ReadRaw]) -> None:
    def cut(outputs: dict[str, Any], _: Mapping[str, str]) -> dict[str, Any]:
        rows = outputs["X_ROWS"]["X_ROWS_ITEM"]
        return {**outputs, "X_ROWS": {"X_ROWS_ITEM": rows[:3]}, "X_HAS_MORE": "Y" if rows[3:] else "N"}

    server, raw = scripted
    server.route = ScriptedPackage(terms(11), change=cut)
    assert len(raw("ra_terms").records("ra_terms")) == 11


def test_one_row_may_be_an_object(scripted: tuple[ScriptedServer, ReadRaw]) -> None:
    def single(outputs: dict[str, Any], _: Mapping[str, str]) -> dict[str, Any]:
        return {**outputs, "X_ROWS": outputs["X_ROWS"]["X_ROWS_ITEM"][0]}

    server, raw = scripted
    server.route = ScriptedPackage(terms(1), change=single)
    (record,) = raw("ra_terms").records("ra_terms")
    assert (record["term_id"], record["name"], record["description"]) == (1, "1 NET", None)


def test_the_clock_of_the_package_bounds_the_run(scripted: tuple[ScriptedServer, ReadRaw]) -> None:
    server, raw = scripted
    package = server.route = ScriptedPackage(terms(3))
    run = raw("ra_terms", window_lag=60)
    # The package says 10:00:00 in New York, whatever the Date header says.
    bookmark = run.state["bookmarks"]["ra_terms"]["replication_key_value"]
    assert bookmark in {"2026-11-20T14:59:00Z", "2026-11-20T14:59:01Z"}
    assert package.calls[-1]["P_LAST_UPDATE_TO"] in {"2026-11-20T09:59:02", "2026-11-20T09:59:03"}


def test_a_token_that_dies_in_mid_run_is_renewed_once(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    sandbox.control.faults(
        {"system": "ebs", "path": "*/hz_parties/*", "fault": "expire_token", "after": 2, "times": 1}
    )
    run = raw("hz_parties", page_size=20)
    assert in_order(PARTIES, run.records("hz_parties")) == expected(sandbox, "HZ_PARTIES")
    paths = [request["path"] for request in sandbox.control.requests("ebs")]
    assert sum(path.endswith("/login") for path in paths) == 2
    assert paths[-1].endswith("/logout")


def test_basic_mode_logs_in_nowhere(sandbox: RunningSandbox, raw: ReadRaw) -> None:
    assert raw("hz_parties", auth_mode="basic").records("hz_parties")
    assert {r["method"] for r in sandbox.control.requests("ebs")} == {"POST"}


@pytest.mark.parametrize("size", [1, 10])
def test_a_row_that_is_updated_during_paging_hides_no_other(
    sandbox: RunningSandbox, settings: dict[str, Any], size: int
) -> None:
    tap = TapOracleEbs(config={**settings, "page_size": size})
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    window = Selection(dt.datetime(2000, 1, 1, tzinfo=dt.UTC), now - dt.timedelta(seconds=5))
    before = sandbox.control.rows("ebs", "HZ_PARTIES")
    found: set[Any] = set()
    moved: list[dict[str, Any]] = []
    for number, page in enumerate(tap.package.read(PARTIES, window)):
        found |= {row["PARTY_ID"] for row in page.rows}
        if number == 1:
            moved = [row for row in before if row["PARTY_ID"] in found]
            sandbox.control.put_rows("ebs", "HZ_PARTIES", [{"PARTY_ID": row["PARTY_ID"]} for row in moved])
    tap.close()
    sandbox.control.put_rows("ebs", "HZ_PARTIES", moved)
    assert moved
    assert found == {row["PARTY_ID"] for row in before}


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_killed_between_windows_the_next_run_goes_on_without_a_gap(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path, access: str
) -> None:
    since = (dt.datetime.now(dt.UTC) - dt.timedelta(days=900)).isoformat()
    own = {**settings, "access": access, "start_date": since, "window_days": 100}
    catalog = tmp_path / "catalog.json"
    catalog.write_text(json.dumps(catalog_of(own, "hz_parties")))
    sandbox.control.faults({"system": "ebs", "path": "*", "fault": "latency", "seconds": 0.05, "times": None})
    first: set[int] = set()
    state: dict[str, Any] = {}
    with start("tap-oracle-ebs", tmp_path, own, None, "--catalog", str(catalog)) as process:
        assert process.stdout is not None
        states = 0
        for line in process.stdout:
            message = json.loads(line)
            if message["type"] == "RECORD":
                first.add(message["record"]["party_id"])
            elif message["type"] == "STATE":
                state, states = message["value"], states + 1
                if states == 4:
                    break
        process.send_signal(signal.SIGKILL)
    sandbox.control.faults()
    after = ReadRaw(settings)("hz_parties", state=state, access=access, window_days=100)
    second = {record["party_id"] for record in after.records("hz_parties")}
    wanted = {
        record["party_id"]
        for record in expected(sandbox, "HZ_PARTIES")
        if record["last_update_date"] >= since[:19]
    }
    assert first | second == wanted
    assert first
    assert len(second) < len(wanted)


def test_an_answer_without_a_time_falls_back_to_the_date_header(
    scripted: tuple[ScriptedServer, ReadRaw],
) -> None:
    def timeless(outputs: dict[str, Any], _: Mapping[str, str]) -> dict[str, Any]:
        return {**outputs, "X_SERVER_TIME": None}

    server, raw = scripted
    server.route = ScriptedPackage(terms(3), change=timeless)
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=5)
    bookmark = raw("ra_terms").state["bookmarks"]["ra_terms"]["replication_key_value"]
    assert before <= dt.datetime.fromisoformat(bookmark) <= dt.datetime.now(dt.UTC)
