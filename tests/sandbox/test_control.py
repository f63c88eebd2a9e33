"""The control API and the request log."""

import base64

import pytest
import requests
from sandbox.zendesk_api import ZendeskApi

from ml_sandbox.testing import ControlRefusedError, RunningSandbox


def test_rows_are_upserted_by_key_with_defaults(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    first = sandbox.control.put_rows("zendesk", "organizations", [{"name": "Acme", "external_id": "A"}])[0]
    assert first["created_at"] == first["updated_at"]
    again = sandbox.control.put_rows("zendesk", "organizations", [{"external_id": "a", "notes": "n"}])[0]
    assert (again["id"], again["name"], again["notes"]) == (first["id"], "Acme", "n")
    assert zendesk.names() == ["Acme"]
    own = sandbox.control.put_rows("zendesk", "organizations", [{"id": 2**45, "name": "B"}])[0]
    assert own["id"] == 2**45
    assert zendesk.create("C")["id"] > 2**45


def test_rows_that_the_vendor_could_not_hold_are_refused(sandbox: RunningSandbox) -> None:
    with pytest.raises(ControlRefusedError, match="cannot be blank"):
        sandbox.control.put_rows("zendesk", "organizations", [{"notes": "n"}])
    with pytest.raises(ControlRefusedError, match="letters, digits"):
        sandbox.control.put_rows("zendesk", "organization_fields", [{"key": "7", "title": "Seven"}])


def test_definitions_are_upserted_by_key(sandbox: RunningSandbox) -> None:
    for title in ("Tier", "ERP tier"):
        sandbox.control.put_rows("zendesk", "organization_fields", [{"key": "tier", "title": title}])
    assert [row["title"] for row in sandbox.control.rows("zendesk", "organization_fields")] == ["ERP tier"]


def test_unknown_names_are_answered_with_the_known_ones(sandbox: RunningSandbox) -> None:
    for call, known in (
        (lambda: sandbox.control.rows("sap", "x"), "zendesk"),
        (lambda: sandbox.control.rows("zendesk", "accounts"), "organization_fields"),
        (lambda: sandbox.control.settings(plan="big"), "zendesk.plan"),
        (lambda: sandbox.control.settings(zendesk={"plan": "big"}), "suite_team"),
        (lambda: sandbox.control.settings(time_scale=0), "at least 0.001"),
        (lambda: sandbox.control.settings(zendesk={"job_limit": "many"}), "whole number"),
        (lambda: sandbox.control.requests("sap"), "zendesk"),
        (lambda: sandbox.control.put_rows("zendesk", "jobs", []), "organizations"),
    ):
        with pytest.raises(ControlRefusedError, match=known):
            call()


def test_settings_change_all_or_nothing(sandbox: RunningSandbox) -> None:
    with pytest.raises(ControlRefusedError):
        sandbox.control.settings(latency_ms=5, nothing=1)
    assert sandbox.control.settings()["latency_ms"] == 0
    sandbox.control.settings(zendesk={"plan": "suite_team"}, **{"zendesk.high_volume": "true"})
    settings = sandbox.control.settings()
    assert (settings["zendesk.plan"], settings["zendesk.high_volume"]) == ("suite_team", True)
    sandbox.control.reset_settings()
    assert sandbox.control.settings()["zendesk.plan"] == "suite_enterprise"
    assert sandbox.control.settings()["time_scale"] == 100, "what it was started with"


def test_a_body_that_is_no_json_or_of_a_wrong_form(sandbox: RunningSandbox) -> None:
    for path in ("faults", "settings", "clock", "zendesk/organizations"):
        for body in ("{", '"text"'):
            answer = requests.put(f"{sandbox.url}/control/{path}", data=body, timeout=30)
            assert answer.status_code == 400, path
            assert answer.json()["error"]


def test_clearing_a_system_brings_back_its_people(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    zendesk.create("A")
    zendesk.define("tier")
    sandbox.control.clear("zendesk", "organizations")
    counts = requests.get(f"{sandbox.url}/control/zendesk", timeout=30).json()
    assert (counts["organizations"], counts["organization_fields"], counts["users"]) == (0, 1, 2)
    sandbox.control.clear("zendesk")
    assert sandbox.control.rows("zendesk", "organization_fields") == []
    assert zendesk.get("/users/me").status_code == 200


def test_the_log_tells_writes_apart(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    zendesk.grant()
    zendesk.create("A")
    zendesk.get("/organizations", per_page=1)
    assert [request["method"] for request in sandbox.control.requests("zendesk")] == ["POST", "POST", "GET"]
    (write,) = sandbox.control.requests("zendesk", writes_only=True)
    assert (write["path"], write["status"]) == ("/api/v2/organizations", 201)
    assert write["body"] == {"organization": {"name": "A"}}
    last = sandbox.control.requests()[-1]
    assert (last["query"], last["target"]) == ("per_page=1", "/api/v2/organizations?per_page=1")
    sandbox.control.clear_requests()
    assert sandbox.control.requests() == []


def test_no_secret_gets_into_the_log(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    granted = zendesk.grant().json()
    zendesk.use_token(granted["access_token"])
    zendesk.get("/users/me", access_token="query-secret")
    text = requests.get(f"{sandbox.url}/control/requests", timeout=30).text
    basic = base64.b64encode(b"x").decode()
    for secret in ("sandbox-client-secret", granted["access_token"], "query-secret", f"Basic {basic}"):
        assert secret not in text
    assert '"client_secret":"***"' in text
    tokens = requests.get(f"{sandbox.url}/control/zendesk/oauth_tokens", timeout=30).text
    assert granted["access_token"] not in tokens


def test_large_bodies_are_not_kept(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(log_body_bytes=20)
    zendesk.create("A" * 50)
    (logged,) = sandbox.control.requests("zendesk")
    assert logged["body"] is None
    assert logged["body_bytes"] > 50


def test_paths_outside_of_any_vendor(sandbox: RunningSandbox) -> None:
    answer = requests.get(f"{sandbox.url}/nothing", timeout=30)
    assert answer.status_code == 404
    assert "/zendesk" in answer.json()["known"]
    assert requests.get(f"{sandbox.url}/control/ca", timeout=30).status_code == 400
