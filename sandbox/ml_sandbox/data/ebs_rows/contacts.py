"""Contact people and contact points.

A contact person is four things in the trading community model: a person party, a relationship
party that owns e-mail and phone, two relationship rows (one per direction) and a role on the
customer account.
"""

from ml_sandbox.data.business import Company, Person
from ml_sandbox.data.ebs_rows.sheet import Sheet, Value


def write_points(sheet: Sheet, company: Company, party_id: int) -> None:
    """Write the phone, fax, e-mail and web address of the company itself."""
    if company.phone:
        _write_point(sheet, company, party_id, _phone(company.phone, "GEN"))
    if company.fax:
        _write_point(sheet, company, party_id, _phone(company.fax, "FAX") | {"PRIMARY_FLAG": "N"})
    if company.email:
        columns: dict[str, Value | None] = {"EMAIL_ADDRESS": company.email}
        _write_point(sheet, company, party_id, columns | {"CONTACT_POINT_TYPE": "EMAIL"})
    if company.url:
        _write_point(sheet, company, party_id, {"CONTACT_POINT_TYPE": "WEB", "URL": company.url})


def write_contacts(sheet: Sheet, company: Company, party_id: int, accounts: tuple[int, ...]) -> None:
    """Write every contact person, with a role on each of the company's customer accounts."""
    for contact in company.contacts:
        relationship_party = _write_contact(sheet, company, contact, party_id)
        for account_id in accounts:
            columns: dict[str, Value | None] = {
                "CUST_ACCOUNT_ROLE_ID": sheet.next_key("HZ_CUST_ACCOUNT_ROLES"),
                "CUST_ACCOUNT_ID": account_id,
                "PARTY_ID": relationship_party,
                "ROLE_TYPE": "CONTACT",
                "STATUS": "A" if contact.active else "I",
            }
            sheet.add("HZ_CUST_ACCOUNT_ROLES", company.created, company.updated, columns)


def _write_contact(sheet: Sheet, company: Company, contact: Person, party_id: int) -> int:
    person_id = sheet.next_key("HZ_PARTIES")
    person: dict[str, Value | None] = {
        "PARTY_ID": person_id,
        "PARTY_NUMBER": f"P{person_id}",
        "PARTY_NAME": contact.full_name,
        "PARTY_TYPE": "PERSON",
        "STATUS": "A" if contact.active else "I",
        "PERSON_FIRST_NAME": contact.first_name,
        "PERSON_LAST_NAME": contact.last_name,
    }
    sheet.add("HZ_PARTIES", company.created, company.created, person)
    relationship_party = sheet.next_key("HZ_PARTIES")
    between: dict[str, Value | None] = {
        "PARTY_ID": relationship_party,
        "PARTY_NUMBER": f"R{relationship_party}",
        "PARTY_NAME": f"{contact.full_name}-{company.name}"[:360],
        "PARTY_TYPE": "PARTY_RELATIONSHIP",
        "STATUS": "A" if contact.active else "I",
        "EMAIL_ADDRESS": contact.email,
        "PRIMARY_PHONE_NUMBER": contact.phone,
    }
    sheet.add("HZ_PARTIES", company.created, company.updated, between)
    _write_relationship(sheet, company, contact, (person_id, party_id, relationship_party))
    if contact.email:
        columns: dict[str, Value | None] = {"EMAIL_ADDRESS": contact.email, "CONTACT_POINT_TYPE": "EMAIL"}
        _write_point(sheet, company, relationship_party, columns)
    if contact.phone:
        _write_point(sheet, company, relationship_party, _phone(contact.phone, "GEN"))
    return relationship_party


def _write_relationship(sheet: Sheet, company: Company, contact: Person, keys: tuple[int, int, int]) -> None:
    person_id, party_id, relationship_party = keys
    relationship_id = sheet.next_key("HZ_RELATIONSHIPS")
    status = "A" if contact.active else "I"
    kind = "PERSON" if company.is_person else "ORGANIZATION"
    for flag, subject, subject_type, other, other_type, code in (
        ("F", person_id, "PERSON", party_id, kind, "CONTACT_OF"),
        ("B", party_id, kind, person_id, "PERSON", "CONTACT"),
    ):
        columns: dict[str, Value | None] = {
            "RELATIONSHIP_ID": relationship_id,
            "DIRECTIONAL_FLAG": flag,
            "SUBJECT_ID": subject,
            "SUBJECT_TYPE": subject_type,
            "OBJECT_ID": other,
            "OBJECT_TYPE": other_type,
            "PARTY_ID": relationship_party,
            "RELATIONSHIP_CODE": code,
            "STATUS": status,
        }
        sheet.add("HZ_RELATIONSHIPS", company.created, company.updated, columns)
    contact_id = sheet.next_key("HZ_ORG_CONTACTS")
    columns = {
        "ORG_CONTACT_ID": contact_id,
        "PARTY_RELATIONSHIP_ID": relationship_id,
        "JOB_TITLE": contact.job_title,
        "CONTACT_NUMBER": str(contact_id),
    }
    sheet.add("HZ_ORG_CONTACTS", company.created, company.updated, columns)


def _phone(number: str, line: str) -> dict[str, Value | None]:
    return {"CONTACT_POINT_TYPE": "PHONE", "PHONE_LINE_TYPE": line, "PHONE_NUMBER": number}


def _write_point(sheet: Sheet, company: Company, owner: int, columns: dict[str, Value | None]) -> None:
    own: dict[str, Value | None] = {
        "CONTACT_POINT_ID": sheet.next_key("HZ_CONTACT_POINTS"),
        "OWNER_TABLE_NAME": "HZ_PARTIES",
        "OWNER_TABLE_ID": owner,
        "PRIMARY_FLAG": "Y",
        "STATUS": "A",
    }
    sheet.add("HZ_CONTACT_POINTS", company.created, company.updated, own | columns)
