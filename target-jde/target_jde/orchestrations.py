"""Which orchestrations write an object, what their inputs are called, and the bodies that they take."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from ml_connector.errors import SystemFault
from ml_connector.ledger import is_blank
from target_jde.descriptions import (
    ADDRESS_NUMBER_OUTPUT,
    COMPANY,
    DATE_FORMAT,
    LINE_NUMBER_OUTPUT,
    create_name,
    update_name,
)
from target_jde.items import ITEMS, title_of

GENERIC, STANDARD = "generic", "jde_standard"
KEY, LINE = "address_number", "line_number"
MILLISECONDS, JULIAN = "milliseconds", "CYYDDD"

_PARTS = frozenset(
    {
        *("create", "update", "lookup", "input_format", "api_version", "inputs"),
        *("output", "line_output", "constants", "required"),
    }
)
_INPUT_PARTS = frozenset({"name", "date_format"})


@dataclasses.dataclass(frozen=True, slots=True)
class Input:
    """An input of an orchestration. `date_format`: YYYY, MM and DD in any order, `CYYDDD` or
    `milliseconds`.
    """

    name: str
    date_format: str = DATE_FORMAT

    def text(self, kind: str, value: Any) -> str:
        """A value as AIS takes it: in Oracle's samples every input is a text."""
        if kind == "date":
            return written_date(str(value), self.date_format)
        if isinstance(value, float):
            value = Decimal(str(value))
        if isinstance(value, Decimal):
            return f"{value:f}"
        return str(value)


@dataclasses.dataclass(frozen=True, slots=True)
class Orchestrations:
    """The orchestrations of one object, by its settings.

    `inputs`: field -> input; `output` and `line_output`: dotted paths of the new key in the answer;
    `constants`: input -> value that is always sent, of which `given_constants` are the settings' own;
    `required`: inputs that need a value, beyond what the server says.
    """

    object_name: str
    create: str | None
    update: str | None
    lookup: str | None
    inputs: Mapping[str, Input]
    input_format: str = GENERIC
    api_version: str = "v3"
    output: str = ADDRESS_NUMBER_OUTPUT
    line_output: str = LINE_NUMBER_OUTPUT
    constants: Mapping[str, str] = dataclasses.field(default_factory=dict)
    required: frozenset[str] = frozenset()
    given_constants: frozenset[str] = frozenset()

    @classmethod
    def from_settings(cls, config: Mapping[str, Any], object_name: str) -> Orchestrations:
        """Build it from the setting `orchestrations`, over the defaults of the descriptions.

        Raises:
            SystemFault: a part that is none, or a field that the object does not have.
        """
        given = dict((config.get("orchestrations") or {}).get(object_name) or {})
        _refuse_unknown(given, _PARTS, f"orchestrations.{object_name}")
        company = {COMPANY: str(config.get("company") or "00000")} if object_name == "customers" else {}
        constants = {**company, **(given.get("constants") or {})}
        return cls(
            object_name=object_name,
            create=_named(given, "create", create_name(object_name)),
            update=_named(given, "update", update_name(object_name)),
            lookup=_named(given, "lookup", None),
            inputs=_inputs(object_name, given.get("inputs") or {}),
            input_format=_one_of(given, "input_format", (GENERIC, STANDARD), object_name),
            api_version=_one_of(given, "api_version", ("v3", "v2"), object_name),
            output=str(given.get("output") or ADDRESS_NUMBER_OUTPUT),
            line_output=str(given.get("line_output") or LINE_NUMBER_OUTPUT),
            constants={name: str(value) for name, value in constants.items() if value is not None},
            required=frozenset(given.get("required") or ()),
            given_constants=frozenset(given.get("constants") or ()),
        )

    def fields_of(self, names: Iterable[str]) -> set[str]:
        """The fields that these inputs carry."""
        wanted = set(names)
        return {field for field, item in self.inputs.items() if item.name in wanted}

    def field_named(self, text: str) -> str | None:
        """The field whose input a message names; the longest name wins."""
        lowered = text.casefold()
        named = [
            (len(item.name), field)
            for field, item in self.inputs.items()
            if item.name.casefold() in lowered and field not in (KEY, LINE)
        ]
        return max(named)[1] if named else None

    def path(self, name: str) -> str:
        """The path of an orchestration below /jderest."""

        return f"jderest/{self.api_version}/orchestrator/{quote(name, safe='')}"

    def body(self, values: Mapping[str, str]) -> dict[str, Any]:
        """The inputs in the form that the orchestration takes."""
        if self.input_format == STANDARD:
            return {"inputs": [{"name": name, "value": value} for name, value in values.items()]}
        return dict(values)

    def texts(self, values: Mapping[str, Any], blank: str) -> dict[str, str]:
        """Input -> text for these fields, constants included; `blank` stands for no value."""
        kinds = {item.name: item.kind for item in ITEMS[self.object_name]}
        found = dict(self.constants)
        for field, value in values.items():
            item = self.inputs.get(field)
            if item is not None:
                found[item.name] = blank if is_blank(value) else item.text(kinds.get(field, ""), value)
        return found


def written_date(value: str, form: str) -> str:
    """An ISO date in the form of an input."""
    day = dt.date.fromisoformat(value[:10])
    if form == MILLISECONDS:
        return str(int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp() * 1000))
    if form == JULIAN:
        return str((day.year - 1900) * 1000 + day.timetuple().tm_yday)
    return (
        form.replace("YYYY", f"{day.year:04}").replace("MM", f"{day.month:02}").replace("DD", f"{day.day:02}")
    )


def _inputs(object_name: str, given: Mapping[str, Any]) -> dict[str, Input]:
    keys = [KEY, LINE] if object_name == "contacts" else [KEY]
    names = [*keys, *(item.name for item in ITEMS[object_name])]
    found = {name: Input(title_of(name)) for name in names}
    unknown = sorted(given.keys() - found.keys())
    if unknown:
        raise SystemFault(
            f"The setting orchestrations.{object_name}.inputs names fields that {object_name} does not have: "
            f"{', '.join(unknown)}.",
            fix=f"Known fields: {', '.join(names)}.",
        )
    for name, entry in given.items():
        if entry is None:
            del found[name]
        elif isinstance(entry, Mapping):
            _refuse_unknown(entry, _INPUT_PARTS, f"orchestrations.{object_name}.inputs.{name}")
            form = str(entry.get("date_format") or DATE_FORMAT)
            found[name] = Input(str(entry.get("name") or title_of(name)), _checked_format(form, name))
        else:
            found[name] = Input(str(entry))
    return found


def _checked_format(form: str, name: str) -> str:
    if form in (MILLISECONDS, JULIAN) or all(part in form for part in ("YYYY", "MM", "DD")):
        return form
    raise SystemFault(
        f"The date format {form!r} of the input {name} is none.",
        fix="Use YYYY, MM and DD in any order, such as DD/MM/YYYY; or CYYDDD, or milliseconds.",
    )


def _named(given: Mapping[str, Any], part: str, default: str | None) -> str | None:
    if part not in given:
        return default
    return str(given[part]) if given[part] else None


def _one_of(given: Mapping[str, Any], part: str, allowed: tuple[str, ...], object_name: str) -> str:
    value = str(given.get(part) or allowed[0])
    if value not in allowed:
        raise SystemFault(
            f"The setting orchestrations.{object_name}.{part} is {value!r}.",
            fix=f"It may be {' or '.join(allowed)}.",
        )
    return value


def _refuse_unknown(given: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(given.keys() - known)
    if unknown:
        raise SystemFault(
            f"The setting {where} has unknown parts: {', '.join(unknown)}.",
            fix=f"Known ones: {', '.join(sorted(known))}.",
        )
