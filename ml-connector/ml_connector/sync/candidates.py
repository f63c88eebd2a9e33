"""Candidates: whom a reference may name, in the order in which they are tried.

The mapped value of a reference is one identity, or a list of candidates. A candidate is an identity of the
source (of a record that goes to the object which the field refers to), `{OBJECT: identity}` (of one that goes
to another object of the target), or what the target itself understands, such as an e-mail address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ml_connector.ledger import is_blank
from ml_connector.sync.records import Field

BY_ID = "id:"  # `id:123` names a record of the target by its own key


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record of the source: its identity, and the object of the target that it would be in."""

    object: str
    identity: str

    @property
    def is_of_source(self) -> bool:
        """Whether the source may still send it; an address or a key of the target is nobody's identity."""
        return "@" not in self.identity and not self.identity.startswith(BY_ID)


def is_plain(value: Any) -> bool:
    """Whether the value is one identity and no list of candidates."""
    return not isinstance(value, (list, tuple, Mapping))


def candidates_of(field: Field, value: Any) -> list[Candidate]:
    """The candidates of one reference; blank ones are left out."""
    return list(_candidates(field.refers_to or "", value))


def members_of(field: Field, value: Any) -> list[list[Candidate]]:
    """The candidates of each member of a field that refers to many."""
    members = [value] if is_plain(value) or isinstance(value, Mapping) else value
    return [found for member in members if (found := candidates_of(field, member))]


def _candidates(refers_to: str, value: Any) -> Iterator[Candidate]:
    if is_blank(value):
        return
    if isinstance(value, Mapping):
        for name, identity in value.items():
            if not is_blank(identity):
                yield Candidate(str(name), str(identity))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _candidates(refers_to, each)
    else:
        yield Candidate(refers_to, str(value))
