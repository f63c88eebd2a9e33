"""The procedure CUSTOMERS: an account, its party, its bill-to address, its terms and its credit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ml_sandbox.ebs.package.business import Business, record
from ml_sandbox.ebs.package.definitions import PACKAGE_OPERATIONS, ROWS
from ml_sandbox.ebs.package.inputs import Key
from ml_sandbox.ebs.package.reader import Record
from ml_sandbox.ebs.package.walks import changed_targets, walks
from ml_sandbox.ebs.store import Tuple, Value

ACCOUNTS = "HZ_CUST_ACCOUNTS"
_SITE = " > HZ_CUST_ACCT_SITES_ALL.CUST_ACCT_SITE_ID CUST_ACCOUNT_ID"
_PARTY_SITE = " > HZ_CUST_ACCT_SITES_ALL.PARTY_SITE_ID CUST_ACCOUNT_ID"
_WALKS = walks(
    "HZ_CUST_ACCOUNTS CUST_ACCOUNT_ID",
    "HZ_PARTIES PARTY_ID > HZ_CUST_ACCOUNTS.PARTY_ID CUST_ACCOUNT_ID",
    "HZ_CUST_ACCT_SITES_ALL CUST_ACCOUNT_ID",
    "HZ_CUST_SITE_USES_ALL CUST_ACCT_SITE_ID" + _SITE,
    "HZ_PARTY_SITES PARTY_SITE_ID" + _PARTY_SITE,
    "HZ_LOCATIONS LOCATION_ID > HZ_PARTY_SITES.LOCATION_ID PARTY_SITE_ID" + _PARTY_SITE,
    "HZ_CUSTOMER_PROFILES CUST_ACCOUNT_ID",
    "HZ_CUST_PROFILE_AMTS CUST_ACCOUNT_ID",
    "RA_TERMS TERM_ID > HZ_CUSTOMER_PROFILES.STANDARD_TERMS CUST_ACCOUNT_ID",
    "RA_TERMS TERM_ID > HZ_CUST_SITE_USES_ALL.PAYMENT_TERM_ID CUST_ACCT_SITE_ID" + _SITE,
)
_ADDRESS = (
    "ADDRESS1", "ADDRESS2", "ADDRESS3", "ADDRESS4", "CITY", "COUNTY", "STATE", "PROVINCE", "POSTAL_CODE",
    "COUNTRY",
)  # fmt: skip
_OF_ACCOUNT = (
    "CUST_ACCOUNT_ID", "ACCOUNT_NUMBER", "ACCOUNT_NAME", "STATUS", "CUSTOMER_CLASS_CODE", "CUSTOMER_TYPE",
    "PARTY_ID", "CREATION_DATE",
)  # fmt: skip
_OF_PARTY = {
    "PARTY_NUMBER": "PARTY_NUMBER",
    "PARTY_NAME": "PARTY_NAME",
    "PARTY_TYPE": "PARTY_TYPE",
    "PARTY_STATUS": "STATUS",
    "EMAIL": "EMAIL_ADDRESS",
    "URL": "URL",
}
PHONE_OF_PARTY = {
    f"PHONE_{part}": f"PRIMARY_PHONE_{part}" for part in ("COUNTRY_CODE", "AREA_CODE", "NUMBER", "EXTENSION")
}


def newest(rows: Iterable[Record | None]) -> str | None:
    """Give the newest LAST_UPDATE_DATE of rows."""
    return max((row.text("LAST_UPDATE_DATE") for row in rows if row is not None), default=None)


def columns_of(row: Record | None, columns: Mapping[str, str]) -> dict[str, Value]:
    """Give columns of a row under other names; null when there is no row."""
    return {name: None if row is None else row[column] for name, column in columns.items()}


def existing_accounts(business: Business, found: set[Value]) -> list[Key]:
    """Give the accounts among some ids that there are, rising."""
    store = business.reader.store(ACCOUNTS)
    known: list[Any] = [key for key in found if store.get((key,)) is not None]
    return [(key,) for key in sorted(known)]


def asked_accounts(business: Business) -> list[Key] | None:
    """Give the accounts of P_KEYS, or all when no range has a lower bound and all are within it."""
    reading = business.reading
    if reading.keys is not None:
        return existing_accounts(business, {key[0] for key in reading.keys})
    if reading.changed.low is not None:
        return None
    found = all_within(business, ACCOUNTS)
    return None if found is None else existing_accounts(business, found)


def all_within(business: Business, table: str) -> set[Value] | None:
    """Give all keys of a table; None when one of its rows lies above the upper bound."""
    store, high = business.reader.store(table), business.reading.changed.high
    date, rows = store.spec.position["LAST_UPDATE_DATE"], store.rows
    if high is not None and any(str(row[date]) > high for row in rows):
        return None
    return {store.key_of(row)[0] for row in rows}


class Customers(Business):
    """Customer accounts by CUST_ACCOUNT_ID."""

    tables = tuple(dict.fromkeys(chain.table for chain in _WALKS))
    options = ()

    def keys(self) -> Sequence[Key]:
        """Give the accounts behind which a row changed."""
        asked = asked_accounts(self)
        if asked is not None:
            return asked
        changed = self.reading.changed
        return existing_accounts(self, changed_targets(self.reader, _WALKS, changed.low, changed.high))

    def rows(self, keys: Sequence[Key]) -> Mapping[str, Sequence[Tuple]]:
        """Give accounts with their credit limits."""
        operation = PACKAGE_OPERATIONS["CUSTOMERS"]
        customers, limits = [], []
        for (key,) in keys:
            account = self.reader.one(ACCOUNTS, key)
            if account is not None:
                amounts = self.reader.having("HZ_CUST_PROFILE_AMTS", "CUST_ACCOUNT_ID", key)
                customers.append(record(operation, ROWS, self._customer(account, amounts)))
                limits += [record(operation, "X_LIMITS", _values(row)) for row in _limits(amounts)]
        return {ROWS: customers, "X_LIMITS": limits}

    def _customer(self, account: Record, amounts: Sequence[Record]) -> dict[str, Value]:
        reader, key = self.reader, account["CUST_ACCOUNT_ID"]
        party = reader.one("HZ_PARTIES", account["PARTY_ID"])
        uses = [_Use(self, site, use) for site, use in self._uses(key)]
        billing = min((use for use in uses if use.is_billing), key=lambda use: use.rank, default=None)
        profiles = reader.having("HZ_CUSTOMER_PROFILES", "CUST_ACCOUNT_ID", key)
        profile = _account_level(profiles)
        profile_terms = [reader.one("RA_TERMS", row["STANDARD_TERMS"]) for row in profiles]
        own = reader.one("RA_TERMS", profile["STANDARD_TERMS"]) if profile else None
        terms = (own["NAME"] if own else None) or (
            billing.terms["NAME"] if billing and billing.terms else None
        )
        behind = [account, party, *profiles, *profile_terms, *amounts]
        behind += [row for use in uses for row in use.behind]
        values = {name: account[name] for name in _OF_ACCOUNT}
        values |= columns_of(party, _OF_PARTY) | columns_of(party, PHONE_OF_PARTY)
        values |= billing.address if billing else dict.fromkeys(("SITE_USE_ID", "ORG_ID", *_ADDRESS))
        return values | {
            "TAX_REFERENCE": (party["TAX_REFERENCE"] or party["JGZZ_FISCAL_CODE"]) if party else None,
            "TERMS": terms,
            "CREDIT_HOLD": profile["CREDIT_HOLD"] if profile else None,
            "LAST_UPDATE_DATE": newest(behind),
        }

    def _uses(self, account_id: Value) -> Iterator[tuple[Record, Record | None]]:
        """Give an account's sites with each of their uses; a site without one stands alone."""
        for site in self.reader.having("HZ_CUST_ACCT_SITES_ALL", "CUST_ACCOUNT_ID", account_id):
            site_id = site["CUST_ACCT_SITE_ID"]
            uses: list[Record | None] = []
            uses += self.reader.having("HZ_CUST_SITE_USES_ALL", "CUST_ACCT_SITE_ID", site_id)
            yield from ((site, use) for use in uses or [None])


class _Use:
    """A site with one of its uses, its place and its terms."""

    def __init__(self, customers: Customers, site: Record, use: Record | None) -> None:
        reader = customers.reader
        self.site, self.use = site, use
        self.place = reader.one("HZ_PARTY_SITES", site["PARTY_SITE_ID"])
        self.location = reader.one("HZ_LOCATIONS", self.place["LOCATION_ID"]) if self.place else None
        self.terms = reader.one("RA_TERMS", use["PAYMENT_TERM_ID"]) if use else None
        self.behind = (site, use, self.place, self.location, self.terms)
        self._preference = reader.units.preference(use["ORG_ID"]) if use else 0

    @property
    def is_billing(self) -> bool:
        return self.use is not None and self.use["SITE_USE_CODE"] == "BILL_TO"

    @property
    def rank(self) -> tuple[Any, ...]:
        """Active before inactive, primary before others, then by unit and id."""
        use, unit = self.use, None if self.use is None else self.use["ORG_ID"]
        if use is None:
            return ()
        return (
            use["STATUS"] != "A" or self.site["STATUS"] != "A",
            use["PRIMARY_FLAG"] != "Y",
            self._preference,
            -1 if unit is None else unit,
            use["SITE_USE_ID"],
        )

    @property
    def address(self) -> dict[str, Value]:
        values = columns_of(self.use, {"SITE_USE_ID": "SITE_USE_ID", "ORG_ID": "ORG_ID"})
        return values | columns_of(self.location, {name: name for name in _ADDRESS})


def _account_level(profiles: Sequence[Record]) -> Record | None:
    """Choose the profile of the account itself: active before inactive, then the oldest."""
    own = [row for row in profiles if row["SITE_USE_ID"] is None]

    def rank(row: Record) -> tuple[bool, Any]:
        return row["STATUS"] != "A", row["CUST_ACCOUNT_PROFILE_ID"]

    return min(own, key=rank, default=None)


def _limits(amounts: Sequence[Record]) -> list[Record]:
    own = [row for row in amounts if row["SITE_USE_ID"] is None and row["CURRENCY_CODE"]]

    def rank(row: Record) -> tuple[str, Any]:
        return row.text("CURRENCY_CODE"), row["CUST_ACCT_PROFILE_AMT_ID"]

    return sorted(own, key=rank)


def _values(row: Record) -> dict[str, Value]:
    names = ("CUST_ACCOUNT_ID", "CURRENCY_CODE", "OVERALL_CREDIT_LIMIT", "TRX_CREDIT_LIMIT")
    return {name: row[name] for name in names}
