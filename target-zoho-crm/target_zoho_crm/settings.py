"""The settings of target-zoho-crm."""

from __future__ import annotations

from ml_connector.settings import Setting, with_defaults, without
from ml_connector.singer.settings import TARGET_SETTINGS
from ml_connector.vendors.zoho.settings import ZOHO_SETTINGS

WRITE_SCOPE = (
    "ZohoCRM.modules.ALL,ZohoCRM.settings.modules.READ,ZohoCRM.settings.fields.READ,ZohoCRM.org.READ,"
    "ZohoCRM.coql.READ,ZohoCRM.bulk.ALL,ZohoFiles.files.ALL"
)
TRIGGERS = ("workflow", "approval", "blueprint", "pathfinder", "orchestration", "all")
DEFAULT_DEDUPE = {
    "Contacts": {"email": "Email"},
    "Leads": {"email": "Email"},
    "Vendors": {"email": "Email"},
}

_FINDING = (
    Setting(
        "source_key",
        "Per module the API name of the unique field that holds the source's key, such as Accounts: "
        "JDE_Address_Number. New records are created by upsert on it; without one they are inserted, and a "
        "create whose answer is lost becomes a letter.",
        "object",
        items={"type": "string"},
    ),
    Setting(
        "dedupe",
        "Per module the fields by which an unlinked record is found: email, tax_id (with country), phone, "
        "name together with postal_code, and for Accounts contact_email: a name under which the mapping "
        "gives an address that is looked for among Contacts. Asked in this order; a module without an entry "
        "has none.",
        "object",
        DEFAULT_DEDUPE,
        items={"type": "object", "additionalProperties": {"type": ["string", "null"]}},
    ),
    Setting(
        "default_country",
        "Country (two letters) of tax ids and phone numbers of records that name none.",
    ),
    Setting(
        "countries",
        "Two letters of countries by the names that records use, such as Germany: DE.",
        "object",
        items={"type": "string"},
    ),
)
_WRITING = (
    Setting("two_way", "Somebody else changes mapped fields too: read before each write.", "boolean", False),
    Setting(
        "write_blanks",
        "Fields that a blank of the source clears, once both sides are known to have agreed on a value: "
        "FIELD in every module, or MODULE.FIELD. That null clears a field is common practice, not "
        "documented.",
        "array",
        items={"type": "string"},
    ),
    Setting(
        "trigger",
        "What Zoho runs after a write: workflow, approval, blueprint, pathfinder, orchestration. An empty "
        "list runs nothing, `all` everything.",
        "array",
        [],
        items={"type": "string", "enum": list(TRIGGERS)},
    ),
    Setting(
        "write_batch",
        "Records in one request. Requests of more than 10 are heavy calls, of which Zoho takes few at once.",
        "integer",
        100,
        minimum=1,
        maximum=100,
    ),
    Setting(
        "read_batch",
        "Records that are read by id in one request; how many Zoho takes is not documented.",
        "integer",
        100,
        minimum=1,
        maximum=100,
    ),
    Setting("parallel", "How many requests may be under way at once.", "integer", 4, minimum=1, maximum=10),
    Setting(
        "strict_locking",
        "Change linked records one by one, and let Zoho refuse a record that changed since it was read; it "
        "is then merged again.",
        "boolean",
        False,
    ),
    Setting(
        "bulk_from",
        "From so many records of a batch on write by Bulk Write jobs (500 credits each, 25,000 records); 0 "
        "never does. Sensible from 50,000 on, with batch_rows as large. Whether workflows run then is not "
        "documented.",
        "integer",
        0,
        minimum=0,
    ),
    Setting("bulk_rows", "Records in one Bulk Write job.", "integer", 25_000, minimum=1, maximum=25_000),
    Setting("job_first_poll", "Seconds before a job is first looked at.", "number", 5, minimum=0.05),
    Setting("job_poll", "Longest pause between looks at a job, in seconds.", "number", 30, minimum=0.05),
    Setting("job_timeout", "Seconds after which a job counts as stuck.", "number", 3600, minimum=1),
    Setting(
        "on_delete",
        "A record deleted in the source: ignore it, flag its link so that it is not written any more, or "
        "inactivate: write inactive_values as well. Nothing is ever deleted in Zoho.",
        default="ignore",
        allowed=("ignore", "flag", "inactivate"),
    ),
    Setting(
        "inactive_values",
        "Per module the values that put a record out of use, such as Accounts: {Account_Type: Other}.",
        "object",
        items={"type": "object"},
    ),
)

SETTINGS: tuple[Setting, ...] = (
    *with_defaults(ZOHO_SETTINGS, scope=WRITE_SCOPE),
    *_FINDING,
    *_WRITING,
    *without(TARGET_SETTINGS, "on_delete"),
)
