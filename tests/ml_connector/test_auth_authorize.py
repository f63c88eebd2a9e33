"""The authorization-code flow, against a vendor that checks PKCE."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from support.scripted_server import Answer, Received, ScriptedServer

from ml_connector.auth import OAuth2RefreshToken, TokenEndpoint, TokenStore
from ml_connector.auth.authorize import Authorization, CallbackListener, begin, code_from, login_interactively
from ml_connector.errors import LoginRefused, SystemFault
from ml_connector.http import HttpConfig
from ml_connector.vault import new_key


class Vendor:
    """Gives a token pair for the code `code-1`, if the verifier fits the challenge of the address."""

    def __init__(self) -> None:
        self.server = ScriptedServer(self.route)
        self.challenge = ""

    def route(self, received: Received) -> Answer:
        form = {name: values[0] for name, values in parse_qs(received.body.decode()).items()}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        fits = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
        if form.get("grant_type") != "authorization_code" or form.get("code") != "code-1" or not fits:
            return Answer(400, {"error": "invalid_grant"})
        return Answer(body={"access_token": "acc", "refresh_token": "ref", "expires_in": 600})

    def query(self, shown: str) -> dict[str, str]:
        """What the browser would send to the authorization page."""
        address = shown.split("\n")[-1]
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.challenge = query["code_challenge"]
        return query


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    vendor = Vendor()
    with vendor.server:
        yield vendor


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore(tmp_path, keys=[new_key()])


def endpoint_of(vendor: Vendor) -> TokenEndpoint:
    return TokenEndpoint(HttpConfig("vendor", vendor.server.url), "/token", "client", "cl13nt-s3cret")


def stored(vendor: Vendor, store: TokenStore) -> str:
    config = HttpConfig("vendor", vendor.server.url)
    auth = OAuth2RefreshToken(
        config, store, token_url="/token", client_id="client", client_secret="cl13nt-s3cret"
    )
    return auth.token().value


def test_the_browser_comes_back_to_this_machine(vendor: Vendor, store: TokenStore) -> None:
    def browse(shown: str) -> None:
        query = vendor.query(shown)
        assert query["code_challenge_method"] == "S256"
        assert query["access_type"] == "offline"
        assert urlsplit(query["redirect_uri"]).hostname == "127.0.0.1"

        def come_back() -> None:
            assert requests.get(query["redirect_uri"] + "x", timeout=5).status_code == 404
            answer = {"code": "code-1", "state": query["state"]}
            assert requests.get(query["redirect_uri"], params=answer, timeout=5).status_code == 200

        threading.Thread(target=come_back).start()

    login_interactively(
        endpoint_of(vendor),
        store,
        authorize_url="https://vendor.example.com/oauth/new",
        account="client",
        scope="read",
        extra={"access_type": "offline"},
        show=browse,
        timeout=20,
    )
    assert stored(vendor, store) == "acc"


def test_the_address_can_be_pasted(vendor: Vendor, store: TokenStore) -> None:
    queries: list[dict[str, str]] = []
    login_interactively(
        endpoint_of(vendor),
        store,
        authorize_url="https://vendor.example.com/oauth/new",
        account="client",
        redirect_uri="https://app.example.com/done",
        show=lambda shown: queries.append(vendor.query(shown)),
        ask=lambda: f" https://app.example.com/done?code=code-1&state={queries[0]['state']} \n",
    )
    assert stored(vendor, store) == "acc"


def test_another_verifier_is_refused(vendor: Vendor, store: TokenStore) -> None:
    with pytest.raises(LoginRefused):
        login_interactively(
            endpoint_of(vendor),
            store,
            authorize_url="https://vendor.example.com/oauth/new",
            account="client",
            redirect_uri="https://app.example.com/done",
            show=lambda _: None,
            ask=lambda: "code-1",
        )


def test_nobody_comes(vendor: Vendor, store: TokenStore) -> None:
    with pytest.raises(SystemFault, match="Nobody consented"):
        login_interactively(
            endpoint_of(vendor),
            store,
            authorize_url="https://vendor.example.com/oauth/new",
            account="client",
            show=lambda _: None,
            timeout=0.1,
        )


@pytest.fixture
def authorization() -> Authorization:
    return begin("https://v.example.com/auth?a=1", client_id="c", redirect_uri="https://app.example.com/")


def test_the_address_of_an_authorization(authorization: Authorization) -> None:
    assert authorization.url.startswith("https://v.example.com/auth?a=1&response_type=code&")
    assert authorization.verifier not in authorization.url
    assert authorization.verifier not in repr(authorization)
    assert 43 <= len(authorization.verifier) <= 128


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("https://app/?error=access_denied&error_description=no", LoginRefused),
        ("https://app/?code=x&state=wrong", SystemFault),
        ("code=x", SystemFault),
        ("https://app/", SystemFault),
        ("", SystemFault),
    ],
)
def test_wrong_answers_are_explained(
    authorization: Authorization, answer: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        code_from(answer, authorization)


def test_right_answers_are_understood(authorization: Authorization) -> None:
    assert code_from("4/abc-def", authorization) == "4/abc-def"
    assert code_from(f"?code=a%2Fb&state={authorization.state}", authorization) == "a/b"


def test_a_port_in_use_is_explained() -> None:
    with CallbackListener() as first:
        port = urlsplit(first.redirect_uri).port or 0
        with pytest.raises(SystemFault, match=str(port)):
            CallbackListener(port=port)
