"""Records in one form, and two ways to read them that tap and target share: COQL by key, and by id."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.vendors.zoho import api_credits, coql
from ml_connector.vendors.zoho.client import ZohoClient
from ml_connector.vendors.zoho.faults import ApiRefusal
from ml_connector.vendors.zoho.metadata import MODIFIED, Field
from ml_connector.vendors.zoho.values import Convert, WrongValue, converter, parse_instant

Record = dict[str, Any]

FIELDS_PER_CALL = 50
IDS_PER_CALL = 100
RICH_TEXT_CUT = 500
LEADS = "Leads"
"""The module whose lists leave out converted records unless they are asked for."""


class Form:
    """The form of a module's records: each of `fields`, in their order, `id` first."""

    def __init__(self, module: str, fields: Iterable[Field]) -> None:
        self.module = module
        named = {field.api_name: field for field in fields}
        first = named.pop("id", None) or Field("id", "bigint")
        self.fields: tuple[Field, ...] = (first, *named.values())
        self._converters: tuple[tuple[str, Convert], ...] = tuple(
            (field.api_name, converter(field)) for field in self.fields
        )

    @property
    def names(self) -> list[str]:
        """The API names of its fields."""
        return [field.api_name for field in self.fields]

    def record(self, raw: Mapping[str, Any]) -> Record:
        """Bring a record into form; what it lacks is None.

        Raises:
            SystemFault: a value is none of its field's type.
        """
        made: Record = {}
        for name, convert in self._converters:
            try:
                made[name] = convert(raw.get(name))
            except WrongValue as error:
                raise SystemFault(
                    f"zoho-crm: {self.module} {raw.get('id')}: {name}: {error}.",
                    fix="The metadata of the field and its values disagree: look at the field in Zoho's "
                    "setup, or leave it out of the selection.",
                ) from None
        return made


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a reading by key stands: the last row's time of change (None: by id alone) and id."""

    id: str
    changed: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Rows as they came, when Zoho was asked for them, and whether more follow."""

    rows: list[Record]
    extracted: dt.datetime
    more: bool = False


def coql_page(
    client: ZohoClient,
    module: str,
    columns: Sequence[str],
    where: coql.Condition | None,
    after: Place | None = None,
    *,
    by_time: bool = True,
    limit: int = coql.MAX_ROWS,
    max_columns: int = coql.MAX_COLUMNS,
) -> Page:
    """One page in the order of Modified_Time and id (`by_time`), or of id, after a place.

    `columns` must hold id, and Modified_Time where `by_time`.
    """
    order = [MODIFIED, "id"] if by_time else ["id"]
    condition = where
    if after is not None:
        further = coql.after(MODIFIED if by_time else None, after.changed, after.id)
        condition = further if where is None else where & further
    extracted = dt.datetime.now(dt.UTC)
    answer = client.query(
        coql.select(module, columns, condition, order, limit, max_columns=max_columns), limit
    )
    rows = _rows(answer)
    more = _object(answer.get("info")).get("more_records")
    return Page(rows, extracted, bool(more) if isinstance(more, bool) else len(rows) >= limit)


def coql_pages(
    client: ZohoClient,
    module: str,
    columns: Sequence[str],
    where: coql.Condition | None = None,
    *,
    by_time: bool = True,
    limit: int = coql.MAX_ROWS,
) -> Iterator[Page]:
    """All rows that satisfy `where`, whatever their number and however many share a second."""
    place: Place | None = None
    while True:
        page = coql_page(client, module, columns, where, place, by_time=by_time, limit=limit)
        yield page
        if not page.more or not page.rows:
            return
        place = place_of(page.rows[-1], by_time=by_time)


def place_of(row: Mapping[str, Any], *, by_time: bool) -> Place:
    """The place of a row as it came."""
    return Place(str(row["id"]), parse_instant(str(row[MODIFIED])) if by_time else None)


def by_ids(client: ZohoClient, module: str, names: Sequence[str], ids: Sequence[str]) -> Iterator[Page]:
    """The records with these ids as they are now, in pages of a hundred; one that is not there is left out.

    More than 50 names take several calls; a record that changed in between is read alone, whole.
    """
    for start in range(0, len(ids), IDS_PER_CALL):
        wanted = list(dict.fromkeys(ids[start : start + IDS_PER_CALL]))
        extracted = dt.datetime.now(dt.UTC)
        batches = [_in_parts(wanted, partial(_named, client, module, part)) for part in field_batches(names)]
        rows, doubtful = joined(batches)
        for identifier in doubtful:
            row = one(client, module, identifier)
            if row is not None:
                rows.append(row)
        yield Page(rows, extracted)


def one(client: ZohoClient, module: str, identifier: str) -> Record | None:
    """One record with all that it has, subforms and multi-select lookups too; None if there is none."""
    try:
        answer = client.get(f"{module}/{identifier}", what="get", cost=api_credits.ONE_RECORD)
    except ApiRefusal as refusal:
        # An id that is none of this module; the address and the module itself were found right before.
        if refusal.status == 400 and refusal.code == "INVALID_DATA":
            return None
        raise
    rows = _rows(answer)
    return rows[0] if rows else None


def field_batches(names: Sequence[str], size: int = FIELDS_PER_CALL) -> list[list[str]]:
    """Cut names into calls of at most `size`; each asks for Modified_Time too, where that is among them."""
    shared = [MODIFIED] if MODIFIED in names else []
    rest = [name for name in names if name not in {"id", MODIFIED}]
    room = size - len(shared) - 1
    parts = [rest[start : start + room] for start in range(0, len(rest), room)] or [[]]
    return [["id", *shared, *part] for part in parts]


def joined(batches: Sequence[Sequence[Mapping[str, Any]]]) -> tuple[list[Record], list[str]]:
    """Join the rows of several calls on their ids, in the order of the first.

    Returns the whole rows, and the ids of those that are not in every batch, or changed between two.
    """
    if len(batches) == 1:
        return [dict(row) for row in batches[0]], []
    found = [{str(row["id"]): row for row in batch} for batch in batches]
    rows: list[Record] = []
    doubtful: list[str] = []
    for identifier in dict.fromkeys(key for batch in found for key in batch):
        parts = [batch.get(identifier) for batch in found]
        whole = [part for part in parts if part is not None]
        if len(whole) < len(parts) or len({part.get(MODIFIED) for part in whole}) > 1:
            doubtful.append(identifier)
        else:
            rows.append({name: value for part in whole for name, value in part.items()})
    return rows, doubtful


def whole_texts(client: ZohoClient, module: str, fields: Iterable[Field], rows: Sequence[Record]) -> None:
    """Replace rich texts that were cut in `rows`: lists give their first 500 characters (Get records).

    One of about that length is asked for, whether it was cut or not; `fields` are those of the rows.
    """
    rich = [field.api_name for field in fields if field.rich]
    cut = {str(row["id"]): row for row in rows if any(_may_be_cut(row.get(name)) for name in rich)}
    ids = list(cut)
    for start in range(0, len(ids), IDS_PER_CALL):
        ask = partial(_full_texts, client, module, rich)
        for found in _in_parts(ids[start : start + IDS_PER_CALL], ask):
            row = cut.get(str(found.get("id")), {})
            row.update({name: found[name] for name in rich if name in found})


def _may_be_cut(value: Any) -> bool:
    # Whether a mark of the cut, such as three dots, counts among the 500 is not stated.
    return isinstance(value, str) and RICH_TEXT_CUT <= len(value) <= RICH_TEXT_CUT + 10


def _full_texts(client: ZohoClient, module: str, names: Sequence[str], ids: Sequence[str]) -> list[Record]:
    parameters = {"ids": ",".join(ids), "fields": ",".join(names)}
    return _rows(client.get(f"{module}/actions/fetch_full_data", parameters, what="rich text"))


def _in_parts(ids: Sequence[str], ask: Callable[[Sequence[str]], list[Record]]) -> list[Record]:
    """Ask for ids at once, or by halves where they are too many: how many a call takes is not stated."""
    try:
        return ask(ids)
    except ApiRefusal as refusal:
        if refusal.code != "LIMIT_EXCEEDED" or len(ids) == 1:
            raise
    half = len(ids) // 2
    return [*_in_parts(ids[:half], ask), *_in_parts(ids[half:], ask)]


def _named(client: ZohoClient, module: str, names: Sequence[str], ids: Sequence[str]) -> list[Record]:
    parameters = {"fields": ",".join(names), "ids": ",".join(ids), "per_page": IDS_PER_CALL * 2}
    if module == LEADS:
        parameters["converted"] = "both"
    return _rows(client.get(module, parameters))


def _rows(answer: Mapping[str, Any]) -> list[Record]:
    data = answer.get("data")
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
