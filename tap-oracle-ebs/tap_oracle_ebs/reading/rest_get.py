"""Reading tables by GET: paths, filters, one page at a time.

Names of parameters, operators, date mask and offset base are settings, since no public text settles them;
what the WADL declares corrects the names.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.zones import ServerZone
from tap_oracle_ebs.catalog.tables import Kind, Table
from tap_oracle_ebs.gateway.answers import Row, RowReader, Value, records_in
from tap_oracle_ebs.gateway.client import Client
from tap_oracle_ebs.gateway.masks import date_mask
from tap_oracle_ebs.reading.get_pages import GetPages
from tap_oracle_ebs.reading.grammar import CONTROLS, Grammar, Grammars
from tap_oracle_ebs.reading.names import filled
from tap_oracle_ebs.reading.selection import Page, Selection

logger = logging.getLogger("tap-oracle-ebs")

_WORDS = {">=": "ge", "<=": "le", ">": "gt", "<": "lt", "=": "eq"}


class TableReader:
    """Reads tables through one client. All rows come in one form; see `answers.RowReader`."""

    def __init__(self, client: Client, settings: Mapping[str, Any]) -> None:
        self.client = client
        self.zone = ServerZone(str(settings["server_timezone"]))
        self._settings = settings
        self._mask = date_mask(str(settings["date_mask"]))
        answer_mask = settings.get("answer_date_mask")
        self._answer_mask = date_mask(str(answer_mask)) if answer_mask else None
        self._page_size = int(settings["page_size"])
        self._short_pages: dict[str, int] = {}
        self._grammars = Grammars(client, settings)
        self._forms: dict[tuple[Table, bool], RowReader] = {}

    def setting(self, name: str) -> Any:
        """Return a setting of the tap."""
        return self._settings.get(name)

    def operation(self, table: Table) -> str:
        """Return the name under which a table is deployed."""
        return str((self._settings.get("operations") or {}).get(table.name, table.name))

    def alias(self, table: Table) -> str:
        """Return the alias under which a table is deployed."""
        return str((self._settings.get("aliases") or {}).get(table.name) or self._settings["alias"])

    def needs_unit(self, table: Table) -> bool:
        """Tell whether the multi-org policy filters the table under the name it is read by."""
        return table.is_split and not self.operation(table).upper().endswith("_ALL")

    def path(self, table: Table, operation: str | None = None) -> str:
        """Return the path of a table below the services."""
        return filled(
            self._settings,
            "table_path",
            alias=self.alias(table),
            operation=operation or self.operation(table),
            table=table.name,
        )

    def place(self, table: Table) -> str:
        """Say where a table is read, for the log."""
        return f"GET {self.path(table)}"

    def control_name(self, table: Table, control: str) -> str:
        """Return the query name of `select`, `filter`, `sort`, `limit` or `offset`; empty: none is sent."""
        return self._grammar(table).controls[control]

    def server_time(self, table: Table) -> dt.datetime | None:
        """Return the server's present time by the Date header; without any answer yet, probe the table."""
        if self.client.server_time() is None:
            self.first(table)
        return self.client.server_time()

    def require_visible(self, table: Table) -> None:
        """Stop where a multi-org name shows no row at all: the context lacks its operating unit."""
        if self.needs_unit(table) and not any(self.read_first(table)):
            raise SystemFault(
                f"{self.operation(table)} shows no row at all. The multi-org policy hides every row where "
                f"the context has no operating unit, or one that the responsibility lacks.",
                fix="Set `org_ids` to units that the responsibility may see, or read the name with _ALL.",
            )

    def read(self, table: Table, selection: Selection | None = None) -> Iterator[Page]:
        """Yield the pages of a selection, by default of the whole table; one unit after the other."""
        chosen = selection or Selection()
        narrow = self._key_table(table) if chosen.keys_only else table
        units: Sequence[int | None] = [None]
        if self.needs_unit(table) and self.client.context.org_ids:
            units = self.client.context.org_ids
        for part in self._parts(narrow, chosen):
            for unit in units:
                yield from GetPages(self, narrow, part, unit).pages()

    def read_first(self, table: Table) -> Iterator[Row]:
        """Yield one row of each operating unit that shows any."""
        for unit in self.client.context.org_ids or (None,):
            yield from self.fetch(table, (), (), unit, 1).rows

    def first(self, table: Table, selection: Selection | None = None, *, rows: int = 1) -> Page:
        """Return at most `rows` rows: a probe."""
        return self.fetch(table, self.conditions(table, selection or Selection()), (), None, rows)

    def fetch(
        self,
        table: Table,
        conditions: Sequence[str],
        order: Sequence[str],
        org_id: int | None,
        limit: int,
        offset: int | None = None,
        *,
        lower_names: bool = False,
    ) -> Page:
        """Ask for one page."""
        grammar = self._grammar(table)
        values = {
            "select": ",".join(column.name for column in table.columns),
            "filter": " AND ".join(conditions),
            "sort": ",".join(filled(self._settings, "sort_item", column=column) for column in order),
            "limit": str(limit),
            "offset": "" if offset is None else str(offset + int(self._settings["offset_base"])),
        }
        names = grammar.controls
        query = {
            names[control]: values[control] for control in CONTROLS if names[control] and values[control]
        }
        extracted = dt.datetime.now(dt.UTC)
        response = self.client.get(
            self.path(table, grammar.operation),
            grammar.operation,
            query,
            org_id=org_id,
            known=grammar.context,
        )
        records = records_in(self.client.document(response), grammar.operation)
        return Page(self._form(table, lower_names).rows(records), extracted)

    def conditions(self, table: Table, selection: Selection) -> list[str]:
        """Return the filter of a selection as a list of conditions that must all hold."""
        conditions = []
        if selection.start is not None:
            bound = self._mask.write(self.zone.lower_bound(selection.start))
            conditions.append(self.compare(selection.date_column, ">=", f"'{bound}'"))
        if selection.end is not None:
            bound = self._mask.write(self.zone.local(selection.end))
            operator = "<=" if selection.closed else "<"
            conditions.append(self.compare(selection.date_column, operator, f"'{bound}'"))
        if selection.values:
            listed = ",".join(self.literal(table, selection.column, value) for value in selection.values)
            conditions.append(f"{selection.column} IN ({listed})")
        for key in selection.keys:
            pairs = zip(table.key, key, strict=True)
            conditions += [self.compare_value(table, column, "=", value) for column, value in pairs]
        return conditions

    def compare(self, column: str, operator: str, literal: str) -> str:
        """Return one comparison in the operators of this gateway."""
        words = self._settings["filter_operators"] == "words"
        return f"{column} {_WORDS[operator] if words else operator} {literal}"

    def compare_value(self, table: Table, column: str, operator: str, value: Value) -> str:
        """Return the comparison of a column with a value of its own form."""
        return self.compare(column, operator, self.literal(table, column, value))

    def literal(self, table: Table, column: str, value: Value) -> str:
        """Return a value as the literal of its column's type: text and dates are quoted."""
        kind = table.column(column).kind
        if kind is Kind.TEXT:
            quoted = str(value).replace("'", "''")
            return f"'{quoted}'"
        if kind is Kind.DATE:
            return f"'{self._mask.write(self.zone.local(dt.datetime.fromisoformat(str(value))))}'"
        return str(value)

    def page_size(self, table: Table) -> int:
        """Return the rows per page: the setting, or less where the server was seen to give less."""
        return self._short_pages.get(table.name, self._page_size)

    def note_short_pages(self, table: Table, rows: int) -> None:
        """Remember that the server cuts pages to this many rows."""
        logger.warning(
            "%s gives at most %d rows per page, not `page_size` %d.", table.name, rows, self._page_size
        )
        self._short_pages[table.name] = rows

    @property
    def by_keyset(self) -> bool:
        """Whether pages continue after the last key."""
        return bool(self._settings["paging"] == "keyset")

    def _grammar(self, table: Table) -> Grammar:
        return self._grammars.of(self.alias(table), self.operation(table))

    def _form(self, table: Table, lower_names: bool) -> RowReader:
        form = self._forms.get((table, lower_names))
        if form is None:
            form = RowReader(table, self.zone, self._answer_mask, lower_names=lower_names)
            self._forms[table, lower_names] = form
        return form

    def _key_table(self, table: Table) -> Table:
        """Return the table with what tells rows apart, and with what tells whose they are."""
        wanted = {*table.key, *(("ORG_ID",) if self.client.context.org_ids else ())}
        columns = tuple(column for column in table.columns if column.name in wanted)
        return dataclasses.replace(table, columns=columns)

    def _parts(self, table: Table, selection: Selection) -> Iterator[Selection]:
        """Cut a list of values into lists that fit into an address, and whole keys into single ones."""
        by_list = len(table.key) == 1 and bool(self._settings["key_list_filter"])
        if selection.keys and by_list:
            values = tuple(_plain(key[0]) for key in selection.keys)
            selection = dataclasses.replace(selection, column=table.key[0], values=values, keys=())
        for key in selection.keys:
            yield dataclasses.replace(selection, keys=(key,))
        if selection.keys:
            return
        if not selection.column:
            yield selection
            return
        yield from self._lists(table, selection)

    def _lists(self, table: Table, selection: Selection) -> Iterator[Selection]:
        room = self._room_for_keys(table)
        largest = int(self._settings["key_list_size"])
        part: list[int | str] = []
        length = 0
        for value in selection.values:
            # A comma takes three characters once it is encoded.
            width = len(urllib.parse.quote(self.literal(table, selection.column, value), safe="")) + 3
            if part and (length + width > room or len(part) >= largest):
                yield dataclasses.replace(selection, values=tuple(part))
                part, length = [], 0
            part.append(value)
            length += width
        if part:
            yield dataclasses.replace(selection, values=tuple(part))

    def _room_for_keys(self, table: Table) -> int:
        columns = urllib.parse.quote(",".join(column.name for column in table.columns), safe="")
        fixed = len(self.path(table)) + len(columns) + 700
        return max(100, int(self._settings["max_url_length"]) - fixed)


def _plain(value: Value) -> int | str:
    return value if isinstance(value, int) else str(value)
