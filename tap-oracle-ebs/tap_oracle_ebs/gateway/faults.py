"""What the gateway says when something is wrong, and what to do about it.

A fault is told by its code, not by the HTTP status: permanent mistakes come as 500 and faults may come
inside a 200 (the output schema is a choice between OutputParameters and ISGServiceFault).
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from requests import Response

from ml_connector.errors import ConnectorError, LoginRefused, PassingFault, SystemFault
from ml_connector.http import path_of
from tap_oracle_ebs.gateway import documents

AUTHENTICATION = "FND_SOA_AUTHENTICATION_FAILURE"
EXECUTION = "ISG_SERVICE_EXECUTION_ERROR"

_FIXES = {
    AUTHENTICATION: "Check `username` and `password`: those of an EBS user, not of a database schema.",
    "ISG_SERVICE_AUTH_FAILURE": "Create a grant on the service for this user in the Integration Repository, "
    "and check `responsibility`, `responsibility_application` and `security_group`. A new grant may need a "
    "cache clear.",
    "FND_SOA_AUTHORIZATION_FAILURE": "Create the grant again and clear the cache: this is seen after a "
    "service was redeployed.",
    "ISG_INVALID_ALIAS": "Deploy the service under this alias, or correct `alias`, `aliases` or "
    "`package_alias`.",
    "ISG_INVALID_FUNCTION": "Tick GET for this table, or POST for this operation of the package, in the "
    "deployment, or correct `operations` or `package_operations`; the WADL of the alias has the names.",
    "ISG_DUPLICATE_RESPONSIBILITY": "Correct `context_names`: an element is sent twice.",
    "ISG_DUPLICATE_RESPAPPLICATION": "Correct `context_names`: an element is sent twice.",
    "ISG_DUPLICATE_NLSLANGUAGE": "Correct `context_names`: an element is sent twice.",
    "ISG_FILE_ACCESS_ERROR": "The server cannot use its temporary or configuration folder: tell the EBS "
    "administrator.",
}
_EXECUTION_FIX = (
    "Compare the request with the WADL of the alias: names of parameters, filter operators, date mask, "
    "columns and page size are settings of this tap."
)
# These name a mistake in the request itself, so that no repetition can help.
_PERMANENT = re.compile(
    r"ORA-00(?:9\d\d)|ORA-01(?:722|795|8\d\d)|unknown parameter|must be|invalid identifier|not installed"
    r"|more than once",
    re.IGNORECASE,
)
_EXECUTION_REPEATS = 2
_SNIFFED_BYTES = 4096


@dataclasses.dataclass(frozen=True, slots=True)
class ServiceFault:
    """A fault document: Code, Message and Resolution, and the instance id where there is one."""

    code: str
    message: str
    resolution: str = ""
    instance: str = ""

    def __str__(self) -> str:
        text = f"{self.code}: {self.message}".rstrip(": ")
        return f"{text} (instance {self.instance})" if self.instance else text


def fault_in(document: Any) -> ServiceFault | None:
    """Return the fault of a parsed answer, if it is one."""
    if not isinstance(document, Mapping):
        return None
    found = document.get("ISGServiceFault")
    if not isinstance(found, Mapping):
        return None
    details = found.get("ServiceDetails")
    instance = details.get("InstanceId") if isinstance(details, Mapping) else None
    code, message, resolution = (_text(found.get(name)) for name in ("Code", "Message", "Resolution"))
    return ServiceFault(code or "no code", message, resolution, _text(instance))


def fault_of(response: Response) -> ServiceFault | None:
    """Return the fault that an answer carries, whatever its status."""
    if b"ISGServiceFault" not in response.content[:_SNIFFED_BYTES]:
        return None
    try:
        return fault_in(documents.parse(response.content))
    except documents.Unreadable:
        return None


def is_authentication_failure(response: Response) -> bool:
    """Tell whether the gateway does not know who calls: a dead token, or a refused login."""
    fault = fault_of(response)
    return fault.code == AUTHENTICATION if fault else response.status_code == 401


class FaultJudge:
    """Says of each answer what it stands for; the session asks it first."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._executions: Counter[str] = Counter()

    def __call__(self, response: Response) -> ConnectorError | None:
        """Return the fault of an answer; None when its status tells enough."""
        fault = fault_of(response)
        if fault is not None:
            return self._judge(fault, response)
        if response.status_code == 401:
            return self._refused(ServiceFault(AUTHENTICATION, "the answer is 401"), response)
        if response.status_code == 404:
            return SystemFault(
                f"{self._title(response)} 404: nothing is routed to that address.",
                fix="Check `base_url` and `services_path`; the front HTTP server must route /webservices.",
            )
        if response.status_code == 414:
            return SystemFault(
                f"{self._title(response)} 414: the address is too long for the front HTTP server.",
                fix="Lower `max_url_length`.",
            )
        return None

    def _judge(self, fault: ServiceFault, response: Response) -> ConnectorError:
        if fault.code == AUTHENTICATION:
            return self._refused(fault, response)
        title = f"{self._title(response)} {response.status_code}, {fault}"
        if fault.code == "ISG_DB_CONNECTION_ERROR":
            return PassingFault(title, fix="The gateway has no database connection: run again later.")
        if fault.code in _FIXES:
            return SystemFault(title, fix=_FIXES[fault.code])
        # The catch-all code: pool failures pass, a request that cannot be executed does not.
        # Calls of the package have one address; what they ask for is in the body.
        request = f"{response.request.method} {response.request.url} {response.request.body!r}"
        self._executions[request] += 1
        if _PERMANENT.search(fault.message) or self._executions[request] > _EXECUTION_REPEATS:
            return SystemFault(title, fix=f"{_EXECUTION_FIX} {fault.resolution}".strip())
        return PassingFault(title, fix=_EXECUTION_FIX)

    def _refused(self, fault: ServiceFault, response: Response) -> LoginRefused:
        return LoginRefused(
            f"{self._title(response)} {response.status_code}, {fault}", fix=_FIXES[AUTHENTICATION]
        )

    def _title(self, response: Response) -> str:
        return f"{self._system}: {response.request.method} {path_of(response.request)} answered"


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
