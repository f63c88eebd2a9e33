"""Rows of the JD Edwards tables for companies."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from ml_sandbox.data.business import Address, Company, Person
from ml_sandbox.data.draw import Draw

Cell = int | Decimal | str | None
Cells = dict[str, Cell]
Sink = Callable[[str, Cells], None]

# TERM_ID of the payment terms -> code of F0014 at this site.
_TERMS = {4: "N30", 5: "", 1000: "210", 1001: "N45"}
_CLASSES = {"WHOLESALE": "WHL", "RETAIL": "RTL", "DISTRIBUTOR": "DIS", "GOVERNMENT": "GOV"}
_LANGUAGES = {"DE": "G", "FR": "F", "ES": "S", "IT": "I", "JP": "J", "BR": "P"}
_UNSTAMPED_SHARE = 0.01
_MOVING_SHARE = 0.02
_SECOND_COMPANY_SHARE = 0.1
_STATE_LETTERS = 3


class CompanyWriter:
    """Writes companies to the tables of address book, customers, suppliers and payables.

    Args:
        sink: takes each row as ``sink(table, row)``.
        draw: decides what a company does not say.
        newest: midnight of the present day at the server; no stamp is later.
    """

    def __init__(self, sink: Sink, draw: Draw, newest: datetime) -> None:
        self._sink = sink
        self._draw = draw
        self._newest = newest
        self._documents = 0

    def write(self, number: int, company: Company, long_address: str = "") -> None:
        """Write all rows of one company under an address number."""
        updated = None if self._draw.chance(_UNSTAMPED_SHARE) else company.updated
        self._write_master(number, company, long_address, updated)
        self._write_lines(number, company)
        self._write_addresses(number, company)
        if company.accounts:
            self._write_customer(number, company)
        if company.supplier_number:
            self._write_supplier(number, company)

    def _add(self, table: str, stamp: datetime | None, row: Cells, time: str = "UPMT") -> None:
        stamps: Cells = {"UPMJ": None, time: 0}
        if stamp is not None:
            stamps = {"UPMJ": stamp.date().isoformat(), time: int(f"{stamp:%H%M%S}")}
        self._sink(table, {"USER": "CONVERT", "PID": "CONVERSION", "JOBN": "BATCH", **stamps, **row})

    def _write_master(
        self, number: int, company: Company, long_address: str, updated: datetime | None
    ) -> None:
        country = company.addresses[0].country if company.addresses else ""
        row: Cells = {
            "AN8": number,
            "ALKY": long_address,
            "TAX": company.tax_reference[:20],
            "ALPH": _cut(company.name, 40),
            "DC": "".join(letter for letter in company.name.upper() if letter.isalnum())[:40],
            "MCU": "1",
            "LNGP": _LANGUAGES.get(country, ""),
            "AT1": "C" if company.accounts else "V",
            "CM": "" if company.active else "X",
            "TAXC": "P" if company.is_person else "C",
            "ATR": "Y" if company.accounts else "N",
            "ATP": "Y" if company.supplier_number else "N",
            "EFTB": company.created.date().isoformat(),
            "AC01": _CLASSES.get(company.customer_class, ""),
            "AC02": country,
            "PDI": company.created.date().isoformat(),
            "PTI": int(f"{company.created:%H%M%S}"),
        }
        self._add("F0101", updated, row)

    def _write_lines(self, number: int, company: Company) -> None:
        name = _cut(company.name, 40)
        self._add("F0111", company.created, {"AN8": number, "IDLN": 0, "ALPH": name, "MLNM": name})
        self._write_phones(number, 0, company.created, ((company.phone, ""), (company.fax, "FAX")))
        self._write_mails(number, 0, company.created, ((company.email, "E"), (company.url, "I")))
        for line, person in enumerate(company.contacts, 1):
            self._write_contact(number, line, person, company.updated)

    def _write_contact(self, number: int, line: int, person: Person, stamp: datetime) -> None:
        name = _cut(person.full_name, 40)
        row: Cells = {
            "AN8": number,
            "IDLN": line,
            "DSS5": line,
            "ALPH": name,
            "MLNM": name,
            "GNNM": _cut(person.first_name, 25),
            "SRNM": _cut(person.last_name, 25),
            "ATTL": _cut(person.job_title, 40),
            "ACTIN": "" if person.active else "I",
        }
        self._add("F0111", stamp, row)
        self._write_phones(number, line, stamp, ((person.phone, ""),))
        self._write_mails(number, line, stamp, ((person.email, "E"),))

    def _write_phones(
        self, number: int, line: int, stamp: datetime, phones: tuple[tuple[str, str], ...]
    ) -> None:
        for sequence, (phone, kind) in enumerate(((p, k) for p, k in phones if p), 1):
            area, blank, rest = phone.partition(" ")
            if not blank or len(area) > 6:
                area, rest = "", phone
            key: Cells = {"AN8": number, "IDLN": line, "CNLN": 0, "RCK7": sequence}
            self._add("F0115", stamp, {**key, "PHTP": kind, "AR1": area, "PH1": _cut(rest, 20)})

    def _write_mails(
        self, number: int, line: int, stamp: datetime, mails: tuple[tuple[str, str], ...]
    ) -> None:
        for sequence, (mail, kind) in enumerate(((m, k) for m, k in mails if m), 1):
            key: Cells = {"AN8": number, "IDLN": line, "RCK7": sequence}
            self._add("F01151", stamp, {**key, "ETP": kind, "EMAL": mail[:256]})

    def _write_addresses(self, number: int, company: Company) -> None:
        """Write the current address, and for some a next one that begins in the future."""
        current = company.addresses[0] if company.addresses else Address(())
        start = company.created.date().isoformat()
        self._add("F0116", company.created, {"AN8": number, "EFTB": start, **address_cells(current)})
        if len(company.addresses) > 1 and self._draw.chance(_MOVING_SHARE * 4):
            moving = (self._newest + timedelta(days=self._draw.between(2, 40))).date().isoformat()
            row = {"AN8": number, "EFTB": moving, **address_cells(company.addresses[1])}
            self._add("F0116", company.updated, row)

    def _write_customer(self, number: int, company: Company) -> None:
        row: Cells = {
            "AN8": number,
            "CO": "00000",
            "ARC": "TRAD",
            "CRCD": company.currency,
            "TRAR": _TERMS.get(company.terms, ""),
            "ACL": int(company.credit_limit or 0),
            "HOLD": "C1" if company.credit_hold else "",
            "STMT": "Y",
            "DAOJ": company.created.date().isoformat(),
            "AC01": _CLASSES.get(company.customer_class, ""),
        }
        self._add("F03012", company.updated, row)
        if self._draw.chance(_SECOND_COMPANY_SHARE):
            limit = int(company.credit_limit or 0) // 2
            self._add("F03012", company.updated, {**row, "CO": "00200", "ACL": limit, "CRCD": "USD"})

    def _write_supplier(self, number: int, company: Company) -> None:
        row: Cells = {
            "AN8": number,
            "APC": "TRAD",
            "CRRP": company.currency,
            "TRAP": _TERMS.get(company.terms, ""),
            "HDPY": "N",
            "PYIN": "T",
            "AYPD": self._draw.money(100, 90_000),
        }
        self._add("F0401", company.updated, row)
        for _ in range(self._draw.between(1, 2)):
            self._write_purchase(number, company)

    def _write_purchase(self, number: int, company: Company) -> None:
        """Write an order, and the voucher that followed it."""
        self._documents += 1
        days = max(1, (self._newest - company.created).days - 1)
        moment = self._newest - timedelta(days=self._draw.between(1, days), seconds=self._draw.below(36_000))
        day, due = moment.date().isoformat(), (moment + timedelta(days=30)).date().isoformat()
        amount = self._draw.money(20, 20_000)
        order: Cells = {
            "DOCO": 6_000 + self._documents,
            "DCTO": "OP",
            "KCOO": "00001",
            "SFXO": "000",
            "MCU": "1",
            "AN8": number,
            "SHAN": 1,
            "TRDJ": day,
            "DRQJ": due,
            "OTOT": amount,
            "CRCD": company.currency,
            "PTC": _TERMS.get(company.terms, ""),
            "ORBY": "CONVERT",
        }
        self._add("F4301", moment, order, "TDAY")
        tax = (amount * Decimal("0.1")).quantize(Decimal("0.01"))
        voucher: Cells = {
            "DOC": 9_000 + self._documents,
            "DCT": "PV",
            "KCO": "00001",
            "SFX": "001",
            "SFXE": 0,
            "AN8": number,
            "PYE": number,
            "DIVJ": day,
            "DGJ": day,
            "DDJ": due,
            "CO": "00001",
            "PST": "A",
            "AG": amount + tax,
            "AAP": amount + tax,
            "ATXA": amount,
            "STAM": tax,
            "CRCD": company.currency,
            "VINV": f"INV-{self._documents}",
            "PO": str(order["DOCO"]),
            "PDCT": "OP",
            "ICUT": "V",
            "ICU": 100 + self._documents // 20,
        }
        self._add("F0411", moment, voucher)


def address_cells(address: Address) -> Cells:
    """Give the columns of F0116 for an address; a region that is no short code goes to the county."""
    lines = [_cut(line, 40) for line in address.lines[:4]]
    cells: Cells = {f"ADD{number}": line for number, line in enumerate(lines, 1)}
    short = len(address.region) <= _STATE_LETTERS
    cells |= {"ADDS": address.region} if short else {"COUN": _cut(address.region, 25)}
    cells |= {"CTY1": _cut(address.city, 25), "ADDZ": _cut(address.postal_code, 12), "CTR": address.country}
    return cells


def _cut(text: str, size: int) -> str:
    return text[:size].rstrip()
