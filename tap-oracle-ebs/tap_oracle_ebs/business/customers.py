"""A customer: the tables behind it, how a change finds its accounts, the form of the record."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tap_oracle_ebs.business.workspace import Workspace
from tap_oracle_ebs.catalog.tables import CHANGED, TABLES
from tap_oracle_ebs.gateway.answers import number_of

Record = dict[str, Any]

ACCOUNTS, PARTIES = "HZ_CUST_ACCOUNTS", "HZ_PARTIES"
SITES, USES = "HZ_CUST_ACCT_SITES_ALL", "HZ_CUST_SITE_USES_ALL"
PARTY_SITES, LOCATIONS = "HZ_PARTY_SITES", "HZ_LOCATIONS"
PROFILES, AMOUNTS, TERMS = "HZ_CUSTOMER_PROFILES", "HZ_CUST_PROFILE_AMTS", "RA_TERMS"

READ = {
    table.name: table
    for table in (
        TABLES[ACCOUNTS].only(
            "PARTY_ID", "ACCOUNT_NUMBER", "ACCOUNT_NAME", "STATUS", "CUSTOMER_TYPE", "CUSTOMER_CLASS_CODE",
            "CREATION_DATE",
        ),
        TABLES[PARTIES].only(
            "PARTY_NUMBER", "PARTY_NAME", "PARTY_TYPE", "STATUS", "EMAIL_ADDRESS",
            "PRIMARY_PHONE_COUNTRY_CODE", "PRIMARY_PHONE_AREA_CODE", "PRIMARY_PHONE_NUMBER",
            "PRIMARY_PHONE_EXTENSION", "URL", "JGZZ_FISCAL_CODE", "TAX_REFERENCE",
        ),
        TABLES[SITES].only("CUST_ACCOUNT_ID", "PARTY_SITE_ID", "STATUS", "ORG_ID"),
        TABLES[USES].only(
            "CUST_ACCT_SITE_ID", "SITE_USE_CODE", "PRIMARY_FLAG", "STATUS", "PAYMENT_TERM_ID", "ORG_ID"
        ),
        TABLES[PARTY_SITES].only("LOCATION_ID"),
        TABLES[LOCATIONS].only(
            "ADDRESS1", "ADDRESS2", "ADDRESS3", "ADDRESS4", "CITY", "COUNTY", "STATE", "PROVINCE",
            "POSTAL_CODE", "COUNTRY",
        ),
        TABLES[PROFILES].only("CUST_ACCOUNT_ID", "SITE_USE_ID", "CREDIT_HOLD", "STANDARD_TERMS", "STATUS"),
        TABLES[AMOUNTS].only(
            "CUST_ACCOUNT_ID", "SITE_USE_ID", "CURRENCY_CODE", "OVERALL_CREDIT_LIMIT", "TRX_CREDIT_LIMIT"
        ),
        TABLES[TERMS].only("NAME"),
    )
}  # fmt: skip
"""The tables behind a customer with the columns of them that are read, in the order they are read."""

BEHIND = tuple(READ)
"""The tables behind a customer: it is sent when a row of any of them changed."""

INDEXES = (
    (ACCOUNTS, "PARTY_ID"),
    (SITES, "CUST_ACCOUNT_ID"),
    (SITES, "PARTY_SITE_ID"),
    (USES, "CUST_ACCT_SITE_ID"),
    (USES, "PAYMENT_TERM_ID"),
    (PARTY_SITES, "LOCATION_ID"),
    (PROFILES, "CUST_ACCOUNT_ID"),
    (PROFILES, "STANDARD_TERMS"),
    (AMOUNTS, "CUST_ACCOUNT_ID"),
    *((table, CHANGED) for table in BEHIND),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """From known values of `column` in a table to values of its column `to`."""

    table: str
    column: str
    to: str


@dataclasses.dataclass(frozen=True, slots=True)
class Walk:
    """From the changed rows of a table to accounts: their `column`, then the steps."""

    table: str
    column: str
    steps: tuple[Step, ...] = ()


_TO_ACCOUNT = Step(SITES, "CUST_ACCT_SITE_ID", "CUST_ACCOUNT_ID")
_PLACE_TO_ACCOUNT = Step(SITES, "PARTY_SITE_ID", "CUST_ACCOUNT_ID")

WALKS = (
    Walk(ACCOUNTS, "CUST_ACCOUNT_ID"),
    Walk(PARTIES, "PARTY_ID", (Step(ACCOUNTS, "PARTY_ID", "CUST_ACCOUNT_ID"),)),
    Walk(SITES, "CUST_ACCOUNT_ID"),
    Walk(USES, "CUST_ACCT_SITE_ID", (_TO_ACCOUNT,)),
    Walk(PARTY_SITES, "PARTY_SITE_ID", (_PLACE_TO_ACCOUNT,)),
    Walk(LOCATIONS, "LOCATION_ID", (Step(PARTY_SITES, "LOCATION_ID", "PARTY_SITE_ID"), _PLACE_TO_ACCOUNT)),
    Walk(PROFILES, "CUST_ACCOUNT_ID"),
    Walk(AMOUNTS, "CUST_ACCOUNT_ID"),
    Walk(TERMS, "TERM_ID", (Step(PROFILES, "STANDARD_TERMS", "CUST_ACCOUNT_ID"),)),
    Walk(TERMS, "TERM_ID", (Step(USES, "PAYMENT_TERM_ID", "CUST_ACCT_SITE_ID"), _TO_ACCOUNT)),
)
"""How a changed row finds the customers that it is behind."""

DETAILS = (
    (ACCOUNTS, "CUST_ACCOUNT_ID", "SELECT value FROM json_each(?)"),
    (PARTIES, "PARTY_ID", f"SELECT PARTY_ID FROM {ACCOUNTS}"),  # noqa: S608
    (SITES, "CUST_ACCOUNT_ID", "SELECT value FROM json_each(?)"),
    (USES, "CUST_ACCT_SITE_ID", f"SELECT CUST_ACCT_SITE_ID FROM {SITES}"),  # noqa: S608
    (PARTY_SITES, "PARTY_SITE_ID", f"SELECT PARTY_SITE_ID FROM {SITES}"),  # noqa: S608
    (LOCATIONS, "LOCATION_ID", f"SELECT LOCATION_ID FROM {PARTY_SITES}"),  # noqa: S608
    (PROFILES, "CUST_ACCOUNT_ID", "SELECT value FROM json_each(?)"),
    (AMOUNTS, "CUST_ACCOUNT_ID", "SELECT value FROM json_each(?)"),
    (
        TERMS,
        "TERM_ID",
        f"SELECT STANDARD_TERMS FROM {PROFILES} UNION SELECT PAYMENT_TERM_ID FROM {USES}",  # noqa: S608
    ),
)
"""Table, the column it is read by, and where the values come from: in this order, from the accounts on."""

_CHOSEN = "(SELECT value FROM json_each(?))"
_ACCOUNT_QUERY = f"""
    SELECT a.CUST_ACCOUNT_ID AS cust_account_id, a.ACCOUNT_NUMBER AS account_number,
        a.ACCOUNT_NAME AS account_name, a.STATUS AS status, a.CUSTOMER_CLASS_CODE AS customer_class_code,
        a.CUSTOMER_TYPE AS customer_type, a.PARTY_ID AS party_id, a.CREATION_DATE AS creation_date,
        p.PARTY_NUMBER AS party_number, p.PARTY_NAME AS party_name, p.PARTY_TYPE AS party_type,
        p.STATUS AS party_status, p.EMAIL_ADDRESS AS email, p.URL AS url,
        p.PRIMARY_PHONE_COUNTRY_CODE AS phone_country_code, p.PRIMARY_PHONE_AREA_CODE AS phone_area_code,
        p.PRIMARY_PHONE_NUMBER AS phone_number, p.PRIMARY_PHONE_EXTENSION AS phone_extension,
        COALESCE(p.TAX_REFERENCE, p.JGZZ_FISCAL_CODE) AS tax_reference,
        a.{CHANGED} AS account_changed, p.{CHANGED} AS party_changed
    FROM {ACCOUNTS} a LEFT JOIN {PARTIES} p ON p.PARTY_ID = a.PARTY_ID
    WHERE a.CUST_ACCOUNT_ID IN {_CHOSEN} ORDER BY a.CUST_ACCOUNT_ID"""  # noqa: S608
_USE_QUERY = f"""
    SELECT s.CUST_ACCOUNT_ID AS account_id, s.STATUS AS site_status, u.STATUS AS use_status,
        u.SITE_USE_CODE AS code, u.PRIMARY_FLAG AS is_primary, u.SITE_USE_ID AS site_use_id,
        u.ORG_ID AS org_id, u.PAYMENT_TERM_ID AS term_id, t.NAME AS terms,
        l.ADDRESS1 AS address1, l.ADDRESS2 AS address2, l.ADDRESS3 AS address3, l.ADDRESS4 AS address4,
        l.CITY AS city, l.COUNTY AS county, l.STATE AS state, l.PROVINCE AS province,
        l.POSTAL_CODE AS postal_code, l.COUNTRY AS country,
        MAX(COALESCE(s.{CHANGED}, ''), COALESCE(u.{CHANGED}, ''), COALESCE(ps.{CHANGED}, ''),
            COALESCE(l.{CHANGED}, ''), COALESCE(t.{CHANGED}, '')) AS changed
    FROM {SITES} s
    LEFT JOIN {USES} u ON u.CUST_ACCT_SITE_ID = s.CUST_ACCT_SITE_ID
    LEFT JOIN {PARTY_SITES} ps ON ps.PARTY_SITE_ID = s.PARTY_SITE_ID
    LEFT JOIN {LOCATIONS} l ON l.LOCATION_ID = ps.LOCATION_ID
    LEFT JOIN {TERMS} t ON t.TERM_ID = u.PAYMENT_TERM_ID
    WHERE s.CUST_ACCOUNT_ID IN {_CHOSEN}"""  # noqa: S608
_PROFILE_QUERY = f"""
    SELECT p.CUST_ACCOUNT_ID AS account_id, p.CUST_ACCOUNT_PROFILE_ID AS profile_id,
        p.SITE_USE_ID AS site_use_id, p.CREDIT_HOLD AS credit_hold, p.STATUS AS status, t.NAME AS terms,
        MAX(COALESCE(p.{CHANGED}, ''), COALESCE(t.{CHANGED}, '')) AS changed
    FROM {PROFILES} p LEFT JOIN {TERMS} t ON t.TERM_ID = p.STANDARD_TERMS
    WHERE p.CUST_ACCOUNT_ID IN {_CHOSEN}"""  # noqa: S608
_AMOUNT_QUERY = f"""
    SELECT CUST_ACCOUNT_ID AS account_id, CUST_ACCT_PROFILE_AMT_ID AS amount_id, SITE_USE_ID AS site_use_id,
        CURRENCY_CODE AS currency_code, OVERALL_CREDIT_LIMIT AS overall_credit_limit,
        TRX_CREDIT_LIMIT AS trx_credit_limit, COALESCE({CHANGED}, '') AS changed
    FROM {AMOUNTS} WHERE CUST_ACCOUNT_ID IN {_CHOSEN}"""  # noqa: S608

_ADDRESS = (
    "address1", "address2", "address3", "address4", "city", "county", "state", "province", "postal_code",
    "country",
)  # fmt: skip
_ACCOUNT = (
    "cust_account_id", "account_number", "account_name", "status", "customer_class_code", "customer_type",
    "party_id", "party_number", "party_name", "party_type", "party_status", "email", "phone_country_code",
    "phone_area_code", "phone_number", "phone_extension", "url", "tax_reference", "creation_date",
)  # fmt: skip

Rows = Mapping[Any, Sequence[Mapping[str, Any]]]


@dataclasses.dataclass(frozen=True, slots=True)
class RecordForm:
    """What settings say about the record: units in order of preference, and the currency of the limit."""

    org_ids: tuple[int, ...] = ()
    credit_currency: str | None = None

    def records(self, workspace: Workspace, chosen: str) -> Iterator[Record]:
        """Yield the records of accounts (a JSON list of ids), by rising id, from what the workspace holds."""
        uses = _by_account(workspace.rows(_USE_QUERY, (chosen,)))
        profiles = _by_account(workspace.rows(_PROFILE_QUERY, (chosen,)))
        amounts = _by_account(workspace.rows(_AMOUNT_QUERY, (chosen,)))
        for account in workspace.rows(_ACCOUNT_QUERY, (chosen,)):
            key = account["cust_account_id"]
            yield self._record(account, uses.get(key, ()), profiles.get(key, ()), amounts.get(key, ()))

    def _record(
        self,
        account: Mapping[str, Any],
        uses: Sequence[Mapping[str, Any]],
        profiles: Sequence[Mapping[str, Any]],
        amounts: Sequence[Mapping[str, Any]],
    ) -> Record:
        billing: Mapping[str, Any] = self._billing(uses) or {}
        profile: Mapping[str, Any] = _account_level(profiles, "profile_id") or {}
        limits = _limits(amounts)
        limit = self._limit(limits)
        changes = [account["account_changed"], account["party_changed"]]
        changes += [row["changed"] for rows in (uses, profiles, amounts) for row in rows]
        return {
            **{name: account[name] for name in _ACCOUNT},
            "phone": phone_of(account),
            "site_use_id": billing.get("site_use_id"),
            "org_id": billing.get("org_id"),
            **{name: billing.get(name) for name in _ADDRESS},
            "terms": profile.get("terms") or billing.get("terms"),
            "credit_hold": {"Y": True, "N": False}.get(str(profile.get("credit_hold"))),
            "credit_limit": limit.get("overall_credit_limit"),
            "credit_currency": limit.get("currency_code"),
            "credit_limits": limits,
            "last_update_date": max(change for change in changes if change) if any(changes) else None,
        }

    def _billing(self, uses: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        """Choose the bill-to use: active before inactive, primary before others, then by unit and id."""
        preference = {unit: place for place, unit in enumerate(self.org_ids)}

        def rank(use: Mapping[str, Any]) -> tuple[Any, ...]:
            unit = use["org_id"]
            return (
                use["use_status"] != "A" or use["site_status"] != "A",
                use["is_primary"] != "Y",
                preference.get(unit, len(preference)),
                -1 if unit is None else unit,
                use["site_use_id"],
            )

        return min((use for use in uses if use["code"] == "BILL_TO"), key=rank, default=None)

    def _limit(self, limits: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        if self.credit_currency is None:
            return next(iter(limits), {})
        return next((limit for limit in limits if limit["currency_code"] == self.credit_currency), {})


def _by_account(rows: Iterator[dict[str, Any]]) -> Rows:
    grouped: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["account_id"], []).append(row)
    return grouped


def _account_level(rows: Sequence[Mapping[str, Any]], key: str) -> Mapping[str, Any] | None:
    """Choose the profile of the account itself: active before inactive, then the oldest."""
    own = (row for row in rows if row["site_use_id"] is None)
    return min(own, key=lambda row: (row["status"] != "A", row[key]), default=None)


def _limits(amounts: Sequence[Mapping[str, Any]]) -> list[Record]:
    own = [row for row in amounts if row["site_use_id"] is None and row["currency_code"]]
    return [
        {
            "currency_code": row["currency_code"],
            "overall_credit_limit": number_of(row["overall_credit_limit"]),
            "trx_credit_limit": number_of(row["trx_credit_limit"]),
        }
        for row in sorted(own, key=lambda row: (row["currency_code"], row["amount_id"]))
    ]


def phone_of(parts: Mapping[str, Any]) -> str | None:
    """Compose a phone number, `+1 425 555-0100 ext. 12`, from the parts that are there."""
    number = parts.get("phone_number")
    if not number:
        return None
    country, area, extension = (
        parts.get(f"phone_{name}") for name in ("country_code", "area_code", "extension")
    )
    words = [f"+{country.lstrip('+')}" if country else "", area or "", number]
    if extension:
        words.append(f"ext. {extension}")
    return " ".join(word for word in words if word)
