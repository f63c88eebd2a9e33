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
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ml_connector.ledger import CONFLICT, DECIDED, PENDING, Ledger, Letter, LetterFilter
from ml_connector.sync import Engine, Field, ObjectSpec, Options, Rung, as_version
from sync_support.runs import Emitted, Pipe, Way, emit
from sync_support.vendor import Clock, Death, Moments, VendorObject

RECORDS = 100
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
    """What happens besides edits and runs. `winner`: a system, or `hold`.

    `tells`: the vendors' answers show what was stored. `clock`: the taps say when they read. `few`: people
    choose among three values only, so that they often return to a former one.
    """

    winner: str = "a"
    deaths: bool = False
    stale: bool = False
    loss: bool = False
    tells: bool = True
    clock: bool = True
    few: bool = False


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
        self.touched: dict[tuple[str, str], set[str]] = defaultdict(set)  # since both sides agreed
        self.agreed: dict[tuple[Any, str], tuple[Any, Any]] = {}
        self.waiting: dict[str, Emitted] = {}
        self.met: list[tuple[str, str, Any, str]] = []  # direction, field, number, version of a conflict
        self.open: set[tuple[Any, str]] = set()  # conflicts that were met since both sides agreed
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
        self.met.clear()
        self.open.clear()

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
        for name, value in values.items():
            self.a_edit[number, name] = value
            self.touched[number, name].add("a")

    def _note_b(self, key: str, values: Mapping[str, Any]) -> None:
        number = self.b.rows[key]["no"]
        shown = {"prio": "prio", "title": "name"}
        for name in values:
            self.b_edit[number, shown[name]] = self.b.rows[key][name]
            self.touched[number, shown[name]].add("b")

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
            self.waiting = {key: self._emit(TO_A, self.b, key) for key in self.b.rows if r.random() < 0.5}
            self.go("AB")
        dies = self.scenario.deaths and r.random() < 0.5
        self.go(r.choice(["AB", "BA"]), dies=dies)
        if self.waiting and r.random() < 0.7:
            self._run("BA", list(self.waiting.values()))
            self.waiting = {}

    def _edit_a(self, key: str, chance: float) -> None:
        r, values = self.random, {}
        few = self.scenario.few
        if chance < 0.12:
            values["prio"] = r.choice(
                ["low", "normal", "urgent"] if few else ["low", "normal", "high", "urgent"]
            )
        elif chance < 0.2:
            values["name"] = r.choice(["abc", "xyz", "q"] if few else ["abc", "longer-than-six", "xyz"])
        if values:
            self.a.edit(key, **values)
            self._note_a(key, values)

    def _edit_b(self, key: str, chance: float) -> None:
        r, values = self.random, {}
        few = self.scenario.few
        if chance < (0.15 if few else 0.06):
            values["prio"] = r.choice(["low", "normal", "high"])
        elif chance < (0.3 if few else 0.12):
            values["title"] = r.choice(["abc", "xyz", "q"] if few else ["q", "wer"])
        if values:
            self.b.edit(key, **values)
            self._note_b(key, values)

    def go(self, direction: str, *, dies: bool = False) -> None:
        """The tap reads what is newer than its bookmark; the target works on it, if it lives."""
        source, way = (self.a, TO_B) if direction == "AB" else (self.b, TO_A)
        since = self.bookmarks[direction]
        emitted = [self._emit(way, source, key) for key in source.rows if source.versions[key] > since]
        bookmark = max((source.versions[key] for key in source.rows), default=since)
        if dies:
            self.moments.passed = 0
            self.moments.fatal = self.random.randint(1, 30)
        with contextlib.suppress(Death):
            self._run(direction, emitted)
            self.bookmarks[direction] = max(bookmark, since)
        self.moments.fatal = None

    def _emit(self, way: Way, source: VendorObject, key: str) -> Emitted:
        emitted = emit(way, source.row(key))
        return emitted if self.scenario.clock else replace(emitted, read_at=None)

    def _run(self, direction: str, emitted: list[Emitted]) -> None:
        way = TO_B if direction == "AB" else TO_A
        expected = self._expected()
        self._meet(direction, emitted)
        outcomes = self.pipes[direction].run(emitted, ways=[way])
        ended = Counter(outcome.incoming.position for outcome in outcomes)
        self.wrong["not one outcome"] += sum(ended[position] != 1 for position in range(len(emitted)))
        for number, name, of_a, of_b in self._pairs():
            shown = PAIRS[name][1]
            agreed = of_b == shown(of_a)
            if direction == "BA":
                # Urgent and high are two values here, and what only A's people did AB has to see first.
                agreed = of_b == of_a and self.touched.get((number, name)) != {"a"}
            if agreed or self.scenario.winner == "hold":
                meant = expected.get((number, name), of_a)
                self.wrong[f"{name} of the loser"] += shown(meant) != shown(of_a)
            if agreed:
                self.touched.pop((number, name), None)
                self.open.discard((number, name))
                self.agreed[number, name] = of_a, of_b

    def _meet(self, direction: str, emitted: list[Emitted]) -> None:
        """Note the first conflict that this run is to decide, of each field, since both sides agreed."""
        if self.scenario.deaths or self.scenario.stale or self.scenario.loss:
            return  # there it depends on what a run saw
        versions = {each.raw["no"]: each.raw["updated_at"] for each in emitted}
        for number, name, of_a, of_b in self._pairs():
            then_a, then_b = self.agreed.get((number, name), (of_a, of_b))
            moved = of_a != then_a and of_b != then_b and PAIRS[name][1](of_a) != of_b
            place = number, name
            if number in versions and moved and len(self.touched[place]) == 2 and place not in self.open:
                shown = {"AB": PAIRS[name][0], "BA": name}[direction]
                self.met.append((direction, shown, number, str(as_version(versions[number]))))
                self.open.add(place)

    # What went wrong

    def _pairs(self) -> Iterator[tuple[Any, str, Any, Any]]:
        """Per record and field: its number, the field's name in A, the value in A and in B."""
        by_number = {row["no"]: row for row in self.b.rows.values()}
        for row in self.a.rows.values():
            if other := by_number.get(row["no"]):
                for name, (field_of_b, _) in PAIRS.items():
                    yield row["no"], name, row[name], other[field_of_b]

    def _judge(self) -> None:
        self.wrong["twins or lost"] += abs(len(self.b.rows) - RECORDS) + abs(len(self.a.rows) - RECORDS)
        self.wrong["journal open"] += sum(self._open_entries(pipe) for pipe in self.pipes.values())
        self._judge_decided()
        held = self._held()
        for number, name, of_a, of_b in self._pairs():
            if of_b != PAIRS[name][1](of_a):
                known = (number, name) in held
                self.wrong[f"{name} diverged"] += not known
                last = self.a_edit.get((number, name)), self.b_edit.get((number, name))
                self.wrong[f"{name} moved though held"] += known and (of_a, of_b) != last
            self._judge_value((number, name), of_a)

    def _open_entries(self, pipe: Pipe) -> int:
        with self.ledger.read(pipe.integration, pipe.target) as tx:
            return len(tx.journal.open_entries())

    def _judge_decided(self) -> None:
        """Of each version of a record a conflict is told once; those that a run is known to have met are."""
        told: Counter[tuple[str, str, Any, str]] = Counter()
        for direction, pipe in self.pipes.items():
            for letter in pipe.letters(LetterFilter(closed_as=DECIDED)):
                values = (letter.detail or {})["values"]
                number = self._number(direction, letter)
                told.update((direction, name, number, str(letter.version)) for name in values)
            pending = pipe.letters(LetterFilter(closed_as=PENDING))
            self.wrong["decision pending"] += len(pending)
        self.wrong["conflict told twice"] += sum(count > 1 for count in told.values())
        wanted = 0 if self.scenario.winner == "hold" else 1
        self.wrong["conflict not told"] += sum(told[met] != wanted for met in self.met)

    def _number(self, direction: str, letter: Letter) -> Any:
        rows = self.a.rows if direction == "AB" else self.b.rows
        return rows[letter.raw_key]["no"]

    def _held(self) -> set[tuple[Any, str]]:
        """Fields of A that an open conflict names."""
        letters = [letter for pipe in self.pipes.values() for letter in pipe.letters()]
        shown = {"prio": "prio", "title": "name", "name": "name"}
        return {
            (letter.raw["no"], shown[name])
            for letter in letters
            if letter.cause == CONFLICT and letter.detail
            for name in letter.detail["values"]
        }

    def _judge_value(self, place: tuple[Any, str], value: Any) -> None:
        of_a, of_b = self.a_edit.get(place), self.b_edit.get(place)
        name = place[1]
        if of_b is None:
            self.wrong[f"{name} undone"] += value != of_a
        elif not self.scenario.loss:
            self.wrong[f"{name} invented"] += value not in (of_a, of_b)

    def _expected(self) -> dict[tuple[Any, str], Any]:
        """What A is to hold once both sides agree: who touched a field alone wins it, of two the winner."""
        expected: dict[tuple[Any, str], Any] = {}
        if self.scenario.loss or self.scenario.deaths:
            return expected
        for number, name, of_a, of_b in self._pairs():
            place = number, name
            who, (then_a, then_b) = self.touched.get(place), self.agreed.get(place, (of_a, of_b))
            moved = {"a": of_a != then_a, "b": of_b != then_b}
            if not who or not all(moved[each] for each in who):
                continue  # somebody came back to what both had: what a run saw meanwhile counts
            if self.scenario.winner == "hold" and (len(who) == 1 or PAIRS[name][1](of_a) == of_b):
                continue
            winner = self.scenario.winner if len(who) == 2 else next(iter(who))
            expected[place] = (self.b_edit if winner == "b" else self.a_edit)[place]
        return expected
