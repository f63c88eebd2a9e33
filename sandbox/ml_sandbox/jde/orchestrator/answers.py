"""The shapes in which an orchestration answers: success, and four kinds of failure (TOS, H, E)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from starlette.responses import Response

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.faults import AisError, element, stamp
from ml_sandbox.jde.gate import json_answer
from ml_sandbox.jde.orchestrator.definitions import Orchestration
from ml_sandbox.jde.orchestrator.outcome import Outcome, StepRefusedError

_FORMS = {
    "customer": ("P01012", "W01012A", "Customer Master Revision"),
    "supplier": ("P01012", "W01012A", "Supplier Master Revision"),
    "contact": ("P0111", "W0111A", "Who's Who"),
}


def answer(
    orchestration: Orchestration, outcome: Outcome, settings: VendorSettings, times: tuple[datetime, datetime]
) -> Response:
    """Give the answer to what a run came to; ``times`` are its begin and its end."""
    shape = settings.text("failure_shape")
    if outcome.refused is not None and shape == "http":
        return _http_failure(outcome.refused, settings, times)
    body: dict[str, Any] = dict(outcome.outputs)
    if not settings.flag("output_mapping"):
        body = {"ServiceRequest1": _form_result(orchestration, outcome)}
    if outcome.refused is not None:
        body = _failure(orchestration, outcome.refused, shape, times[1]) | _partial(body, outcome)
    if outcome.warnings:
        shown = _errors_and_warnings(orchestration, (), outcome.warnings)
        body["Errors/Warnings"] = [*body.get("Errors/Warnings", []), shown]
    if outcome.continued:
        body["continuedOnError"] = [_continued(one, times[1]) for one in outcome.continued]
    return json_answer(body | _status(_result(outcome), settings, times))


def _http_failure(
    refused: StepRefusedError, settings: VendorSettings, times: tuple[datetime, datetime]
) -> Response:
    message: Any = f"{refused.step}: {refused.text}"
    if settings.flag("message_is_object"):
        message = {"fs_P01012_W01012A": {"errors": [element(refused.text, refused.text, refused.code)]}}
    body = {
        "message": message,
        "exception": "ServiceRequestException",
        "timeStamp": stamp(times[1]),
        "type": "Form Service Request",
        "status": "ERROR",
        "userDefinedErrorText": "",
        "errorText": refused.text,
    }
    return json_answer(body | _status("ERROR", settings, times), 500)


def _failure(
    orchestration: Orchestration, refused: StepRefusedError, shape: str, now: datetime
) -> dict[str, Any]:
    problem = element(refused.text, refused.text, refused.code)
    if shape == "sys_errors":
        return {"sysErrors": [problem]}
    if shape == "continued":
        return {"continuedOnError": [_continued(refused, now)]}
    if shape == "errors_warnings":
        return {"Errors/Warnings": [_errors_and_warnings(orchestration, (refused,), ())]}
    application, form, title = _FORMS.get(orchestration.kind, _FORMS["customer"])
    return {
        f"fs_{application}_{form}": {"title": title, "data": {}, "errors": [problem], "warnings": []},
        "sysErrors": [],
    }


def _partial(body: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Keep the outputs that were there before a later step was refused."""
    return body if outcome.outputs else {}


def _errors_and_warnings(
    orchestration: Orchestration, errors: Sequence[StepRefusedError], warnings: Sequence[StepRefusedError]
) -> dict[str, Any]:
    application, _, title = _FORMS.get(orchestration.kind, _FORMS["customer"])
    return {
        "Application ID": application,
        "Title": title,
        "Errors": [element(one.text, one.text, one.code) for one in errors],
        "Warnings": [element(one.text, one.text, one.code) for one in warnings],
    }


def _continued(refused: StepRefusedError, now: datetime) -> dict[str, Any]:
    return {
        "step": refused.step,
        "message": refused.text,
        "timeStamp": stamp(now),
        "userDefinedErrorText": "",
        "type": "Form Service Request",
    }


def _form_result(orchestration: Orchestration, outcome: Outcome) -> dict[str, Any]:
    """Give the result of a form step, as it comes without an output mapping."""
    application, form, title = _FORMS.get(orchestration.kind, _FORMS["customer"])
    aliases = {"AddressNumber": "AN8_21", "LineNumber": "IDLN_20", "Rows": "ROWS_1"}
    data = {
        f"z_{aliases[name]}": {"id": int(aliases[name].rpartition("_")[2]), "title": name, "value": value}
        for name, value in outcome.outputs.items()
    }
    warnings = [element(one.text, one.text, one.code) for one in outcome.warnings]
    return {
        f"fs_{application}_{form}": {"title": title, "data": data, "errors": [], "warnings": warnings},
        "currentApp": f"{application}_{form}",
        "sysErrors": [],
    }


def _result(outcome: Outcome) -> str:
    if outcome.refused is not None:
        return "ERROR"
    return "WARNING" if outcome.warnings or outcome.continued else "SUCCESS"


def _status(result: str, settings: VendorSettings, times: tuple[datetime, datetime]) -> dict[str, Any]:
    """Give the members that a designer may switch on (Tools 9.2.5.4); only the value SUCCESS is confirmed."""
    if not settings.flag("jde_status"):
        return {}
    begin, end = times
    return {
        "jde__status": result,
        "jde__simpleMessage": {"ERROR": "Failed", "WARNING": "Done with warnings", "SUCCESS": "Done"}[result],
        "jde__startTimestamp": stamp(begin),
        "jde__endTimestamp": stamp(end),
        "jde__serverExecutionSeconds": round((end - begin).total_seconds(), 3),
    }


def unknown(name: str, status: int) -> AisError:
    """Give the answer to an orchestration that is not there."""
    return AisError(status, f"Orchestration {name} was not found.")
