"""Inputs of a call, from the two forms of a body and from a query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.access import without_credentials
from ml_sandbox.jde.faults import AisError, bad_input
from ml_sandbox.jde.orchestrator.definitions import ADDRESS_NUMBER, LINE_NUMBER, ROWS, Orchestration
from ml_sandbox.jde.orchestrator.entries import as_text
from ml_sandbox.jde.orchestrator.outcome import StepRefusedError

GENERIC = "Generic"
_KEPT_WHEN_OMITTED = (ADDRESS_NUMBER, LINE_NUMBER, "Company")


@dataclass
class Inputs:
    """Inputs by name as texts, the rows of the array, and the names that the orchestration does not know."""

    given: dict[str, str] = field(default_factory=dict)
    rows: Sequence[Any] = ()
    unknown: list[str] = field(default_factory=list)


def read_inputs(
    orchestration: Orchestration, body: Mapping[str, Any], query: Mapping[str, str], settings: VendorSettings
) -> Inputs:
    """Read a call; raises `AisError` for a wrong form and for required inputs that are missing."""
    values = without_credentials(body) | {k: v for k, v in query.items() if not k.startswith("$")}
    if settings.text("input_format") != GENERIC:
        values = _standard(body)
    inputs = Inputs(unknown=[name for name in values if name not in orchestration.inputs and name != ROWS])
    for name in orchestration.inputs.keys() & values.keys():
        try:
            inputs.given[name] = as_text(values[name])
        except StepRefusedError as error:
            raise bad_input(f"{name}: {error.text}") from error
    rows = values.get(ROWS, [])
    if not isinstance(rows, list):
        raise bad_input(f"{ROWS} must be an array.")
    inputs.rows = rows
    _check_required(orchestration, inputs, settings)
    if orchestration.action == "update" and settings.text("omitted_inputs") == "blank":
        blanks = {name: "" for name in orchestration.inputs if name not in _KEPT_WHEN_OMITTED}
        inputs.given = blanks | inputs.given
    return inputs


def required(orchestration: Orchestration, settings: VendorSettings) -> tuple[str, ...]:
    """Give the inputs that an orchestration cannot run without; the settings add some to updates."""
    more = settings.text("update_required_inputs") if orchestration.action == "update" else ""
    names = [name.strip() for name in more.split(",")]
    return (*orchestration.required, *(name for name in names if name in orchestration.inputs))


def _check_required(orchestration: Orchestration, inputs: Inputs, settings: VendorSettings) -> None:
    present = {name for name, text in inputs.given.items() if text.strip()}
    if inputs.rows:
        present.add(ROWS)
    missing = [name for name in required(orchestration, settings) if name not in present]
    if missing:
        text = f"Required inputs of {orchestration.name} are missing: {', '.join(missing)}."
        raise AisError(settings.integer("missing_input_status"), text)


def _standard(body: Mapping[str, Any]) -> dict[str, Any]:
    """Read the JDE standard form: ``inputs``, and ``detailInputs`` with repeating inputs."""
    values = _named(body.get("inputs", []))
    details = body.get("detailInputs", [])
    if not isinstance(details, list) or not all(isinstance(one, dict) for one in details):
        raise bad_input("detailInputs must be a list of objects.")
    for detail in details:
        repeated = detail.get("repeatingInputs", [])
        if not isinstance(repeated, list) or not all(isinstance(one, dict) for one in repeated):
            raise bad_input("repeatingInputs must be a list of objects.")
        values[str(detail.get("name"))] = [_named(one.get("inputs", [])) for one in repeated]
    return values


def _named(inputs: Any) -> dict[str, Any]:
    if not isinstance(inputs, list) or not all(isinstance(one, dict) and "name" in one for one in inputs):
        raise bad_input("inputs must be a list of {name, value}.")
    return {str(one["name"]): one.get("value") for one in inputs}
