"""Phones and electronic addresses of a who's who line: F0115 and F01151."""

from collections.abc import Callable, Sequence
from typing import Any

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.dictionary import ITEMS
from ml_sandbox.jde.orchestrator.entries import Entries, Given
from ml_sandbox.jde.orchestrator.outcome import StepRefusedError
from ml_sandbox.jde.store import Row, TableStore

PHONES = "Phones"
MAILS = "Electronic addresses"
FAX = "FAX"
MAIL = "E"
WEB = "I"

Stamped = Callable[[TableStore, Row, Row], None]


class Channels:
    """Writes the rows of a line; the first row of a sort is the one that an input stands for."""

    def __init__(
        self, settings: VendorSettings, phones: TableStore, mails: TableStore, write: Stamped
    ) -> None:
        self._settings = settings
        self._phones = phones
        self._mails = mails
        self._write = write
        self._entries = Entries(settings)

    def write_phones(self, number: int, line: int, given: Given) -> None:
        """Write Phone with Phone Type, Fax and Mobile; a blank one removes its row."""
        mobile = self._settings.text("mobile_phone_type")
        if "Phone" in given or "Phone Type" in given:
            self._write_phone(number, line, given)
        for name, kind in (("Fax", FAX), ("Mobile", mobile)):
            if name in given:
                row = self._first(self._phones, number, line, (kind,))
                self._put_phone(number, line, row, {"PHTP": kind}, given[name])

    def _write_phone(self, number: int, line: int, given: Given) -> None:
        others = (FAX, self._settings.text("mobile_phone_type") if line else FAX)
        row = self._first(self._phones, number, line, others, among=False)
        more: Row = {}
        if "Phone Type" in given:
            more["PHTP"] = self._entries.text(PHONES, "PHTP", given["Phone Type"])
        if "Phone" in given:
            self._put_phone(number, line, row, more, given["Phone"])
        elif row is not None:
            self._write(self._phones, row, more)

    def _put_phone(self, number: int, line: int, row: Row | None, more: Row, text: str) -> None:
        text = text.strip()
        if not text:
            self._remove(self._phones, row)
            return
        refused = self._settings.text("refused_phones")
        if refused and refused in text:
            raise StepRefusedError(PHONES, f"The phone number {text} is not valid.")
        area, rest = _split(text)
        values = {"AR1": area, "PH1": self._entries.text(PHONES, "PH1", rest), **more}
        self._write(self._phones, row or self._new(self._phones, number, line), values)

    def write_mails(self, number: int, line: int, given: Given) -> None:
        """Write Email and Website; a blank one removes its row."""
        for name, kind in (("Email", MAIL), ("Website", WEB)):
            if name not in given:
                continue
            text = self._entries.text(MAILS, "EMAL", given[name])
            row = self._first(self._mails, number, line, (kind,))
            if not text:
                self._remove(self._mails, row)
                continue
            if kind == MAIL and not _is_mail(text):
                raise StepRefusedError(MAILS, f"The e-mail address {text} is not valid.")
            self._write(self._mails, row or self._new(self._mails, number, line), {"ETP": kind, "EMAL": text})

    def _first(
        self, store: TableStore, number: int, line: int, types: Sequence[str], *, among: bool = True
    ) -> Row | None:
        """Give the first row of a line whose type is among some, or is none of them."""
        column = "PHTP" if "PHTP" in store.spec.columns else "ETP"
        lines = [row for row in store.beginning(number) if row["IDLN"] == line]
        rows = [row for row in lines if (row[column] in types) == among]
        return min(rows, key=_sequence, default=None)

    def _new(self, store: TableStore, number: int, line: int) -> Row:
        used = [_sequence(row) for row in store.beginning(number) if row["IDLN"] == line]
        row: Row = {"AN8": number, "IDLN": line, "RCK7": max(used, default=0) + 1}
        return row | ({"CNLN": 0} if "CNLN" in store.spec.key else {})

    def _remove(self, store: TableStore, row: Row | None) -> None:
        if row is not None:
            store.delete(*store.key_of(row))


def _sequence(row: Row) -> Any:
    return row["RCK7"]


def _split(text: str) -> tuple[str, str]:
    """Take the first word for the area code where it is short enough for one."""
    area, blank, rest = text.partition(" ")
    if not blank or len(area) > ITEMS["AR1"].size:
        return "", text
    return area, rest.strip()


def _is_mail(text: str) -> bool:
    local, at, domain = text.partition("@")
    return bool(local and at and domain) and "@" not in domain and " " not in text
