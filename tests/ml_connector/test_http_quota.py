"""The quota's arithmetic, against simulated vendors, and its behaviour among real threads."""

from __future__ import annotations

import dataclasses
import math
import threading
import time
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests import Response
from support.scripted_server import Answer, Received, ScriptedServer

from ml_connector.errors import PassingFault, SystemFault
from ml_connector.http import (
    HeaderReader,
    HttpConfig,
    InFlightLimit,
    Parallel,
    Quota,
    RateLimit,
    Reading,
    Session,
    Ticket,
    endpoint_of,
)


class ManualClock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        self.time += seconds


def answer(**headers: str) -> Response:
    response = Response()
    response.status_code = 200
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


ACCOUNT = HeaderReader("account", ("x-remaining",), ("x-limit",), ("x-reset",))


@dataclasses.dataclass
class FixedWindowVendor:
    """Counts requests in fixed windows, ours and those of others, and states what is left."""

    limit: int
    window: float
    clock: ManualClock
    offset: float = 0.0
    ours: dict[int, int] = dataclasses.field(default_factory=dict)
    all: dict[int, int] = dataclasses.field(default_factory=dict)

    def index(self) -> int:
        return int((self.clock.time + self.offset) // self.window)

    def remaining(self) -> int:
        return self.limit - self.all.get(self.index(), 0)

    def others(self, count: int) -> None:
        taken = min(count, self.remaining())
        self.all[self.index()] = self.all.get(self.index(), 0) + taken

    def call(self) -> Response:
        self.ours[self.index()] = self.ours.get(self.index(), 0) + 1
        self.all[self.index()] = self.all.get(self.index(), 0) + 1
        reset = self.window - (self.clock.time + self.offset) % self.window
        return answer(x_remaining=str(self.remaining()), x_limit=str(self.limit), x_reset=str(int(reset)))


steps = st.lists(
    st.tuples(st.floats(0, 20), st.floats(0, 3), st.integers(0, 4)),
    min_size=20,
    max_size=150,
)


@settings(max_examples=60, deadline=None)
@given(
    limit=st.integers(1, 60),
    share=st.floats(0.05, 1.0),
    window=st.sampled_from([1.0, 10.0, 60.0]),
    offset=st.floats(0, 59),
    steps=steps,
)
def test_our_share_is_never_exceeded_in_any_window_of_the_vendor(
    limit: int, share: float, window: float, offset: float, steps: list[tuple[float, float, int]]
) -> None:
    clock = ManualClock()
    vendor = FixedWindowVendor(limit, window, clock, offset)
    quota = Quota([RateLimit("account", limit, window)], share=share, max_wait=1e9, clock=clock)
    for pause, latency, _ in steps:
        clock.time += pause / 10
        ticket = quota.take("GET", "/")
        clock.time += latency / 2
        response = vendor.call()
        clock.time += latency / 2
        ticket.answered(response)
    assert max(vendor.ours.values()) <= max(1, math.floor(limit * share + 1e-9))


@settings(max_examples=60, deadline=None)
@given(limit=st.integers(2, 60), share=st.floats(0.05, 1.0), offset=st.floats(0, 59), steps=steps)
def test_what_others_leave_is_shared_out_and_the_reserve_stays_free(
    limit: int, share: float, offset: float, steps: list[tuple[float, float, int]]
) -> None:
    clock = ManualClock()
    vendor = FixedWindowVendor(limit, 60.0, clock, offset)
    quota = Quota([RateLimit("account")], share=share, reader=ACCOUNT, max_wait=1e9, clock=clock)
    reserve = limit - max(1, math.floor(limit * share + 1e-9))
    known: tuple[int, int] | None = None
    for pause, _, others in steps:
        clock.time += pause / 10
        ticket = quota.take("GET", "/")
        if known is not None and known[0] == vendor.index():
            # The vendor had told: nothing may be sent into an empty quota or into the reserve.
            assert known[1] > reserve
        response = vendor.call()
        known = (vendor.index(), vendor.remaining())
        ticket.answered(response)
        vendor.others(others)


@settings(max_examples=40, deadline=None)
@given(
    limit=st.integers(5, 40),
    share=st.floats(0.2, 1.0),
    order=st.lists(st.booleans(), min_size=40, max_size=160),
)
def test_answers_out_of_order_never_let_more_through(limit: int, share: float, order: list[bool]) -> None:
    clock = ManualClock()
    vendor = FixedWindowVendor(limit, 60.0, clock)
    quota = Quota([RateLimit("account", limit)], share=share, reader=ACCOUNT, max_wait=100.0, clock=clock)
    flying: list[tuple[Ticket, Response]] = []
    for newest_first in order:
        if len(flying) < 4:
            try:
                ticket = quota.take("GET", "/")
            except PassingFault:
                assert flying
            else:
                flying.append((ticket, vendor.call()))
                continue
        ticket, response = flying.pop() if newest_first else flying.pop(0)
        ticket.answered(response)
    assert max(vendor.ours.values()) <= max(1, math.floor(limit * share + 1e-9))


def test_the_whole_share_is_used() -> None:
    clock = ManualClock()
    vendor = FixedWindowVendor(700, 60.0, clock)
    quota = Quota([RateLimit("account")], share=0.7, reader=ACCOUNT, clock=clock)
    began = clock.time
    for _ in range(2450):
        with quota.take("GET", "/") as ticket:
            clock.time += 0.01
            ticket.answered(vendor.call())
    minutes = (clock.time - began) / 60
    assert 2450 / 490 * 0.95 <= minutes + 1 <= 2450 / 490 * 1.15


def test_nothing_is_sent_while_the_vendor_said_none_are_left() -> None:
    clock = ManualClock()
    quota = Quota([RateLimit("account")], share=1.0, reader=ACCOUNT, clock=clock)
    quota.take("GET", "/").answered(answer(x_remaining="0", x_limit="100", x_reset="41"))
    ticket = quota.take("GET", "/")
    assert ticket.waited >= 41


def test_a_credit_header_without_a_reset_stops_the_run() -> None:
    clock = ManualClock()
    daily = RateLimit("credits", 5000, window=86400)
    quota = Quota(
        [daily], reader=HeaderReader("credits", ("x-api-credits-remaining",)), max_wait=900, clock=clock
    )
    quota.take("GET", "/").answered(answer(x_api_credits_remaining="1400"))
    began = clock.time
    with pytest.raises(PassingFault, match="credits"):
        quota.take("GET", "/")
    assert clock.time == began


def test_credits_are_counted_by_cost() -> None:
    clock = ManualClock()
    quota = Quota([RateLimit("credits", 100, window=60)], share=0.5, clock=clock)
    for _ in range(5):
        quota.take("POST", "/upsert", cost=10).close()
    assert quota.take("POST", "/upsert", cost=1).waited >= 60


def test_a_call_that_can_never_fit_is_refused_at_once() -> None:
    quota = Quota([RateLimit("credits", 100)], share=0.5, clock=ManualClock())
    with pytest.raises(SystemFault, match="quota_share"):
        quota.take("POST", "/bulk", cost=51)


def test_an_endpoint_has_a_limit_of_its_own() -> None:
    clock = ManualClock()
    quota = Quota(
        [RateLimit("account", 700), RateLimit("incremental", 10, path="/incremental/")],
        share=1.0,
        clock=clock,
    )
    for _ in range(10):
        quota.take("GET", "/api/v2/incremental/users/cursor").close()
    assert quota.take("GET", "/api/v2/users").waited == 0
    assert quota.take("GET", "/api/v2/incremental/organizations").waited >= 60


def test_a_limit_per_record_counts_each_alone() -> None:
    clock = ManualClock()
    per_organization = RateLimit("organization", 5, methods=("PUT",), path=r"/organizations/(\d+)$")
    quota = Quota([per_organization], share=1.0, clock=clock)
    for _ in range(5):
        quota.take("PUT", "/api/v2/organizations/1").close()
    assert quota.take("PUT", "/api/v2/organizations/2").waited == 0
    assert quota.take("GET", "/api/v2/organizations/1").waited == 0
    assert quota.take("PUT", "/api/v2/organizations/1").waited >= 60


def test_a_throttled_record_does_not_hold_up_the_others() -> None:
    clock = ManualClock()
    per_user = RateLimit("user", 5, methods=("PUT",), path=r"/users/(\d+)$")
    quota = Quota([RateLimit("account", 700), per_user], clock=clock)
    ticket = quota.take("PUT", "/users/1")
    ticket.refused(30)
    ticket.close()
    assert quota.take("PUT", "/users/2").waited == 0
    assert quota.take("GET", "/users").waited == 0
    assert quota.take("PUT", "/users/1").waited >= 30


def test_a_429_of_the_account_holds_up_everything() -> None:
    clock = ManualClock()
    quota = Quota([RateLimit("incremental", 10, path="/incremental/")], reader=ACCOUNT, clock=clock)
    ticket = quota.take("GET", "/incremental/x")
    ticket.refused(30, answer(x_remaining="0", x_limit="700", x_reset="30"))
    ticket.close()
    assert quota.take("GET", "/users").waited >= 30


def test_a_429_of_an_endpoint_holds_up_that_endpoint() -> None:
    clock = ManualClock()
    quota = Quota([RateLimit("incremental", 10, path="/incremental/")], reader=ACCOUNT, clock=clock)
    ticket = quota.take("GET", "/incremental/x")
    ticket.refused(30, answer(x_remaining="600", x_limit="700", x_reset="30"))
    ticket.close()
    assert quota.take("GET", "/users").waited == 0
    assert quota.take("GET", "/incremental/y").waited >= 30


def test_requests_close_together_count_until_the_last_is_old_enough() -> None:
    clock = ManualClock()
    quota = Quota([RateLimit("account", 10)], share=1.0, clock=clock)
    for _ in range(10):
        quota.take("GET", "/").close()
        clock.time += 0.04
    last = clock.time - 0.04
    quota.take("GET", "/")
    assert clock.time >= last + 60


def test_a_limit_that_only_answers_know_is_kept_for_its_endpoint() -> None:
    clock = ManualClock()

    def reader(response: Response) -> Iterable[Reading]:
        return [Reading("tickets-index", 0, 100, 20)] if "x-index" in response.headers else []

    quota = Quota(reader=reader, clock=clock)
    quota.take("GET", "/tickets/1/audits").answered(answer(x_index="1"))
    assert quota.take("GET", "/users/1").waited == 0
    assert quota.take("GET", "/tickets/2/audits").waited >= 20


def test_jobs_in_flight_are_bounded_and_freed() -> None:
    clock = ManualClock()
    quota = Quota([InFlightLimit("jobs", 30, manual=True)], share=0.1, max_wait=5, clock=clock)
    held = [quota.hold("jobs") for _ in range(3)]
    assert quota.in_use("jobs") == 3
    with pytest.raises(PassingFault, match="jobs"):
        quota.hold("jobs")
    held[0].close()
    held[0].close()
    with quota.hold("jobs"):
        assert quota.in_use("jobs") == 3


def test_jobs_of_others_count_too() -> None:
    clock = ManualClock()

    def reader(response: Response) -> Iterable[Reading]:
        return [Reading("jobs", float(response.headers["x-jobs"]), 30, 60)]

    quota = Quota([InFlightLimit("jobs", 30, manual=True)], share=0.7, reader=reader, clock=clock)
    quota.take("POST", "/users/create_many").answered(answer(x_jobs="9"))
    assert quota.hold("jobs").waited >= 60


def test_a_waiter_gives_up_at_once_when_it_would_take_too_long() -> None:
    clock = ManualClock()
    quota = Quota([RateLimit("account", 1, window=3600)], max_wait=60, clock=clock)
    quota.take("GET", "/").close()
    began = clock.time
    with pytest.raises(PassingFault, match="quota_max_wait"):
        quota.take("GET", "/")
    assert clock.time == began


def test_a_request_that_never_left_is_given_back() -> None:
    quota = Quota([RateLimit("account", 1)], max_wait=1, clock=ManualClock())
    quota.take("GET", "/").unsent()
    assert quota.take("GET", "/").waited == 0


@pytest.mark.parametrize("share", [0, -1, 1.5])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(SystemFault, match="quota_share"):
        Quota(share=share)


def test_unknown_limits_are_refused() -> None:
    quota = Quota([RateLimit("account")])
    with pytest.raises(SystemFault, match="no limit is named"):
        quota.take("GET", "/", names=["typo"])
    with pytest.raises(SystemFault, match="declared twice"):
        Quota([RateLimit("a"), RateLimit("a")])


def test_states_of_many_records_do_not_pile_up() -> None:
    clock = ManualClock()
    quota = Quota([RateLimit("user", 5, methods=("PUT",), path=r"/users/(\d+)$")], clock=clock)
    for number in range(5000):
        quota.take("PUT", f"/users/{number}").close()
        clock.time += 1
    assert len(quota._states) < 700


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/api/v2/users/123.json", "/api/v2/users/{id}.json"),
        ("/api/v2/users/show_many", "/api/v2/users/show_many"),
        ("/jobs/8b726e606741012ffc2d782bcb7848fe", "/jobs/{id}"),
        ("/o/6ba7b810-9dad-11d1-80b4-00c04fd430c8/x", "/o/{id}/x"),
        ("/v8/Accounts?page=2", "/v8/Accounts"),
    ],
)
def test_endpoints_leave_out_identifiers(path: str, endpoint: str) -> None:
    assert endpoint_of(path) == endpoint


def test_waiting_threads_are_released_by_a_stop() -> None:
    stopping = threading.Event()
    quota = Quota([RateLimit("account", 1, window=600)], stopping=stopping)
    quota.take("GET", "/").close()
    ended: list[Exception] = []

    def wait() -> None:
        try:
            quota.take("GET", "/")
        except PassingFault as fault:
            ended.append(fault)

    thread = threading.Thread(target=wait)
    thread.start()
    stopping.set()
    thread.join(10)
    assert "stopped" in str(ended[0])


def limited_server(limit: int, window: float) -> ScriptedServer:
    """A server that answers 429 beyond `limit` requests in a fixed window, and says what is left."""
    counts: dict[int, int] = {}
    lock = threading.Lock()
    began = time.monotonic()

    def route(_: Received) -> Answer:
        elapsed = time.monotonic() - began
        reset = window - elapsed % window
        with lock:
            used = counts[int(elapsed // window)] = counts.get(int(elapsed // window), 0) + 1
        headers = {"x-remaining": str(max(0, limit - used)), "x-limit": str(limit), "x-reset": f"{reset:.3f}"}
        if used > limit:
            return Answer(429, headers={**headers, "Retry-After": "1"})
        return Answer(headers=headers)

    return ScriptedServer(route)


def test_threads_never_meet_a_429_of_a_declared_limit() -> None:
    with limited_server(40, 1.0) as server:
        # Two windows' worth of ours fit into one of the server's, however late the requests come.
        quota = Quota([RateLimit("account", 40, window=1.0)], share=0.4, reader=ACCOUNT)
        with Session(HttpConfig("vendor", server.url), quota=quota) as session:
            parallel = Parallel(8, session)
            began = time.monotonic()
            results = list(parallel.map(lambda _: session.get("/x").status_code, range(50)))
            took = time.monotonic() - began
            assert results == [200] * 50
            assert session.counters.total.throttled == 0
            assert session.counters.total.seconds_waited > 0
    # 16 a second are ours: the last of 50 cannot come before the fourth window.
    assert took >= 3.0


def test_requests_in_flight_are_bounded_among_threads() -> None:
    with ScriptedServer(lambda _: Answer(delay=0.05)) as server:
        quota = Quota([InFlightLimit("session", 1, path="/jderest/")])
        with Session(HttpConfig("jde", server.url), quota=quota) as session:
            list(Parallel(6).map(lambda _: session.get("/jderest/v2/dataservice"), range(8)))
        assert server.most_in_flight == 1


def test_a_request_that_fails_frees_its_place() -> None:
    with ScriptedServer() as server:
        server.script(Answer(fault="close"), Answer(fault="close"))
        quota = Quota([InFlightLimit("session", 1)], max_wait=2)
        with Session(HttpConfig("jde", server.url, backoff=0.01), quota=quota) as session:
            assert session.get("/x").ok
            assert quota.in_use("session") == 0
