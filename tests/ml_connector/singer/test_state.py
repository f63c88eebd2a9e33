"""STATE goes out when everything before it is settled, and not before."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from singer_lines import Message, customer, customers, lines, schema, state
from zendesk_target import ZendeskTarget

DEADLINE = 60.0


def until(condition: Callable[[], Any], deadline: float = DEADLINE) -> Any:
    """Wait until the condition holds."""
    end = time.monotonic() + deadline
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return value


class Piped:
    """A real run whose input stays open; its output is read as it comes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.output: list[Any] = []
        self.times: list[float] = []
        self.errors = b""
        self._threads = [threading.Thread(target=read) for read in (self._read_output, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _read_output(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                self.output.append(json.loads(line))
                self.times.append(time.monotonic())

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as stream:
            self.errors = stream.read()

    def send(self, *messages: Message | str | bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(lines(messages))
        self.process.stdin.flush()

    def end(self) -> int:
        """Wait for the end; gives the exit code."""
        code = self.process.wait(DEADLINE)
        self.join()
        assert b"Traceback" not in self.errors, self.errors
        return code

    def join(self) -> None:
        """Wait for the rest of the output."""
        for thread in self._threads:
            thread.join()

    @property
    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.errors.decode().rpartition("run summary ")[2].splitlines()[0])
        return found


@contextmanager
def piped(target: ZendeskTarget, **settings: Any) -> Iterator[Piped]:
    process = target.start(**settings)
    run = Piped(process)
    try:
        yield run
    finally:
        if process.stdin is not None and not process.stdin.closed:
            process.stdin.close()
        if process.poll() is None:
            process.kill()
        process.wait()
        run.join()


def test_records_are_settled_by_age_while_no_line_arrives(target: ZendeskTarget) -> None:
    with piped(target, max_batch_age=0.5) as run:
        run.send(schema(), *customers(range(3)), state({"k": 3}))
        until(lambda: run.output == [{"k": 3}])
        assert len(target.organizations) == 3
        assert run.process.poll() is None, "the pipe is still open"
        run.send(customer(3), state({"k": 4}))
        until(lambda: run.output == [{"k": 3}, {"k": 4}])
        assert run.process.stdin is not None
        run.process.stdin.close()
        assert run.end() == 0
    assert run.summary["outcomes"]["created"] == 4


def test_a_signal_settles_what_was_read(target: ZendeskTarget) -> None:
    with piped(target) as run:
        run.send(schema(), *customers(range(5)), state({"k": 5}))
        until(lambda: target.calls(writes_only=False))
        until(lambda: target.last_run()["read"] == 5)
        run.process.send_signal(signal.SIGTERM)
        assert run.end() == 143
    assert run.output == [{"k": 5}]
    assert len(target.organizations) == 5
    assert (run.summary["exit_code"], run.summary["read"]) == (143, 5)
    assert target.journal() == 0


def test_a_signal_in_the_middle_of_a_job_waits_for_its_verdict(target: ZendeskTarget) -> None:
    target.sandbox.control.settings(zendesk={"job_seconds": 1})
    with piped(target, max_batch_age=0.2) as run:
        run.send(schema(), *customers(range(5)), state({"k": 5}))
        until(lambda: "POST create_many" in target.calls())
        run.process.send_signal(signal.SIGTERM)
        assert run.end() == 143
    assert (run.output, len(target.organizations), target.journal()) == ([{"k": 5}], 5, 0)


def test_state_waits_for_what_came_before_it_only(target: ZendeskTarget) -> None:
    target.run([customer(1), state({"k": 0})]).check(0)
    with piped(target, max_batch_age=1.5) as run:
        # An unchanged record is settled at once, so its STATE need not wait for the record behind it.
        run.send(schema(), customer(1), state({"k": 1}), *customers(range(2, 5)), state({"k": 2}))
        until(lambda: run.output)
        assert run.process.stdin is not None
        run.process.stdin.close()
        assert run.end() == 0
    assert run.output[-1] == {"k": 2}


def test_state_goes_out_at_most_once_a_second_and_the_last_one_always(target: ZendeskTarget) -> None:
    target.run(customers(range(2))).check(0)
    with piped(target, max_batch_age=0.1) as run:
        run.send(schema())
        began = time.monotonic()
        number = 0
        while len(run.output) < 3:
            assert time.monotonic() < began + 60
            number += 1
            run.send(*customers(range(2)), state({"k": number}))
            time.sleep(0.02)
        assert run.process.stdin is not None
        run.process.stdin.close()
        assert run.end() == 0
        seconds = time.monotonic() - began
    # One a second, and the last one beside.
    assert len(run.output) <= seconds + 2 < number, run.output
    assert run.output[-1] == {"k": number}


def test_no_state_passes_a_record_without_an_outcome(target: ZendeskTarget) -> None:
    target.sandbox.control.faults(
        {"system": "zendesk", "path": "*/create_many", "fault": "lost_response", "after": 1}
    )
    messages: list[Message] = []
    for number in range(4):
        messages += [*customers(range(number * 50, number * 50 + 50)), state({"k": number})]
    run = target.run(messages, batch_rows=50).check(4)
    # Lines are looked at a thousand at a time: nothing says how far it came, but not beyond what is settled.
    settled = len([key for key in target.organizations if target.history(key) == ["created"]])
    assert all((reached["k"] + 1) * 50 <= settled for reached in run.states)
    again = target.run(messages, batch_rows=50).check(0)
    assert again.states[-1] == {"k": 3}
    assert len(target.organizations) == 200


def test_numbers_in_state_come_back_as_they_were(target: ZendeskTarget) -> None:
    value = {
        "a": 0.1,
        "b": 1e300,
        "c": 2**70,
        "d": -0.0,
        "e": 12345678901234567890.123456789,
        "f": "2026",
        "g": None,
    }
    assert target.run([state(value)]).check(0).states == [value]


def test_the_same_state_is_said_once(target: ZendeskTarget) -> None:
    assert target.run([state({"k": 1}), state({"k": 1}), state({"k": 1})]).check(0).states == [{"k": 1}]


def test_the_bookmark_of_the_summary_is_the_newest_instant_of_the_state(target: ZendeskTarget) -> None:
    value = {"bookmarks": {"a": {"v": "2026-11-20T10:00:00Z"}, "b": {"v": "2026-11-21T09:00:00+02:00"}}}
    assert target.run([state(value)]).check(0).summary["bookmark"] == "2026-11-21T09:00:00+02:00"


def test_a_reader_that_is_gone_ends_the_run_in_a_message(target: ZendeskTarget) -> None:
    process = target.start()
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stdin.write(lines([schema(), *customers(range(3)), state({"k": 1})]))
    process.stdin.close()
    errors = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(DEADLINE) == 1
    assert "The next program in the pipe ended early" in errors
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors
    assert len(target.organizations) == 3, "the records are settled all the same"
    assert (target.folder / "home" / "ledger.db").exists()
    assert target.run(customers(range(3))).check(0).outcomes == {"unchanged": 3}
