from typing import Any

import pytest
import requests
from sandbox.jde_api import BASIC, DEVICE, JdeApi

from ml_sandbox.jde import seed

LIMITED = (seed.LIMITED_USERNAME, seed.LIMITED_PASSWORD)


def test_a_login_tells_who_and_where(jde: JdeApi) -> None:
    answer = jde.login()

    body = answer.json()
    assert answer.status_code == 200
    assert (body["username"], body["environment"], body["role"]) == (
        seed.USERNAME,
        seed.ENVIRONMENT,
        seed.ROLE,
    )
    info = body["userInfo"]
    assert (info["simpleDateFormat"], info["dateSeperator"]) == ("MM/dd/yyyy", "/")
    assert {"+", "/", "="} <= set(info["token"])
    assert answer.cookies["JSESSIONID"].strip('"') == body["aisSessionCookie"]
    assert [row["device"] for row in jde.control.rows("jde", "sessions")] == [DEVICE]


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "other"},
        {"username": "NOBODY"},
        {"password": None},
        {"environment": "JPY920"},
        {"role": "SYSADMIN"},
        {"username": None, "password": None, "psToken": "x"},
    ],
)
def test_credentials_that_do_not_work(jde: JdeApi, wrong: dict[str, Any]) -> None:
    answer = jde.login(**wrong)

    assert answer.status_code == 403
    assert answer.json()["message"].startswith("Authorization Failure")
    assert jde.control.rows("jde", "sessions") == []


def test_login_types_can_be_switched_off(jde: JdeApi) -> None:
    jde.settings(allow_password=False)
    assert jde.login().status_code == 403
    assert jde.browse_basic().status_code == 200
    jde.settings(allow_password=True, allow_basic=False)
    assert jde.login().status_code == 200
    assert jde.browse_basic().status_code == 403


def test_a_disabled_user(jde: JdeApi) -> None:
    user = {"username": "gone", "password": "p", "disabled": True}
    jde.control.put_rows("jde", "users", [user])

    assert jde.login(username="GONE", password="p").status_code == 403
    jde.control.put_rows("jde", "users", [{**user, "disabled": False}])
    assert jde.login(username="gone", password="p").status_code == 200


def test_headers_place_a_basic_login(jde: JdeApi) -> None:
    headers = {"jde-AIS-Auth-Environment": seed.ENVIRONMENT, "jde-AIS-Auth-Device": "other"}
    answer = jde.get("/v3/orchestrator/jde-login", auth=BASIC, headers=headers)

    assert answer.status_code == 200
    assert [row["device"] for row in jde.control.rows("jde", "sessions")] == ["other"]
    headers["jde-AIS-Auth-Role"] = "NONE"
    assert jde.get("/v3/orchestrator/jde-login", auth=BASIC, headers=headers).status_code == 403


def test_a_token_is_bound_to_its_device(jde: JdeApi) -> None:
    jde.sign_in()

    assert jde.browse().status_code == 200
    jde_headers = jde.headers()
    for device in ({}, {"jde-AIS-Auth-Device": "other"}):
        answer = jde.browse_with({"jde-AIS-Auth": jde_headers["jde-AIS-Auth"], **device})
        assert answer.status_code == 444
        assert answer.json()["message"] == "Invalid Token"


def test_without_a_device_the_address_counts(jde: JdeApi) -> None:
    token = jde.login(deviceName=None).json()["userInfo"]["token"]

    assert jde.browse_with({"jde-AIS-Auth": token}).status_code == 200
    assert jde.browse_with({"jde-AIS-Auth": token, "jde-AIS-Auth-Device": DEVICE}).status_code == 444


def test_a_token_in_the_body_and_in_the_query(jde: JdeApi) -> None:
    token = jde.sign_in()

    body = {"targetName": "F0101", "targetType": "table", "token": token, "deviceName": DEVICE}
    assert jde.post("/v2/dataservice", body, headers={}).status_code == 200
    query = {"$token": token, "$device": DEVICE}
    assert jde.get("/v2/dataservice/table/F0101", query, headers={}).status_code == 200


@pytest.mark.parametrize(
    ("affinity", "with_cookie", "without"),
    [("required", 200, 444), ("ignored", 200, 200), ("refused", 444, 200)],
)
def test_affinity(jde: JdeApi, affinity: str, with_cookie: int, without: int) -> None:
    login = jde.login().json()
    jde.token = login["userInfo"]["token"]
    jde.settings(session_affinity=affinity)
    jde.session.cookies.clear()
    assert jde.browse().status_code == without

    headers = {**jde.headers(), "Cookie": f"JSESSIONID={login['aisSessionCookie']}"}
    assert jde.browse_with(headers).status_code == with_cookie
    other = {**jde.headers(), "Cookie": "JSESSIONID=elsewhere"}
    assert jde.browse_with(other).status_code == (200 if affinity == "ignored" else 444)
    assert jde.login().cookies["JSESSIONID"]


def test_stateless_calls_leave_no_session(jde: JdeApi) -> None:
    assert jde.browse_basic().status_code == 200
    body = {"targetName": "F0101", "targetType": "table", "username": BASIC[0], "password": BASIC[1]}
    assert jde.post("/v2/dataservice", body, headers={}).status_code == 200
    assert jde.post("/v2/dataservice", {"targetName": "F0101"}, headers={}).status_code == 403
    assert jde.control.rows("jde", "sessions") == []


def test_an_idle_session_ends(jde: JdeApi) -> None:
    jde.sign_in()

    jde.control.jump(29 * 60)
    assert jde.browse().status_code == 200
    jde.control.jump(29 * 60)
    assert jde.browse().status_code == 200
    jde.control.jump(30 * 60)
    assert jde.browse().status_code == 444


def test_the_html_server_may_end_it_sooner(jde: JdeApi) -> None:
    jde.settings(jas_session_minutes=5)
    jde.sign_in()

    jde.control.jump(301)
    assert jde.browse().status_code == 444


def test_a_used_session_ends_at_its_time_to_live(jde: JdeApi) -> None:
    jde.settings(session_time_to_live_minutes=60)
    jde.sign_in()

    for _ in range(3):
        jde.control.jump(18 * 60)
        assert jde.browse().status_code == 200
    jde.control.jump(6 * 60)
    assert jde.browse().status_code == 444


def test_touch_makes_the_idle_time_begin_anew(jde: JdeApi) -> None:
    token = jde.sign_in()
    for touch, status in ((True, 200), (False, 444)):
        for _ in range(2):
            jde.control.jump(20 * 60)
            answer = jde.post("/v2/tokenrequest/validate", {"token": token, "touch": touch})
        assert jde.browse().status_code == status
    assert answer.status_code == 403
    assert answer.json()["message"] == "Invalid Token"


def test_validate_says_so_and_older_servers_lack_it(jde: JdeApi) -> None:
    token = jde.sign_in()

    answer = jde.post("/v2/tokenrequest/validate", {"token": token})
    assert answer.json() == {"isValidSession": True}
    jde.settings(validate_service=False)
    assert jde.post("/v2/tokenrequest/validate", {"token": token}).status_code == 404
    names = {item["name"] for item in jde.get("/v2/defaultconfig", headers={}).json()["capabilityList"]}
    assert "validate" not in names
    assert {"dataservice", "nextPage", "outputType"} <= names


def test_logout(jde: JdeApi) -> None:
    token = jde.sign_in()

    assert jde.post("/v2/tokenrequest/logout", {}, headers={}).status_code == 400
    assert jde.post("/v2/tokenrequest/logout", {"token": token}, headers={}).status_code == 200
    assert jde.browse().status_code == 444
    assert jde.post("/v2/tokenrequest/logout", {"token": token}, headers={}).status_code == 444
    assert jde.control.rows("jde", "sessions") == []


def test_another_device_or_node_neither_validates_nor_ends_a_token(jde: JdeApi) -> None:
    body = {"token": jde.sign_in()}

    for path, status in (("validate", 403), ("logout", 444)):
        other = {**body, "deviceName": "other"}
        assert jde.post(f"/v2/tokenrequest/{path}", other, headers={}).status_code == status
    jde.session.cookies.clear()
    for path, status in (("validate", 403), ("logout", 444)):
        assert jde.post(f"/v2/tokenrequest/{path}", body, headers={}).status_code == status
    assert len(jde.control.rows("jde", "sessions")) == 1


def test_secrets_in_the_query_are_for_get(jde: JdeApi) -> None:
    token = jde.sign_in()
    table = {"targetName": "F0101", "targetType": "table"}

    for query in ({"$token": token, "$device": DEVICE}, {"$username": BASIC[0], "$password": BASIC[1]}):
        assert jde.post("/v2/dataservice", table, headers={}, params=query).status_code == 403
        assert jde.get("/v2/dataservice/table/F0101", query, headers={}).status_code == 200
    assert token not in str(jde.control.requests("jde"))


def test_default_config_needs_no_login(jde: JdeApi) -> None:
    for missing, names in ((False, "grid,dataservice"), (True, "grid,telepathy")):
        answer = jde.get("/defaultconfig", {"requiredCapabilities": names}, headers={})
        assert answer.json()["requiredCapabilityMissing"] is missing
    assert answer.json()["defaultEnvironment"] == seed.ENVIRONMENT


def test_an_html_server_that_does_not_know_the_ais_server(jde: JdeApi) -> None:
    jde.settings(html_server_allows=False)

    assert jde.login().status_code == 405
    assert jde.login(password="other").status_code == 405
    assert jde.browse_basic().status_code == 405


def test_media_types_and_bodies(jde: JdeApi) -> None:
    url, headers = f"{jde.base}/v2/dataservice", jde.headers()
    answer = requests.post(url, data="{}", headers={**headers, "Content-Type": "text/plain"}, timeout=30)
    assert answer.status_code == 415
    for body in ("{", "[]", '"x"'):
        answer = requests.post(
            url, data=body, headers={**headers, "Content-Type": "application/json"}, timeout=30
        )
        assert answer.status_code == 400
    answer = jde.run("ML_LookupAddress", {}, headers={**headers, "Accept": "text/html"})
    assert answer.status_code == 406
    assert jde.get("/v2/dataservice").status_code == 405
    assert jde.get("/v2/nothing").status_code == 404


def test_a_user_has_no_right_to_a_table_and_an_orchestration(jde: JdeApi) -> None:
    body = {"targetName": "F0401", "targetType": "table"}
    assert jde.post("/v2/dataservice", body, auth=LIMITED).status_code == 403
    assert jde.post("/v2/dataservice", {**body, "targetName": "F0101"}, auth=LIMITED).status_code == 200
    assert jde.run("ML_CreateCustomer", {"Name": "N"}, auth=LIMITED).status_code == 403
    names = [one["name"] for one in jde.get("/discover", auth=LIMITED).json()["orchestrations"]]
    assert "ML_CreateCustomer" not in names
    assert "ML_UpdateCustomer" in names


def test_too_many_sessions(jde: JdeApi) -> None:
    jde.settings(max_sessions=2)

    assert [jde.login().status_code for _ in range(3)] == [200, 200, 403]


def test_faults_end_tokens(jde: JdeApi) -> None:
    jde.sign_in()
    jde.control.faults({"system": "jde", "fault": "expire_token", "path": "*/dataservice"})

    assert jde.browse().status_code == 444
    jde.sign_in()
    assert jde.browse().status_code == 200
