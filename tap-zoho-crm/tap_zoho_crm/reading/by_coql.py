"""Reading by COQL in the order of Modified_Time and id: any number of records, any number in one second."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ml_connector.vendors.zoho import coql
from ml_connector.vendors.zoho.client import ZohoClient
from ml_connector.vendors.zoho.faults import ApiRefusal
from ml_connector.vendors.zoho.metadata import MODIFIED
from ml_connector.vendors.zoho.records import (
    Page,
    Place,
    coql_page,
    field_batches,
    joined,
    one,
    place_of,
)
from ml_connector.vendors.zoho.values import parse_instant
from tap_zoho_crm.reading.chunk import Chunk, Order, Raw, WayRefused

REFUSALS = frozenset({"INVALID_MODULE", "INVALID_QUERY", "NOT_SUPPORTED", "FEATURE_NOT_ENABLED"})
"""What Zoho answers where COQL does not know a module, a column or the edition."""

_FEW_COLUMNS = 50
_FEW_ROWS = 200


class CoqlWay:
    """Pages of `coql_rows`, in the order of time where the module has it, else of id."""

    def __init__(self, client: ZohoClient, settings: Mapping[str, Any]) -> None:
        self._client = client
        self._rows = int(settings["coql_rows"])
        self._columns = int(settings["coql_columns"])

    def read(self, order: Order) -> Iterator[Chunk]:
        """Yield the records. Raises WayRefused where COQL does not know the module or a column of it."""
        by_time = order.dated
        if by_time and order.start is None:
            yield from self._chunks(order, coql.is_null(MODIFIED), by_time=False)
        where = coql.changed_between(MODIFIED, order.start, order.end, closed=True) if by_time else None
        if by_time and where is None:
            where = coql.is_null(MODIFIED, null=False)
        yield from self._chunks(order, where, by_time=by_time)

    def _chunks(self, order: Order, where: coql.Condition | None, *, by_time: bool) -> Iterator[Chunk]:
        place: Place | None = None
        # Little has changed as a rule, and 200 rows cost a third of 2,000.
        first = order.dated and (order.start is not None or not by_time)
        limit = min(_FEW_ROWS, self._rows) if first else self._rows
        while True:
            question = _Question(order, where, place, by_time, limit)
            page, rows = self._whole_page(question)
            if page.rows:
                place = place_of(page.rows[-1], by_time=by_time)
            until = parse_instant(str(page.rows[-1][MODIFIED])) if by_time and page.rows else None
            yield Chunk(rows, page.extracted, until if page.more else None)
            if not page.more or not page.rows:
                return
            limit = self._rows

    def _whole_page(self, question: _Question) -> tuple[Page, list[Raw]]:
        """A page, and its rows with all columns."""
        names = question.order.names
        batches = field_batches(names, self._columns)
        try:
            page = self._page(question, batches[0])
        except ApiRefusal as refusal:
            # 50 columns in old pages, 500 in use: where fewer are allowed, it is asked again with those.
            if refusal.code != "LIMIT_EXCEEDED" or len(batches[0]) <= _FEW_COLUMNS:
                raise
            self._columns = _FEW_COLUMNS
            batches = field_batches(names, self._columns)
            page = self._page(question, batches[0])
        if len(batches) == 1 or not page.rows:
            return page, page.rows
        return page, self._completed(question, page, batches[1:])

    def _page(self, question: _Question, columns: Sequence[str]) -> Page:
        order = question.order
        try:
            return coql_page(
                self._client,
                order.module,
                columns,
                question.where,
                question.place,
                by_time=question.by_time,
                limit=question.limit,
                max_columns=self._columns,
            )
        except ApiRefusal as refusal:
            if question.place is None and refusal.code in REFUSALS:
                raise WayRefused(
                    f"COQL refuses {order.module}: {refusal.message}", fix="Read it by `read_way: list`."
                ) from refusal
            raise

    def _completed(self, question: _Question, first: Page, further: Sequence[Sequence[str]]) -> list[Raw]:
        """Ask for the other columns of the same rows; what changed meanwhile is read alone."""
        module = question.order.module
        pages = [first, *(self._page(question, columns) for columns in further)]
        known = {str(row["id"]) for row in first.rows}
        own = [[row for row in page.rows if str(row["id"]) in known] for page in pages]
        rows, doubtful = joined(own)
        return [*rows, *(row for each in doubtful if (row := one(self._client, module, each)) is not None)]


@dataclasses.dataclass(frozen=True, slots=True)
class _Question:
    """What one page is asked for, whatever the columns."""

    order: Order
    where: coql.Condition | None
    place: Place | None
    by_time: bool
    limit: int
