"""Names of query parameters: the settings, corrected by what the WADL of an alias declares."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from ml_connector.errors import ConnectorError, LoginRefused, SystemFault
from tap_oracle_ebs.gateway.client import SYSTEM, Client
from tap_oracle_ebs.gateway.context import QUERY_NAMES
from tap_oracle_ebs.gateway.descriptions import NotUnderstood, Service, service_of

logger = logging.getLogger("tap-oracle-ebs")

CONTROLS = ("select", "filter", "sort", "limit", "offset")
# The control record of Java services says `fields` for the column list; the others are spellings seen.
_ALTERNATIVES = {
    "select": ("select", "fields", "columns"),
    "filter": ("filter", "where", "q"),
    "sort": ("sort", "orderby", "order_by", "order"),
    "limit": ("limit", "max_rows", "maxrows", "rows"),
    "offset": ("offset", "start", "start_row"),
    "Responsibility": ("ctx_responsibility", "responsibility"),
    "RespApplication": ("ctx_respapplication", "ctx_resp_application", "respapplication"),
    "SecurityGroup": ("ctx_securitygroup", "ctx_security_group", "securitygroup"),
    "NLSLanguage": ("ctx_nlslanguage", "ctx_nls_language", "nlslanguage"),
    "Org_Id": ("ctx_orgid", "ctx_org_id", "org_id"),
}


@dataclasses.dataclass(frozen=True)
class Grammar:
    """How one operation is asked: its path name, the names of the controls and of the context."""

    operation: str
    controls: Mapping[str, str]
    context: Mapping[str, str]


class Grammars:
    """Grammars by operation; reads each alias's WADL once, where `read_wadl` is on."""

    def __init__(self, client: Client, settings: Mapping[str, Any]) -> None:
        self._client = client
        self._reads = bool(settings.get("read_wadl", True))
        self._given = {control: str(settings.get(f"{control}_parameter") or "") for control in CONTROLS}
        self._services: dict[str, Service | None] = {}
        self._known: dict[tuple[str, str], Grammar] = {}

    def of(self, alias: str, operation: str) -> Grammar:
        """Return the grammar of an operation; SystemFault where the WADL shows that it cannot be called."""
        found = self._known.get((alias, operation))
        if found is None:
            found = self._known[alias, operation] = self._grammar(alias, operation)
        return found

    def _grammar(self, alias: str, operation: str) -> Grammar:
        service = self._service(alias)
        if service is None:
            return Grammar(operation, self._given, {})
        named = service.named(operation)
        if named is None:
            raise SystemFault(
                f"{SYSTEM}: the alias {alias} has no operation {operation} (ISG_INVALID_FUNCTION). "
                f"Its WADL names {_listed(sorted(service.operations))}.",
                fix="Tick it in the deployment, or correct `operations`, `aliases` or `alias`.",
            )
        methods = service.operations[named]
        if methods and "GET" not in methods:
            raise SystemFault(
                f"{SYSTEM}: {alias}/{named} is deployed for {_listed(sorted(methods))}, not for GET.",
                fix="Tick GET in the deployment, or read it through the package: `access: plsql`.",
            )
        if named != operation:
            logger.info("%s: the operation %s is named %s in the WADL: using that", alias, operation, named)
        return self._corrected(f"{alias}/{named}", named, methods.get("GET", ()))

    def _corrected(self, place: str, operation: str, declared: Sequence[str]) -> Grammar:
        controls, context = dict(self._given), {}
        if declared:
            for control, name in self._given.items():
                # What a site set itself, and what it left empty, stays.
                if name == control:
                    controls[control] = _declared(control, name, declared, place)
            for element, name in QUERY_NAMES.items():
                context[element] = _declared(element, name, declared, place)
        return Grammar(operation, controls, context)

    def _service(self, alias: str) -> Service | None:
        if not self._reads:
            return None
        if alias not in self._services:
            self._services[alias] = self._read(alias)
        return self._services[alias]

    def _read(self, alias: str) -> Service | None:
        try:
            return service_of(self._client.describe(alias))
        except LoginRefused:
            raise
        except (ConnectorError, NotUnderstood) as error:
            logger.info("The WADL of the alias %s cannot be read, settings count alone: %s", alias, error)
            return None


def _declared(role: str, name: str, declared: Sequence[str], place: str) -> str:
    """Return the declared parameter of a role; the usual name where none is known."""
    lower = {known.lower(): known for known in declared}
    found = next((lower[usual] for usual in _ALTERNATIVES[role] if usual in lower), name)
    if found != name:
        logger.info("%s: the query parameter %s is named %s in the WADL: using that", place, name, found)
    return found


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:40])
    return f"{shown} and {len(names) - 40} more" if len(names) > 40 else shown
