"""What an orchestration's answer says: the new key, what failed, what it warns of."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from ml_connector.errors import ConnectorError, PassingFault, RecordFault, SystemFault
from ml_connector.vendors.jde.client import Client
from ml_connector.vendors.jde.faults import Failure, OrchestrationFailed, failures_in, warnings_in
from target_jde.orchestrations import Orchestrations

# Texts of the server about itself, not about the record. They come in the server's language, so these are
# hints: what they do not meet is taken for a fault of the record.
_PASSING = re.compile(
    r"timed? ?-?out|unavailable|not available|not responding|no connection|deadlock|locked by another|"
    r"connection (?:was )?(?:refused|reset|lost|closed)|JAS_MSG\d+|SocketException|ConnectException",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    r"not authori[sz]ed|authori[sz]ation failure|no authority|security violation|not have permission",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its body, what failed (empty: nothing), what it warns of, the server's own id of an
    error.
    """

    document: Any
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()
    status: int = 200
    request_id: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """All failures and warnings, each once."""
        return tuple(dict.fromkeys(str(each) for each in (*self.failures, *self.warnings)))

    def number(self, path: str) -> int | None:
        """The positive whole number at a dotted path of the body."""
        return number_of(at_path(self.document, path))

    def fault(self, orchestrations: Orchestrations, name: str) -> ConnectorError | None:
        """What the failures stand for; None without any."""
        if not self.failures:
            return None
        text = "; ".join(dict.fromkeys(str(each) for each in self.failures))
        message = f"The orchestration {name} answered {self.status}: {text}."
        if _FORBIDDEN.search(text):
            return SystemFault(
                message, fix="Give the user the right to the orchestration and to what it calls."
            )
        if _PASSING.search(text):
            return PassingFault(message, fix="The next run looks what became of the record, and goes on.")
        return RecordFault(
            message,
            cause="vendor",
            field=orchestrations.field_named(text),
            request_id=self.request_id,
            fix="Correct the value, or the orchestration, then replay.",
        )


def ask(
    client: Client,
    orchestrations: Orchestrations,
    name: str,
    body: Mapping[str, Any],
    *,
    idempotent: bool = False,
) -> Answer:
    """Call an orchestration and read its answer, whatever shape a failure has.

    Raises:
        AmbiguousWrite: no answer came, and it may have run. PassingFault, SystemFault: as the client.
    """
    try:
        response = client.call(
            orchestrations.path(name), body, idempotent=idempotent, endpoint=f"POST orchestrator/{name}"
        )
    except OrchestrationFailed as failed:
        failures = failed.failures or (Failure("message", failed.message),)
        return Answer(failed.document, failures, (), failed.status, _error_id(failed.document))
    document = client.document(response)
    if not isinstance(document, Mapping):
        failure = Failure("body", "the answer is no JSON object")
        return Answer({}, (failure,), (), response.status_code)
    return Answer(
        document,
        tuple(failures_in(document)),
        tuple(warnings_in(document)),
        response.status_code,
        _error_id(document),
    )


def at_path(document: Any, path: str) -> Any:
    """The value at a dotted path, through lists by number; the `value` of a form's field stands for it."""
    found = document
    for part in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    if isinstance(found, Mapping):
        found = found.get("internalValue", found.get("value"))
    return found


def number_of(value: Any) -> int | None:
    """A positive whole number, also where it comes as text; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip().removesuffix(".0")
    return int(text) if text.isdecimal() and int(text) > 0 else None


def _error_id(document: Any) -> str | None:
    found = document.get("exceptionId") if isinstance(document, Mapping) else None
    return str(found) if found else None
