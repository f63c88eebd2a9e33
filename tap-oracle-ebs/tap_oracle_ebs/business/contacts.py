"""A contact of a customer: a role on the account, the relationship behind it, the person, e-mail and phone.

E-mail and phone hang on the party of the relationship, not on the person: they are those of the person in
this company.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tap_oracle_ebs.business.customers import phone_of
from tap_oracle_ebs.business.days import Days
from tap_oracle_ebs.business.engine import Part
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.package_rows import CONTACT, ROWS, Collections, field_names, grouped
from tap_oracle_ebs.business.plan import (
    CHOSEN,
    CHOSEN_VALUES,
    Detail,
    Only,
    Plan,
    Step,
    Target,
    Walk,
    columns,
)
from tap_oracle_ebs.catalog.tables import CHANGED, Table

Record = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

ROLES, RELATIONSHIPS, ORG_CONTACTS = "HZ_CUST_ACCOUNT_ROLES", "HZ_RELATIONSHIPS", "HZ_ORG_CONTACTS"
PARTIES, POINTS = "HZ_PARTIES", "HZ_CONTACT_POINTS"
ACCOUNTS, SITES = "HZ_CUST_ACCOUNTS", "HZ_CUST_ACCT_SITES_ALL"

_IS_CONTACT = (Only("ROLE_TYPE", ("CONTACT",)),)
_OF_PARTY = (Only("OWNER_TABLE_NAME", ("HZ_PARTIES",)),)
_TABLES = (
    columns(ROLES, "CUST_ACCOUNT_ID CUST_ACCT_SITE_ID PARTY_ID ROLE_TYPE STATUS CREATION_DATE"),
    columns(ACCOUNTS, "PARTY_ID ACCOUNT_NUMBER STATUS"),
    columns(SITES, "ORG_ID"),
    columns(RELATIONSHIPS, "SUBJECT_ID SUBJECT_TYPE OBJECT_ID PARTY_ID STATUS"),
    columns(ORG_CONTACTS, "PARTY_RELATIONSHIP_ID JOB_TITLE CONTACT_NUMBER"),
    columns(
        PARTIES,
        "PARTY_NAME PERSON_FIRST_NAME PERSON_LAST_NAME EMAIL_ADDRESS PRIMARY_PHONE_COUNTRY_CODE "
        "PRIMARY_PHONE_AREA_CODE PRIMARY_PHONE_NUMBER PRIMARY_PHONE_EXTENSION",
    ),
    columns(
        POINTS,
        "OWNER_TABLE_NAME OWNER_TABLE_ID CONTACT_POINT_TYPE PHONE_LINE_TYPE PHONE_COUNTRY_CODE "
        "PHONE_AREA_CODE PHONE_NUMBER PHONE_EXTENSION EMAIL_ADDRESS PRIMARY_FLAG STATUS",
    ),
)
_INDEXES = (
    (ROLES, "CUST_ACCOUNT_ID"),
    (ROLES, "CUST_ACCT_SITE_ID"),
    (ROLES, "PARTY_ID"),
    (RELATIONSHIPS, "PARTY_ID"),
    (RELATIONSHIPS, "SUBJECT_ID"),
    (ORG_CONTACTS, "PARTY_RELATIONSHIP_ID"),
    (POINTS, "OWNER_TABLE_ID"),
)
_ROLE_OF_PARTY = Step(ROLES, "PARTY_ID", "CUST_ACCOUNT_ROLE_ID", _IS_CONTACT)
_ROLE_OF_ACCOUNT = Step(ROLES, "CUST_ACCOUNT_ID", "CUST_ACCOUNT_ROLE_ID", _IS_CONTACT)

_TARGET = Target(
    "",
    ROLES,
    "CUST_ACCOUNT_ROLE_ID",
    only=_IS_CONTACT,
    of_accounts=((_ROLE_OF_ACCOUNT,),),
    walks=(
        Walk(ROLES, "CUST_ACCOUNT_ROLE_ID", only=_IS_CONTACT),
        Walk(ACCOUNTS, "CUST_ACCOUNT_ID", (_ROLE_OF_ACCOUNT,)),
        Walk(
            SITES,
            "CUST_ACCT_SITE_ID",
            (Step(ROLES, "CUST_ACCT_SITE_ID", "CUST_ACCOUNT_ROLE_ID", _IS_CONTACT),),
        ),
        Walk(RELATIONSHIPS, "PARTY_ID", (_ROLE_OF_PARTY,), (Only("SUBJECT_TYPE", ("PERSON",)),)),
        Walk(
            ORG_CONTACTS,
            "PARTY_RELATIONSHIP_ID",
            (Step(RELATIONSHIPS, "RELATIONSHIP_ID", "PARTY_ID"), _ROLE_OF_PARTY),
        ),
        Walk(PARTIES, "PARTY_ID", (_ROLE_OF_PARTY,)),
        Walk(
            PARTIES,
            "PARTY_ID",
            (
                Step(RELATIONSHIPS, "SUBJECT_ID", "PARTY_ID", (Only("SUBJECT_TYPE", ("PERSON",)),)),
                _ROLE_OF_PARTY,
            ),
        ),
        Walk(POINTS, "OWNER_TABLE_ID", (_ROLE_OF_PARTY,), _OF_PARTY),
    ),
    details=(
        Detail(ROLES, "CUST_ACCOUNT_ROLE_ID", CHOSEN_VALUES),
        Detail(ACCOUNTS, "CUST_ACCOUNT_ID", f"SELECT CUST_ACCOUNT_ID FROM {ROLES}"),  # noqa: S608
        Detail(SITES, "CUST_ACCT_SITE_ID", f"SELECT CUST_ACCT_SITE_ID FROM {ROLES}"),  # noqa: S608
        Detail(RELATIONSHIPS, "PARTY_ID", f"SELECT PARTY_ID FROM {ROLES}"),  # noqa: S608
        Detail(ORG_CONTACTS, "PARTY_RELATIONSHIP_ID", f"SELECT RELATIONSHIP_ID FROM {RELATIONSHIPS}"),  # noqa: S608
        Detail(
            PARTIES,
            "PARTY_ID",
            f"SELECT PARTY_ID FROM {ROLES} UNION SELECT SUBJECT_ID FROM {RELATIONSHIPS} "  # noqa: S608
            "WHERE SUBJECT_TYPE = 'PERSON'",
        ),
        Detail(POINTS, "OWNER_TABLE_ID", f"SELECT PARTY_ID FROM {ROLES}"),  # noqa: S608
    ),
)

_ROLE_QUERY = f"""
    SELECT r.CUST_ACCOUNT_ROLE_ID AS cust_account_role_id, r.CUST_ACCOUNT_ID AS cust_account_id,
        a.ACCOUNT_NUMBER AS account_number, a.STATUS AS account_status, a.PARTY_ID AS account_party_id,
        r.CUST_ACCT_SITE_ID AS cust_acct_site_id, s.CUST_ACCT_SITE_ID AS known_site, s.ORG_ID AS org_id,
        r.PARTY_ID AS party_id, r.STATUS AS role_status, r.CREATION_DATE AS creation_date,
        p.EMAIL_ADDRESS AS email, p.PRIMARY_PHONE_COUNTRY_CODE AS phone_country_code,
        p.PRIMARY_PHONE_AREA_CODE AS phone_area_code, p.PRIMARY_PHONE_NUMBER AS phone_number,
        p.PRIMARY_PHONE_EXTENSION AS phone_extension,
        r.{CHANGED} AS role_changed, a.{CHANGED} AS account_changed, s.{CHANGED} AS site_changed,
        p.{CHANGED} AS party_changed
    FROM {ROLES} r
    LEFT JOIN {ACCOUNTS} a ON a.CUST_ACCOUNT_ID = r.CUST_ACCOUNT_ID
    LEFT JOIN {SITES} s ON s.CUST_ACCT_SITE_ID = r.CUST_ACCT_SITE_ID
    LEFT JOIN {PARTIES} p ON p.PARTY_ID = r.PARTY_ID
    WHERE r.CUST_ACCOUNT_ROLE_ID IN {CHOSEN} AND r.ROLE_TYPE = 'CONTACT'
    ORDER BY r.CUST_ACCOUNT_ROLE_ID"""  # noqa: S608
_PARTIES_OF_ROLES = f"(SELECT PARTY_ID FROM {ROLES} WHERE CUST_ACCOUNT_ROLE_ID IN {CHOSEN})"  # noqa: S608
_RELATIONSHIP_QUERY = f"""
    SELECT r.PARTY_ID AS party_id, r.RELATIONSHIP_ID AS relationship_id, r.DIRECTIONAL_FLAG AS flag,
        r.OBJECT_ID AS object_id, p.PARTY_ID AS person_party_id, r.STATUS AS relationship_status,
        p.PERSON_FIRST_NAME AS first_name, p.PERSON_LAST_NAME AS last_name, p.PARTY_NAME AS name,
        MAX(COALESCE(r.{CHANGED}, ''), COALESCE(p.{CHANGED}, '')) AS changed
    FROM {RELATIONSHIPS} r LEFT JOIN {PARTIES} p ON p.PARTY_ID = r.SUBJECT_ID
    WHERE r.PARTY_ID IN {_PARTIES_OF_ROLES} AND r.SUBJECT_TYPE = 'PERSON'"""  # noqa: S608
_ORG_CONTACT_QUERY = f"""
    SELECT PARTY_RELATIONSHIP_ID AS relationship_id, JOB_TITLE AS job_title, CONTACT_NUMBER AS contact_number,
        {CHANGED} AS changed
    FROM {ORG_CONTACTS} WHERE PARTY_RELATIONSHIP_ID IN (
        SELECT RELATIONSHIP_ID FROM {RELATIONSHIPS} WHERE PARTY_ID IN {_PARTIES_OF_ROLES})
    ORDER BY ORG_CONTACT_ID"""  # noqa: S608
_POINT_QUERY = f"""
    SELECT OWNER_TABLE_ID AS party_id, CONTACT_POINT_TYPE AS type, PHONE_LINE_TYPE AS line, STATUS AS status,
        EMAIL_ADDRESS AS email, PHONE_COUNTRY_CODE AS phone_country_code, PHONE_AREA_CODE AS phone_area_code,
        PHONE_NUMBER AS phone_number, PHONE_EXTENSION AS phone_extension, {CHANGED} AS changed
    FROM {POINTS}
    WHERE OWNER_TABLE_NAME = 'HZ_PARTIES' AND OWNER_TABLE_ID IN {_PARTIES_OF_ROLES}
    ORDER BY COALESCE(PRIMARY_FLAG, 'N') <> 'Y', CONTACT_POINT_ID"""  # noqa: S608

_FIELDS = field_names(CONTACT)
_PHONE = ("phone_country_code", "phone_area_code", "phone_number", "phone_extension")
_NONE: Mapping[str, Any] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Contacts:
    """The business object `customer_contacts`: its plan, its rows from tables, its records from rows."""

    options: Options

    operation: ClassVar[str] = "customer_contacts"
    collections: ClassVar[Mapping[str, Table]] = {ROWS: CONTACT}
    plan: ClassVar[Plan] = Plan(_TABLES, _INDEXES, (_TARGET,))

    def rows(self, part: Part, days: Days) -> Collections:
        """Return the rows of the chosen roles, by rising id, from what the workspace holds."""
        chosen = {"chosen": part.chosen}
        select = part.workspace.rows
        relationships = grouped(select(_RELATIONSHIP_QUERY, chosen), "party_id")
        org_contacts = grouped(select(_ORG_CONTACT_QUERY, chosen), "relationship_id")
        points = grouped(select(_POINT_QUERY, chosen), "party_id")
        rows = []
        for role in select(_ROLE_QUERY, chosen):
            if self.options.units and role["cust_acct_site_id"] is not None and role["known_site"] is None:
                # The site belongs to a unit that is not to be read.
                continue
            known = relationships.get(role["party_id"], ())
            chosen_one = min(known, key=lambda row: _rank(row, role["account_party_id"]), default=_NONE)
            titles = org_contacts.get(chosen_one.get("relationship_id"), ())
            rows.append(_row(role, chosen_one, titles, points.get(role["party_id"], ())))
        return {ROWS: rows}

    def compose(self, rows: Collections, days: Days) -> list[Record]:
        """Return the records of rows."""
        return [{**row, "phone": phone_of(row)} for row in rows[ROWS]]


def _rank(relationship: Mapping[str, Any], account_party_id: int | None) -> tuple[Any, ...]:
    is_own = relationship["object_id"] == account_party_id
    return not is_own, relationship["relationship_id"], relationship["flag"]


def _row(role: Mapping[str, Any], relationship: Mapping[str, Any], titles: Rows, points: Rows) -> Record:
    title = next(iter(titles), _NONE)
    active = [point for point in points if point["status"] == "A"]
    mail = next((point for point in active if point["type"] == "EMAIL" and point["email"]), role)
    phones = (point for point in active if point["type"] == "PHONE" and point["line"] != "FAX")
    phone = next((point for point in phones if point["phone_number"]), role)
    is_active = role["role_status"] == "A" and relationship.get("relationship_status") == "A"
    changes = [role[f"{name}_changed"] for name in ("role", "account", "site", "party")]
    changes += [relationship.get("changed"), title.get("changed"), *(point["changed"] for point in points)]
    values = {
        **{name: role.get(name) for name in _FIELDS},
        **{name: relationship.get(name) for name in ("person_party_id", "first_name", "last_name", "name")},
        "relationship_status": relationship.get("relationship_status"),
        "contact_number": title.get("contact_number"),
        "job_title": title.get("job_title"),
        "email": mail["email"],
        **{name: phone[name] for name in _PHONE},
        "status": "A" if is_active else "I",
        "last_update_date": max((change for change in changes if change), default=None),
    }
    return {name: values[name] for name in _FIELDS}
