"""Each kind of credentials against a real server, and the login gate within one process."""

from __future__ import annotations

import base64
import itertools
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from requests import PreparedRequest, Response
from support.scripted_server import Answer, Received, ScriptedServer

from ml_connector.auth import (
    Basic,
    LoginGate,
    OAuth2ClientCredentials,
    OAuth2RefreshToken,
    SessionToken,
    StaticToken,
    Token,
    TokenStore,
    in_cookie,
    in_header,
    in_json_body,
    login_reset,
    save_grant,
)
from ml_connector.errors import AmbiguousWrite, LoginRefused, PassingFault, RequestFailed, SystemFault
from ml_connector.http import HttpConfig, Parallel, Session
from ml_connector.vault import new_key

SECRET = "cl13nt-s3cret"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore(tmp_path / "tokens", keys=[new_key()])


def config_for(server: ScriptedServer, **changes: Any) -> HttpConfig:
    return HttpConfig("vendor", server.url, **{"backoff": 0.01, "max_retries": 2, **changes})


def client_credentials(server: ScriptedServer, store: TokenStore, **changes: Any) -> OAuth2ClientCredentials:
    given: dict[str, Any] = {
        "token_url": "/token",
        "client_id": "client",
        "client_secret": SECRET,
        "scope": "read write",
    }
    return OAuth2ClientCredentials(config_for(server), store, **{**given, **changes})


def sent_with(auth: Callable[[PreparedRequest], PreparedRequest], **request: Any) -> PreparedRequest:
    return auth(requests.Request("POST", "http://127.0.0.1/x", **request).prepare())


def test_client_credentials_by_form(server: ScriptedServer, store: TokenStore) -> None:
    server.script(Answer(body={"access_token": "tok-a", "expires_in": 1800}))
    auth = client_credentials(server, store, scheme="Zoho-oauthtoken", extra={"soid": "ZohoCRM.1"})
    assert sent_with(auth).headers["Authorization"] == "Zoho-oauthtoken tok-a"
    assert sent_with(auth).headers["Authorization"] == "Zoho-oauthtoken tok-a"
    (received,) = server.received
    assert parse_qs(received.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["client"],
        "client_secret": [SECRET],
        "scope": ["read write"],
        "soid": ["ZohoCRM.1"],
    }


def test_client_credentials_by_json(server: ScriptedServer, store: TokenStore) -> None:
    server.script(Answer(201, {"access_token": "tok-a"}))
    auth = client_credentials(server, store, body="json", extra={"expires_in": 7200})
    token = auth.token()
    assert server.received[0].json["expires_in"] == 7200
    # The answer left its life out: what was asked for counts.
    assert token.expires_at == pytest.approx(time.time() + 7200, abs=30)


def test_client_credentials_by_basic_header(server: ScriptedServer, store: TokenStore) -> None:
    server.script(Answer(body={"access_token": "tok-a", "expires_in": 60}))
    client_credentials(server, store, client_auth="basic").token()
    header = server.received[0].header("Authorization") or ""
    assert base64.b64decode(header.removeprefix("Basic ")) == f"client:{SECRET}".encode()
    assert SECRET.encode() not in server.received[0].body


def test_a_token_is_shared_with_the_next_process_and_not_across_credentials(
    server: ScriptedServer, store: TokenStore
) -> None:
    server.script(
        *(Answer(body={"access_token": f"tok-{number}", "expires_in": 1800}) for number in range(3))
    )
    assert client_credentials(server, store).token().value == "tok-0"
    assert client_credentials(server, store).token().value == "tok-0"
    assert client_credentials(server, store, client_secret="changed").token().value == "tok-1"
    assert client_credentials(server, store, scope="read").token().value == "tok-2"


def test_a_token_is_replaced_before_it_ends(server: ScriptedServer, store: TokenStore) -> None:
    server.script(
        Answer(body={"access_token": "short", "expires_in": 1}),
        Answer(body={"access_token": "long", "expires_in": 600}),
    )
    auth = client_credentials(server, store)
    assert auth.token().value == "short"
    deadline = time.monotonic() + 5
    while auth.token().value == "short" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert auth.token().value == "long"
    assert server.received[1].time - server.received[0].time < 1.0


def test_milliseconds_are_told_from_seconds(server: ScriptedServer, store: TokenStore) -> None:
    server.script(Answer(body={"access_token": "t", "expires_in": 3600000, "expires_in_sec": 3600}))
    expires_at = client_credentials(server, store).token().expires_at
    assert expires_at == pytest.approx(time.time() + 3600, abs=30)


def test_a_dead_token_is_renewed_once_for_all_threads(server: ScriptedServer, store: TokenStore) -> None:
    minted: list[str] = []

    def route(received: Received) -> Answer:
        if received.path == "/token":
            minted.append(f"tok-{len(minted)}")
            return Answer(body={"access_token": minted[-1], "expires_in": 1800}, delay=0.05)
        alive = received.header("Authorization") == "Bearer tok-1"
        return Answer(delay=0.02) if alive else Answer(401, {"error": "invalid_token"}, delay=0.02)

    server.route = route
    auth = client_credentials(server, store)
    with Session(
        config_for(server), auth=auth, is_token_dead=lambda answer: answer.status_code == 401
    ) as session:
        statuses = list(Parallel(6).map(lambda _: session.post("/data", json={}).status_code, range(12)))
    assert statuses == [200] * 12
    assert minted == ["tok-0", "tok-1"]


@pytest.mark.parametrize(
    "refusal",
    [
        Answer(200, {"error": "invalid_client"}),
        Answer(400, {"error": "invalid_grant", "error_description": "revoked"}),
        Answer(401, {"error": "invalid_client"}),
        Answer(401, "denied"),
        Answer(403, {}),
    ],
)
def test_a_refused_login_is_asked_once_by_all_threads(
    server: ScriptedServer, store: TokenStore, refusal: Answer
) -> None:
    server.route = lambda _: refusal

    def try_it(_: int) -> str:
        with pytest.raises(LoginRefused) as caught:
            client_credentials(server, store).token()
        return str(caught.value)

    messages = list(Parallel(5).map(try_it, range(10)))
    assert len(server.received) == 1
    assert all("ml-connector login reset vendor" in message for message in messages)
    assert not any(SECRET in message for message in messages)


@pytest.mark.parametrize(
    ("passing", "requests_sent"),
    [
        (Answer(503), 3),
        (Answer(400, {"error": "Access Denied", "error_description": "You have made too many requests"}), 1),
        (Answer(fault="close"), 3),
    ],
)
def test_trouble_at_the_token_endpoint_is_no_refusal(
    server: ScriptedServer, store: TokenStore, passing: Answer, requests_sent: int
) -> None:
    server.script(*[passing] * requests_sent)
    with pytest.raises(PassingFault):
        client_credentials(server, store).token()
    server.script(Answer(body={"access_token": "t", "expires_in": 60}))
    assert client_credentials(server, store).token().value == "t"


@pytest.mark.parametrize(
    "wrong",
    [Answer(404), Answer(200, "<html>login</html>", {"Content-Type": "text/html"}), Answer(200, {"a": 1})],
)
def test_a_wrong_token_address_is_a_system_fault(
    server: ScriptedServer, store: TokenStore, wrong: Answer
) -> None:
    server.script(wrong)
    with pytest.raises(SystemFault) as caught:
        client_credentials(server, store).token()
    assert not isinstance(caught.value, LoginRefused)


def test_new_credentials_are_tried_at_once_and_a_reset_clears(
    server: ScriptedServer, store: TokenStore
) -> None:
    server.script(Answer(401, {"error": "invalid_client"}), Answer(401, {"error": "invalid_client"}))
    with pytest.raises(LoginRefused):
        client_credentials(server, store).token()
    with pytest.raises(LoginRefused):
        client_credentials(server, store, client_secret="another").token()
    assert len(server.received) == 2
    assert login_reset(store, "somebody-else") == []
    assert login_reset(store, "vendor") == ["vendor client"]
    server.script(Answer(body={"access_token": "t", "expires_in": 60}))
    assert client_credentials(server, store, client_secret="another").token().value == "t"


def test_a_refusal_of_another_process_counts_until_its_time_is_over(tmp_path: Path) -> None:
    store = TokenStore(tmp_path, keys=[new_key()])
    entry = store.entry("vendor", "user")
    digest = store.digest("vendor", "user", "creds")
    entry.write({"digest": digest, "at": time.time() - 100, "reason": "wrong password"}, "refused")
    with pytest.raises(LoginRefused, match="wrong password"):
        LoginGate(store, retry_after=900).attempt("vendor", "user", "creds", lambda: "in")
    assert LoginGate(store, retry_after=50).attempt("vendor", "user", "creds", lambda: "in") == "in"
    assert entry.read("refused") is None


def test_a_refusal_of_this_process_counts_to_its_end(tmp_path: Path) -> None:
    gate = LoginGate(TokenStore(tmp_path, keys=[new_key()]), retry_after=0)

    def login() -> None:
        raise LoginRefused("wrong password")

    with pytest.raises(LoginRefused, match=r"^wrong password"):
        gate.attempt("vendor", "user", "creds", login)
    with pytest.raises(LoginRefused, match="not tried again in this run"):
        gate.attempt("vendor", "user", "creds", login)


def test_the_gate_takes_its_time_from_the_settings(store: TokenStore) -> None:
    assert LoginGate.from_settings(store, {"login_retry_after": 5}).retry_after == 5
    assert LoginGate.from_settings(store, {"login_retry_after": None}).retry_after == 900


def refresh_auth(server: ScriptedServer, store: TokenStore, **changes: Any) -> OAuth2RefreshToken:
    given: dict[str, Any] = {"token_url": "/token", "client_id": "client", "client_secret": SECRET}
    return OAuth2RefreshToken(config_for(server), store, **{**given, **changes})


def test_a_rotated_pair_is_on_the_disk_before_it_is_used(server: ScriptedServer, store: TokenStore) -> None:
    found: list[Any] = []

    def route(received: Received) -> Answer:
        if received.path == "/token":
            return Answer(body={"access_token": "acc-1", "refresh_token": "ref-1", "expires_in": 1800})
        found.append(store.entry("vendor", "client", "refresh_token").read())
        return Answer()

    server.route = route
    with Session(config_for(server), auth=refresh_auth(server, store, refresh_token="ref-0")) as session:
        session.get("/data")
    assert found[0]["refresh"] == "ref-1"
    assert found[0]["value"] == "acc-1"


def test_the_stored_refresh_token_wins_until_the_setting_changes(
    server: ScriptedServer, store: TokenStore
) -> None:
    server.route = lambda received: Answer(
        body={
            "access_token": "acc",
            "refresh_token": parse_qs(received.body.decode())["refresh_token"][0] + "+",
            "expires_in": 1e-9,
        }
    )
    for _ in range(2):
        refresh_auth(server, store, refresh_token="ref").renew(PreparedRequest())
    refresh_auth(server, store, refresh_token="new").renew(PreparedRequest())
    used = [parse_qs(received.body.decode())["refresh_token"][0] for received in server.received]
    assert used == ["ref", "ref+", "new"]


def test_the_chain_of_refresh_tokens_survives_a_change_of_keys(
    server: ScriptedServer, tmp_path: Path
) -> None:
    old, new = new_key(), new_key()
    server.script(Answer(body={"access_token": "acc-1", "refresh_token": "ref-1", "expires_in": 3600}))
    refresh_auth(server, TokenStore(tmp_path, keys=[old]), refresh_token="ref-0").token()
    rotated = refresh_auth(server, TokenStore(tmp_path, keys=[new, old]), refresh_token="ref-0")
    assert rotated.token().value == "acc-1"
    assert len(server.received) == 1


def test_a_refresh_token_that_does_not_rotate_is_kept(server: ScriptedServer, store: TokenStore) -> None:
    server.route = lambda _: Answer(body={"access_token": "acc", "expires_in": 3600})
    assert refresh_auth(server, store, refresh_token="ref").token().refresh == "ref"


def test_a_granted_pair_is_found_without_a_setting(server: ScriptedServer, store: TokenStore) -> None:
    with pytest.raises(SystemFault, match="ml-connector auth login vendor"):
        refresh_auth(server, store).token()
    save_grant(store, "vendor", "client", Token("acc", time.time() + 600, refresh="ref"))
    assert refresh_auth(server, store).token().value == "acc"
    assert server.received == []
    with pytest.raises(SystemFault, match="no refresh token"):
        save_grant(store, "vendor", "client", Token("acc"))


def test_a_revoked_refresh_token_says_how_to_authorise_again(
    server: ScriptedServer, store: TokenStore
) -> None:
    server.script(Answer(400, {"error": "invalid_grant"}))
    with pytest.raises(LoginRefused, match="ml-connector auth login vendor"):
        refresh_auth(server, store, refresh_token="ref").token()


def test_tokens_travel_where_the_vendor_wants_them() -> None:
    token = Token("tok+/=", extra={"cookie": "EBSDB"})
    request = requests.Request(
        "POST", "http://127.0.0.1/", json={"a": 1}, cookies={"x": "1", "EBSDB": "old"}
    ).prepare()
    in_header("jde-AIS-Auth")(request, token)
    in_cookie()(request, token)
    in_json_body("token")(request, token)
    assert request.headers["jde-AIS-Auth"] == "tok+/="
    assert sorted((request.headers["Cookie"] or "").split("; ")) == ["EBSDB=tok+/=", "x=1"]
    assert json.loads(request.body or b"") == {"a": 1, "token": "tok+/="}
    assert request.headers["Content-Length"] == str(len(request.body or b""))
    plain = requests.Request("GET", "http://127.0.0.1/").prepare()
    in_json_body("token")(plain, token)
    assert plain.body is None
    with pytest.raises(SystemFault, match="cookie"):
        in_cookie()(plain, Token("t"))


def test_a_session_token_in_the_body_is_renewed_on_444(server: ScriptedServer, store: TokenStore) -> None:
    logins: list[int] = []

    def login() -> Token:
        logins.append(1)
        return Token(f"s{len(logins)}")

    server.route = lambda received: (
        Answer() if received.json.get("token") == "s2" else Answer(444, {"message": "x"})
    )
    auth = SessionToken("jde", "u", store, login=login, attach=in_json_body("token"), credentials="u:p")
    with Session(
        config_for(server), auth=auth, is_token_dead=lambda answer: answer.status_code == 444
    ) as session:
        assert session.post("/dataservice", json={"targetName": "F0101"}, idempotent=True).ok
    assert len(logins) == 2
    auth.close()


def test_a_session_is_renewed_before_its_lifetime_ends(store: TokenStore) -> None:
    logins: list[float] = []

    def login() -> str:
        logins.append(time.monotonic())
        return f"s{len(logins)}"

    auth = SessionToken(
        "jde", "u", store, login=login, attach=in_header("t"), credentials="u:p", lifetime=0.2
    )
    deadline = time.monotonic() + 5
    while auth.token().value == "s1" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert auth.token().value == "s2"
    auth.close()


def test_a_failing_logout_is_only_logged(store: TokenStore, caplog: pytest.LogCaptureFixture) -> None:
    def logout(_: Token) -> None:
        raise RequestFailed("no answer")

    auth = SessionToken(
        "jde", "u", store, login=lambda: "tok", attach=in_header("t"), credentials="u:p", logout=logout
    )
    auth.token()
    with caplog.at_level(logging.WARNING):
        auth.close()
    auth.close()
    assert "logout failed" in caplog.text
    assert store.entry("jde", "u", "session").read() is None


def test_wrong_basic_credentials_reach_the_vendor_once(server: ScriptedServer, store: TokenStore) -> None:
    server.route = lambda _: Answer(401, {"error": "Couldn't authenticate you"}, delay=0.05)

    def work(_: int) -> str:
        auth = Basic("ebs", "SYSADMIN", "wr0ng-pass", store)
        with Session(config_for(server), auth=auth) as session, pytest.raises(LoginRefused) as caught:
            session.get("/rest")
        return str(caught.value)

    assert not any("wr0ng-pass" in message for message in Parallel(6).map(work, range(12)))
    assert len(server.received) == 1


def test_right_basic_credentials_work_in_parallel(server: ScriptedServer, store: TokenStore) -> None:
    numbers, meeting = itertools.count(), threading.Barrier(3)

    def route(_: Received) -> Answer:
        """The first shows that the password is right; the next three have to be here together."""
        if 1 <= next(numbers) <= 3:
            meeting.wait(30)
        return Answer()

    server.route = route
    auth = Basic("ebs", "SYSADMIN", "r1ght-pass", store)
    with Session(config_for(server), auth=auth) as session:
        assert list(Parallel(6).map(lambda _: session.get("/rest").status_code, range(12))) == [200] * 12
    assert not meeting.broken
    expected = base64.b64encode(b"SYSADMIN:r1ght-pass").decode()
    assert server.received[0].header("Authorization") == f"Basic {expected}"


def test_a_first_try_without_an_answer_lets_others_try(server: ScriptedServer, store: TokenStore) -> None:
    auth = Basic("ebs", "SYSADMIN", "r1ght-pass", store)
    server.script(Answer(fault="close"))
    with Session(config_for(server), auth=auth) as session:
        with pytest.raises(AmbiguousWrite):
            session.post("/rest", json={})
        done = threading.Event()

        def other() -> None:
            if session.get("/rest").ok:
                done.set()

        thread = threading.Thread(target=other)
        thread.start()
        assert done.wait(10)
        thread.join()


def test_basic_follows_redirects_during_its_first_try(server: ScriptedServer, store: TokenStore) -> None:
    server.script(Answer(302, headers={"Location": "/next"}), Answer(503), Answer(200))
    with Session(config_for(server), auth=Basic("ebs", "u", "p4ss", store)) as session:
        assert session.get("/rest").ok


def test_a_first_try_that_ends_on_another_host_lets_others_try(
    server: ScriptedServer, store: TokenStore
) -> None:
    with (
        ScriptedServer() as other,
        Session(config_for(server), auth=Basic("ebs", "u", "p4ss", store)) as session,
    ):
        server.script(Answer(302, headers={"Location": other.url + "/file"}))
        assert session.get("/rest").ok
        assert list(Parallel(2).map(lambda _: session.get("/rest").ok, range(2))) == [True, True]


def test_a_password_that_stops_working_ends_the_run(server: ScriptedServer, store: TokenStore) -> None:
    server.script(Answer(200), Answer(401))

    def judge(answer: Response) -> bool:
        return answer.status_code == 401

    with Session(config_for(server), auth=Basic("ebs", "u", "p4ss", store, is_refused=judge)) as session:
        assert session.get("/rest").ok
        with pytest.raises(LoginRefused):
            session.get("/rest")


def test_a_static_token_is_attached() -> None:
    assert sent_with(StaticToken("abcdef")).headers["Authorization"] == "Bearer abcdef"


def test_the_store_is_private_and_encrypted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = TokenStore(tmp_path / "tokens")
    entry = store.entry("vendor", "client")
    with caplog.at_level(logging.WARNING):
        entry.write({"value": "plain-token"})
    assert "ML_CONNECTOR_KEY" in caplog.text
    assert (tmp_path / "tokens" / "key").stat().st_mode & 0o777 == 0o600
    assert entry.path.stat().st_mode & 0o777 == 0o600
    assert all(b"plain-token" not in path.read_bytes() for path in (tmp_path / "tokens").iterdir())
    assert TokenStore(tmp_path / "tokens").entry("vendor", "client").read() == {
        "value": "plain-token",
        "system": "vendor",
        "account": "client",
    }


def test_a_store_with_another_key_is_explained_and_keys_can_rotate(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    TokenStore(tmp_path, keys=[old]).entry("vendor", "client").write({"value": "t"})
    with pytest.raises(SystemFault, match="another key"):
        TokenStore(tmp_path, keys=[new]).entry("vendor", "client").read()
    both = TokenStore(tmp_path, keys=[new, old]).entry("vendor", "client").read()
    assert both is not None
    assert both["value"] == "t"


def test_tokens_do_not_show_themselves() -> None:
    assert "abc" not in repr(Token("abc", refresh="abcd"))
