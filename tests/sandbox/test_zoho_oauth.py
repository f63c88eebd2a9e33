"""Tokens of the simulated Zoho CRM: grants, refusals with 200, limits, data centres, scopes."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests
from sandbox.zoho_api import ZohoApi, error_of

from ml_sandbox.zoho import seed


def test_a_refreshed_token_opens_the_api_and_names_the_api_beside_the_accounts_host(zoho: ZohoApi) -> None:
    answer = zoho.grant()
    body = answer.json()
    assert answer.status_code == 200
    assert {"refresh_token", "error"} & set(body) == set()
    assert body["expires_in"] == 3600
    assert body["token_type"] == "Bearer"
    assert body["api_domain"] == zoho.url
    zoho.use_token(body["access_token"])
    assert zoho.get("/org").json()["org"][0]["zgid"] == seed.ORG_ID


def test_parameters_are_accepted_in_the_query_too(zoho: ZohoApi) -> None:
    query = {
        "grant_type": "refresh_token",
        "client_id": seed.CLIENT_ID,
        "client_secret": seed.CLIENT_SECRET,
        "refresh_token": seed.REFRESH_TOKEN,
    }
    answer = requests.post(f"{zoho.accounts}/oauth/v2/token", params=query, timeout=30)
    assert "access_token" in answer.json()


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"refresh_token": "1000.x.y"}, "invalid_code"),
    ({"client_secret": "wrong"}, "invalid_client"),
    ({"client_id": "1000.UNKNOWN"}, "invalid_client"),
    ({"client_id": seed.WEB_CLIENT_ID, "client_secret": seed.WEB_CLIENT_SECRET}, "invalid_code"),
    ({"grant_type": "client_credentials", "scope": "ZohoCRM.modules.ALL"}, "missing_org_info"),
]


def test_refusals_come_with_status_200(zoho: ZohoApi) -> None:
    for changes, error in REFUSED:
        answer = zoho.grant(**changes)
        assert (answer.status_code, answer.json()) == (200, {"error": error})


def test_the_eleventh_token_within_ten_minutes_is_throttled(zoho: ZohoApi) -> None:
    answers = [zoho.grant() for _ in range(10)]
    assert [answer.status_code for answer in answers] == [*[200] * 9, 400]
    assert answers[-1].json()["error"] == "Access Denied"
    zoho.sandbox.control.jump(600)
    assert zoho.grant().status_code == 200


def test_a_dead_token_and_a_wrong_scheme_are_told_apart(zoho: ZohoApi) -> None:
    zoho.sandbox.control.jump(3600)
    assert error_of(zoho.get("/org")) == (401, "INVALID_TOKEN")
    zoho.sign_in()
    zoho.session.headers["Authorization"] = str(zoho.session.headers["Authorization"]).replace(
        "Zoho-oauthtoken", "Bearer"
    )
    assert error_of(zoho.get("/org")) == (401, "AUTHENTICATION_FAILURE")


def test_only_the_newest_access_tokens_of_a_refresh_token_live(zoho: ZohoApi) -> None:
    zoho.settings(active_access_tokens=2)
    first = zoho.grant().json()["access_token"]
    zoho.grant()
    zoho.grant()
    zoho.use_token(first)
    assert error_of(zoho.get("/org")) == (401, "INVALID_TOKEN")


def test_a_self_client_exchanges_the_code_of_the_console_once(zoho: ZohoApi) -> None:
    (code,) = zoho.put_rows("grant_codes", {"scope": "ZohoCRM.org.READ"})
    form = {"grant_type": "authorization_code", "code": code["code"], "refresh_token": None}
    granted = zoho.grant(**form).json()
    assert zoho.grant(refresh_token=granted["refresh_token"]).json()["scope"] == "ZohoCRM.org.READ"
    assert zoho.grant(**form).json() == {"error": "invalid_code"}
    (late,) = zoho.put_rows("grant_codes", {"seconds": 180})
    zoho.sandbox.control.jump(181)
    assert zoho.grant(**{**form, "code": late["code"]}).json() == {"error": "invalid_code"}


def test_the_redirect_gives_a_code_and_offline_access_a_refresh_token(zoho: ZohoApi) -> None:
    def code(**changes: str) -> str:
        query = {"response_type": "code", "client_id": seed.WEB_CLIENT_ID, "scope": "ZohoCRM.modules.ALL"}
        query |= {"redirect_uri": seed.REDIRECT_URI, **changes}
        answer = requests.get(
            f"{zoho.accounts}/oauth/v2/auth", params=query, timeout=30, allow_redirects=False
        )
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    form = {
        "grant_type": "authorization_code",
        "client_id": seed.WEB_CLIENT_ID,
        "client_secret": seed.WEB_CLIENT_SECRET,
        "redirect_uri": seed.REDIRECT_URI,
    }
    assert "refresh_token" in zoho.grant(**form, code=code(access_type="offline")).json()
    assert "refresh_token" not in zoho.grant(**form, code=code()).json()
    elsewhere = {**form, "redirect_uri": "http://127.0.0.1:1/else", "code": code()}
    assert zoho.grant(**elsewhere).json() == {"error": "invalid_redirect_uri"}


def test_client_credentials_take_the_number_that_the_organisation_wants(zoho: ZohoApi) -> None:
    form = {"grant_type": "client_credentials", "scope": "ZohoCRM.org.READ", "refresh_token": None}
    assert "access_token" in zoho.grant(**form, soid=f"ZohoCRM.{seed.ORG_ID}").json()
    zoho.settings(soid="id")
    assert zoho.grant(**form, soid=f"ZohoCRM.{seed.ORG_ID}").json() == {"error": "missing_org_info"}
    assert "access_token" in zoho.grant(**form, soid=f"ZohoCRM.{seed.ORGANIZATION_ID}").json()


def test_another_data_centre_knows_neither_the_client_nor_the_token(zoho: ZohoApi) -> None:
    foreign = {"Host": "accounts.zoho.eu"}
    form = {"grant_type": "refresh_token", "client_id": seed.CLIENT_ID, "client_secret": seed.CLIENT_SECRET}
    form["refresh_token"] = seed.REFRESH_TOKEN
    url = f"{zoho.accounts}/oauth/v2/token"
    assert requests.post(url, data=form, headers=foreign, timeout=30).json() == {"error": "invalid_client"}
    assert error_of(zoho.get("/org", {"Host": "www.zohoapis.eu"})) == (401, "INVALID_TOKEN")
    zoho.settings(data_center="eu")
    granted = requests.post(url, data=form, headers=foreign, timeout=30).json()
    assert granted["api_domain"] == "https://www.zohoapis.eu"


def test_a_scope_that_was_not_granted_is_refused(zoho: ZohoApi) -> None:
    zoho.with_scopes("ZohoCRM.modules.accounts.READ", "ZohoCRM.coql.READ")
    assert zoho.get("/Accounts", fields="Account_Name").status_code == 204
    assert zoho.coql("select id from Accounts where id is not null").status_code == 204
    for answer in (
        zoho.get("/Contacts", fields="Last_Name"),
        zoho.post("/Accounts", {"data": [{"Account_Name": "A"}]}),
        zoho.coql("select id from Contacts where id is not null"),
        zoho.get("/settings/fields", module="Accounts"),
        zoho.get("/Accounts/search", word="x"),
    ):
        assert error_of(answer) == (401, "OAUTH_SCOPE_MISMATCH")


def test_revoked_tokens_are_gone_and_expired_ones_renewable(zoho: ZohoApi) -> None:
    zoho.sandbox.control.faults({"system": "zoho", "path": "/crm/*", "fault": "expire_token"})
    assert error_of(zoho.get("/org")) == (401, "INVALID_TOKEN")
    zoho.sign_in()
    zoho.sandbox.control.faults({"system": "zoho", "path": "/crm/*", "fault": "revoke_token"})
    assert error_of(zoho.get("/org")) == (401, "INVALID_TOKEN")
    assert zoho.grant().json() == {"error": "invalid_code"}


def test_the_documentation_names_the_credentials_that_work() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    for value in (
        *(seed.CLIENT_ID, seed.CLIENT_SECRET, seed.WEB_CLIENT_ID, seed.WEB_CLIENT_SECRET, seed.REDIRECT_URI),
        *(seed.REFRESH_TOKEN, seed.SALES_REFRESH_TOKEN, seed.ORG_ID, seed.ORGANIZATION_ID),
    ):
        assert f"`{value}`" in text
