"""Batch reports: R01010Z over the rows that were staged in F0101Z2; and rows under control."""

import threading
import time
from datetime import datetime
from typing import Any

import pytest
from sandbox.jde_api import BASIC, JSON, JdeApi, people

from ml_sandbox.jde import seed

REPORT = {"reportName": "R01010Z", "reportVersion": "XJDE0001"}


@pytest.fixture
def reports(jde: JdeApi) -> JdeApi:
    """Reports take their time only where a test says so; it passes by jumps of the clock."""
    jde.settings(report_wait_seconds=0, report_seconds=0, report_row_milliseconds=0)
    return jde


def staged(jde: JdeApi, *rows: JSON, batch: str = "1") -> None:
    first = len(jde.stored("F0101Z2", "EDTN")) + 1
    filled = [
        {"EDUS": "ML", "EDBT": batch, "EDTN": str(number), "EDLN": 1, "TNAC": "A", **row}
        for number, row in enumerate(rows, first)
    ]
    answer = jde.run("ML_StageAddressBook", {"Rows": filled})
    assert answer.json() == {"Rows": len(rows)}


def executed(jde: JdeApi, **body: Any) -> JSON:
    answer = jde.post("/v2/report/execute", {**REPORT, "fireAndForget": True, **body}, auth=BASIC)
    assert answer.status_code == 200, answer.text
    job: JSON = answer.json()
    return job


def status(jde: JdeApi, job: JSON, **body: Any) -> Any:
    wanted = {"jobNumber": job["jobNumber"], "executionServer": job["executionServer"], **body}
    return jde.post("/v2/report/status", wanted, auth=BASIC).json()


def results(jde: JdeApi) -> list[str]:
    return jde.stored("F0101Z2", "EDSP")


def batch_of(*values: str) -> JSON:
    criterion = {"subject": {"view": "F0101Z2", "alias": "EDBT"}, "predicate": {"values": list(values)}}
    return {"criteria": [{**criterion, "comparisonType": "EQUAL"}]}


def test_a_job_waits_processes_and_is_done(jde: JdeApi) -> None:
    jde.settings(report_wait_seconds=10_000, report_seconds=20_000, report_row_milliseconds=5_000_000)
    staged(jde, {"ALPH": "One"})
    job = executed(jde, queueName="QB1")

    assert (job["jobStatus"], job["user"], job["environment"]) == ("W", seed.USERNAME, seed.ENVIRONMENT)
    assert (job["reportName"], job["reportVersion"], job["queueName"]) == ("R01010Z", "XJDE0001", "QB1")
    assert status(jde, job) == job
    for seconds, state, done in ((10_001, "P", ""), (20_000, "P", ""), (5_000, "D", "Y")):
        jde.control.jump(seconds)
        assert (status(jde, job)["jobStatus"], results(jde)) == (state, [done])
    assert status(jde, job).keys() == job.keys()
    assert [row["jobStatus"] for row in jde.control.rows("jde", "jobs")] == ["D"]
    assert jde.stored("F0101", "ALPH") == ["One"]


def test_rows_become_records(reports: JdeApi) -> None:
    row = {
        "ALKY": "Z1", "ALPH": "One Ltd", "TAX": "T1", "AT1": "C", "AC05": "abc", "ADD1": "Street 1",
        "CTY1": "Town",
        "CTR": "US", "MLNM": "Mail One", "PHTP": "BUS", "AR1": "303", "PH1": "5551", "RMK": "a remark",
        "EFTB": "2026-08-01",
    }  # fmt: skip
    staged(reports, row, {"ALPH": "Two", "AT1": "V", "AN8": 77}, {"ALPH": "Three", "AN8": 77})
    assert executed(reports, fireAndForget=False)["jobStatus"] == "D"

    assert results(reports) == ["Y", "Y", "N"]
    assert reports.stored("F0101", "AN8", "ALKY", "ALPH", "AT1", "AC05", "RMK", "EFTB", "PID")[0] == (
        10_001, "Z1", "One Ltd", "C", "ABC", "a remark", "2026-08-01", "R01010Z",
    )  # fmt: skip
    assert reports.stored("F0101", "AN8", "ALPH")[1:] == [(77, "Two")]
    assert reports.stored("F0116", "EFTB", "ADD1", "CTY1", "CTR")[0] == (
        "2026-08-01",
        "Street 1",
        "Town",
        "US",
    )
    assert reports.stored("F0111", "IDLN", "MLNM")[0] == (0, "Mail One")
    assert reports.stored("F0115", "PHTP", "AR1", "PH1") == [("BUS", "303", "5551")]
    # The customer and supplier masters are others' Z tables.
    assert reports.stored("F03012", "AN8") == []
    # The number is not told: who staged the row looks it up.
    assert reports.stored("F0101Z2", "AN8") == [0, 77, 77]
    # What was processed is not processed again.
    executed(reports, fireAndForget=False)
    assert len(reports.stored("F0101", "AN8")) == 2


def test_changes_come_after_additions(reports: JdeApi) -> None:
    reports.put("F0101", {"AN8": 5, "ALKY": "OLD", "ALPH": "Old", "TAX": "T"})
    change = {"TNAC": "C"}
    staged(
        reports,
        {**change, "ALKY": "NEW", "ALPH": "New and changed"},
        {"ALKY": "NEW", "ALPH": "New"},
        {**change, "AN8": 5, "TX2": "X"},
        {**change, "ALKY": "nobody", "ALPH": "x"},
        {"TNAC": "", "ALPH": "x"},
        {"ALKY": "nameless"},
    )
    executed(reports)

    assert results(reports) == ["Y", "Y", "Y", "N", "N", "N"]
    assert reports.stored("F0101", "ALKY", "ALPH", "TAX", "TX2") == [
        ("OLD", "Old", "T", "X"),
        ("NEW", "New and changed", "", ""),
    ]


def test_a_selection_takes_its_batch(reports: JdeApi) -> None:
    staged(reports, {"ALPH": "One"})
    staged(reports, {"ALPH": "Two"}, batch="2")
    executed(reports, dataSelection=batch_of("2", "3"))

    assert reports.stored("F0101Z2", "EDBT", "EDSP") == [("1", ""), ("2", "Y")]
    wrong = batch_of("1")
    wrong["criteria"][0]["comparisonType"] = "GREATER"
    selections: list[Any] = [wrong, {"criteria": [{}]}, {"criteria": 1}, []]
    for selection in selections:
        answer = reports.post("/v2/report/execute", {**REPORT, "dataSelection": selection})
        assert (answer.status_code, answer.json()["exception"]) == (400, "InvalidInputException")


def test_one_duplicate_refuses_the_whole_batch(reports: JdeApi) -> None:
    reports.settings(duplicate_check="error")
    staged(
        reports, {"ALKY": "A", "ALPH": "One"}, {"ALKY": "A", "ALPH": "Two"}, {"ALKY": "B", "ALPH": "Three"}
    )
    executed(reports)

    assert results(reports) == ["N", "N", "N"]
    assert reports.stored("F0101", "AN8") == []
    reports.settings(duplicate_check="off")
    staged(reports, {"ALKY": "A", "ALPH": "One"}, {"ALKY": "A", "ALPH": "Two"})
    executed(reports)
    assert results(reports)[3:] == ["Y", "Y"]


def test_a_job_that_ends_with_an_error_leaves_the_rows(reports: JdeApi) -> None:
    reports.settings(report_ends="E")
    staged(reports, {"ALPH": "One"})

    assert executed(reports, fireAndForget=False)["jobStatus"] == "E"
    assert results(reports) == [""]


def test_some_rows_of_a_job_fail_and_another_is_stuck(reports: JdeApi) -> None:
    staged(reports, {"ALPH": "One"}, {"ALPH": "Two"}, {"ALPH": "Three"})
    path = {"system": "jde", "path": "*/report/execute"}
    reports.control.faults(
        {**path, "fault": "job_partial", "rows": [1]}, {**path, "fault": "job_stuck", "after": 1}
    )
    executed(reports)
    assert results(reports) == ["Y", "N", "Y"]
    assert reports.stored("F0101", "ALPH") == ["One", "Three"]
    staged(reports, {"ALPH": "Four"})
    job = executed(reports)
    reports.control.jump(1_000_000)
    assert (status(reports, job)["jobStatus"], results(reports)[3]) == ("P", "")


def test_a_lost_answer_leaves_a_job_that_runs(reports: JdeApi) -> None:
    staged(reports, {"ALPH": "One"})
    reports.control.faults(
        {"system": "jde", "path": "*/report/execute", "fault": "status", "status": 504, "done": True}
    )
    assert reports.post("/v2/report/execute", REPORT, auth=BASIC).status_code == 504

    assert results(reports) == ["Y"]
    assert [row["jobStatus"] for row in reports.control.rows("jde", "jobs")] == ["D"]


def test_jobs_and_reports_that_are_not_there(reports: JdeApi) -> None:
    for path, body, code in (
        ("execute", {**REPORT, "reportName": "R0000"}, 500),
        ("execute", {**REPORT, "reportVersion": "XJDE9999"}, 500),
        ("status", {"jobNumber": 1}, 500),
        ("status", {"jobNumber": "x"}, 400),
        ("discover", {"reportName": "R0000"}, 500),
    ):
        assert reports.post(f"/v2/report/{path}", body, auth=BASIC).status_code == code
    assert reports.post("/v2/report/execute", REPORT, headers={}).status_code == 403
    job = executed(reports)
    assert "was not found" in status(reports, job, executionServer="elsewhere")["message"]
    assert status(reports, job, executionServer="")["jobNumber"] == job["jobNumber"]
    described = reports.post("/v2/report/discover", REPORT, auth=BASIC).json()
    assert {"view": "F0101Z2", "alias": "EDBT"} in described["dataSelection"]


def test_who_waits_for_a_job_that_is_forgotten_gets_an_answer(reports: JdeApi) -> None:
    reports.settings(report_seconds=10**9)
    began = time.monotonic()
    waiting: list[str] = []
    thread = threading.Thread(
        target=lambda: waiting.append(executed(reports, fireAndForget=False)["jobStatus"])
    )
    thread.start()
    while not reports.control.rows("jde", "jobs") and time.monotonic() < began + 30:
        time.sleep(0.02)
    reports.control.clear("jde", "jobs")
    thread.join(30)

    assert waiting in (["W"], ["P"])


def test_rows_under_control_are_stamped_in_the_server_s_zone(jde: JdeApi) -> None:
    for zone in ("Asia/Tokyo", "America/Los_Angeles"):
        jde.settings(server_zone=zone)
        (row,) = jde.put("F0101", {"AN8": 1, "ALPH": zone})
        login = jde.login().json()["userInfo"]
        offset = login["timeZoneOffset"].removeprefix("UTC")
        moment = jde.control.now()
        stamp = datetime.fromisoformat(f"{row['UPMJ']}T{row['UPMT']:06}{offset}")
        assert abs((moment - stamp).total_seconds()) < 120


def test_rows_under_control_keep_what_is_not_given(jde: JdeApi) -> None:
    jde.put("F0101", {"AN8": 1, "ALPH": "A", "TAX": "T", "UPMJ": "2026-08-01", "UPMT": 5})
    jde.put("F0101", {"AN8": 1, "ALPH": "B", "UPMJ": None})
    jde.put("F4301", {"DOCO": 1, "DCTO": "OP", "KCOO": "1", "SFXO": "0"})

    assert jde.stored("F0101", "ALPH", "TAX", "UPMJ") == [("B", "T", None)]
    assert jde.stored("F4301", "UPMJ")[0]
    jde.put("F0101", *people([2, 3]))
    jde.control.clear("jde", "F0101")
    assert jde.stored("F0101", "AN8") == []
    assert len(jde.stored("F4301", "DOCO")) == 1
    with pytest.raises(AssertionError, match="Unknown"):
        jde.put("F9999", {"A": 1})
    for name in ("sessions", "jobs", "result_sets", "F9210"):
        with pytest.raises(AssertionError, match="cannot be written"):
            jde.put(name, {"AN8": 1})
