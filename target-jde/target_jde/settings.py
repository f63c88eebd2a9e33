"""The settings of target-jde."""

from __future__ import annotations

from ml_connector.settings import Setting, with_defaults, without
from ml_connector.singer.settings import TARGET_SETTINGS
from ml_connector.vendors.jde.business.options import BUSINESS_SETTINGS
from ml_connector.vendors.jde.settings import ACCESS_SETTINGS, READING_SETTINGS
from target_jde.descriptions import STAGE, STAGE_ROWS

OBJECT = {"type": ["object", "null"]}

SETTINGS: tuple[Setting, ...] = (
    *with_defaults(ACCESS_SETTINGS, read_timeout=600),
    *READING_SETTINGS,
    *without(BUSINESS_SETTINGS, "contact_search_types"),
    Setting(
        "orchestrations",
        "Per object (customers, suppliers, contacts) the orchestrations that write it: create, update, "
        "lookup, input_format (generic or jde_standard), api_version (v3 or v2), inputs (field: name, or "
        "{name, date_format}, or null), output (dotted path of the new address number), line_output, "
        "constants (input: value), required (inputs). Default: those that the folder orchestrations "
        "describes.",
        "object",
        items=OBJECT,
    ),
    Setting(
        "check_orchestrations",
        "Hold the orchestrations and their inputs against the server's own description at start.",
        "boolean",
        default=True,
    ),
    Setting(
        "creates",
        "Create address book records. With false a record without a partner becomes a letter.",
        "boolean",
        default=True,
    ),
    Setting(
        "source_key",
        "The field that keeps the source's key, by which a create is found again whose answer was lost. "
        "Creates are refused where no input carries it. `none`: they are permitted without, and one whose "
        "answer is lost becomes a letter.",
        default="long_address",
        allowed=("long_address", "additional_tax_id", "tax_id", "none"),
    ),
    Setting(
        "match_by",
        "How a record without a link is looked for, in this order, after its address number and "
        "`source_key`: tax_id, additional_tax_id, email, name_and_postal_code. Contacts: email and name "
        "within their address number, as far as email is listed.",
        "array",
        default=["tax_id", "email"],
        items={
            "type": ["string"],
            "enum": ["tax_id", "additional_tax_id", "email", "name_and_postal_code"],
        },
    ),
    Setting(
        "write_blanks",
        "Fields that a blank of the source clears, once both sides are known to have agreed on a value.",
        "array",
        items={"type": ["string"]},
    ),
    Setting(
        "match_scan",
        "Look for tax numbers and e-mail addresses that are spelled otherwise: what is not found as it is "
        "spelled is looked for among all, which are read once in such a run.",
        "boolean",
        default=True,
    ),
    Setting("blank", "The text that clears an input.", default=" "),
    Setting("two_way", "Somebody else changes mapped fields too: read before each write.", "boolean", True),
    Setting(
        "on_delete",
        "A record deleted in the source: ignore it, flag its link so that it is not written any more, or "
        "inactivate: write the values of `inactive` too. Nothing is ever deleted.",
        default="ignore",
        allowed=("ignore", "flag", "inactivate"),
    ),
    Setting(
        "inactive",
        "Per object the values that put a record out of use: `{customers: {search_type: X}}`.",
        "object",
        items=OBJECT,
    ),
    Setting(
        "batch_from",
        "From so many new customers or suppliers on they are staged in F0101Z2 and processed by a report; "
        "what F0101Z2 has no column for is added by the update orchestration afterwards. 0: never.",
        "integer",
        0,
        minimum=0,
    ),
    Setting("batch_max_rows", "Rows of one staged batch at most.", "integer", 1000, minimum=1),
    Setting("batch_orchestration", "Orchestration that adds an array of rows to F0101Z2.", default=STAGE),
    Setting("batch_array", "Name of its array.", default=STAGE_ROWS),
    Setting("batch_report", "Report that processes the rows.", default="R01010Z"),
    Setting("batch_version", "Version of the report.", default="XJDE0001"),
    Setting("batch_queue", "Job queue of the report. Default: the server's."),
    Setting(
        "batch_selection",
        "Data selection of the report, sent as it is; `{batch}` in its texts stands for the batch's number "
        "(EDBT). Default: that of the version.",
        "object",
    ),
    Setting("batch_user", "Value of EDUS in the rows. Default: `username`."),
    Setting("batch_poll", "Seconds between looks at a report.", "number", 5, minimum=0.05),
    Setting("batch_timeout", "Seconds after which a report counts as stuck.", "number", 3600, minimum=1),
    Setting(
        "batch_refused",
        "A row that the report left unprocessed: letter, or singly: send it through the create "
        "orchestration, which says why.",
        default="letter",
        allowed=("letter", "singly"),
    ),
    *without(TARGET_SETTINGS, "on_delete"),
)
