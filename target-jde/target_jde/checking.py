"""The settings held against what the server says of its orchestrations (`GET /jderest/discover`)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ml_connector.errors import SystemFault
from target_jde.items import title_of
from target_jde.orchestrations import GENERIC, KEY, LINE, STANDARD, Orchestrations

_FORMATS = {"generic": GENERIC, "jde standard": STANDARD}
_DISCOVER_FIX = (
    "Create or import it (the folder orchestrations of this package describes what is expected), give the "
    "user the right to run it, or name another one in the setting `orchestrations`."
)


@dataclasses.dataclass(frozen=True, slots=True)
class Described:
    """An orchestration as the server describes it: the names of its inputs, and which of them it requires.

    `inputs` is None where the server does not tell them.
    """

    name: str
    inputs: frozenset[str] | None
    required: frozenset[str] = frozenset()
    input_format: str | None = None
    continues_on_error: bool = False


class Catalogue:
    """The orchestrations that the user may run, asked for when first needed.

    `ask` gives the body of `/jderest/discover`. Without it nothing is checked.
    """

    def __init__(self, ask: Callable[[], Any] | None) -> None:
        self._ask = ask
        self._known: dict[str, Described] | None = None

    def of(self, name: str) -> Described | None:
        """The orchestration of this name; None where nothing is checked.

        Raises:
            SystemFault: the server does not have it, or does not let the user see it.
        """
        if self._ask is None:
            return None
        if self._known is None:
            self._known = described(self._ask())
        found = self._known.get(name)
        if found is None:
            raise SystemFault(
                f"The server has no orchestration {name} for this user; it names {_listed(self._known)}.",
                fix=_DISCOVER_FIX,
            )
        return found


def described(document: Any) -> dict[str, Described]:
    """Read the answer of `/jderest/discover`; an orchestration is known by its name and its OMW object
    name.
    """
    rows = document.get("orchestrations") if isinstance(document, Mapping) else None
    if not isinstance(rows, list):
        raise SystemFault(
            "The server's description of its orchestrations (/jderest/discover) holds no list of them.",
            fix="Check `base_url`, or set check_orchestrations: false.",
        )
    found: dict[str, Described] = {}
    for row in rows:
        if isinstance(row, Mapping) and row.get("name"):
            each = _described(row)
            found[each.name] = each
            if row.get("omwObjectName"):
                found.setdefault(str(row["omwObjectName"]), each)
    return found


def _described(row: Mapping[str, Any]) -> Described:
    listed = row.get("inputs")
    names: set[str] = set()
    required: set[str] = set()
    for entry in listed or ():
        name = entry.get("name") if isinstance(entry, Mapping) else entry
        if not name:
            continue
        names.add(str(name))
        if isinstance(entry, Mapping) and entry.get("required") in (True, "true", "TRUE", "Y", 1):
            required.add(str(name))
    return Described(
        str(row["name"]),
        frozenset(names) if isinstance(listed, list) else None,
        frozenset(required),
        _FORMATS.get(str(row.get("inputFormat") or "").strip().casefold()),
        bool(row.get("containsContinueOnError")),
    )


class Checker:
    """Checks the orchestrations of one object as streams come that need them."""

    def __init__(self, orchestrations: Orchestrations, catalogue: Catalogue, source_key: str | None) -> None:
        self._settings = orchestrations
        self._catalogue = catalogue
        self._source_key = source_key

    def check_create(self, fields: Iterable[str]) -> frozenset[str]:
        """Make sure that new records can be created with these fields; gives the fields that are required.

        Raises:
            SystemFault: no orchestration, an input that it does not have, or none that carries the source
            key.
        """
        name = self._needed(self._settings.create, "create")
        inputs = self._check(name, fields)
        if self._source_key is not None:
            self._check_source_key(name, set(fields), inputs)
        return self._required(name, fields)

    def check_update(self, fields: Iterable[str]) -> frozenset[str]:
        """As `check_create`, for changes: the key has to be an input too."""
        name = self._needed(self._settings.update, "update")
        keys = [key for key in (KEY, LINE) if key in self._settings.inputs]
        if KEY not in keys:
            raise self._fault(name, f"no input is named for {KEY}", "Name the one that takes it.")
        self._check(name, [*keys, *fields])
        return self._required(name, fields)

    def check_lookup(self, fields: Iterable[str]) -> None:
        """The orchestration that looks up, where one is named, has to take some of these fields."""
        name = self._settings.lookup
        if name is None:
            return
        described = self._catalogue.of(name)
        if described is not None and not any(self.looks_up(field) for field in fields):
            raise self._fault(
                name,
                f"it looks for none of the fields that records are matched by; its inputs are "
                f"{_listed(described.inputs or ())}",
                f"Give it one, such as {title_of(self._source_key or 'tax_id')}, or name no lookup.",
            )

    def looks_up(self, field: str) -> bool:
        """Whether the orchestration that looks up takes a field."""
        name, item = self._settings.lookup, self._settings.inputs.get(field)
        if name is None or item is None or field in (KEY, LINE):
            return False
        described = self._catalogue.of(name)
        return described is None or described.inputs is None or item.name in described.inputs

    def check_stage(self, name: str, array: str) -> None:
        """The orchestration that stages rows takes them in this array, in the form of the settings."""
        described = self._catalogue.of(name)
        if described is None:
            return
        self._check_format(name, described)
        if described.inputs is not None and array not in described.inputs:
            raise self._fault(
                name,
                f"it has no array {array}; its inputs are {_listed(described.inputs)}",
                "Correct batch_array, or set batch_from: 0.",
            )

    def _needed(self, name: str | None, part: str) -> str:
        if name is None:
            raise SystemFault(
                f"No orchestration is named that may {part} {self._settings.object_name}.",
                fix=f"Name it in orchestrations.{self._settings.object_name}.{part}"
                + (", or set creates: false." if part == "create" else "."),
            )
        return name

    def _check(self, name: str, fields: Iterable[str]) -> frozenset[str] | None:
        described = self._catalogue.of(name)
        self._check_mapped(name, fields)
        if described is None:
            return None
        self._check_format(name, described)
        if described.inputs is not None:
            self._check_inputs(name, fields, described.inputs)
        return described.inputs

    def _check_format(self, name: str, described: Described) -> None:
        form = described.input_format
        if form is not None and form != self._settings.input_format:
            raise self._fault(
                name,
                f"the server takes its inputs as {form}, the settings say {self._settings.input_format}",
                f"Set orchestrations.{self._settings.object_name}.input_format: {form}.",
            )

    def _check_mapped(self, name: str, fields: Iterable[str]) -> None:
        unmapped = sorted(field for field in fields if field not in self._settings.inputs)
        if unmapped:
            raise self._fault(
                name,
                f"no input carries {', '.join(unmapped)}, which the mapping writes",
                "Leave the field out of stream_maps, or name an input for it in "
                f"orchestrations.{self._settings.object_name}.inputs.",
            )

    def _check_inputs(self, name: str, fields: Iterable[str], inputs: frozenset[str]) -> None:
        used = {self._settings.inputs[field].name for field in fields}
        missing = sorted((used | self._settings.given_constants) - inputs)
        if missing:
            raise self._fault(
                name,
                f"it has no input {', '.join(missing)}; its inputs are {_listed(inputs)}",
                "Add it to the orchestration, or correct the names in "
                f"orchestrations.{self._settings.object_name}.inputs and .constants.",
            )

    def _required(self, name: str, fields: Iterable[str]) -> frozenset[str]:
        """The fields of required inputs, those of keys and constants left out."""
        described = self._catalogue.of(name)
        required = self._settings.required | (described.required if described else frozenset())
        keys = {self._settings.inputs[key].name for key in (KEY, LINE) if key in self._settings.inputs}
        carried = {item.name for item in self._settings.inputs.values()} | self._settings.constants.keys()
        lost = sorted(required - carried)
        if lost:
            raise self._fault(
                name,
                f"it requires {', '.join(lost)}, which no field and no constant gives",
                f"Name a field for it in orchestrations.{self._settings.object_name}.inputs, or a fixed "
                "value in .constants.",
            )
        return frozenset(self._settings.fields_of(required - keys - self._settings.constants.keys()))

    def _check_source_key(self, name: str, fields: set[str], inputs: frozenset[str] | None) -> None:
        key = str(self._source_key)
        item = self._settings.inputs.get(key)
        title = item.name if item else key
        if item is None or (inputs is not None and item.name not in inputs):
            raise self._fault(
                name,
                f"it has no input {title} that keeps the source's key, so that a create whose answer is lost "
                "could never be found again",
                f"Add an input {title} that is stored ({key}), name another field in `source_key`, or set "
                "creates: false so that nothing is created.",
            )
        if key not in fields:
            raise self._fault(
                name,
                f"the mapping gives no value for {key}, which keeps the source's key",
                f"Add {key} to stream_maps, name another field in `source_key`, or set creates: false.",
            )

    def _fault(self, name: str, what: str, fix: str) -> SystemFault:
        return SystemFault(f"Orchestration {name} for {self._settings.object_name}: {what}.", fix=fix)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
