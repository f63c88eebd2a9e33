"""Random histories of two systems in agreement, run by the real engine on a real ledger.

The map from A to B merges values (urgent and high become high) and B cuts its title to six characters,
so nothing survives a round trip by luck. People edit both sides in random order, runs go in both
directions, die before or after the vendor has committed, rows are read before a write of ours and
applied after it, the ledger gets lost. One history has many records, each with a fate of its own.
"""

from __future__ import annotations

import contextlib
import itertools
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ml_connector.ledger import Ledger
from ml_connector.sync import Engine, Field, ObjectSpec, Options, Rung
from sync_support.runs import Emitted, Pipe, Way, emit
from sync_support.vendor import Clock, Death, Moments, VendorObject

RECORDS = 40
_numbers = itertools.count(1)


def cut(value: Any) -> Any:
    return value[:6] if isinstance(value, str) else value


def coarse(prio: Any) -> Any:
    return {"urgent": "high"}.get(prio, prio)


PEOPLE = ObjectSpec(
    "people",
    {name: Field(name) for name in ("no", "prio", "name")},
    (Rung("no", exclusive=True),),
    two_way=True,
)
CONTACTS = ObjectSpec(
    "contacts",
    {"no": Field("no"), "prio": Field("prio"), "title": Field("title", stored_form=cut)},
    (Rung("no", exclusive=True),),
    two_way=True,
)
TO_B = Way(
    "people",
    "contacts",
    lambda a: {"no": a["no"], "prio": coarse(a["prio"]), "title": a["name"]},
    {"no": frozenset({"no"}), "prio": frozenset({"prio"}), "title": frozenset({"name"})},
)
TO_A = Way(
    "contacts",
    "people",
    lambda b: {"no": b["no"], "prio": b["prio"], "name": b["title"]},
    {"no": frozenset({"no"}), "prio": frozenset({"prio"}), "name": frozenset({"title"})},
)
PAIRS = {"prio": ("prio", coarse), "name": ("title", cut)}  # field of A -> field of B, and how B shows it


@dataclass(frozen=True)
class Scenario:
    """What happens besides edits and runs. `tells`: what the vendors' answers show."""

    winner: str = "a"
    deaths: bool = False
    stale: bool = False
    loss: bool = False
    tells: bool = True
    authority: str = "a"


@dataclass
class History:
    """One schedule of runs over many records. `play` returns what went wrong, counted."""

    ledger: Ledger
    seed: int
    scenario: Scenario
    make_engine: Callable[..., Engine] = Engine
    wrong: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.moments = Moments()
        tells = {"tells_versions": self.scenario.tells, "tells_stored": self.scenario.tells}
        common: dict[str, Any] = {"moments": self.moments, **tells}
        self.a = VendorObject(PEOPLE, clock=Clock(), prefix="a", **common)
        self.b = VendorObject(CONTACTS, clock=Clock(), prefix="b", forms={"title": cut}, **common)
        self.a_edit: dict[tuple[str, str], Any] = {}
        self.b_edit: dict[tuple[str, str], Any] = {}
        self.waiting: dict[str, Emitted] = {}
        self.lose_ledger()

    def lose_ledger(self) -> None:
        """Another integration's name: nothing is known any more, and the taps read everything."""
        name = f"history-{next(_numbers)}"
        rules = {"policies": {"default": self.scenario.winner}, "authority": {"default": "a"}}
        common: dict[str, Any] = {"integration": name, "policies": rules, "make_engine": self.make_engine}
        common["options"] = Options(write_timeout=0.0)
        self.pipes = {
            "AB": Pipe(self.ledger, "a", "b", {"contacts": self.b}, **common),
            "BA": Pipe(self.ledger, "b", "a", {"people": self.a}, **common),
        }
        self.bookmarks = {"AB": "", "BA": ""}

    # What happens

    def play(self) -> Counter[str]:
        self._begin()
        for direction in (self.random.choice(["AB", "BA"]), "AB", "BA", "AB", "BA"):
            self.go(direction)
        for _ in range(self.random.randint(6, 14)):
            self._happen()
        for direction in ("AB", "BA") * 3:
            self.go(direction)
        writes = self.a.writes + self.b.writes
        for direction in ("AB", "BA") * 2:
            self.go(direction)
        self.wrong["idle rounds wrote"] += self.a.writes + self.b.writes - writes
        self._judge()
        return +self.wrong

    def _begin(self) -> None:
        r = self.random
        for number in range(RECORDS):
            where = r.random()
            if where < 0.8:
                a = {
                    "prio": r.choice(["low", "high", "urgent"]),
                    "name": r.choice(["abc", "longer-than-six"]),
                }
                self._note_a(self.a.add(no=number, **a), a)
            if where > 0.4:
                b = {"prio": r.choice(["low", "high"]), "title": r.choice(["abc", "longer"])}
                self._note_b(self.b.add(no=number, **b), b)

    def _note_a(self, key: str, values: Mapping[str, Any]) -> None:
        number = self.a.rows[key]["no"]
        self.a_edit.update({(number, name): value for name, value in values.items()})

    def _note_b(self, key: str, values: Mapping[str, Any]) -> None:
        number = self.b.rows[key]["no"]
        shown = {"prio": "prio", "title": "name"}
        self.b_edit.update({(number, shown[name]): self.b.rows[key][name] for name in values})

    def _happen(self) -> None:
        r = self.random
        for key in list(self.a.rows):
            self._edit_a(key, r.random())
        for key in list(self.b.rows):
            self._edit_b(key, r.random())
        kind = r.random()
        if kind < 0.15 and self.scenario.loss:
            self.lose_ledger()
            return
        if self.scenario.stale and kind < 0.35:
            self.waiting = {key: emit(TO_A, self.b.row(key)) for key in self.b.rows if r.random() < 0.5}
            self.go("AB")
        dies = self.scenario.deaths and r.random() < 0.5
        self.go(r.choice(["AB", "BA"]), dies=dies)
        if self.waiting and r.random() < 0.7:
            self._run("BA", list(self.waiting.values()))
            self.waiting = {}

    def _edit_a(self, key: str, chance: float) -> None:
        r, values = self.random, {}
        if chance < 0.12:
            values["prio"] = r.choice(["low", "normal", "high", "urgent"])
        elif chance < 0.2:
            values["name"] = r.choice(["abc", "longer-than-six", "xyz"])
        if values:
            self.a.edit(key, **values)
            self._note_a(key, values)

    def _edit_b(self, key: str, chance: float) -> None:
        r, values = self.random, {}
        if chance < 0.06:
            values["prio"] = r.choice(["low", "normal", "high"])
        elif chance < 0.12:
            values["title"] = r.choice(["q", "wer"])
        if values:
            self.b.edit(key, **values)
            self._note_b(key, values)

    def go(self, direction: str, *, dies: bool = False) -> None:
        """The tap reads what is newer than its bookmark; the target works on it, if it lives."""
        source, way = (self.a, TO_B) if direction == "AB" else (self.b, TO_A)
        since = self.bookmarks[direction]
        emitted = [emit(way, source.row(key)) for key in source.rows if source.versions[key] > since]
        bookmark = max((source.versions[key] for key in source.rows), default=since)
        if dies:
            self.moments.passed = 0
            self.moments.fatal = self.random.randint(1, 30)
        with contextlib.suppress(Death):
            self._run(direction, emitted)
            self.bookmarks[direction] = max(bookmark, since)
        self.moments.fatal = None

    def _run(self, direction: str, emitted: list[Emitted]) -> None:
        way = TO_B if direction == "AB" else TO_A
        outcomes = self.pipes[direction].run(emitted, ways=[way])
        ended = Counter(outcome.incoming.position for outcome in outcomes)
        self.wrong["not one outcome"] += sum(ended[position] != 1 for position in range(len(emitted)))

    # What went wrong

    def _judge(self) -> None:
        by_number = {row["no"]: row for row in self.b.rows.values()}
        self.wrong["twins"] += len(self.b.rows) + len(self.a.rows) - 2 * RECORDS
        for row in self.a.rows.values():
            other = by_number.get(row["no"])
            if other is None:
                self.wrong["lost"] += 1
                continue
            for name, (field_of_b, shown) in PAIRS.items():
                self.wrong[f"{name} diverged"] += other[field_of_b] != shown(row[name])
                self._judge_value(row, name)

    def _judge_value(self, row: Mapping[str, Any], name: str) -> None:
        place = (row["no"], name)
        of_a, of_b = self.a_edit.get(place), self.b_edit.get(place)
        if of_b is None:
            self.wrong[f"{name} undone"] += row[name] != of_a
        elif not self.scenario.loss:
            self.wrong[f"{name} invented"] += row[name] not in (of_a, of_b)
