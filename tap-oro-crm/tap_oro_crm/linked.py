"""What belongs to a named case: its comments, and the people of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ml_connector.vendors.oro.client import OroClient
from ml_connector.vendors.oro.records import flat

FOLLOWS: Mapping[str, tuple[str, str]] = {"casecomments": ("cases", "case")}
"""Stream -> the stream whose ids it follows (`record_ids`, `follow_cases`), and its relationship to that."""

_PEOPLE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "contacts": {"cases": ("relatedContact",), "casecomments": ("contact",)},
    "users": {"cases": ("assignedTo", "owner"), "casecomments": ("owner",)},
}
_CASES = "cases"


def has_people_of_cases(stream: str) -> bool:
    """Whether the records of a stream are people of cases."""
    return stream in _PEOPLE


def people_of(client: OroClient, stream: str, cases: Sequence[str]) -> list[str]:
    """The ids of the stream's records that are people of these cases or of their comments."""
    found: dict[str, None] = {}
    for kind, names in _PEOPLE[stream].items():
        found |= dict.fromkeys(_named(client, kind, names, cases))
    return list(found)


def _named(client: OroClient, kind: str, names: Sequence[str], cases: Sequence[str]) -> Iterator[str]:
    by = "id" if kind == _CASES else FOLLOWS[kind][1]
    for page in client.by_ids(kind, cases, name=by, fields={kind: names}):
        for resource in page.resources:
            record = flat(resource)
            yield from (str(record[name]) for name in names if record.get(name))
