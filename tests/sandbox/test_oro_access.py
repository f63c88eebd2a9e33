"""Who gets in to the simulated OroCRM: tokens, media types, switch and prefix of the API, permissions."""

import requests
from sandbox.oro_api import MEDIA_TYPE, OroApi, details, errors, resource

from ml_sandbox.oro import seed


def test_each_grant_gives_a_token_by_json_form_and_basic(oro: OroApi) -> None:
    granted = oro.grant()
    assert granted.status_code == 200
    assert granted.json().keys() == {"token_type", "expires_in", "access_token"}
    assert (granted.json()["token_type"], granted.json()["expires_in"]) == ("Bearer", 3600)
    form = {"grant_type": "password", "username": seed.USERNAME, "password": seed.PASSWORD}
    basic = (seed.CLIENT_ID, seed.CLIENT_SECRET)
    signed_in = requests.post(f"{oro.url}/oauth2-token", data=form, auth=basic, timeout=30)
    refresh = signed_in.json()["refresh_token"]
    renewed = oro.grant(grant_type="refresh_token", refresh_token=refresh)
    assert renewed.json()["refresh_token"] != refresh
    assert oro.grant(grant_type="refresh_token", refresh_token=refresh).status_code == 401


def test_refused_grants_say_what_is_wrong(oro: OroApi) -> None:
    refused = oro.grant(client_id=None)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    assert refused.json()["hint"] == "Check the `client_id` parameter"
    failed = oro.grant(client_secret="wrong")
    assert failed.status_code == 401
    assert failed.json() == {
        "error": "invalid_client",
        "message": "Client authentication failed",
        "error_description": "Client authentication failed",
    }
    assert oro.grant(grant_type="password", username="admin", password="x").json()["error"] == "invalid_grant"
    assert oro.grant(grant_type="magic").json()["error"] == "unsupported_grant_type"
    oro.settings(encryption_key=False)
    assert oro.grant().json()["message"] == "The encryption key does not exist."


def test_an_expired_or_missing_token_is_401_with_an_empty_body(oro: OroApi) -> None:
    oro.sandbox.control.settings(time_scale=1)  # a minute is long enough for a slow machine
    oro.settings(access_token_seconds=60)
    oro.sign_in()
    assert oro.get("/cases").status_code == 200
    oro.sandbox.control.jump(61)
    for answer in (oro.get("/cases"), requests.get(f"{oro.url}/api/cases", timeout=30)):
        assert (answer.status_code, answer.content) == (401, b"")
        assert "WWW-Authenticate" in answer.headers
    oro.sign_in()
    oro.sandbox.control.faults({"system": "oro", "fault": "expire_token"})
    assert oro.get("/cases").status_code == 401


def test_only_the_exact_media_type_is_answered_in_json_api(oro: OroApi) -> None:
    oro.case()
    plain = oro.get("/cases", {"Accept": "application/json"})
    assert plain.headers["Content-Type"] == "application/json"
    (case,) = plain.json()
    assert (case["id"], case["status"], case["owner"], case["comments"]) == (1, "open", 1, [])
    with_charset = f"{MEDIA_TYPE}; charset=utf-8"
    refused = oro.post(
        "accounts", {"data": resource("accounts", {"name": "A"})}, **{"Content-Type": with_charset}
    )
    assert refused.status_code == 400
    assert isinstance(refused.json(), list), refused.text
    assert oro.rows("accounts") == []
    assert oro.post("accounts", {"name": "A"}, **{"Content-Type": "application/json"}).json()["name"] == "A"
    assert errors(oro.get("/cases", {"Accept": "text/html"})) == [
        ("406", "not acceptable http exception", None)
    ]
    oro.settings(wrong_media_type="406")
    assert oro.get("/cases", {"Accept": "application/json"}).status_code == 406


def test_a_switched_off_api_is_404_and_moves_behind_a_prefix(oro: OroApi) -> None:
    oro.settings(api_enabled=False)
    assert errors(oro.get("/cases")) == [("404", "not found http exception", None)]
    assert oro.grant().status_code == 200
    oro.settings(api_enabled=True, prefix="/admin/api")
    assert oro.get("/cases").status_code == 401
    behind = oro.session.get(f"{oro.url}/admin/api/casestatuses/open", timeout=30)
    assert behind.json()["data"]["links"]["self"] == f"{oro.url}/admin/api/casestatuses/open"
    assert requests.post(f"{oro.url}/admin/oauth2-token", timeout=30).status_code == 404
    oro.settings(prefix="/api")
    assert oro.session.get(f"{oro.url}/admin/api/cases", timeout=30).status_code == 404


def test_what_the_role_does_not_permit_is_403(oro: OroApi) -> None:
    oro.settings(denied_actions="casecomments.create, accounts.get")
    case_id = oro.case()["id"]
    comment = resource("casecomments", {"message": "m"}, case=("cases", case_id))
    for answer in (oro.post("casecomments", {"data": comment}), oro.get("/accounts")):
        assert errors(answer) == [("403", "access denied exception", None)]
    oro.put("organizations", {"id": "2", "name": "Other"})
    (foreign,) = oro.put("accounts", {"name": "Foreign", "organization": "2"})
    oro.settings(denied_actions="")
    assert oro.ids("/accounts") == []
    assert details(oro.get(f"/accounts/{foreign['id']}")) == ["No access to the entity."]


def test_actions_types_and_methods_that_there_are_not(oro: OroApi) -> None:
    created = oro.post("casestatuses", {"data": resource("casestatuses", {"label": "New"})})
    assert errors(created) == [("405", "action not allowed exception", None)]
    assert details(created) == ['The "create" action is not allowed.']
    assert errors(oro.get("/tickets")) == [("404", "entity type constraint", None)]
    assert errors(oro.get("/zendesktickets")) == [("404", "entity type constraint", None)]
    oro.settings(bundle=True)
    assert oro.ids("/zendesktickets") == []
    assert oro.call("PUT", "/cases/1", {}).status_code == 405
    assert oro.call("OPTIONS", "/cases").headers["Allow"] == "OPTIONS, GET, POST, DELETE"
    assert oro.call("OPTIONS", "/contacts").headers["Allow"] == "OPTIONS, GET, POST, PATCH, DELETE"


def test_a_proxy_may_answer_429(oro: OroApi) -> None:
    oro.sandbox.control.settings(time_scale=1)
    oro.settings(rate_limit_per_minute=2)
    answers = [oro.get("/cases") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
