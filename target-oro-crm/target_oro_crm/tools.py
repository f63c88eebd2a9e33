"""What every object works with: the client, what the server can do, the settings of writing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote_plus

from ml_connector.http import Parallel
from ml_connector.vendors.oro.client import IDS_PER_READ, OroClient
from ml_connector.vendors.oro.features import Features
from ml_connector.vendors.oro.records import Record, flat
from target_oro_crm.references import References

Item = TypeVar("Item")
STAMPS = ("createdAt", "updatedAt")
LONGEST_KEY = 255
# Web servers take addresses of eight thousand characters by default; the rest of it is names of fields.
_LONGEST_FILTER = 5_000


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """The settings of writing; see the target's settings of the same names."""

    two_way: bool = True
    organization: str | None = None
    channel: str | None = None
    ticket_number_field: str | None = None
    case_fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    time_in_message: bool = False
    allow_empty_ledger: bool = False


@dataclasses.dataclass(slots=True)
class Tools:
    """`features`: what the server can do. `width`: how many requests at once.

    `owner` gives the default owner's id, None where the settings name none. `created`: cases of this run,
    which have no comments yet.
    """

    client: OroClient
    features: Features
    rules: Rules
    owner: Callable[[], str | None]
    width: int = 4
    references: References = dataclasses.field(default_factory=References)
    created: set[str] = dataclasses.field(default_factory=set)

    def parallel(self) -> Parallel:
        """Threads that hear of a 429."""
        return Parallel(self.width, self.client.session)

    def each(self, read: Callable[[Item], list[Record]], items: Iterable[Item]) -> list[Record]:
        """The records that reading each item gives, in order, several at once."""
        return [record for found in self.parallel().map(read, items) for record in found]

    def rows(self, kind: str, names: Iterable[str], **filters: str) -> list[Record]:
        """All records under these filters, with these members."""
        wanted = {kind: list(dict.fromkeys(["id", *names]))[1:] or ["id"]}
        pages = self.client.pages(kind, filters=filters, fields=wanted)
        return [flat(resource) for page in pages for resource in page.resources]

    def listed(
        self, kind: str, field: str, values: Sequence[str], names: Sequence[str], **filters: str
    ) -> list[Record]:
        """Records whose `field`, which takes lists, is one of the values: a hundred values a request, as
        long as an address may be.
        """
        parts = list(_parts(dict.fromkeys(values)))
        return self.each(lambda part: self.rows(kind, names, **{field: ",".join(part)}, **filters), parts)

    def of_organization(self) -> dict[str, str]:
        """The filter on the organization that the settings name."""
        return {"organization": self.rules.organization} if self.rules.organization else {}


def can_be_held(value: str) -> bool:
    """Whether a record may have this key at all; a text that is too long for it also is for an address."""
    return len(value) <= LONGEST_KEY


def _parts(values: Iterable[str]) -> Iterator[list[str]]:
    part: list[str] = []
    length = 0
    for value in filter(can_be_held, values):
        size = len(quote_plus(value)) + len(quote_plus(","))
        if part and (len(part) == IDS_PER_READ or length + size > _LONGEST_FILTER):
            yield part
            part, length = [], 0
        part.append(value)
        length += size
    if part:
        yield part


def numbers(values: Iterable[Any]) -> list[str]:
    """The values that can be ids of OroCRM: a dry run names records that it would create otherwise."""
    return [text for value in values if (text := str(value)).isdecimal()]
