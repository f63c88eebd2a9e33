"""A customer: the tables behind it, how a change finds its accounts, the form of the record."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tap_oracle_ebs.business.days import Days
from tap_oracle_ebs.business.engine import Part
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.package_rows import (
    CUSTOMER,
    LIMIT,
    LIMITS,
    ROWS,
    Collections,
    field_names,
    grouped,
)
from tap_oracle_ebs.business.plan import CHOSEN, CHOSEN_VALUES, Detail, Plan, Step, Target, Walk, columns
from tap_oracle_ebs.catalog.tables import CHANGED, Table
from tap_oracle_ebs.gateway.answers import number_of

Record = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

ACCOUNTS, PARTIES = "HZ_CUST_ACCOUNTS", "HZ_PARTIES"
SITES, USES = "HZ_CUST_ACCT_SITES_ALL", "HZ_CUST_SITE_USES_ALL"
PARTY_SITES, LOCATIONS = "HZ_PARTY_SITES", "HZ_LOCATIONS"
PROFILES, AMOUNTS, TERMS = "HZ_CUSTOMER_PROFILES", "HZ_CUST_PROFILE_AMTS", "RA_TERMS"

_TABLES = (
    columns(
        ACCOUNTS,
        "PARTY_ID ACCOUNT_NUMBER ACCOUNT_NAME STATUS CUSTOMER_TYPE CUSTOMER_CLASS_CODE CREATION_DATE",
    ),
    columns(
        PARTIES,
        "PARTY_NUMBER PARTY_NAME PARTY_TYPE STATUS EMAIL_ADDRESS PRIMARY_PHONE_COUNTRY_CODE "
        "PRIMARY_PHONE_AREA_CODE PRIMARY_PHONE_NUMBER PRIMARY_PHONE_EXTENSION URL JGZZ_FISCAL_CODE "
        "TAX_REFERENCE",
    ),
    columns(SITES, "CUST_ACCOUNT_ID PARTY_SITE_ID STATUS ORG_ID"),
    columns(USES, "CUST_ACCT_SITE_ID SITE_USE_CODE PRIMARY_FLAG STATUS PAYMENT_TERM_ID ORG_ID"),
    columns(PARTY_SITES, "LOCATION_ID"),
    columns(
        LOCATIONS,
        "ADDRESS1 ADDRESS2 ADDRESS3 ADDRESS4 CITY COUNTY STATE PROVINCE POSTAL_CODE COUNTRY",
    ),
    columns(PROFILES, "CUST_ACCOUNT_ID SITE_USE_ID CREDIT_HOLD STANDARD_TERMS STATUS"),
    columns(AMOUNTS, "CUST_ACCOUNT_ID SITE_USE_ID CURRENCY_CODE OVERALL_CREDIT_LIMIT TRX_CREDIT_LIMIT"),
    columns(TERMS, "NAME"),
)
_INDEXES = (
    (ACCOUNTS, "PARTY_ID"),
    (SITES, "CUST_ACCOUNT_ID"),
    (SITES, "PARTY_SITE_ID"),
    (USES, "CUST_ACCT_SITE_ID"),
    (USES, "PAYMENT_TERM_ID"),
    (PARTY_SITES, "LOCATION_ID"),
    (PROFILES, "CUST_ACCOUNT_ID"),
    (PROFILES, "STANDARD_TERMS"),
    (AMOUNTS, "CUST_ACCOUNT_ID"),
)
_TO_ACCOUNT = Step(SITES, "CUST_ACCT_SITE_ID", "CUST_ACCOUNT_ID")
_PLACE_TO_ACCOUNT = Step(SITES, "PARTY_SITE_ID", "CUST_ACCOUNT_ID")

_TARGET = Target(
    "",
    ACCOUNTS,
    "CUST_ACCOUNT_ID",
    walks=(
        Walk(ACCOUNTS, "CUST_ACCOUNT_ID"),
        Walk(PARTIES, "PARTY_ID", (Step(ACCOUNTS, "PARTY_ID", "CUST_ACCOUNT_ID"),)),
        Walk(SITES, "CUST_ACCOUNT_ID"),
        Walk(USES, "CUST_ACCT_SITE_ID", (_TO_ACCOUNT,)),
        Walk(PARTY_SITES, "PARTY_SITE_ID", (_PLACE_TO_ACCOUNT,)),
        Walk(
            LOCATIONS, "LOCATION_ID", (Step(PARTY_SITES, "LOCATION_ID", "PARTY_SITE_ID"), _PLACE_TO_ACCOUNT)
        ),
        Walk(PROFILES, "CUST_ACCOUNT_ID"),
        Walk(AMOUNTS, "CUST_ACCOUNT_ID"),
        Walk(TERMS, "TERM_ID", (Step(PROFILES, "STANDARD_TERMS", "CUST_ACCOUNT_ID"),)),
        Walk(TERMS, "TERM_ID", (Step(USES, "PAYMENT_TERM_ID", "CUST_ACCT_SITE_ID"), _TO_ACCOUNT)),
    ),
    details=(
        Detail(ACCOUNTS, "CUST_ACCOUNT_ID", CHOSEN_VALUES),
        Detail(PARTIES, "PARTY_ID", f"SELECT PARTY_ID FROM {ACCOUNTS}"),  # noqa: S608
        Detail(SITES, "CUST_ACCOUNT_ID", CHOSEN_VALUES),
        Detail(USES, "CUST_ACCT_SITE_ID", f"SELECT CUST_ACCT_SITE_ID FROM {SITES}"),  # noqa: S608
        Detail(PARTY_SITES, "PARTY_SITE_ID", f"SELECT PARTY_SITE_ID FROM {SITES}"),  # noqa: S608
        Detail(LOCATIONS, "LOCATION_ID", f"SELECT LOCATION_ID FROM {PARTY_SITES}"),  # noqa: S608
        Detail(PROFILES, "CUST_ACCOUNT_ID", CHOSEN_VALUES),
        Detail(AMOUNTS, "CUST_ACCOUNT_ID", CHOSEN_VALUES),
        Detail(
            TERMS,
            "TERM_ID",
            f"SELECT STANDARD_TERMS FROM {PROFILES} UNION SELECT PAYMENT_TERM_ID FROM {USES}",  # noqa: S608
        ),
    ),
)

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
    WHERE a.CUST_ACCOUNT_ID IN {CHOSEN} ORDER BY a.CUST_ACCOUNT_ID"""  # noqa: S608
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
    WHERE s.CUST_ACCOUNT_ID IN {CHOSEN}"""  # noqa: S608
_PROFILE_QUERY = f"""
    SELECT p.CUST_ACCOUNT_ID AS account_id, p.CUST_ACCOUNT_PROFILE_ID AS profile_id,
        p.SITE_USE_ID AS site_use_id, p.CREDIT_HOLD AS credit_hold, p.STATUS AS status, t.NAME AS terms,
        MAX(COALESCE(p.{CHANGED}, ''), COALESCE(t.{CHANGED}, '')) AS changed
    FROM {PROFILES} p LEFT JOIN {TERMS} t ON t.TERM_ID = p.STANDARD_TERMS
    WHERE p.CUST_ACCOUNT_ID IN {CHOSEN}"""  # noqa: S608
_AMOUNT_QUERY = f"""
    SELECT CUST_ACCOUNT_ID AS account_id, CUST_ACCT_PROFILE_AMT_ID AS amount_id, SITE_USE_ID AS site_use_id,
        CURRENCY_CODE AS currency_code, OVERALL_CREDIT_LIMIT AS overall_credit_limit,
        TRX_CREDIT_LIMIT AS trx_credit_limit, COALESCE({CHANGED}, '') AS changed
    FROM {AMOUNTS} WHERE CUST_ACCOUNT_ID IN {CHOSEN}"""  # noqa: S608

_FIELDS = field_names(CUSTOMER)
_OF_USE = _FIELDS[_FIELDS.index("site_use_id") : _FIELDS.index("terms")]
_ACCOUNT = _FIELDS[: _FIELDS.index("site_use_id")]
_LIMIT = ("currency_code", "overall_credit_limit", "trx_credit_limit")


@dataclasses.dataclass(frozen=True, slots=True)
class Customers:
    """The business object `customers`: its plan, its rows from tables, its records from rows."""

    options: Options

    operation: ClassVar[str] = "customers"
    collections: ClassVar[Mapping[str, Table]] = {ROWS: CUSTOMER, LIMITS: LIMIT}
    plan: ClassVar[Plan] = Plan(_TABLES, _INDEXES, (_TARGET,))

    def rows(self, part: Part, days: Days) -> Collections:
        """Return the rows of the chosen accounts, by rising id, from what the workspace holds."""
        chosen = {"chosen": part.chosen}
        select = part.workspace.rows
        uses = grouped(select(_USE_QUERY, chosen), "account_id")
        profiles = grouped(select(_PROFILE_QUERY, chosen), "account_id")
        amounts = grouped(select(_AMOUNT_QUERY, chosen), "account_id")
        rows: list[Record] = []
        limits: list[Record] = []
        for account in select(_ACCOUNT_QUERY, chosen):
            key = account["cust_account_id"]
            own = amounts.get(key, ())
            rows.append(self._row(account, uses.get(key, ()), profiles.get(key, ()), own))
            limits += _limits(key, own)
        return {ROWS: rows, LIMITS: limits}

    def compose(self, rows: Collections, days: Days) -> list[Record]:
        """Return the records of rows."""
        limits = grouped(rows[LIMITS], "cust_account_id")
        return [self._record(row, limits.get(row["cust_account_id"], ())) for row in rows[ROWS]]

    def _record(self, row: Mapping[str, Any], limits: Rows) -> Record:
        listed = [{name: limit[name] for name in _LIMIT} for limit in limits]
        limit = self._limit(listed)
        return {
            **{name: row[name] for name in _ACCOUNT},
            "phone": phone_of(row),
            **{name: row[name] for name in _OF_USE},
            "terms": row["terms"],
            "credit_hold": {"Y": True, "N": False}.get(str(row["credit_hold"])),
            "credit_limit": limit.get("overall_credit_limit"),
            "credit_currency": limit.get("currency_code"),
            "credit_limits": listed,
            "last_update_date": row["last_update_date"],
        }

    def _row(self, account: Mapping[str, Any], uses: Rows, profiles: Rows, amounts: Rows) -> Record:
        billing: Mapping[str, Any] = self._billing(uses) or {}
        profile: Mapping[str, Any] = _account_level(profiles, "profile_id") or {}
        changes = [account["account_changed"], account["party_changed"]]
        changes += [row["changed"] for rows in (uses, profiles, amounts) for row in rows]
        return {
            **{name: account[name] for name in _ACCOUNT},
            **{name: billing.get(name) for name in _OF_USE},
            "terms": profile.get("terms") or billing.get("terms"),
            "credit_hold": profile.get("credit_hold"),
            "last_update_date": max((change for change in changes if change), default=None),
        }

    def _billing(self, uses: Rows) -> Mapping[str, Any] | None:
        """Choose the bill-to use: active before inactive, primary before others, then by unit and id."""

        def rank(use: Mapping[str, Any]) -> tuple[Any, ...]:
            unit = use["org_id"]
            return (
                use["use_status"] != "A" or use["site_status"] != "A",
                use["is_primary"] != "Y",
                self.options.preference(unit),
                -1 if unit is None else unit,
                use["site_use_id"],
            )

        return min((use for use in uses if use["code"] == "BILL_TO"), key=rank, default=None)

    def _limit(self, limits: Sequence[Record]) -> Record:
        wanted = self.options.credit_currency
        if wanted is None:
            return next(iter(limits), {})
        return next((limit for limit in limits if limit["currency_code"] == wanted), {})


def _account_level(rows: Rows, key: str) -> Mapping[str, Any] | None:
    """Choose the profile of the account itself: active before inactive, then the oldest."""
    own = (row for row in rows if row["site_use_id"] is None)
    return min(own, key=lambda row: (row["status"] != "A", row[key]), default=None)


def _limits(account_id: int, amounts: Rows) -> list[Record]:
    own = [row for row in amounts if row["site_use_id"] is None and row["currency_code"]]
    return [
        {
            "cust_account_id": account_id,
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
