"""The match ladder of a module: which fields say that two records are one, in which order.

Link (the engine's), source key, e-mail, e-mail of a Contact of the Account, tax id, phone, name and postal
code. Only the first is on by default; the others are named in the setting `dedupe`.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from ml_connector.errors import SystemFault
from ml_connector.sync import Rung
from target_zoho_crm import keys

Kind = Literal["source_key", "unique", "email", "contact_email", "tax_id", "phone", "name"]
ORDER: tuple[Kind, ...] = ("email", "contact_email", "tax_id", "phone", "name")
COMPANIONS = ("country", "postal_code")
CONTACTS = "Contacts"


@dataclasses.dataclass(frozen=True, slots=True)
class Places:
    """What tells a number's country where its record does not: `default`, and `names` of countries."""

    default: str | None = None
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def code(self, value: Any) -> str | None:
        """The country of a record by its field's value."""
        return keys.country_code(value, self.names) or self.default


@dataclasses.dataclass(frozen=True, slots=True)
class KeyRung(Rung):
    """One rung. `second` is the field of the country or postal code that it needs besides."""

    kind: Kind = "unique"
    second: str | None = None
    places: Places = dataclasses.field(default_factory=Places, compare=False)
    case_sensitive: bool = False

    def value(self, mapped: Mapping[str, Any]) -> Any:
        """The key of a mapped record in its one form; None where it has none."""
        given = mapped.get(self.field)
        second = mapped.get(self.second) if self.second else None
        if self.kind in ("email", "contact_email"):
            return keys.email_key(given)
        if self.kind == "tax_id":
            return keys.tax_key(given, self.places.code(second))
        if self.kind == "phone":
            return keys.phone_key(given, self.places.code(second))
        if self.kind == "name":
            return keys.name_key(given, second)
        return keys.text_of(given)

    @property
    def columns(self) -> list[str]:
        """The fields of a record that its key is made of."""
        return [self.field, *([self.second] if self.second else [])]

    @property
    def mark(self) -> str:
        """Names the way in which keys are made: another way makes other keys of the same records."""
        parts = (self.kind, self.field, self.second, self.places.default, sorted(self.places.names.items()))
        return hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()

    def index_key(self, value: str) -> str:
        """What a key is found by in the index; `same` then tells."""
        if self.kind == "tax_id":
            return keys.bare_number(value)
        return value.casefold()

    def same(self, value: str, held: str | None) -> bool:
        """Whether a record's key is the one that was looked for."""
        if held is None:
            return False
        if self.kind == "tax_id":
            return keys.same_tax_number(value, held)
        return value == held or (not self.case_sensitive and value.casefold() == held.casefold())


def rungs_of(
    module: str, source_key: str | None, dedupe: Mapping[str, Any] | None, places: Places
) -> list[KeyRung]:
    """The eager rungs of a module by the settings.

    Raises:
        SystemFault: `dedupe` names something else than fields.
    """
    named = {kind: str(field) for kind, field in (dedupe or {}).items() if field}
    unknown = sorted(named.keys() - {*ORDER, *COMPANIONS})
    if unknown:
        raise SystemFault(
            f"dedupe of {module} names {', '.join(unknown)}.",
            fix=f"Known are {', '.join([*ORDER, *COMPANIONS])}.",
        )
    if "name" in named and "postal_code" not in named:
        raise SystemFault(
            f"dedupe of {module} names a name without a postal_code.",
            fix="Give both: a name alone is not enough to tell who somebody is.",
        )
    rungs = [KeyRung(source_key, exclusive=True, kind="source_key")] if source_key else []
    for kind in ORDER:
        if kind in named:
            second = named.get("postal_code" if kind == "name" else "country")
            needs = kind in ("tax_id", "phone", "name")
            rungs.append(KeyRung(named[kind], kind=kind, second=second if needs else None, places=places))
    return rungs


def columns_of(rungs: Iterable[KeyRung]) -> list[str]:
    """The fields that these rungs look at in the module's own records."""
    found = [column for rung in rungs if rung.kind != "contact_email" for column in rung.columns]
    return list(dict.fromkeys(found))


def by_key(rung: KeyRung, values: Sequence[Any]) -> dict[str, list[str]]:
    """Values by what they are found by in the index."""
    found: dict[str, list[str]] = {}
    for value in values:
        found.setdefault(rung.index_key(str(value)), []).append(str(value))
    return found
