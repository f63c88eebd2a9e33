"""`tap-dead-letters`: reads one target's letters and sends them the way they came, to be tried again.

Records leave as the original tap sent them, under the original stream and with the original time, so that
the target maps, matches and merges them once more. Each carries the id of its letter beside the record, by
which a target knows a replay. Letters stay open until the target settles them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import click
from singer_sdk.helpers import types
from singer_sdk.helpers.capabilities import CapabilitiesEnum, PluginCapabilities, TapCapabilities
from singer_sdk.singerlib import RecordMessage, SchemaMessage, StateMessage
from singer_sdk.streams import Stream

from ml_connector.errors import ConnectorError
from ml_connector.ledger import Ledger, Letter
from ml_connector.ledger_access import open_ledger
from ml_connector.letters.selection import Selection, filter_of, select_letters
from ml_connector.redaction import redact
from ml_connector.settings import Setting
from ml_connector.singer.command import Check
from ml_connector.singer.tap import ConnectorTap

LETTER_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "integration",
        "The integration whose letters are sent again, as the target's own setting calls it.",
        required=True,
    ),
    Setting(
        "ledger_url",
        "Database that holds the letters: sqlite:///PATH or postgresql://USER@HOST/NAME. "
        "Default: .ml-connector/ledger.db beside the Meltano project.",
        secret=True,
    ),
    Setting(
        "target",
        "System that refused the records, such as zendesk. Needed where there are letters of several.",
    ),
    Setting("streams", "Only letters of these streams.", "array"),
    Setting("cause", "Only letters of this cause, such as vendor, invalid, duplicate, ambiguous, conflict."),
    Setting("reason", "Only letters whose reason contains this text, whatever its case."),
    Setting("older_than", "Only letters written longer ago than this: 30m, 2h, 7d."),
    Setting("newer_than", "Only letters written within this time: 30m, 2h, 7d."),
    Setting("run_id", "Only letters of this run, by its number in `ml-connector status`.", "integer"),
    Setting("ids", "Only these letters, by number.", "array", items={"type": ["integer"]}),
)


@dataclasses.dataclass(kw_only=True)
class ReplayMessage(RecordMessage):
    """A RECORD message that says, beside the record, which letter it comes from."""

    letter: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The message with its member `_ml_letter`: `id`, `overlay` and `decision` (or null)."""
        return {**RecordMessage.to_dict(self), "_ml_letter": dict(self.letter)}


class LetterStream(Stream):
    """The letters of one stream of the original tap, oldest first, each under its own SCHEMA."""

    def __init__(self, tap: TapDeadLetters, name: str, messages: Sequence[Mapping[str, Any]]) -> None:
        self.tap = tap
        self._messages = messages
        self._declared: Mapping[str, Any] | None = None
        super().__init__(tap, schema=_merged(messages), name=name)
        # A key that changed between two versions of the tap stays with each SCHEMA; the catalog has the last.
        self.primary_keys = list(messages[-1].get("key_properties") or ())

    def _letters(self) -> Iterator[Letter]:
        chosen = self.tap.selection
        wanted = dataclasses.replace(chosen.wanted, streams=[self.name])
        with self.tap.ledger.read(chosen.integration, chosen.target) as tx:
            yield from tx.letters.select(wanted)

    def get_records(self, context: types.Context | None) -> Iterator[dict[str, Any]]:
        """Yield the raw records."""
        for letter in self._letters():
            yield letter.raw

    def _write_schema_message(self) -> None:
        self._declare(self._messages[0])

    def _declare(self, message: Mapping[str, Any]) -> None:
        if message == self._declared:
            return
        self._declared = message
        self.tap.writer.write_message(
            SchemaMessage(
                self.name,
                dict(message["schema"]),
                list(message.get("key_properties") or ()),
                list(message.get("bookmark_properties") or ()) or None,
            )
        )

    def _sync_records(
        self, context: types.Context | None = None, *, write_messages: bool = True
    ) -> Generator[dict[str, Any], Any, Any]:
        for index, letter in enumerate(self._letters()):
            self._check_max_record_limit(current_record_index=index)
            if write_messages:
                self._write_letter(letter)
            yield letter.raw
            self.tap.stop_if_asked()
        if write_messages:
            self.tap.writer.write_message(StateMessage({"bookmarks": {}}))

    def _write_letter(self, letter: Letter) -> None:
        self._declare(letter.schema)
        extracted = None
        if letter.extracted_at is not None:
            extracted = dt.datetime.fromtimestamp(letter.extracted_at, dt.UTC)
        self.tap.writer.write_message(
            ReplayMessage(
                stream=self.name,
                record=letter.raw,
                time_extracted=extracted,
                letter={
                    "id": letter.id,
                    "overlay": letter.overlay,
                    "decision": (letter.detail or {}).get("decision"),
                },
            )
        )
        self.tap.summary.records[self.name] += 1

    def _write_state_message(self) -> None:
        """Nothing here; `_sync_records` ends with an empty STATE: what is left to send, the ledger knows."""


def _merged(messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for message in messages:
        properties |= message["schema"].get("properties") or {}
    return {**messages[-1]["schema"], "type": "object", "properties": properties}


class TapDeadLetters(ConnectorTap):
    """A tap whose streams are the open letters of one target."""

    name = "tap-dead-letters"
    package_name = "ml-connector"
    settings = LETTER_SETTINGS
    dynamic_catalog = True
    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        TapCapabilities.CATALOG,
        TapCapabilities.DISCOVER,
        PluginCapabilities.ABOUT,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._ledger: Ledger | None = None
        self._selection: Selection | None = None
        super().__init__(*args, **kwargs)

    @property
    def ledger(self) -> Ledger:
        """The ledger, opened when it is first needed."""
        if self._ledger is None:
            self._ledger = open_ledger(self.config.get("ledger_url"))
        return self._ledger

    @property
    def selection(self) -> Selection:
        """The letters that the settings describe."""
        if self._selection is None:
            self._selection = select_letters(
                self.ledger,
                str(self.config["integration"]),
                self.config.get("target"),
                filter_of(self.config),
            )
        return self._selection

    def discover_streams(self) -> list[Stream]:
        """One stream per stream name among the letters meant; none when there are no letters."""
        chosen = self.selection
        with self.ledger.read(chosen.integration, chosen.target) as tx:
            schemas = tx.letters.schemas(chosen.wanted)
        if not schemas:
            self.logger.info("No letter matches the settings: there is nothing to send again.")
        return [LetterStream(self, name, messages) for name, messages in schemas.items()]

    def checks(self) -> Iterable[Check]:
        """Whether the ledger opens, and how many letters the settings describe."""
        chosen = self.selection
        with self.ledger.read(chosen.integration, chosen.target) as tx:
            count = sum(group["letters"] for group in tx.letters.groups(chosen.wanted))
        yield Check("ledger", ok=True, detail=self.ledger.engine.url.render_as_string(hide_password=True))
        yield Check("letters", ok=True, detail=f"{count} letters match the settings.")

    def load_state(self, state: dict[str, Any]) -> None:
        """Ignore it: what is to be sent again is in the ledger alone."""

    def close(self) -> None:
        """Give the ledger back."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    @classmethod
    def cb_discover(cls, ctx: click.Context, param: click.Option, value: bool) -> None:
        """Discovery reads the ledger, so it can fail as a run can."""
        try:
            super().cb_discover(ctx, param, value)
        except ConnectorError as error:
            cls.logger.error("%s", redact(error.message))
            if error.fix:
                cls.logger.error("%s", redact(error.fix))
            ctx.exit(error.exit_code)


if __name__ == "__main__":
    TapDeadLetters.cli()
