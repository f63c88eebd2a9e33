"""What the sandbox knows of one request while it is being answered."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection
from starlette.types import Scope

if TYPE_CHECKING:
    from ml_sandbox.core.faults import Fault

SCOPE_KEY = "ml_sandbox.exchange"


@dataclass
class Exchange:
    """One request and its answer, as listed under ``/control/requests``.

    A vendor fills ``quota_left`` and ``unknown_parameters`` and reads ``job_fault``.

    Attributes:
        system: the vendor's name.
        method: the HTTP method.
        path: the path as the vendor sees it, without the sandbox's prefix and without the query.
        query: the raw query with secrets replaced.
        write: whether the vendor counts the request as one that may change its data.
        time: when it came, ISO 8601 in UTC.
        status: the answer's status; None when the connection was cut or is still open.
        quota_left: what the vendor's general quota had left after this request, if it has one.
        unknown_parameters: query names that the vendor ignored.
        request_id: the vendor's own id of the request.
        fault: the injected fault that hit it.
        body: the request body, JSON where it is JSON, secrets replaced; None when absent or large.
        job_fault: the ``job_stuck`` or ``job_partial`` fault for a job that this request starts.
    """

    system: str
    method: str
    path: str
    query: str
    write: bool
    time: str
    status: int | None = None
    seconds: float | None = None
    quota_left: int | None = None
    unknown_parameters: list[str] = field(default_factory=list)
    request_id: str | None = None
    fault: str | None = None
    body: Any = None
    body_bytes: int = 0
    job_fault: "Fault | None" = None

    def as_json(self) -> dict[str, Any]:
        """The exchange as the control API shows it."""
        shown = {name: value for name, value in vars(self).items() if name != "job_fault"}
        shown["target"] = f"{self.path}?{self.query}" if self.query else self.path
        return shown


def exchange_of(source: HTTPConnection | Scope) -> Exchange:
    """The exchange of a request that is being answered."""
    scope = source.scope if isinstance(source, HTTPConnection) else source
    exchange: Exchange = scope[SCOPE_KEY]
    return exchange
