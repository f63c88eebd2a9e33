"""The session against a server that fails in every way a vendor was seen to fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from requests import PreparedRequest, Response
from requests.auth import AuthBase
from singer_sdk import RESTStream, Tap
from support.scripted_server import Answer, ScriptedServer, unused_port

from ml_connector.errors import AmbiguousWrite, PassingFault, RecordFault, RequestFailed, SystemFault
from ml_connector.http import HttpConfig, Parallel, QuotaSpent, RetryEvent, Session, Throttled, json_of


class Bearer(AuthBase):
    """Counts its renewals; the token is `token-N`."""

    def __init__(self) -> None:
        self.number = 1
        self.renewed: list[str | None] = []

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        r.headers["Authorization"] = f"Bearer token-{self.number}"
        r.headers["jde-AIS-Auth"] = f"token-{self.number}"
        return r

    def renew(self, request: PreparedRequest) -> None:
        self.renewed.append(request.headers.get("Authorization"))
        self.number += 1


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def other() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


def config_for(server: ScriptedServer, **changes: Any) -> HttpConfig:
    quick: dict[str, Any] = {
        "connect_timeout": 5,
        "read_timeout": 5,
        "max_retries": 3,
        "backoff": 0.01,
        "retry_after_default": 0.05,
    }
    return HttpConfig("vendor", server.url, **{**quick, **changes})


def session_for(server: ScriptedServer, *, auth: AuthBase | None = None, **changes: Any) -> Session:
    return Session(config_for(server, **changes), auth=auth)


def test_a_path_is_taken_below_the_base_address(server: ScriptedServer) -> None:
    with Session(HttpConfig("vendor", server.url + "/api/v2/")) as session:
        assert session.get("/tickets?page=1").status_code == 200
    assert server.paths() == ["/api/v2/tickets?page=1"]


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 520, 524])
def test_a_read_is_repeated_until_it_succeeds(server: ScriptedServer, status: int) -> None:
    server.script(Answer(status), Answer(status), Answer(body={"ok": 1}))
    with session_for(server) as session:
        assert session.get("/things").json() == {"ok": 1}
        assert session.counters.total.requests == 3
        assert session.counters.total.retries == 2


@pytest.mark.parametrize("fault", ["reset", "close", "reset_mid_body", "truncate", "chunk_cut", "unframed"])
def test_a_read_whose_answer_is_lost_or_cut_is_repeated(server: ScriptedServer, fault: Any) -> None:
    server.script(Answer(body={"rows": list(range(50))}, fault=fault), Answer(body={"rows": [1]}))
    with session_for(server) as session:
        assert session.get("/things").json() == {"rows": [1]}
    assert len(server.received) == 2


@pytest.mark.parametrize("fault", ["reset", "close", "reset_mid_body", "truncate", "chunk_cut"])
def test_a_write_whose_answer_is_lost_is_never_repeated(server: ScriptedServer, fault: Any) -> None:
    server.script(Answer(body={"rows": list(range(50))}, fault=fault))
    with session_for(server) as session, pytest.raises(AmbiguousWrite) as caught:
        session.post("/things", json={"name": "x"})
    assert len(server.received) == 1
    assert (caught.value.system, caught.value.method, caught.value.path) == ("vendor", "POST", "/things")
    assert "may have been done" in str(caught.value)


def test_the_vendors_own_name_of_the_request_id_is_found(server: ScriptedServer) -> None:
    server.script(Answer(headers={"X-Vendor-Request-Id": "v-1"}), Answer(headers={"X-Trace": "t-1"}))
    with Session(config_for(server), request_id_headers=("x-trace",)) as session:
        assert session.request_id_of(session.get("/x")) == "v-1"
        assert session.request_id_of(session.get("/x")) == "t-1"


@pytest.mark.parametrize("status", [500, 503, 504])
def test_a_write_answered_5xx_is_never_repeated(server: ScriptedServer, status: int) -> None:
    server.script(Answer(status, headers={"X-Request-Id": "abc-1"}))
    with session_for(server) as session, pytest.raises(AmbiguousWrite) as caught:
        session.put("/things/1", json={})
    assert len(server.received) == 1
    assert caught.value.status == status
    assert caught.value.request_id == "abc-1"


def test_a_slow_write_is_ambiguous(server: ScriptedServer) -> None:
    server.script(Answer(delay=0.6))
    with session_for(server, read_timeout=0.2) as session, pytest.raises(AmbiguousWrite, match="timed out"):
        session.post("/things", json={})
    assert len(server.received) == 1


def test_a_slow_read_times_out_and_is_repeated(server: ScriptedServer) -> None:
    server.script(Answer(delay=0.6), Answer(body={"ok": 1}))
    with session_for(server, read_timeout=0.2) as session:
        assert session.get("/things").json() == {"ok": 1}


def test_a_write_declared_idempotent_is_repeated(server: ScriptedServer) -> None:
    server.script(Answer(fault="close"), Answer(503), Answer(201))
    with session_for(server) as session:
        assert session.post("/upsert", json={"a": 1}, idempotent=True).status_code == 201
    assert [received.json for received in server.received] == [{"a": 1}] * 3


def test_a_search_by_post_is_repeated_when_the_session_knows_it(server: ScriptedServer) -> None:
    server.script(Answer(503), Answer(200))
    with Session(
        config_for(server), is_idempotent=lambda request: "/query" in (request.url or "")
    ) as session:
        assert session.send(requests.Request("POST", server.url + "/query", json={}).prepare()).ok


def test_a_refused_connection_is_repeated_even_for_a_write(server: ScriptedServer) -> None:
    config = HttpConfig("vendor", f"http://127.0.0.1:{unused_port()}", max_retries=2, backoff=0.01)
    with Session(config) as session, pytest.raises(RequestFailed) as caught:
        session.post("/things", json={})
    assert not isinstance(caught.value, AmbiguousWrite)
    assert caught.value.attempts == 3
    assert "refused" in str(caught.value)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_429_is_repeated_for_every_method(server: ScriptedServer, method: str) -> None:
    server.script(Answer(429), Answer(429), Answer(200))
    with session_for(server) as session:
        assert session.request(method, "/things").ok
        assert session.counters.total.throttled == 2


def test_retry_after_is_obeyed(server: ScriptedServer) -> None:
    server.script(Answer(429, headers={"Retry-After": "1"}), Answer(200))
    with session_for(server) as session:
        session.get("/things")
        assert session.counters.total.seconds_waited >= 1
    first, second = server.received
    assert second.time - first.time >= 1.0


def test_retry_after_of_a_date_is_obeyed(server: ScriptedServer) -> None:
    until = int(time.time()) + 2
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(until))
    server.script(Answer(503, headers={"Retry-After": date}), Answer(200))
    with session_for(server) as session:
        session.get("/things")
    assert time.time() >= until - 0.05
    assert len(server.received) == 2


def test_an_absurd_retry_after_is_capped(server: ScriptedServer) -> None:
    server.script(Answer(429, headers={"Retry-After": "999999"}), Answer(200))
    with session_for(server, retry_after_max=0.2) as session:
        began = time.monotonic()
        assert session.get("/things").ok
        assert 0.2 <= time.monotonic() - began < 60


@pytest.mark.parametrize("header", [{}, {"Retry-After": "soon"}])
def test_a_429_without_a_usable_time_waits_the_default(
    server: ScriptedServer, header: dict[str, str]
) -> None:
    server.script(Answer(429, headers=header), Answer(200))
    with session_for(server, retry_after_default=0.3) as session:
        session.get("/things")
    first, second = server.received
    assert second.time - first.time >= 0.3


def test_exhausted_retries_say_what_was_tried(server: ScriptedServer) -> None:
    server.route = lambda _: Answer(503, "maintenance", {"X-Request-Id": "r-77"})
    with session_for(server) as session, pytest.raises(RequestFailed) as caught:
        session.get("/api/things?token=hidden")
    fault = caught.value
    assert (fault.system, fault.method, fault.path) == ("vendor", "GET", "/api/things")
    assert (fault.status, fault.request_id, fault.attempts) == (503, "r-77", 4)
    assert "4 attempts" in str(fault)
    assert "r-77" in str(fault)
    assert "hidden" not in str(fault)
    assert len(server.received) == 4


@pytest.mark.parametrize("status", [200, 201, 204, 400, 401, 403, 404, 409, 422, 444])
def test_other_statuses_are_returned_to_the_caller(server: ScriptedServer, status: int) -> None:
    server.script(Answer(status))
    with session_for(server) as session:
        assert session.post("/things", json={}).status_code == status
    assert len(server.received) == 1


def is_dead(response: Response) -> bool:
    return response.status_code == 401 and "invalid_token" in response.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_dead_token_is_renewed_once_and_the_request_repeated(server: ScriptedServer, method: str) -> None:
    server.script(Answer(401, {"error": "invalid_token"}), Answer(200))
    auth = Bearer()
    with Session(config_for(server), auth=auth, is_token_dead=is_dead) as session:
        assert session.request(method, "/things").ok
        assert session.counters.total.renewals == 1
    assert [received.header("Authorization") for received in server.received] == [
        "Bearer token-1",
        "Bearer token-2",
    ]
    assert auth.renewed == ["Bearer token-1"]


def test_a_token_that_is_dead_again_ends_the_run(server: ScriptedServer) -> None:
    server.route = lambda _: Answer(401, {"error": "invalid_token"})
    auth = Bearer()
    with (
        Session(config_for(server), auth=auth, is_token_dead=is_dead) as session,
        pytest.raises(SystemFault, match="also a new one"),
    ):
        session.get("/things")
    assert len(server.received) == 2


def test_another_401_renews_nothing(server: ScriptedServer) -> None:
    server.script(Answer(401, {"error": "Couldn't authenticate you"}))
    auth = Bearer()
    with Session(config_for(server), auth=auth, is_token_dead=is_dead) as session:
        assert session.get("/things").status_code == 401
    assert auth.renewed == []


def test_a_fault_inside_a_200_is_raised(server: ScriptedServer) -> None:
    server.script(Answer(200, {"status": "error", "code": "DUPLICATE"}))

    def judge(response: Response) -> RecordFault | None:
        return RecordFault("duplicate", cause="duplicate") if "DUPLICATE" in response.text else None

    with (
        Session(config_for(server), raise_for=judge) as session,
        pytest.raises(RecordFault, match="duplicate"),
    ):
        session.post("/things", json={})


def test_a_500_that_is_final_is_not_repeated(server: ScriptedServer) -> None:
    server.script(Answer(500, {"Code": "ISG_INVALID_ALIAS"}))

    def judge(response: Response) -> SystemFault | None:
        return SystemFault("alias") if "ISG_INVALID_ALIAS" in response.text else None

    with Session(config_for(server), raise_for=judge) as session, pytest.raises(SystemFault, match="alias"):
        session.get("/things")
    assert len(server.received) == 1


def test_a_passing_fault_inside_a_200_is_repeated_for_reads_only(server: ScriptedServer) -> None:
    busy = Answer(200, {"code": "BUSY"})
    server.script(busy, Answer(200), busy)

    def judge(response: Response) -> PassingFault | None:
        return PassingFault("busy") if "BUSY" in response.text else None

    with Session(config_for(server), raise_for=judge) as session:
        assert session.get("/things").json() == {}
        with pytest.raises(AmbiguousWrite, match="busy"):
            session.post("/things", json={})
    assert len(server.received) == 3


def test_a_vendor_that_throttles_with_another_status_is_waited_for(server: ScriptedServer) -> None:
    server.script(Answer(403, {"code": "RATE"}), Answer(200))

    def judge(response: Response) -> PassingFault | None:
        return Throttled("rate", retry_after=0.3) if "RATE" in response.text else None

    with Session(config_for(server), raise_for=judge) as session:
        assert session.post("/things", json={}).ok
        assert session.counters.total.throttled == 1
    first, second = server.received
    assert second.time - first.time >= 0.3


def test_a_quota_that_is_spent_for_the_day_is_not_waited_for(server: ScriptedServer) -> None:
    server.script(Answer(429, {"code": "DAY"}))
    with (
        Session(config_for(server), raise_for=lambda _: QuotaSpent("credits")) as session,
        pytest.raises(QuotaSpent),
    ):
        session.get("/things")
    assert len(server.received) == 1


def test_a_file_is_sent_whole_again(server: ScriptedServer, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"a,b\n1,2\n" * 1000)
    server.script(Answer(429), Answer(200))
    with session_for(server) as session, path.open("rb") as file:
        assert session.post("/upload", data=file).ok
    assert [received.body for received in server.received] == [path.read_bytes()] * 2


def test_arguments_by_position_are_those_of_requests(server: ScriptedServer) -> None:
    server.route = lambda _: Answer(302, headers={"Location": "/next"})
    with session_for(server) as session:
        response = session.request(
            "GET", "/x", {"a": "1"}, None, {"X-Y": "z"}, None, None, ("me", "pw"), 5, False
        )
    assert response.status_code == 302
    assert server.paths() == ["/x?a=1"]
    assert server.received[0].header("X-Y") == "z"
    assert (server.received[0].header("Authorization") or "").startswith("Basic ")


def test_a_singer_stream_can_use_the_session(server: ScriptedServer) -> None:
    server.script(
        Answer(503),
        Answer(401, {"error": "invalid_token"}),
        Answer(body=[{"id": 1}]),
        Answer(404, {"error": "gone"}),
    )

    class Things(RESTStream[Any]):
        name = "things"
        path = "/things"
        url_base = server.url
        schema = {"properties": {"id": {"type": "integer"}}}  # noqa: RUF012 - as the SDK documents it

        @property
        def requests_session(self) -> Session:
            return session

    class TapThings(Tap):
        name = "tap-things"
        config_jsonschema = {"properties": {}}  # noqa: RUF012 - as the SDK documents it

        def discover_streams(self) -> list[Any]:
            return [Things(self)]

    with Session(config_for(server), auth=Bearer(), is_token_dead=is_dead) as session:
        stream = TapThings(config={}).discover_streams()[0]
        assert list(stream.request_records(None)) == [{"id": 1}]
    assert server.received[2].header("Authorization") == "Bearer token-2"


def test_a_redirect_on_the_same_host_keeps_the_credentials(server: ScriptedServer) -> None:
    server.script(Answer(302, headers={"Location": "/new"}), Answer(200))
    with session_for(server, auth=Bearer()) as session:
        assert session.get("/old").ok
    assert server.received[1].path == "/new"
    assert server.received[1].header("Authorization") == "Bearer token-1"


def test_a_redirect_to_another_host_carries_no_credentials(
    server: ScriptedServer, other: ScriptedServer
) -> None:
    server.script(
        Answer(200, headers={"Set-Cookie": "session=s3cret-cookie"}),
        Answer(302, headers={"Location": other.url + "/file"}),
    )
    with session_for(server, auth=Bearer()) as session:
        session.headers["X-Api-Key"] = "another-secret"
        session.get("/login")
        assert session.get("/download").ok
    (received,) = other.received
    text = str(received.headers)
    assert "token-1" not in text
    assert "s3cret-cookie" not in text
    assert "another-secret" not in text


def test_an_answer_of_another_host_renews_no_token(server: ScriptedServer, other: ScriptedServer) -> None:
    server.script(Answer(302, headers={"Location": other.url + "/file"}))
    other.script(Answer(401, {"error": "invalid_token"}))
    auth = Bearer()
    with Session(config_for(server), auth=auth, is_token_dead=is_dead) as session:
        assert session.get("/download").status_code == 401
    assert auth.renewed == []


@pytest.mark.parametrize("status", [307, 308])
def test_a_write_is_not_redirected_to_another_host(
    server: ScriptedServer, other: ScriptedServer, status: int
) -> None:
    server.script(Answer(status, headers={"Location": other.url + "/steal"}))
    with session_for(server, auth=Bearer()) as session, pytest.raises(SystemFault, match="another host"):
        session.post("/things", json={"token": "body-token"})
    assert other.received == []


def test_a_write_is_never_turned_into_a_read(server: ScriptedServer) -> None:
    server.script(Answer(302, headers={"Location": "/login"}))
    with session_for(server) as session:
        response = session.post("/things", json={})
        assert response.status_code == 302
        assert isinstance(session.fault_for(response), SystemFault)
    assert len(server.received) == 1


def test_redirects_in_circles_end(server: ScriptedServer) -> None:
    server.route = lambda _: Answer(302, headers={"Location": "/again"})
    with session_for(server) as session, pytest.raises(SystemFault, match="circles"):
        session.get("/again")


def test_an_address_on_another_host_is_not_called(server: ScriptedServer, other: ScriptedServer) -> None:
    with session_for(server, auth=Bearer()) as session:
        with pytest.raises(SystemFault, match="none of its own hosts"):
            session.get(other.url + "/next?page=2")
        assert session.get(other.url + "/file", foreign=True).ok
    assert [received.header("Authorization") for received in other.received] == [None]


def test_an_allowed_host_gets_the_credentials(server: ScriptedServer, other: ScriptedServer) -> None:
    config = config_for(server, allowed_hosts=(f"127.0.0.1:{other.port}",))
    with Session(config, auth=Bearer()) as session:
        session.get(other.url + "/next")
    assert other.received[0].header("Authorization") == "Bearer token-1"


def test_send_runs_the_same_way_as_request(server: ScriptedServer) -> None:
    server.script(Answer(503), Answer(401, {"error": "invalid_token"}), Answer(200))
    with Session(config_for(server), auth=Bearer(), is_token_dead=is_dead) as session:
        session.auth = ("somebody", "else")
        request = session.prepare_request(requests.Request("GET", server.url + "/things"))
        assert "Authorization" not in request.headers
        assert session.send(request, timeout=None, allow_redirects=True).ok
    assert [received.header("Authorization") for received in server.received][-1] == "Bearer token-2"


def test_timeouts_cannot_be_forgotten(server: ScriptedServer) -> None:
    server.route = lambda _: Answer(delay=0.5)
    request = requests.Request("GET", server.url + "/slow").prepare()
    with session_for(server, read_timeout=0.1, max_retries=0) as session, pytest.raises(RequestFailed):
        session.send(request, timeout=None)


def test_verification_cannot_be_switched_off(server: ScriptedServer) -> None:
    with session_for(server) as session, pytest.raises(SystemFault, match="TLS is always verified"):
        session.get("/things", verify=False)


def test_retries_are_announced(server: ScriptedServer) -> None:
    server.script(Answer(503), Answer(200))
    heard: list[RetryEvent] = []
    with Session(config_for(server), on_retry=heard.append) as session:
        session.get("/things/17")
    assert [(event.path, event.status, event.attempt) for event in heard] == [("/things/17", 503, 1)]


def test_waiting_ends_when_the_run_is_stopped(server: ScriptedServer) -> None:
    server.route = lambda _: Answer(429, headers={"Retry-After": "30"})
    stopping = threading.Event()
    with (
        Session(config_for(server), stopping=stopping, on_retry=lambda _: stopping.set()) as session,
        pytest.raises(RequestFailed, match="stopped"),
    ):
        session.get("/things")


def test_counters_are_kept_by_endpoint_among_threads(server: ScriptedServer) -> None:
    with session_for(server) as session:
        list(Parallel(4).map(lambda number: session.get(f"/things/{number}.json"), range(20)))
        session.get("/other")
        counted = {name: item.requests for name, item in session.counters.by_endpoint.items()}
        assert counted == {"GET /things/{id}.json": 20, "GET /other": 1}
        assert session.counters.summary()["requests"] == 21


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(200, "<html><body>Sign in</body></html>", {"Content-Type": "text/html"}), SystemFault),
        (Answer(503, "<html>Service unavailable</html>", {"Content-Type": "text/html"}), RequestFailed),
        (Answer(200, '{"rows": [1, 2', {"Content-Type": "application/json"}), RequestFailed),
        (Answer(200, "", {"Content-Type": "application/json"}), RequestFailed),
        (Answer(200, "password=hunter22 is wrong", {"Content-Type": "text/plain"}), RequestFailed),
    ],
)
def test_a_body_that_is_not_json_is_described(
    server: ScriptedServer, answer: Answer, kind: type[Exception]
) -> None:
    server.script(answer)
    response = requests.get(server.url + "/things", timeout=5)
    with pytest.raises(kind) as caught:
        json_of(response, "vendor")
    message = str(caught.value)
    assert f"answered {answer.status}" in message
    assert f"{len(answer.payload)} bytes" in message
    assert answer.headers["Content-Type"] in message
    assert "hunter22" not in message


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RecordFault),
        (404, RecordFault),
        (422, RecordFault),
        (401, SystemFault),
        (403, SystemFault),
        (405, SystemFault),
        (302, SystemFault),
        (444, SystemFault),
    ],
)
def test_statuses_stand_for_faults(server: ScriptedServer, status: int, kind: type[Exception]) -> None:
    server.script(Answer(status, {"error": "because"}, {"X-Request-Id": "q9"}))
    with session_for(server) as session:
        fault = session.fault_for(session.post("/things", json={}))
    assert type(fault) is kind
    assert "because" in str(fault)
    assert "q9" in str(fault)
