"""Faults that a test or a user injects: their description, checks and matching."""

import fnmatch
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ml_sandbox.core.errors import ControlError, require_known

MATCHING = ("system", "method", "path", "fault", "after", "times", "seed", "chance")

PARAMETERS: dict[str, dict[str, Any]] = {
    "status": {"status": None, "headers": {}, "body": None, "done": False},
    "reset": {},
    "timeout": {"seconds": 60.0},
    "latency": {"seconds": None},
    "truncate": {"bytes": -1},
    "lost_response": {},
    "expire_token": {},
    "revoke_token": {},
    "job_stuck": {"seconds": 0.0},
    "job_partial": {"share": 0.5, "rows": [], "error": "", "details": ""},
    "clock_jump": {"seconds": None},
}
"""By fault, its parameters with their defaults; a default of None means that it must be given."""

JOB_FAULTS = frozenset({"job_stuck", "job_partial"})


@dataclass
class Fault:
    """One injected fault.

    Attributes:
        system, method, path: which requests it can hit; globs, ``path`` without the sandbox's prefix and
            matched with and without the query; a path that starts with ``^`` is a regular expression.
        fault: what happens, a key of :data:`PARAMETERS`.
        after: how many matching requests pass unharmed first.
        times: how often it happens; None without end.
        seed: makes what is random about it repeatable.
        chance: the probability with which a matching request is hit.
        parameters: those of this fault.
        seen, fired: how many requests matched, how many were hit.
    """

    system: str
    fault: str
    method: str = "*"
    path: str = "*"
    after: int = 0
    times: int | None = 1
    seed: int | None = None
    chance: float = 1.0
    parameters: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    fired: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 (not for secrets)
        pattern = self.path if self.path.startswith("^") else fnmatch.translate(self.path)
        self._path = re.compile(pattern)

    def hits(self, system: str, method: str, path: str, query: str) -> bool:
        """Count a request and tell whether the fault happens to it."""
        if not (fnmatch.fnmatch(system, self.system) and fnmatch.fnmatch(method, self.method.upper())):
            return False
        if not (self._path.match(path) or self._path.match(f"{path}?{query}")):
            return False
        self.seen += 1
        spent = self.times is not None and self.fired >= self.times
        if spent or self.seen <= self.after or self.random.random() >= self.chance:
            return False
        self.fired += 1
        return True

    def failing_rows(self, count: int) -> set[int]:
        """For ``job_partial``: the positions of the rows that fail, of ``count`` rows."""
        if self.parameters["rows"]:
            return {row for row in self.parameters["rows"] if row < count}
        return set(self.random.sample(range(count), round(count * self.parameters["share"])))

    def as_json(self) -> dict[str, Any]:
        """The fault as the control API shows it."""
        shown = {name: getattr(self, name) for name in (*MATCHING, "seen", "fired")}
        return shown | self.parameters


class Faults:
    """The present list of faults."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def replace(self, descriptions: Iterable[Any], systems: Iterable[str]) -> None:
        """Put this list in place of the present one; :class:`ControlError` when one of them is wrong."""
        known = list(systems)
        self._faults = [parse_fault(description, known) for description in descriptions]

    def clear(self) -> None:
        """Remove all faults."""
        self._faults = []

    def as_json(self) -> list[dict[str, Any]]:
        """All faults with their counters."""
        return [fault.as_json() for fault in self._faults]

    def hitting(self, system: str, method: str, path: str, query: str) -> list[Fault]:
        """The faults that happen to this request, in the order of the list."""
        return [fault for fault in self._faults if fault.hits(system, method, path, query)]


def parse_fault(description: Any, systems: Iterable[str]) -> Fault:
    """A fault from its JSON description; :class:`ControlError` says what is wrong with it."""
    if not isinstance(description, Mapping):
        raise ControlError("A fault is an object with at least 'system' and 'fault'.")
    for name in ("system", "fault"):
        if not isinstance(description.get(name), str):
            raise ControlError(f"A fault needs {name!r} as text.")
    require_known("fault", description["fault"], PARAMETERS)
    if description["system"] != "*":
        require_known("system", description["system"], systems)
    parameters = _parameters(description)
    matching = {name: description[name] for name in MATCHING if name in description}
    _check_matching(matching)
    try:
        return Fault(**matching, parameters=parameters)
    except re.error as error:
        raise ControlError(f"The path {matching['path']!r} is no regular expression: {error}.") from error


def _parameters(description: Mapping[str, Any]) -> dict[str, Any]:
    fault = description["fault"]
    allowed = PARAMETERS[fault]
    for name in description:
        require_known(f"key of the fault {fault}:", name, (*MATCHING, *allowed))
    given = {name: description.get(name, default) for name, default in allowed.items()}
    for name, default in allowed.items():
        if default is None and name != "body" and given[name] is None:
            raise ControlError(f"The fault {fault} needs {name!r}.")
        _check_parameter(fault, name, given[name])
    return given


def _check_parameter(fault: str, name: str, value: Any) -> None:
    wanted: dict[str, tuple[tuple[type[Any], ...], str]] = {
        "status": ((int,), "a whole number"),
        "headers": ((dict,), "an object"),
        "seconds": ((int, float), "a number"),
        "bytes": ((int,), "a whole number"),
        "share": ((int, float), "a number from 0 to 1"),
        "rows": ((list,), "a list of positions"),
        "error": ((str,), "a text"),
        "details": ((str,), "a text"),
        "done": ((bool,), "true or false"),
    }
    types, meaning = wanted.get(name, ((object,), ""))
    if not isinstance(value, types) or (isinstance(value, bool) and name != "done"):
        raise ControlError(f"{name!r} of the fault {fault} must be {meaning}, not {value!r}.")
    if name == "share" and not 0 <= value <= 1:
        raise ControlError(f"'share' of the fault {fault} must be {meaning}, not {value!r}.")
    if name == "status" and not 100 <= value <= 599:
        raise ControlError(f"'status' of the fault {fault} must be from 100 to 599, not {value!r}.")
    if name == "rows" and not all(isinstance(row, int) and row >= 0 for row in value):
        raise ControlError(f"'rows' of the fault {fault} must be {meaning}, not {value!r}.")


def _check_matching(matching: Mapping[str, Any]) -> None:
    for name in ("method", "path"):
        if not isinstance(matching.get(name, ""), str):
            raise ControlError(f"{name!r} of a fault must be a text, not {matching[name]!r}.")
    for name in ("after", "times", "seed"):
        value = matching.get(name, 0)
        optional = name != "after" and value is None
        if not optional and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise ControlError(f"{name!r} of a fault must be a whole number from 0, not {value!r}.")
    chance = matching.get("chance", 1.0)
    if not isinstance(chance, int | float) or not 0 <= chance <= 1:
        raise ControlError(f"'chance' of a fault must be a number from 0 to 1, not {chance!r}.")
