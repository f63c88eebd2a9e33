"""A scan that is killed before each commit of the ledger and at each call of the vendor, and run again."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from singer_lines import Message, lines, record, state
from sqlalchemy import Engine, event, select
from sync_support.vendor import Death, Moments
from sync_support.vendor import VendorObject as MemoryObject

from ml_connector.ledger import Ledger, scans, tables
from ml_connector.settings import Setting, to_jsonschema, with_defaults, without
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.settings import TARGET_SETTINGS
from ml_connector.singer.target import ConnectorTarget
from ml_connector.sync import Field, ObjectSpec, Rung

SPEC = ObjectSpec(
    "things",
    {name: Field(name) for name in ("number", "name", "state")},
    (Rung("number", exclusive=True),),
    batch_size=2,
    inactive={"state": "out of use"},
)
SCHEMA: Message = {
    "type": "SCHEMA",
    "stream": "things",
    "key_properties": ["id"],
    "schema": {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}},
}
MAPPING = {
    "things": {"number": "str(id)", "name": "name", "__key_properties__": ["number"], "__else__": None}
}
KNOWN, GONE = range(12), {3, 4, 8}
_versions = itertools.count(1)


@pytest.fixture
def fast_folder() -> Iterator[Path]:
    """A folder in memory where there is one: these tests commit hundreds of times."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


class Things(MemoryObject, VendorObject):
    """The vendor in memory, as an object of a plugin."""


class Target(ConnectorTarget):
    name = "target-things"
    system = "things"
    config_jsonschema: ClassVar[dict[str, Any]] = to_jsonschema(
        (
            *without(with_defaults(TARGET_SETTINGS, write_timeout=0), "on_delete"),
            Setting("on_delete", "As for a plugin whose object can be put out of use."),
        )
    )
    things: Things

    def make_objects(self) -> Mapping[str, VendorObject]:
        return {"things": self.things}


@contextlib.contextmanager
def deadly(moments: Moments) -> Iterator[None]:
    """A commit is a moment too. Whoever is dead calls and commits nothing more."""

    def moment(_: Any) -> None:
        if moments.fatal is not None and moments.passed >= moments.fatal:
            raise Death("dead already")
        moments.at("ledger commit")

    event.listen(Engine, "commit", moment)
    try:
        yield
    finally:
        event.remove(Engine, "commit", moment)


class World:
    """A target, its vendor and its ledger, and what the tap remembers of the STATE."""

    def __init__(self, folder: Path, on_delete: str, like: World | None = None) -> None:
        self.file = folder / "ledger.db"
        self.url = f"sqlite:///{self.file}"
        self.on_delete = on_delete
        self.moments = Moments()
        self.things = Things(SPEC, moments=self.moments)
        if like is not None:
            shutil.copy(like.file, self.file)
            for key, row in like.things.rows.items():
                self.things.edit(key, **row)

    def run(self, messages: list[Message], fatal: int | None = None) -> tuple[list[Any], bool]:
        """The states that came out, and whether the run died."""
        config = {"ledger_url": self.url, "stream_maps": MAPPING, "on_delete": self.on_delete}
        self.moments.passed, self.moments.fatal = 0, fatal
        output, died = io.StringIO(), False
        with contextlib.redirect_stdout(output), deadly(self.moments):
            try:
                target = Target(config=config)
                target.things = self.things
                target.listen(io.BytesIO(lines([SCHEMA, *messages])))  # type: ignore[arg-type]
            except Death:
                died = True
        self.moments.fatal = None
        return [json.loads(line) for line in output.getvalue().splitlines()], died

    def marks(self) -> dict[str, str | None]:
        ledger = Ledger(self.url)
        query = (
            select(tables.side.c.key, tables.link.c.mark)
            .join(tables.link, tables.link.c.id == tables.side.c.link_id)
            .where(tables.side.c.system == "source")
        )
        with ledger.read() as tx:
            found: dict[str, str | None] = {row.key: row.mark for row in tx.connection.execute(query)}
            deleted = [
                row.source_key
                for row in tx.connection.execute(select(tables.audit))
                if row.outcome == "deleted"
            ]
            counts = {key: deleted.count(key) for key in deleted}
            assert set(counts.values()) <= {1}, f"told twice: {counts}"
        ledger.close()
        return found

    def states(self) -> dict[str, Any]:
        return {row["number"]: row["state"] for row in self.things.rows.values()}


def load() -> list[Message]:
    return [record({"id": number, "name": "n"}, stream="things") for number in KNOWN]


def scan() -> list[Message]:
    """As a tap does it, each with a version of its own."""
    version = next(_versions)
    found = [record({"id": n}, stream="things", version=version) for n in KNOWN if n not in GONE]
    activation: Message = {"type": "ACTIVATE_VERSION", "stream": "things", "version": version}
    return [*found[:4], state("in between"), *found[4:], activation, state("scanned")]


EXPECTED = {str(number): "deleted" if number in GONE else None for number in KNOWN}


@pytest.mark.parametrize("on_delete", ["flag", "inactivate"])
def test_killed_anywhere_and_scanned_again_is_as_one_clean_scan(
    fast_folder: Path, on_delete: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scans, "_CHUNK", 2)  # several pieces, with few records
    fatal, died = 0, True
    loaded = World(fast_folder, on_delete)
    loaded.run(load())
    while died:
        fatal += 1
        folder = fast_folder / str(fatal)
        folder.mkdir()
        world = World(folder, on_delete, loaded)
        states, died = world.run(scan(), fatal)
        marks = world.marks()
        assert all(EXPECTED[key] or mark is None for key, mark in marks.items()), "one that exists is kept"
        if "scanned" in states:
            assert marks == EXPECTED, f"STATE passed what is not durable ({fatal})"
        states, _ = world.run(scan())
        assert states[-1] == "scanned"
        assert world.marks() == EXPECTED, f"killed at {fatal}"
        wanted = "out of use" if on_delete == "inactivate" else None
        assert world.states() == {str(n): wanted if n in GONE else None for n in KNOWN}
    writes = world.things.writes
    world.run(scan())
    assert world.things.writes == writes, "and then nothing is left to do"
    assert fatal > 8, "there are that many moments"
