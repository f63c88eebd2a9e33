"""Validation of mapped records against the target's own schema of the object, compiled once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import fastjsonschema

from ml_connector.errors import RecordFault, SystemFault
from ml_connector.sync import CREATE_FLAG, REJECT_FLAG, ObjectSpec

_FLAGS = frozenset({CREATE_FLAG, REJECT_FLAG})


class Validator:
    """Checks flat mapped records of one object."""

    def __init__(self, spec: ObjectSpec) -> None:
        self._spec = spec
        properties = {name: dict(field.schema) for name, field in spec.fields.items() if field.schema}
        self._check: Callable[[Mapping[str, Any]], Any] = fastjsonschema.compile(
            {"type": "object", "properties": properties}, use_default=False
        )

    def check(self, flat: Mapping[str, Any]) -> None:
        """Raise a RecordFault that names the field, where the record does not fit the object."""
        unknown = flat.keys() - self._spec.fields.keys()
        if unknown:
            name = min(unknown)
            raise RecordFault(f"{self._spec.name} has no field {name}.", cause="unknown_field", field=name)
        try:
            self._check(flat)
        except fastjsonschema.JsonSchemaValueException as error:
            name = str(error.name).removeprefix("data.")
            raise RecordFault(
                f"{name} {str(error.message).partition(' ')[2]}.", cause="invalid", field=name
            ) from None


def check_fields(stream: str, spec: ObjectSpec, fields: Iterable[str], keys: Iterable[str]) -> None:
    """Refuse a stream that is mapped onto fields which the object does not have.

    Key properties that the object has no field for only name the record and are not sent.

    Raises:
        SystemFault: with the unknown fields and the list of the known ones.
    """
    tolerated = _FLAGS | set(keys)
    unknown = sorted(
        name
        for name in fields
        if name not in spec.fields and name not in tolerated and not name.startswith("_sdc_")
    )
    if unknown:
        raise SystemFault(
            f"Stream {stream}: {spec.name} has no field {', '.join(unknown)}.",
            fix=f"Map onto these in stream_maps, or leave them out with __else__: __NULL__. Known fields: "
            f"{', '.join(sorted(spec.fields))}.",
        )
