"""What Zoho says of each record that was written (Insert, Update and Upsert records; Status codes).

The items of `data[]` decide, whatever the HTTP status: a batch that failed wholly comes as 400 or 207.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from requests import Response

from ml_connector.errors import ConnectorError, RecordFault, SystemFault
from ml_connector.sync import WriteItem, WriteResult, as_version
from ml_connector.vendors.zoho.faults import body_of, refusal_of

TOO_LARGE, CHANGED = 413, 412
# Nothing about one record: no other would fare better.
SYSTEM_CODES = frozenset(
    {
        "AUTHORIZATION_FAILED",
        "FEATURE_NOT_ENABLED",
        "INVALID_MODULE",
        "INVALID_REQUEST_METHOD",
        "NO_PERMISSION",
        "STORAGE_SPACE_EXCEEDED",
    }
)
# The record is as it is for now: tried again at the end of the next runs.
LATER_CODES = frozenset({"NOT_APPROVED", "NOT_REVIEWED", "RECORD_IN_BLUEPRINT", "RECORD_LOCKED"})
DUPLICATE, MODIFIED, MULTIPLE = "DUPLICATE_DATA", "ALREADY_MODIFIED", "MULTIPLE_OR_MULTI_ERRORS"
SERVICE = "DEPENDENT_SERVICE_ERROR"
_PASSING_ERRORS = frozenset({"LIMIT_EXCEEDED", "PROCESSING_ERROR"})
_OWN_ID = re.compile(r"\$\.data\[\d+\]\.id")
_NUMBER = re.compile(r"\$\.data\[(\d+)\]")
_FIXES = {
    "NO_PERMISSION": "Give the user's profile this permission, or choose another user.",
    "AUTHORIZATION_FAILED": "Give the user's profile this permission, or choose another user.",
    "INVALID_MODULE": "The organisation's edition or the user's profile does not offer this module.",
    "FEATURE_NOT_ENABLED": "The organisation's edition does not have this.",
    "STORAGE_SPACE_EXCEEDED": "The organisation's storage is full: free some, or buy more.",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    """What an answer says: results by item, the faults of no single record, and known holders of values.

    `duplicates`: (field, value) -> ids of the records that Zoho named as holding it.
    """

    results: list[WriteResult] = dataclasses.field(default_factory=list)
    fault: ConnectorError | None = None
    duplicates: dict[tuple[str, str], list[str]] = dataclasses.field(default_factory=dict)


def read_answer(response: Response, items: Sequence[WriteItem], request_id: str | None) -> Answered:
    """Read an answer to `items`, in their order.

    Raises:
        ApiRefusal: it is about the request and no record (a SystemFault).
    """
    body = body_of(response)
    rows = body.get("data") if isinstance(body, Mapping) else None
    if response.status_code == CHANGED and len(items) == 1:
        # One record was sent and it is the one that changed, whichever form says so.
        rows = [{"code": MODIFIED, "status": "error", "message": "the record was changed meanwhile"}]
    if not isinstance(rows, list) or not rows:
        raise refusal_of(response)
    answered = Answered()
    fault: ConnectorError | None = None
    for number, row in enumerate(rows):
        place = _place(row, number, whole=len(rows) == len(items))
        if place >= len(items):
            continue
        result = _result(row, items[place], answered.duplicates)
        if isinstance(result, ConnectorError):
            fault = fault or result
        else:
            result.request_id = request_id
            answered.results.append(result)
    return dataclasses.replace(answered, fault=fault)


def _place(row: Any, number: int, *, whole: bool) -> int:
    """Which item a row is about; an answer of fewer rows tells by `json_path`."""
    path = str(_details(row).get("json_path") or "")
    found = _NUMBER.match(path)
    return number if whole or found is None else int(found.group(1))


def _result(
    row: Any, item: WriteItem, duplicates: dict[tuple[str, str], list[str]]
) -> WriteResult | ConnectorError:
    code, details = str(_mapping(row).get("code") or ""), _details(row)
    if _mapping(row).get("status") == "success" and details.get("id"):
        return WriteResult(item, key=str(details["id"]), version=as_version(details.get("Modified_Time")))
    if code in SYSTEM_CODES:
        return SystemFault(f"Zoho CRM refused with {code}: {_said(row)}.", fix=_FIXES.get(code, ""))
    return _refused(row, code, item, duplicates)


def _refused(
    row: Any, code: str, item: WriteItem, duplicates: dict[tuple[str, str], list[str]]
) -> WriteResult:
    rows = _rows(row, code)
    codes = {str(_mapping(each).get("code") or code) for each in rows}
    alike = codes.pop() if len(codes) == 1 else code
    fault = _fault(rows, alike, item)
    if alike != DUPLICATE or fault.field is None:
        return WriteResult(item, key=item.key, fault=fault)
    # Looked up again by the value, as the ladder of the unique field makes it.
    value = str(item.values.get(fault.field) or "").strip()
    duplicates.setdefault((fault.field, value), []).extend(holders_of(_details(rows[0])))
    return WriteResult(item, key=item.key, fault=fault, taken=fault.field)


def _rows(row: Any, code: str) -> list[Any]:
    """The errors of one record: itself, or those that it gathers."""
    errors = _mapping(row).get("errors") or _details(row).get("errors")
    return errors if code == MULTIPLE and isinstance(errors, list) and errors else [row]


def holders_of(details: Mapping[str, Any]) -> list[str]:
    """The id of the record that holds a value, where the answer names it."""
    found = _mapping(details.get("duplicate_record")).get("id") or details.get("id")
    return [str(found)] if found else []


def _fault(rows: Sequence[Any], code: str, item: WriteItem) -> RecordFault:
    first = _details(rows[0])
    field = first.get("api_name")
    return RecordFault(
        f"Zoho CRM refused the record with {code or 'an error'}: {'; '.join(_said(each) for each in rows)}.",
        cause=_cause(code, first, item),
        field=str(field) if field and field != "id" else None,
    )


def _cause(code: str, details: Mapping[str, Any], item: WriteItem) -> str:
    if code == MODIFIED:
        return "conflict_at_vendor"
    if code == DUPLICATE:
        return "taken"
    if code in LATER_CODES or (code == SERVICE and details.get("dependency_error") in _PASSING_ERRORS):
        return "retry"
    path = str(details.get("json_path") or "")
    if (
        item.key
        and code == "INVALID_DATA"
        and details.get("api_name") == "id"
        and (not path or _OWN_ID.fullmatch(path))
    ):
        return "missing"
    return "vendor"


def _said(row: Any) -> str:
    details = _details(row)
    parts = [str(_mapping(row).get("message") or _mapping(row).get("code") or "")]
    field = details.get("api_name")
    if field:
        parts.append(f"field {field}")
    for name, words in _WORDS.items():
        if details.get(name) not in (None, "", [], {}):
            parts.append(f"{words} {_short(details[name])}")
    return ", ".join(part for part in parts if part)


_WORDS = {
    "expected_data_type": "expected",
    "maximum_length": "at most",
    "supported_values": "permitted are",
    "duplicate_record": "held by",
    "dependee": "depends on",
    "expected_fields": "needs",
    "dependency_error": "because of",
    "permissions": "needs",
}


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_short(item) for item in value)[:200]
    if isinstance(value, Mapping):
        return str(value.get("api_name") or value.get("id") or dict(value))[:200]
    return str(value)[:200]


def _details(row: Any) -> Mapping[str, Any]:
    return _mapping(_mapping(row).get("details"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
