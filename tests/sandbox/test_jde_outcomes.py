"""How orchestrations answer: partial success, warnings, the shapes of failure, faults on the way."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from sandbox.jde_api import JSON, JdeApi

INPUTS = {"Name": "Acme", "Long Address": "L1", "Phone": "555 bad", "Email": "a@b.example", "Credit Limit": 5}


@pytest.fixture
def refusing(jde: JdeApi) -> JdeApi:
    """Phones with the text "bad" are refused."""
    jde.settings(refused_phones="bad")
    return jde


@pytest.mark.parametrize("rule", ["warning", "continue", "stop"])
def test_the_master_is_kept_when_a_phone_is_refused(refusing: JdeApi, rule: str) -> None:
    refusing.settings(refused_channel=rule, jde_status=True)
    answer = refusing.run("ML_CreateCustomer", INPUTS)

    body = answer.json()
    text = "The phone number 555 bad is not valid."
    assert refusing.stored("F0101", "ALKY") == ["L1"]
    assert refusing.stored("F0115", "PH1") == []
    # What comes after a step that ends the run is not done.
    done = rule != "stop"
    assert (len(refusing.stored("F01151", "EMAL")), len(refusing.stored("F03012", "ACL"))) == (done, done)
    if rule == "stop":
        assert (answer.status_code, body["message"], body["jde__status"]) == (500, f"Phones: {text}", "ERROR")
        assert "AddressNumber" not in body
        return
    assert (answer.status_code, body["jde__status"]) == (200, "WARNING")
    assert body["AddressNumber"] == refusing.stored("F0101", "AN8")[0]
    if rule == "warning":
        assert [one["TITLE"] for one in body["Errors/Warnings"][0]["Warnings"]] == [text]
    else:
        assert [(one["step"], one["message"]) for one in body["continuedOnError"]] == [("Phones", text)]
    described = refusing.get("/discover/ML_CreateCustomer").json()["orchestrations"][0]
    assert described["containsContinueOnError"] is (rule == "continue")


def test_a_refused_mail_is_a_warning_too(jde: JdeApi) -> None:
    for mail in ("nobody", "a@b@c.example", "a b@c.example", "x" * 260 + "@c.example"):
        answer = jde.run("ML_CreateCustomer", {"Name": "Acme", "Email": mail}).json()
        assert "Errors/Warnings" in answer
    assert len(jde.stored("F0101", "AN8")) == 4
    assert jde.stored("F01151", "EMAL") == []


def test_the_shapes_of_a_failure(refusing: JdeApi) -> None:
    refusing.settings(refused_channel="stop")

    def failed(shape: str, **settings: Any) -> tuple[int, JSON]:
        refusing.settings(failure_shape=shape, **settings)
        answer = refusing.run("ML_CreateCustomer", INPUTS)
        return answer.status_code, answer.json()

    text = "The phone number 555 bad is not valid."
    status, body = failed("http")
    assert (status, body["status"], body["errorText"]) == (500, "ERROR", text)
    status, body = failed("http", message_is_object=True)
    assert (status, body["message"]["fs_P01012_W01012A"]["errors"][0]["TITLE"]) == (500, text)
    status, body = failed("form_errors")
    assert (status, body["fs_P01012_W01012A"]["errors"][0]["DESC"]) == (200, text)
    status, body = failed("errors_warnings")
    assert (status, body["Errors/Warnings"][0]["Errors"][0]["DESC"]) == (200, text)
    status, body = failed("continued")
    assert (status, body["continuedOnError"][0]["message"]) == (200, text)
    status, body = failed("sys_errors")
    assert (status, next(iter(body)), body["sysErrors"][0]["TITLE"]) == (200, "sysErrors", text)
    # The record was stored each time, and its number is there to be read where the answer is a 200.
    assert body["AddressNumber"] == refusing.stored("F0101", "AN8")[-1]
    assert len(refusing.stored("F0101", "AN8")) == 6


def test_status_members_and_the_result_of_a_step(jde: JdeApi) -> None:
    assert set(jde.run("ML_CreateCustomer", {"Name": "A"}).json()) == {"AddressNumber"}
    jde.settings(jde_status=True, output_mapping=False)
    body = jde.run("ML_CreateCustomer", {"Name": "A"}).json()

    assert (body["jde__status"], body["jde__simpleMessage"]) == ("SUCCESS", "Done")
    assert {"jde__startTimestamp", "jde__endTimestamp", "jde__serverExecutionSeconds"} < body.keys()
    form = body["ServiceRequest1"]["fs_P01012_W01012A"]
    assert form["data"]["z_AN8_21"]["value"] == jde.stored("F0101", "AN8")[-1]
    assert (form["errors"], form["warnings"]) == ([], [])


def test_the_source_key_may_not_be_stored(jde: JdeApi) -> None:
    jde.settings(stores_long_address=False)
    number = jde.run("ML_CreateCustomer", INPUTS).json()["AddressNumber"]
    jde.run("ML_UpdateCustomer", {"Address Number": number, "Long Address": "L2"})

    assert jde.stored("F0101", "ALKY") == [""]


@pytest.mark.parametrize(
    ("rule", "stops", "status", "records"),
    [("off", False, 200, 3), ("warning", False, 200, 3), ("warning", True, 500, 2), ("error", False, 500, 2)],
)
def test_duplicates(jde: JdeApi, rule: str, stops: bool, status: int, records: int) -> None:
    jde.put("F0101", {"AN8": 1, "ALKY": "A"}, {"AN8": 2, "TAX": "T"})
    jde.settings(duplicate_check=rule, stop_on_warning=stops)
    answer = jde.run("ML_CreateCustomer", {"Name": "Acme", "Long Address": "B", "Tax Id": "T"})

    assert answer.status_code == status
    assert ("Address number 2 has the same TAX" in answer.text) == (rule != "off")
    assert len(jde.stored("F0101", "AN8")) == records
    own = jde.run("ML_UpdateCustomer", {"Address Number": 1, "Long Address": "A"})
    assert own.json() == {"AddressNumber": 1}


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "lost_response"},
        {
            "fault": "status",
            "status": 502,
            "body": "<html>",
            "headers": {"Content-Type": "text/html"},
            "done": True,
        },
    ],
)
def test_a_record_whose_answer_was_lost_is_there_once(jde: JdeApi, fault: JSON) -> None:
    jde.sign_in()
    jde.control.faults({"system": "jde", "path": "*/orchestrator/ML_Create*", **fault})
    try:
        answer = jde.run("ML_CreateCustomer", INPUTS)
        assert (answer.status_code, answer.text) == (502, "<html>")
    except requests.ConnectionError:
        assert fault["fault"] == "lost_response"

    assert jde.control.present_faults()[0]["fired"] == 1
    assert (jde.stored("F0101", "ALKY"), jde.stored("F03012", "ACL")) == (["L1"], [5])
    found = jde.run("ML_LookupAddress", {"Long Address": "L1"}).json()
    assert [found["AddressNumber"]] == jde.stored("F0101", "AN8")
    # Nothing makes a create idempotent: who repeats it without looking has two.
    jde.run("ML_CreateCustomer", INPUTS)
    assert jde.stored("F0101", "ALKY") == ["L1", "L1"]


def test_faults_before_the_work_store_nothing(jde: JdeApi) -> None:
    jde.sign_in()
    path = {"system": "jde", "path": "*/orchestrator/*"}
    jde.control.faults({**path, "fault": "reset"}, {**path, "fault": "status", "status": 503, "after": 1})
    with pytest.raises(requests.ConnectionError):
        jde.run("ML_CreateCustomer", INPUTS)
    assert jde.run("ML_CreateCustomer", INPUTS).status_code == 503

    assert jde.stored("F0101", "AN8") == []


def test_a_client_that_gives_up_leaves_a_run_that_goes_on(jde: JdeApi) -> None:
    jde.settings(orchestration_milliseconds=5_000, max_concurrent_calls=1)
    url, headers = f"{jde.base}/v3/orchestrator/ML_CreateCustomer", jde.headers()
    with pytest.raises(requests.Timeout):
        jde.session.post(url, json=INPUTS, headers=headers, timeout=0.3)

    assert until(lambda: jde.stored("F0101", "ALKY") == ["L1"])
    # The run still takes the only place that there is.
    turned_away = jde.browse()
    assert (turned_away.status_code, turned_away.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert until(lambda: jde.browse().status_code == 200)
    assert jde.stored("F0101", "ALKY") == ["L1"]


def until(reached: Callable[[], bool]) -> bool:
    """Look until something is so, at most half a minute."""
    deadline = time.monotonic() + 30
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
