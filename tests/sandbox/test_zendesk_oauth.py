"""Tokens, scopes and roles of the simulated Zendesk."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed

VERIFIER = "a-verifier-that-is-at-least-forty-three-characters"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def authorize(zendesk: ZendeskApi, client_id: str, **parameters: str) -> requests.Response:
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": seed.REDIRECT_URI,
        "scope": "read",
        **parameters,
    }
    address = f"{zendesk.url}/oauth/authorizations/new"
    return requests.get(address, params=query, allow_redirects=False, timeout=30)


def code_of(answer: requests.Response) -> str:
    assert answer.status_code == 302, answer.text
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def pair(zendesk: ZendeskApi, **changes: object) -> JSON:
    code = code_of(authorize(zendesk, seed.CLIENT_ID))
    answer = zendesk.grant(
        grant_type="authorization_code", code=code, redirect_uri=seed.REDIRECT_URI, scope="read", **changes
    )
    assert answer.status_code == 200, answer.text
    granted: JSON = answer.json()
    return granted


def refresh(zendesk: ZendeskApi, refresh_token: str, **changes: object) -> requests.Response:
    return zendesk.grant(grant_type="refresh_token", refresh_token=refresh_token, scope=None, **changes)


def test_client_credentials_give_a_long_token_without_refresh_token(zendesk: ZendeskApi) -> None:
    granted = zendesk.grant(expires_in=600).json()
    assert granted.keys() == {"access_token", "token_type", "scope", "expires_in"}
    assert granted["expires_in"] == 600
    assert len(granted["access_token"]) > 255
    zendesk.use_token(granted["access_token"])
    assert zendesk.get("/users/me").json()["user"]["email"] == seed.ADMIN_EMAIL


def test_the_life_is_left_out_of_the_answer_unless_asked_for(zendesk: ZendeskApi) -> None:
    assert "expires_in" not in zendesk.grant().json()


@pytest.mark.parametrize(
    ("seconds", "status"), [(299, 400), (300, 200), (172_800, 200), (172_801, 400), ("9", 400)]
)
def test_limits_of_the_asked_life(zendesk: ZendeskApi, seconds: object, status: int) -> None:
    answer = zendesk.grant(expires_in=seconds)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": None}, 400, "invalid_scope"),
        ({"client_id": seed.PUBLIC_CLIENT_ID, "client_secret": None}, 401, "unauthorized_client"),
    ],
)
def test_refused_grants(zendesk: ZendeskApi, changes: JSON, status: int, error: str) -> None:
    answer = zendesk.grant(**changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_parameters_must_be_json(zendesk: ZendeskApi) -> None:
    answer = requests.post(
        f"{zendesk.url}/oauth/tokens", data={"grant_type": "client_credentials"}, timeout=30
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_scope_beyond_the_clients_own_is_refused(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    client = {"identifier": "reader", "secret": "s", "scopes": ["read"]}
    sandbox.control.put_rows("zendesk", "oauth_clients", [client])
    assert zendesk.grant(client_id="reader", client_secret="s", scope="read").status_code == 200
    answer = zendesk.grant(client_id="reader", client_secret="s", scope="read write")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_an_access_token_ends(zendesk: ZendeskApi) -> None:
    zendesk.use_token(zendesk.grant(expires_in=300).json()["access_token"])
    assert zendesk.get("/users/me").status_code == 200
    zendesk.jump(301)
    answer = zendesk.get("/users/me")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_a_refresh_rotates_and_kills_the_old_pair(zendesk: ZendeskApi) -> None:
    old = pair(zendesk)
    new = refresh(zendesk, old["refresh_token"]).json()
    assert new["refresh_token"] != old["refresh_token"]
    zendesk.use_token(old["access_token"])
    assert zendesk.get("/users/me").status_code == 401
    zendesk.use_token(new["access_token"])
    assert zendesk.get("/users/me").status_code == 200
    again = refresh(zendesk, old["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_refresh_token_ends_too(zendesk: ZendeskApi) -> None:
    granted = pair(zendesk, refresh_token_expires_in=604_800)
    assert granted["refresh_token_expires_in"] == 604_800
    zendesk.jump(604_801)
    assert refresh(zendesk, granted["refresh_token"]).status_code == 400


def test_the_refresh_life_has_limits(zendesk: ZendeskApi) -> None:
    granted = pair(zendesk)
    answer = refresh(zendesk, granted["refresh_token"], refresh_token_expires_in=604_799)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert refresh(zendesk, granted["refresh_token"]).status_code == 200, (
        "a refused request must not use it up"
    )


def test_a_code_works_once_and_120_seconds(zendesk: ZendeskApi) -> None:
    code = code_of(authorize(zendesk, seed.CLIENT_ID, state="xyz"))
    exchange: JSON = {"grant_type": "authorization_code", "code": code, "redirect_uri": seed.REDIRECT_URI}
    assert zendesk.grant(**exchange).status_code == 200
    assert zendesk.grant(**exchange).json()["error"] == "invalid_grant"
    exchange["code"] = code_of(authorize(zendesk, seed.CLIENT_ID))
    zendesk.jump(121)
    assert zendesk.grant(**exchange).json()["error"] == "invalid_grant"


def test_the_state_comes_back_with_the_code(zendesk: ZendeskApi) -> None:
    answer = authorize(zendesk, seed.CLIENT_ID, state="xyz")
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["state"] == ["xyz"]


def test_a_public_client_needs_pkce(zendesk: ZendeskApi) -> None:
    assert authorize(zendesk, seed.PUBLIC_CLIENT_ID).status_code == 400
    challenge = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    exchange: JSON = {
        "grant_type": "authorization_code",
        "client_id": seed.PUBLIC_CLIENT_ID,
        "client_secret": None,
        "redirect_uri": seed.REDIRECT_URI,
        "scope": "read",
    }
    code = code_of(authorize(zendesk, seed.PUBLIC_CLIENT_ID, **challenge))
    assert zendesk.grant(**exchange, code=code, code_verifier="wrong").json()["error"] == "invalid_grant"
    code = code_of(authorize(zendesk, seed.PUBLIC_CLIENT_ID, **challenge))
    granted = zendesk.grant(**exchange, code=code, code_verifier=VERIFIER)
    assert granted.status_code == 200, granted.text
    renewed = zendesk.grant(
        grant_type="refresh_token",
        client_id=seed.PUBLIC_CLIENT_ID,
        client_secret=None,
        scope=None,
        refresh_token=granted.json()["refresh_token"],
    )
    assert renewed.status_code == 200


def test_only_s256_challenges_and_known_redirects(zendesk: ZendeskApi) -> None:
    plain = authorize(zendesk, seed.CLIENT_ID, code_challenge="x", code_challenge_method="plain")
    assert plain.status_code == 400
    assert authorize(zendesk, seed.CLIENT_ID, redirect_uri="https://elsewhere.example/").status_code == 400


def test_missing_scopes_are_named(zendesk: ZendeskApi) -> None:
    zendesk.use_token(zendesk.grant(scope="read").json()["access_token"])
    answer = zendesk.post("/organizations", {"organization": {"name": "Acme"}})
    assert answer.status_code == 403
    assert answer.json()["description"] == "Missing the following required scopes: write"


def test_narrow_scopes_open_their_resource_only(zendesk: ZendeskApi) -> None:
    zendesk.use_token(zendesk.grant(scope="organizations:write organizations:read").json()["access_token"])
    zendesk.create("Acme")
    assert zendesk.get("/organizations").status_code == 200
    assert zendesk.get("/users/me").status_code == 403
    assert zendesk.get("/organization_fields").status_code == 403


def test_a_scope_in_a_wrong_form_yields_a_useless_token(zendesk: ZendeskApi) -> None:
    zendesk.use_token(zendesk.grant(scope="read,write").json()["access_token"])
    assert zendesk.get("/organizations").status_code == 403
    assert zendesk.get("/oauth/tokens/current").json()["token"]["scopes"] == ["read,write"]


def test_the_current_token_tells_its_age(zendesk: ZendeskApi) -> None:
    access_token = zendesk.grant(expires_in=300).json()["access_token"]
    zendesk.use_token(access_token)
    token = zendesk.get("/oauth/tokens/current.json").json()["token"]
    assert token["token"] == access_token[:10]
    assert token["expires_at"] > token["created_at"]


def test_wrong_and_missing_credentials(zendesk: ZendeskApi) -> None:
    for auth in ((f"{seed.ADMIN_EMAIL}/token", "wrong"), (seed.ADMIN_EMAIL, "password"), None):
        zendesk.session.auth = auth
        answer = zendesk.get("/organizations")
        assert (answer.status_code, answer.json()) == (401, {"error": "Couldn't authenticate you"})


def test_api_tokens_can_be_switched_off(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    assert zendesk.get("/organizations").status_code == 200
    sandbox.control.settings(zendesk={"api_tokens": False})
    assert zendesk.get("/organizations").status_code == 401


def test_agents_read_but_do_not_create(sandbox: RunningSandbox) -> None:
    with ZendeskApi(sandbox) as admin, ZendeskApi(sandbox, email=seed.AGENT_EMAIL) as agent:
        organization = admin.create("Acme")
        path = f"/organizations/{organization['id']}"
        assert agent.get(path).status_code == 200
        refused = agent.post("/organizations", {"organization": {"name": "B"}})
        assert refused.status_code == 403
        assert refused.json()["error"]["title"] == "Forbidden"
        assert agent.put(path, {"organization": {"notes": "hello"}}).status_code == 200
        assert agent.put(path, {"organization": {"name": "B"}}).status_code == 403
        assert agent.get("/incremental/organizations", start_time=0).status_code == 403
