from xml.etree import ElementTree as ET

import pytest
from sandbox.ebs_api import PASSWORD, USER, EbsApi, fault

TABLE = "custtables/HZ_PARTIES/"


def test_login_gives_the_token_in_the_body_and_as_a_cookie(ebs: EbsApi) -> None:
    answer = ebs.get("login")

    data = answer.json()["response"]["data"]
    assert data["accessTokenName"] == "EBSDB"
    assert data["ebsVersion"] == "12.2.0"
    assert data["userName"] == USER
    assert answer.headers["Set-Cookie"].startswith(f"EBSDB={data['accessToken']};")


def test_login_answers_in_xml_when_json_is_not_asked_for(ebs: EbsApi) -> None:
    answer = ebs.get("login", headers={"Accept": "*/*"})

    root = ET.fromstring(answer.text)
    assert root.tag == "response"
    assert ebs.get_as(root.findtext("data/accessToken") or "", TABLE).status_code == 200


@pytest.mark.parametrize(("form", "keys"), [("data", {"data"}), ("bare", {"accessToken", "userName"})])
def test_login_reply_has_the_outermost_key_of_the_setting(ebs: EbsApi, form: str, keys: set[str]) -> None:
    ebs.settings(login_reply=form)

    assert keys <= set(ebs.get("login").json())


def test_a_user_name_is_not_case_sensitive_but_a_password_is(ebs: EbsApi) -> None:
    assert ebs.get("login", auth=(USER.lower(), PASSWORD)).status_code == 200
    assert ebs.get("login", auth=(USER, PASSWORD.upper())).status_code == 401


@pytest.mark.parametrize("header", ["Basic !!!", "Basic " + "bm9jb2xvbg==", "Bearer abc", "Basic"])
def test_an_unreadable_authorization_header_is_an_authentication_failure(ebs: EbsApi, header: str) -> None:
    answer = ebs.get(TABLE, auth=_nothing, headers={"Authorization": header})

    assert (answer.status_code, fault(answer)) == (401, "FND_SOA_AUTHENTICATION_FAILURE")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_a_call_without_credentials_is_an_authentication_failure(ebs: EbsApi) -> None:
    answer = ebs.get(TABLE, auth=_nothing)

    assert (answer.status_code, fault(answer)) == (401, "FND_SOA_AUTHENTICATION_FAILURE")


def test_a_database_account_is_no_user(ebs: EbsApi) -> None:
    assert ebs.get(TABLE, auth=("APPS", "apps")).status_code == 401


def test_failed_logins_in_a_row_lock_the_user_until_an_administrator_unlocks_it(ebs: EbsApi) -> None:
    ebs.settings(lock_after_failures=3)
    for _ in range(3):
        assert ebs.get(TABLE, auth=(USER, "wrong")).status_code == 401

    locked = ebs.get(TABLE)
    assert (locked.status_code, fault(locked)) == (401, "FND_SOA_AUTHENTICATION_FAILURE")
    (user,) = (row for row in ebs.control.rows("ebs", "users") if row["name"] == USER)
    assert user["locked"] is True

    ebs.put("users", user | {"locked": False, "failed_logins": 0})
    assert ebs.get(TABLE).status_code == 200


def test_a_successful_login_begins_the_count_anew(ebs: EbsApi) -> None:
    ebs.settings(lock_after_failures=2)
    for _ in range(3):
        assert ebs.get(TABLE, auth=(USER, "wrong")).status_code == 401
        assert ebs.get(TABLE).status_code == 200


def test_a_token_stays_valid_while_used_and_ends_at_its_lifetime(ebs: EbsApi) -> None:
    token = ebs.token()
    assert ebs.get_as(token, TABLE).status_code == 200

    ebs.control.jump(1_700)
    assert ebs.get_as(token, TABLE).status_code == 200
    ebs.control.jump(1_700)
    assert ebs.get_as(token, TABLE).status_code == 200

    ebs.settings(token_lifetime_seconds=3_400)
    answer = ebs.get_as(token, TABLE)
    assert (answer.status_code, fault(answer)) == (401, "FND_SOA_AUTHENTICATION_FAILURE")


def test_a_token_ends_when_it_is_idle_for_too_long(ebs: EbsApi) -> None:
    token = ebs.token()
    ebs.control.jump(1_900)

    assert ebs.get_as(token, TABLE).status_code == 401


@pytest.mark.parametrize("kind", ["expire_token", "revoke_token"])
def test_the_faults_of_tokens_end_every_session(ebs: EbsApi, kind: str) -> None:
    token = ebs.token()
    ebs.control.faults({"system": "ebs", "fault": kind})

    assert ebs.get_as(token, TABLE).status_code == 401
    assert ebs.get_as(ebs.token(), TABLE).status_code == 200


def test_logout_ends_the_token(ebs: EbsApi) -> None:
    token, other = ebs.token(), ebs.token()

    assert ebs.get_as(token, "logout").status_code == 200
    assert ebs.get_as(token, TABLE).status_code == 401
    assert ebs.get_as(other, TABLE).status_code == 200


def test_the_cookie_needs_the_name_of_the_instance(ebs: EbsApi) -> None:
    cookie = {"Cookie": f"accessToken={ebs.token()}"}

    assert ebs.get(TABLE, auth=_nothing, headers=cookie).status_code == 401


def test_a_user_without_a_grant_is_refused(ebs: EbsApi) -> None:
    answer = ebs.get(TABLE, auth=("SYSADMIN", "sysadmin-1"))

    assert (answer.status_code, fault(answer)) == (403, "ISG_SERVICE_AUTH_FAILURE")


def test_grants_are_per_alias_and_operation(ebs: EbsApi) -> None:
    grant = {"user": "SYSADMIN", "alias": "custtables", "operations": ["HZ_PARTIES"]}
    ebs.put("grants", grant)
    sysadmin = ("SYSADMIN", "sysadmin-1")

    assert ebs.get(TABLE, auth=sysadmin).status_code == 200
    assert ebs.get("custtables/HZ_LOCATIONS/", auth=sysadmin).status_code == 403
    assert ebs.get("potables/PO_HEADERS_ALL/", auth=sysadmin).status_code == 403

    ebs.put("grants", {"user": "*", "alias": "potables"})
    assert ebs.get("potables/PO_HEADERS_ALL/", auth=sysadmin).status_code == 200


def test_the_health_check_works_where_the_provider_is_deployed_and_granted(ebs: EbsApi) -> None:
    answer = ebs.get("provider/isActive/")
    assert (answer.status_code, answer.text) == (200, "ACTIVE")
    assert ebs.get("provider/isActive/", auth=("SYSADMIN", "sysadmin-1")).status_code == 403

    ebs.settings(provider_deployed=False)
    assert fault(ebs.get("provider/isActive/")) == "ISG_INVALID_ALIAS"


def _nothing(request: object) -> object:
    """Send no Authorization header, not even one from a .netrc file."""
    return request
