"""The columns of an uploaded file, and which fields they become (BW)."""

import csv
import io
from typing import Any

from ml_sandbox.zoho.bulk.cells import Mapping
from ml_sandbox.zoho.bulk.criteria import refused
from ml_sandbox.zoho.bulk.uploads import Upload
from ml_sandbox.zoho.errors import flat
from ml_sandbox.zoho.modules import Module

DELIMITERS = ",;:|"


def file_rows(upload: Upload, limit: int) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a file; 400 when it is empty, no UTF-8, or too long."""
    try:
        text = upload.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("FILE_NOT_SUPPORTED", file_name=upload.name) from None
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    lines = [line for line in csv.reader(io.StringIO(text), delimiter=delimiter) if line]
    if not lines:
        raise refused("FILE_NOT_SUPPORTED", file_name=upload.name)
    if len(lines) - 1 > limit:
        raise flat(400, "LIMIT_EXCEEDED", "limit exceeded", {"limit": limit, "file_name": upload.name})
    header = [name.strip() for name in lines[0]]
    padding = [""] * len(header)
    return header, [[*line, *padding][: len(header)] for line in lines[1:]]


def mappings_of(module: Module, header: list[str], given: Any) -> list[Mapping]:
    """The mappings that were sent, or those that the header says by itself."""
    if given is None:
        return [_by_header(module, name, index) for index, name in enumerate(header)]
    if not isinstance(given, list):
        raise _wrong("$.resource[0].field_mappings")
    return [_mapping(module, header, one, position) for position, one in enumerate(given)]


def _by_header(module: Module, name: str, index: int) -> Mapping:
    """``Account_Name.id`` and ``Account_Name.Account_Name`` say how a lookup is found."""
    first, _, find_by = name.partition(".")
    if first not in module.fields:
        raise refused("INVALID_REQUEST", api_name=name)
    return _checked(first, Mapping(module.fields[first], index, find_by or None), name)


def _mapping(module: Module, header: list[str], given: Any, position: int) -> Mapping:
    path = f"$.resource[0].field_mappings[{position}]"
    if not isinstance(given, dict) or not isinstance(given.get("api_name"), str):
        raise _wrong(f"{path}.api_name")
    name, index = given["api_name"], given.get("index")
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(header):
        raise _wrong(f"{path}.index")
    if name not in module.fields:
        raise refused("INVALID_REQUEST", api_name=name)
    default = given.get("default_value")
    value = default.get("value") if isinstance(default, dict) else None
    mapping = Mapping(module.fields[name], index, given.get("find_by"), given.get("format"), value)
    return _checked(name, mapping, path)


def _checked(name: str, mapping: Mapping, path: str) -> Mapping:
    if mapping.field.data_type == "lookup" and mapping.find_by is None:
        details = {"api_name": name, "json_path": path}
        raise flat(400, "MANDATORY_NOT_FOUND", "Required key find_by is not available", details)
    return mapping


def _wrong(path: str) -> Exception:
    return flat(400, "INVALID_DATA", "invalid data", {"api_name": path.rsplit(".", 1)[-1], "json_path": path})
