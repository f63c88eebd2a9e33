"""Each fault, as a client sees it on the wire."""

import time

import pytest
import requests
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import ControlRefusedError, RunningSandbox


def inject(sandbox: RunningSandbox, fault: str, **description: object) -> None:
    sandbox.control.faults({"system": "zendesk", "fault": fault, **description})


def create(zendesk: ZendeskApi, name: str = "Acme") -> requests.Response:
    return zendesk.post("/organizations", {"organization": {"name": name}})


def test_status_with_headers_and_a_json_body(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    inject(sandbox, "status", status=429, headers={"Retry-After": 7}, body={"detail": "edge"})
    answer = create(zendesk)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()) == (
        429,
        "7",
        {"detail": "edge"},
    )
    assert zendesk.names() == [], "an injected status answers in the vendor's place"
    assert create(zendesk).status_code == 201, "by default a fault happens once"


def test_status_with_a_text_or_without_body(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    inject(sandbox, "status", status=504, body="upstream request timeout")
    answer = zendesk.get("/organizations")
    assert (answer.text, answer.headers["Content-Type"]) == (
        "upstream request timeout",
        "text/plain; charset=utf-8",
    )
    inject(sandbox, "status", status=503)
    assert zendesk.get("/organizations").content == b""


def test_reset_before_anything_is_done(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    inject(sandbox, "reset")
    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        create(zendesk)
    assert zendesk.names() == []
    logged = sandbox.control.requests("zendesk")[-1]
    assert (logged["fault"], logged["status"], logged["write"]) == ("reset", None, True)


def test_lost_response_after_everything_is_done(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    inject(sandbox, "lost_response")
    with pytest.raises(requests.ConnectionError, match="closed connection without response"):
        create(zendesk)
    assert zendesk.names() == ["Acme"]
    assert sandbox.control.requests("zendesk")[-1]["status"] is None


def test_timeout_keeps_silent_until_the_client_leaves(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    inject(sandbox, "timeout")
    with pytest.raises(requests.ReadTimeout):
        zendesk.session.get(f"{zendesk.url}/api/v2/organizations", timeout=0.2)
    assert zendesk.get("/organizations").status_code == 200


def test_timeout_is_bounded(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    inject(sandbox, "timeout", seconds=0.2)
    with pytest.raises(requests.ConnectionError):
        zendesk.get("/organizations")


def test_truncate_cuts_the_body_short(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    whole = len(zendesk.get("/organizations/count").content)
    for options, read in (({}, whole // 2), ({"bytes": 3}, 3), ({"bytes": 10_000}, whole - 1)):
        inject(sandbox, "truncate", **options)
        with pytest.raises(
            requests.exceptions.ChunkedEncodingError, match=rf"IncompleteRead\({read} bytes read"
        ):
            zendesk.get("/organizations/count")


def test_latency(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    inject(sandbox, "latency", seconds=0.3)
    began = time.monotonic()
    assert zendesk.get("/organizations").status_code == 200
    assert time.monotonic() - began >= 0.3


def test_latency_of_every_answer_is_a_setting(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(latency_ms=200)
    began = time.monotonic()
    zendesk.get("/organizations")
    assert time.monotonic() - began >= 0.2


def test_expire_and_revoke_token(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    for fault in ("expire_token", "revoke_token"):
        zendesk.use_token(zendesk.grant().json()["access_token"])
        assert zendesk.get("/organizations").status_code == 200
        inject(sandbox, fault)
        answer = zendesk.get("/organizations")
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_clock_jump(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    before = sandbox.control.now()
    inject(sandbox, "clock_jump", seconds=86_400)
    zendesk.get("/organizations")
    assert (sandbox.control.now() - before).total_seconds() >= 86_400


def test_after_times_method_and_path(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    inject(sandbox, "status", status=500, method="GET", path="*/organizations/count*", after=1, times=2)
    statuses = [zendesk.get("/organizations/count").status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]
    assert zendesk.get("/organizations").status_code == 200
    fault = sandbox.control.present_faults()[0]
    assert (fault["seen"], fault["fired"]) == (4, 2)


def test_a_path_may_be_a_regular_expression_over_the_query(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    inject(sandbox, "status", status=500, path=r"^/api/v2/organizations\?per_page=\d$", times=None)
    assert zendesk.get("/organizations", per_page=5).status_code == 500
    assert zendesk.get("/organizations", per_page=50).status_code == 200


def test_chance_is_repeatable_by_its_seed(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    runs = []
    for _ in range(2):
        inject(sandbox, "status", status=500, times=None, chance=0.5, seed=3)
        runs.append([zendesk.get("/organizations/count").status_code for _ in range(12)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500}


def test_faults_together(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    zendesk.use_token(zendesk.grant().json()["access_token"])
    sandbox.control.faults(
        {"system": "zendesk", "fault": "expire_token"}, {"system": "zendesk", "fault": "lost_response"}
    )
    with pytest.raises(requests.ConnectionError):
        create(zendesk)
    assert zendesk.get("/organizations").status_code == 401
    assert zendesk.names() == []
    assert sandbox.control.requests("zendesk")[-2]["fault"] == "expire_token,lost_response"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"system": "zendesk", "fault": "explode"}, "job_partial"),
        ({"system": "sap", "fault": "reset"}, "zendesk"),
        ({"system": "zendesk"}, "'fault'"),
        ({"system": "zendesk", "fault": "reset", "colour": "red"}, "after"),
        ({"system": "zendesk", "fault": "status"}, "needs 'status'"),
        ({"system": "zendesk", "fault": "status", "status": "500"}, "whole number"),
        ({"system": "zendesk", "fault": "status", "status": 99}, "from 100 to 599"),
        ({"system": "zendesk", "fault": "clock_jump"}, "needs 'seconds'"),
        ({"system": "zendesk", "fault": "reset", "path": "^("}, "regular expression"),
        ({"system": "zendesk", "fault": "reset", "times": -1}, "'times'"),
        ({"system": "zendesk", "fault": "reset", "chance": 2}, "'chance'"),
        ({"system": "zendesk", "fault": "job_partial", "share": 2}, "from 0 to 1"),
    ],
)
def test_wrong_descriptions_are_explained(sandbox: RunningSandbox, fault: JSON, said: str) -> None:
    with pytest.raises(ControlRefusedError, match=said):
        sandbox.control.faults(fault)
