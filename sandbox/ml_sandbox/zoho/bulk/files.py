"""Files in ZIP archives, and how values look in the CSV of a bulk read (BR)."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from ml_sandbox.zoho.fields import Field
from ml_sandbox.zoho.organization import Organization


def zipped(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A ZIP archive with one CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, text.getvalue().encode())
    return archive.getvalue()


def csv_value(organization: Organization, found: Field, value: Any) -> str:
    """A stored value as a bulk read writes it.

    It differs from JSON: a lookup is only the id, null and empty text cannot be told apart, lists are joined.
    """
    if value is None:
        return ""
    if found.api_name == "Tag":
        return ",".join(value)
    kind = found.value_type
    if kind == "datetime":
        return organization.shown_time(value) or ""
    if kind == "boolean":
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(str(one) for one in value)
    return str(value)
