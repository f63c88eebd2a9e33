"""Reading through the read package: POST, pages by key, failures that it reports in its own status.

One operation per table, and one per business object; all of them take the same parameters and say in the
same outputs whether there is more. Both bounds of a range belong to it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.zones import ServerZone
from tap_oracle_ebs.catalog.tables import Kind, Table
from tap_oracle_ebs.gateway.answers import (
    Row,
    RowReader,
    as_records,
    integer_of,
    is_null,
    messages_of,
    outputs_in,
    text_of,
)
from tap_oracle_ebs.gateway.client import SYSTEM, Client
from tap_oracle_ebs.gateway.masks import DateMask, date_mask
from tap_oracle_ebs.reading.names import filled
from tap_oracle_ebs.reading.package_pages import PackagePages
from tap_oracle_ebs.reading.selection import Page, Selection

logger = logging.getLogger("tap-oracle-ebs")

ROWS = "X_ROWS"
ISO_MASK = 'YYYY-MM-DD"T"HH24:MI:SS'
_UNEXPECTED_REPEATS = 2
_SECOND = dt.timedelta(seconds=1)


@dataclasses.dataclass(frozen=True)
class PackagePage:
    """What one call gave: rows by collection, whether there is more, the key of the last row.

    `extracted`: before it was asked for. `more` is None where the package does not say.
    """

    rows: Mapping[str, list[Row]]
    extracted: dt.datetime
    more: bool | None = None
    last_key: str = ""


class PackageReader:
    """Calls the operations of the read package through one client.

    Names of operations, parameters and collections are those of the contract; a site's own are translated
    here, by `package_operations`, `package_parameters` and `package_collections`.
    """

    def __init__(self, client: Client, settings: Mapping[str, Any]) -> None:
        self.client = client
        self.zone = ServerZone(str(settings["server_timezone"]))
        self.page_size = int(settings["page_size"])
        self.date_mask: DateMask = date_mask(str(settings["package_date_mask"]))
        # The usual mask is ISO 8601, for which reading is faster.
        self._answer_mask = None if self.date_mask.text == ISO_MASK else self.date_mask
        self._settings = settings
        self._backoff = float(settings["backoff"])
        self._parameters: Mapping[str, str] = settings.get("package_parameters") or {}
        self._collections: Mapping[str, str] = settings.get("package_collections") or {}
        self._forms: dict[tuple[Table, bool], RowReader] = {}
        self._clock: tuple[float, dt.datetime] | None = None

    def setting(self, name: str) -> Any:
        """Return a setting of the tap."""
        return self._settings.get(name)

    def operation(self, name: str) -> str:
        """Return the site's name of an operation of the contract: of a table or a business stream."""
        named = self._settings.get("package_operations") or {}
        return str(named.get(name.lower()) or name).lower()

    def alias(self, name: str) -> str:
        """Return the alias of an operation of the contract."""
        own = (self._settings.get("package_aliases") or {}).get(name.lower())
        return str(own or self._settings.get("package_alias") or self._settings["alias"])

    def path(self, name: str) -> str:
        """Return the path of an operation below the services."""
        return filled(self._settings, "package_path", alias=self.alias(name), operation=self.operation(name))

    def place(self, table: Table) -> str:
        """Say where a table is read, for the log."""
        return f"package operation {self.path(table.name)}"

    def takes(self, parameter: str) -> bool:
        """Tell whether a parameter of the contract is sent at this site."""
        return self._parameters.get(parameter, parameter) != ""

    def parameter(self, name: str) -> str:
        """Return the site's name of a parameter of the contract."""
        return self._parameters.get(name, name)

    def date_text(self, instant: dt.datetime) -> str:
        """Return an instant as a date of the package: in its mask, in the server's zone."""
        return self.date_mask.write(self.zone.local(instant))

    def range_parameters(self, selection: Selection) -> dict[str, str]:
        """Return the bounds of a selection. Both belong to the range, so an open end is a second less.

        Pages by P_OFFSET get no upper bound: a row that left the range meanwhile would shift all behind it.
        """
        bounds = {}
        if selection.start is not None:
            bounds["P_LAST_UPDATE_FROM"] = self.date_mask.write(self.zone.lower_bound(selection.start))
        if selection.end is not None and self.takes("P_LAST_KEY"):
            end = selection.end if selection.closed else selection.end - _SECOND
            bounds["P_LAST_UPDATE_TO"] = self.date_text(end)
        return bounds

    def pages(
        self,
        operation: str,
        parameters: Mapping[str, str | None],
        collections: Mapping[str, Table],
        *,
        lower_names: bool = False,
    ) -> Iterator[PackagePage]:
        """Yield the pages of an operation, until it says that there is no more.

        `operation` and the names in `parameters` (`P_...`) and `collections` (`X_...`) are the contract's.
        Each collection is read as rows of the columns of its Table. X_ROWS must be among them: the pages
        continue after the key of its last row. P_ORG_ID, P_LIMIT and P_LAST_KEY are added here.
        """
        return PackagePages(self, operation, parameters, collections, lower_names=lower_names).pages()

    def read(self, table: Table, selection: Selection | None = None) -> Iterator[Page]:
        """Yield the pages of a selection of one table; the rows are those that GET would give."""
        chosen = selection or Selection()
        for part in self._parts(table, chosen):
            parameters: dict[str, str | None] = {**self.range_parameters(part)}
            if part.keys:
                parameters["P_KEYS"] = ",".join(self.key_text(table, key) for key in part.keys)
            if part.keys_only:
                parameters["P_KEYS_ONLY"] = "Y"
            pages = PackagePages(
                self,
                table.name.lower(),
                parameters,
                {ROWS: _key_table(table) if part.keys_only else table},
                lower_names=part.lower_names,
                selection=part,
            )
            for page in pages.pages():
                if page.rows[ROWS]:
                    yield Page(page.rows[ROWS], page.extracted)

    def server_time(self, table: Table) -> dt.datetime | None:
        """Return the server's present time; the operation of a table is called if none is known yet."""
        return self.time_by(table.name.lower())

    def time_by(self, operation: str) -> dt.datetime | None:
        """Return the server's present time: as the package says it, else by the Date header.

        The operation is called for it where no answer told the time yet.
        """
        if self._clock is None:
            self.call(operation, {"P_LIMIT": "1"}, {})
        return self.own_time() or self.client.server_time()

    def own_time(self) -> dt.datetime | None:
        """Return the present time by X_SERVER_TIME; None where no answer had it."""
        if self._clock is None:
            return None
        at, when = self._clock
        return when + dt.timedelta(seconds=time.monotonic() - at)

    def require_visible(self, table: Table) -> None:
        """Do nothing: the package reads the tables of all units, whatever the context."""

    def call(
        self,
        operation: str,
        parameters: Mapping[str, str | None],
        collections: Mapping[str, Table],
        *,
        lower_names: bool = False,
    ) -> PackagePage:
        """Call an operation once, with no parameter but those given, and P_ORG_ID."""
        inputs = self._inputs(parameters)
        extracted = dt.datetime.now(dt.UTC)
        outputs = self._outputs(operation, inputs)
        self._note_time(outputs)
        rows, last_key = {}, ""
        for name, table in collections.items():
            records = as_records(outputs.get(self._output(name)), self.operation(operation))
            rows[name] = self._form(table, lower_names).rows(records)
            if name == ROWS and records:
                last_key = _raw_key(table, records[-1], self.date_mask)
        return PackagePage(rows, extracted, self._more(outputs), last_key)

    def key_text(self, table: Table, key: Sequence[Any]) -> str:
        """Return a key as text of the package: its values joined by `~`."""
        texts = []
        for column, value in zip(table.key, key, strict=True):
            is_date = table.column(column).kind is Kind.DATE
            text = self.date_text(dt.datetime.fromisoformat(str(value))) if is_date else str(value)
            if "," in text or "~" in text:
                raise SystemFault(
                    f"The package takes no key value with a comma or a tilde: {column} {text!r}.",
                    fix="Read this record by `from` and `to` instead of `keys`.",
                )
            texts.append(text)
        return "~".join(texts)

    def _form(self, table: Table, lower_names: bool) -> RowReader:
        form = self._forms.get((table, lower_names))
        if form is None:
            form = RowReader(table, self.zone, self._answer_mask, lower_names=lower_names)
            self._forms[table, lower_names] = form
        return form

    def _inputs(self, parameters: Mapping[str, str | None]) -> dict[str, str]:
        units = ",".join(map(str, self.client.context.org_ids))
        given = {**({"P_ORG_ID": units} if units else {}), **parameters}
        if given.get("P_KEYS") and not self.takes("P_KEYS"):
            raise SystemFault(
                "`package_parameters` says that the package takes no P_KEYS.",
                fix="Give P_KEYS a name there, or read by `from` and `to` instead of `keys`.",
            )
        return {
            self.parameter(name): value
            for name, value in given.items()
            if value is not None and self.takes(name)
        }

    def _output(self, name: str) -> str:
        return self._collections.get(name, name)

    def _outputs(self, operation: str, inputs: Mapping[str, str]) -> Mapping[str, Any]:
        """Call until the package reports no unexpected failure; those may pass, expected ones do not."""
        own = self.operation(operation)
        for attempt in range(_UNEXPECTED_REPEATS + 1):
            response = self.client.post(self.path(operation), own.upper(), inputs)
            outputs = outputs_in(self.client.document(response), own)
            status = text_of(outputs.get(self._output("X_RETURN_STATUS")))
            if status is None and self._output(ROWS) not in outputs:
                raise self._no_answer(own, outputs)
            if status is None or status.strip().upper() == "S":
                return outputs
            if status.strip().upper() == "U" and attempt < _UNEXPECTED_REPEATS:
                logger.warning("%s reports an unexpected failure: calling it again", own)
                self.client.pause(self._backoff * 2**attempt)
                continue
            break
        raise SystemFault(
            f"{SYSTEM}: {own} answered X_RETURN_STATUS {status!r}: "
            f"{messages_of(outputs, self._output('X_MSG_DATA')) or 'no message'}.",
            fix="The package itself reports this; correct what it names, or ask who installed it.",
        )

    def _no_answer(self, operation: str, outputs: Mapping[str, Any]) -> SystemFault:
        shown = ", ".join(sorted(name for name in outputs if not name.startswith("@"))) or "nothing"
        return SystemFault(
            f"{SYSTEM}: {operation} answered without {self._output('X_RETURN_STATUS')} and "
            f"{self._output(ROWS)}, but with {shown}.",
            fix="Correct `package_collections`, or `package_operations`: another operation seems to answer.",
        )

    def _more(self, outputs: Mapping[str, Any]) -> bool | None:
        value = outputs.get(self._output("X_HAS_MORE"))
        return None if is_null(value) else str(value).strip().upper() in {"Y", "YES", "TRUE"}

    def _note_time(self, outputs: Mapping[str, Any]) -> None:
        text = text_of(outputs.get(self._output("X_SERVER_TIME")))
        if text is None:
            return
        try:
            when = self.zone.to_utc(
                self.date_mask.read(text) if self._answer_mask else dt.datetime.fromisoformat(text)
            )
        except ValueError:
            raise SystemFault(
                f"{SYSTEM}: the package says that the time is {text!r}, which does not fit its mask.",
                fix="Correct `package_date_mask`.",
            ) from None
        self._clock = (time.monotonic(), when)

    def _parts(self, table: Table, selection: Selection) -> Iterator[Selection]:
        """Cut a list of keys into lists that the package takes."""
        keys = selection.keys
        if selection.column:
            if (selection.column,) != table.key:
                raise SystemFault(f"The package selects {table.name} by its key, not by {selection.column}.")
            keys = tuple((value,) for value in selection.values)
        if not keys:
            yield selection
            return
        size = int(self._settings["key_list_size"])
        for start in range(0, len(keys), size):
            yield dataclasses.replace(selection, keys=keys[start : start + size], column="", values=())


def _key_table(table: Table) -> Table:
    return dataclasses.replace(table, columns=tuple(table.column(name) for name in table.key))


def _raw_key(table: Table, record: Mapping[str, Any], mask: DateMask) -> str:
    """Return the key of a row as the package wrote it; it is given back as it came."""
    texts = []
    for column in table.key:
        value, kind = record.get(column), table.column(column).kind
        if is_null(value):
            raise SystemFault(
                f"A row of {table.name} has no {column}, which is part of its key.",
                fix="The package must fill the key columns of each row.",
            )
        texts.append(_given_back(value, kind, mask))
    return "~".join(texts)


def _given_back(value: Any, kind: Kind, mask: DateMask) -> str:
    """Return a key value as the package wants it: dates in its mask, though it may give them as dateTime."""
    if kind is Kind.INTEGER:
        return str(integer_of(value))
    text = str(value)
    if kind is Kind.DATE:
        try:
            mask.read(text)
        except ValueError:
            return mask.write(dt.datetime.fromisoformat(text))
    return text
