"""Which case is which ticket: where the ticket's number is kept, and how cases are found by it.

From 7.0.2 on it is `externalId`. Below, it is the attribute that `ticket_number_field` names. Where OroCRM's
own Zendesk integration is installed, its tickets say it too, also of cases that it brought itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ml_connector.ledger import is_blank
from ml_connector.singer.key_index import KeyIndex
from ml_connector.vendors.oro.faults import ApiRefusal
from ml_connector.vendors.oro.records import Record
from ml_connector.vendors.oro.types import EXTERNAL_ID
from target_oro_crm.tools import Tools, can_be_held

CASES, TICKETS = "cases", "zendesktickets"
NUMBER, ORIGIN, RELATED_CASE = "ticket_number", "originId", "relatedCase"
_FEW = 20  # so many are asked for singly where no filter takes a list


class KeptKeys:
    """Keys in an attribute that OroCRM cannot be asked by: read once, kept in the ledger, then what is new.

    Ids only rise, so what came since the last look is what has a higher one.
    """

    def __init__(self, tools: Tools, kind: str, attribute: str) -> None:
        self._tools = tools
        self._kind = kind
        self._attribute = attribute
        self._index: KeyIndex | None = None
        self._known: dict[str, list[str]] = {}
        self._last = 0

    def attach(self, index: KeyIndex) -> None:
        """Where the keys are kept."""
        self._index = index

    def holders(self, values: Sequence[str]) -> dict[str, list[str]]:
        """Ids of records by the values that they hold; each is to be confirmed."""
        self._freshen()
        if self._index is None:
            return {value: self._known[value] for value in values if value in self._known}
        return dict(self._index.holders(self._kind, self._attribute, values))

    def _freshen(self) -> None:
        if self._index is not None:
            self._last = max(self._last, int(self._index.mark(self._kind, self._attribute) or 0))
        pages = self._tools.client.pages(
            self._kind, fields={self._kind: [self._attribute]}, after=self._last or None
        )
        for page in pages:
            rows = [(str(each["id"]), self._value(each)) for each in page.resources]
            self._last = int(rows[-1][0])
            self._note([(key, value) for key, value in rows if value])

    def _value(self, resource: Mapping[str, object]) -> str:
        attributes = resource.get("attributes")
        value = attributes.get(self._attribute) if isinstance(attributes, Mapping) else None
        return "" if is_blank(value) else str(value).strip()

    def _note(self, entries: Sequence[tuple[str, str]]) -> None:
        if self._index is None:
            for key, value in entries:
                self._known.setdefault(value, []).append(key)
            return
        self._index.put(self._kind, [(key, self._attribute, value) for key, value in entries])
        self._index.set_mark(self._kind, self._attribute, str(self._last))


class TicketNumbers:
    """Finds cases by the numbers of their tickets. `attribute`: which one keeps it, None where none does."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        named = tools.rules.ticket_number_field
        self.attribute = EXTERNAL_ID if tools.features.has_external_id(CASES) else named
        self.has_tickets = tools.features.has(TICKETS)
        self._is_filter = True
        self._kept_cases = KeptKeys(tools, CASES, self.attribute or "")
        self.kept_tickets = KeptKeys(tools, TICKETS, ORIGIN)

    @property
    def are_kept(self) -> bool:
        """Whether anything but the ledger knows which case is which ticket."""
        return self.attribute is not None or self.has_tickets

    def attach(self, index: KeyIndex) -> None:
        """Where keys are kept that OroCRM cannot be asked by."""
        self._kept_cases.attach(index)
        self.kept_tickets.attach(index)

    def cases(self, numbers: Sequence[str]) -> dict[str, list[str]]:
        """Ids of cases by ticket number; numbers without any are absent."""
        numbers = [number for number in numbers if can_be_held(number)]
        found = self._by_attribute(numbers) if self.attribute else {}
        left = [number for number in numbers if number not in found]
        return {**found, **(self._by_tickets(left) if left and self.has_tickets else {})}

    def _by_attribute(self, numbers: Sequence[str]) -> dict[str, list[str]]:
        attribute = str(self.attribute)
        if attribute == EXTERNAL_ID:
            plain = [number for number in numbers if "," not in number and ".." not in number]
            rows = self._tools.listed(CASES, attribute, plain, [attribute])
            return _by_value(rows, attribute, numbers)
        if len(numbers) <= _FEW and self._is_filter:
            try:
                rows = self._tools.each(
                    lambda number: self._tools.rows(CASES, [attribute], **{attribute: number}), numbers
                )
                return _by_value(rows, attribute, numbers)
            except ApiRefusal as refusal:
                if refusal.status != 400 or not refusal.names("filter["):
                    raise
                self._is_filter = False
        return self._kept_cases.holders(numbers)

    def _by_tickets(self, numbers: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self.tickets(numbers):
            if row.get(RELATED_CASE):
                found.setdefault(str(row[ORIGIN]), []).append(str(row[RELATED_CASE]))
        return found

    def tickets(self, numbers: Sequence[str]) -> list[Record]:
        """Zendesk's tickets at OroCRM by number, with the case of each; of the integration's channel."""
        keys = [key for held in self.kept_tickets.holders(numbers).values() for key in held]
        if not keys:
            return []
        rows = self._tools.listed(TICKETS, "id", keys, [ORIGIN, RELATED_CASE, "channel"])
        wanted = set(numbers)
        return [row for row in rows if str(row.get(ORIGIN)) in wanted and of_channel(row, self._tools)]


def of_channel(row: Record, tools: Tools) -> bool:
    """Whether a record of Zendesk's is of the integration that the settings name."""
    wanted, own = tools.rules.channel, row.get("channel")
    return wanted is None or own in (None, wanted)


def _by_value(rows: Iterable[Record], name: str, wanted: Sequence[str]) -> dict[str, list[str]]:
    exact = set(wanted)
    found: dict[str, list[str]] = {}
    for row in rows:
        value = str(row.get(name) or "")
        if value in exact:
            found.setdefault(value, []).append(str(row["id"]))
    return found
