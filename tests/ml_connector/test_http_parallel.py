"""Threads in parallel: order, errors, and giving way to 429s."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.scripted_server import Answer, ScriptedServer

from ml_connector.http import HttpConfig, Parallel, Session


@settings(max_examples=25, deadline=None)
@given(items=st.lists(st.integers()), width=st.integers(1, 6))
def test_results_keep_the_order(items: list[int], width: int) -> None:
    assert list(Parallel(width).map(lambda item: item + 1, items)) == [item + 1 for item in items]


def test_slow_items_do_not_hold_up_the_start_of_others() -> None:
    release = threading.Event()
    others = threading.Barrier(3, timeout=5)

    def work(number: int) -> int:
        if number == 0:
            assert release.wait(5)
        else:
            others.wait()
            if number == 6:
                release.set()
        return number

    # Numbers 1 to 6 pass the barrier in threes, so two rounds of them run while number 0 is still waiting.
    assert list(Parallel(4).map(work, range(7))) == list(range(7))


def test_the_first_error_is_raised_in_its_place_and_starts_nothing_new() -> None:
    started: list[int] = []

    def work(number: int) -> int:
        started.append(number)
        if number == 3:
            raise ValueError("three")
        return number

    results = Parallel(1).map(work, range(100))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
    assert list(results) == []
    assert started == [0, 1, 2, 3]


def test_settle_tells_how_each_item_ended() -> None:
    def work(number: int) -> int:
        if number == 2:
            raise ValueError("two")
        return number * 10

    outcomes = Parallel(1).settle(work, range(5))
    assert [outcome.item for outcome in outcomes] == [0, 1, 2, 3, 4]
    assert [outcome.result for outcome in outcomes[:2]] == [0, 10]
    assert str(outcomes[2].error) == "two"
    assert [outcome.started for outcome in outcomes] == [True, True, True, False, False]


def test_items_are_drawn_as_they_are_needed() -> None:
    drawn = 0

    def items() -> Iterator[int]:
        nonlocal drawn
        for number in range(10_000):
            drawn += 1
            yield number

    results = Parallel(3).map(lambda item: item, items())
    assert next(results) == 0
    assert drawn <= 12


def test_a_429_halves_the_width_and_success_grows_it_again() -> None:
    parallel = Parallel(8)
    assert parallel.width == 8
    parallel.throttled()
    assert parallel.width == 4
    parallel.throttled()
    assert parallel.width == 4, "the other 429s of the same round count as one"
    list(parallel.map(lambda item: item, range(4)))
    parallel.throttled()
    assert parallel.width < 4
    list(parallel.map(lambda item: item, range(200)))
    assert parallel.width == 8
    for _ in range(10):
        list(parallel.map(lambda item: item, range(8)))
        parallel.throttled()
    assert parallel.width >= 1


def test_429s_of_the_session_narrow_it() -> None:
    with ScriptedServer(lambda _: Answer(delay=0.02)) as server:
        server.script(Answer(429, headers={"Retry-After": "0"}))
        with Session(HttpConfig("vendor", server.url, backoff=0.01), quota=None) as session:
            parallel = Parallel(8, session)
            assert list(parallel.map(lambda _: session.get("/x").status_code, range(4))) == [200] * 4
            assert parallel.width < 8
            # The narrow width is obeyed by what comes after: so few answers do not make it eight again.
            server.most_in_flight, server.route = 0, lambda _: Answer(delay=0.1)
            list(parallel.map(lambda _: session.get("/x"), range(10)))
            assert server.most_in_flight < 8


def test_work_really_runs_at_once() -> None:
    meeting = threading.Barrier(5)
    # Whoever waits alone breaks it.
    assert sorted(Parallel(5).map(lambda _: meeting.wait(30), range(5))) == [0, 1, 2, 3, 4]
