"""Contacts: found by e-mail address within the organization, created with a name in its parts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.ledger import is_blank
from ml_connector.sync import Field, Incoming, RemoteRecord, Rung, WriteItem
from ml_connector.vendors.oro.records import Record
from ml_connector.vendors.oro.types import EXTERNAL_ID
from target_oro_crm import names
from target_oro_crm.batch_object import BatchObject
from target_oro_crm.fields import (
    NAME_OR_ID,
    PEOPLE,
    TEXT,
    OroField,
    key,
    plain,
    reference,
    text,
    texts,
    to_one,
    trimmed,
    virtual,
)
from target_oro_crm.tools import Tools

CONTACTS = "contacts"
FULL_NAME, EMAIL, EMAILS, PHONE, PHONES = "full_name", "primaryEmail", "emails", "primaryPhone", "phones"
_PLAIN = (
    *names.PARTS,
    *("gender", "description", "jobTitle", "fax", "skype", "twitter", "facebook", "googlePlus", "linkedIn"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class EmailRung(Rung):
    """Finds a contact by its address."""

    def value(self, mapped: Mapping[str, Any]) -> Any:
        """The primary address, else the first, as it is compared."""
        return first_of(mapped, EMAIL, EMAILS)


def first_of(values: Mapping[str, Any], primary: str, many: str) -> str | None:
    """The primary value, else the first of the collection."""
    given = [values.get(primary), *(values.get(many) or [])]
    return next((str(each).strip().casefold() for each in given if not is_blank(each)), None)


def contact_fields(*, external_ids: bool) -> list[OroField]:
    """The fields of contacts."""
    full = Field(FULL_NAME, schema=TEXT, writes="create", stored_form=names.stored)
    return [
        OroField(full, ""),
        *(text(name, 255 if name in names.PARTS else None) for name in _PLAIN),
        plain("birthday"),
        text(EMAIL),
        texts(EMAILS, EMAIL),
        text(PHONE),
        texts(PHONES, PHONE),
        *(to_one(name) for name in ("source", "method", "organization")),
        reference("owner", "users", PEOPLE),
        reference("assignedTo", "users", PEOPLE),
        reference("reportsTo", CONTACTS),
        key(EXTERNAL_ID) if external_ids else virtual(EXTERNAL_ID, NAME_OR_ID),
    ]


class Contacts(BatchObject):
    """The object `contacts`. Ladder: link, `externalId` where it is mapped, e-mail address."""

    kind = CONTACTS

    def __init__(self, tools: Tools, inactive: Mapping[str, Any] | None = None) -> None:
        has_ids = tools.features.has_external_id(CONTACTS)
        rungs: list[Rung] = [EmailRung(EMAIL, exclusive=True)]
        if has_ids:
            rungs = [Rung(EXTERNAL_ID, exclusive=True), *rungs, Rung(EXTERNAL_ID, lazy=True)]
        super().__init__(
            tools,
            contact_fields(external_ids=has_ids),
            rungs,
            depends_on=("users",),
            inactive=inactive,
        )

    # Reading

    def names(self) -> list[str]:
        """With all parts of the name where the whole of it is looked at."""
        return [*super().names(), *names.PARTS] if FULL_NAME in self.columns() else super().names()

    def shown(self, row: Record) -> dict[str, Any]:
        """With the whole name."""
        shown = super().shown(row)
        return shown | ({FULL_NAME: names.joined(row)} if FULL_NAME in self.columns() else {})

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """By external id, or by address: the primary one first."""
        by_text = {str(value): value for value in values}
        if rung.field == EXTERNAL_ID:
            rows = self.tools.listed(self.kind, EXTERNAL_ID, list(by_text), [*self.names(), EXTERNAL_ID])
            return self._by(rows, by_text, lambda row: [row.get(EXTERNAL_ID)])
        rows = self.with_addresses(list(by_text))
        primary = self._by(rows, by_text, lambda row: [row.get(EMAIL)])
        return {**self._by(rows, by_text, lambda row: row.get(EMAILS) or []), **primary}

    def with_addresses(self, addresses: Sequence[str]) -> list[Record]:
        """Contacts of the organization with one of these addresses.

        Whether filters regard letter case is up to the server's database, so both forms are asked for.
        """
        plain = [address for address in addresses if "," not in address and ".." not in address]
        asked = [form for address in plain for form in dict.fromkeys((address, address.casefold()))]
        names_ = list(dict.fromkeys([*self.names(), EMAIL, EMAILS]))
        return self.tools.listed(self.kind, EMAILS, asked, names_, **self.tools.of_organization())

    def keys_of(self, addresses: Sequence[str]) -> Mapping[str, str]:
        """Contacts who alone have an address."""
        wanted = {address: address.strip().casefold() for address in addresses}
        found = self.find(EmailRung(EMAIL), list(dict.fromkeys(wanted.values())))
        return {
            address: found[form][0].key for address, form in wanted.items() if len(found.get(form, ())) == 1
        }

    # Judging

    def objection(self, candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        """A contact of another external id is somebody else's."""
        return other_external_id(candidate, incoming)

    # Writing

    def body(self, item: WriteItem) -> Record:
        """The parts of the name, and collections that contain the primary value."""
        values = super().body(item)
        full = item.values.get(FULL_NAME)
        if item.kind == "create" and isinstance(full, str):
            parts = {name: part[:255] for name, part in names.split(full).items()}
            if all(is_blank(values.get(name)) for name in names.PARTS):
                values |= parts
        for primary, many in ((EMAIL, EMAILS), (PHONE, PHONES)):
            _complete(values, primary, many)
        return values


def _complete(values: Record, primary: str, many: str) -> None:
    if many not in values:
        return
    members = [str(trimmed(member)) for member in values[many] or () if not is_blank(trimmed(member))]
    if is_blank(values.get(primary)) and members:
        values[primary] = members[0]
    own = values.get(primary)
    if not is_blank(own) and str(own).casefold() not in {member.casefold() for member in members}:
        members.insert(0, str(own))
    values[many] = members


def other_external_id(candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
    """Why a record that is known by another external id is not this one."""
    ours, theirs = incoming.mapped.get(EXTERNAL_ID), candidate.fields.get(EXTERNAL_ID)
    if is_blank(ours) or is_blank(theirs) or str(ours).strip() == str(theirs).strip():
        return None
    return RecordFault(
        f"The record {candidate.key} has another externalId ({theirs}).",
        cause="linked",
        field=EXTERNAL_ID,
        fix="Change the external id or the value that both share, then replay.",
    )
