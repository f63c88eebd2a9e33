"""Endpoints of the orchestrator and of its catalogue."""

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.jde.access import check_right, read_body
from ml_sandbox.jde.faults import AisError
from ml_sandbox.jde.gate import json_answer
from ml_sandbox.jde.orchestrator import answers, open_api
from ml_sandbox.jde.orchestrator.definitions import ORCHESTRATIONS, ROWS, Orchestration, find
from ml_sandbox.jde.orchestrator.master import Master
from ml_sandbox.jde.orchestrator.reading import read_inputs, required
from ml_sandbox.jde.orchestrator.running import Run
from ml_sandbox.jde.sessions import Session

if TYPE_CHECKING:
    from ml_sandbox.jde.vendor import JdeVendor


class Orchestrator:
    """Runs orchestrations and describes them."""

    def __init__(self, vendor: "JdeVendor") -> None:
        self._vendor = vendor
        self._settings = vendor.settings

    async def run(self, request: Request) -> Response:
        """Run an orchestration; the answer comes when all its steps are done."""
        body = await read_body(request)
        _check_accept(request)
        session = self._vendor.access.session(request, body)
        orchestration = self._find(request.path_params["name"], session)
        if request.method == "GET" and orchestration.action == "stage":
            raise AisError(400, f"{orchestration.name} takes an array: use POST.")
        inputs = read_inputs(orchestration, body, request.query_params, self._settings)
        exchange_of(request).unknown_parameters.extend(inputs.unknown)
        self._vendor.store("F0101")  # with the addresses whose day has come
        begun = self._vendor.clock.now()
        outcome = Run(
            orchestration, self._master(session), self._settings, self._vendor.store("F0101Z2")
        ).run(inputs.given, inputs.rows)
        # Written first: whoever gives up while waiting finds the record there.
        await asyncio.sleep(self._settings.number("orchestration_milliseconds") / 1000)
        return answers.answer(orchestration, outcome, self._settings, (begun, self._vendor.clock.now()))

    async def discover(self, request: Request) -> Response:
        """Describe the orchestrations that the caller may run, or one of them."""
        return json_answer({"orchestrations": [said for _, said in self._described_for(request)]})

    async def catalog(self, request: Request) -> Response:
        """Give the same as Swagger 2.0."""
        return json_answer(open_api.swagger(self._described_for(request), *_here(request)))

    async def catalog_3(self, request: Request) -> Response:
        """Give the same as OpenAPI 3.0."""
        return json_answer(open_api.open_api(self._described_for(request), *_here(request)))

    def _described_for(self, request: Request) -> list[tuple[Orchestration, dict[str, Any]]]:
        session = self._vendor.access.session(request, {})
        wanted = request.path_params.get("name")
        known = [one for one in ORCHESTRATIONS.values() if self._visible(one, session)]
        if wanted is not None:
            known = [one for one in known if wanted in (one.name, one.omw)]
            if not known:
                raise answers.unknown(wanted, self._settings.integer("unknown_orchestration_status"))
        return [(one, self._described(one)) for one in known]

    def _master(self, session: Session) -> Master:
        vendor = self._vendor
        return Master(vendor.stores, self._settings, vendor.stamps, session.user.username, vendor.next_number)

    def _find(self, name: str, session: Session) -> Orchestration:
        orchestration = find(name)
        if orchestration is None or orchestration.name in self._missing():
            raise answers.unknown(name, self._settings.integer("unknown_orchestration_status"))
        check_right(session, orchestration.name)
        return orchestration

    def _visible(self, orchestration: Orchestration, session: Session) -> bool:
        return orchestration.name not in (*self._missing(), *session.user.denied)

    def _missing(self) -> list[str]:
        return [name.strip() for name in self._settings.text("missing_orchestrations").split(",")]

    def _described(self, one: Orchestration) -> dict[str, Any]:
        needed = required(one, self._settings)
        inputs: list[dict[str, Any]] = [
            {"name": given.name, "type": given.type, "required": given.name in needed}
            for given in one.inputs.values()
        ]
        if one.action == "stage":
            columns = self._vendor.store("F0101Z2").spec.columns
            inputs = [
                {"name": ROWS, "type": "Array", "required": True, "inputs": [{"name": n} for n in columns]}
            ]
        return {
            "name": one.name,
            "omwObjectName": one.omw,
            "inputFormat": self._settings.text("input_format"),
            "inputs": inputs,
            "outputs": [{"name": name, "type": "Numeric"} for name in one.outputs],
            "containsContinueOnError": self._settings.text("refused_channel") == "continue",
            "fileInputs": [],
            "udoGroup": "Shared",
            "version": 1,
        }


def _here(request: Request) -> tuple[str, str]:
    return request.headers.get("host", ""), f"{request.scope.get('root_path', '')}/jderest/v3"


def _check_accept(request: Request) -> None:
    accept = request.headers.get("accept", "*/*")
    if not any(kind in accept for kind in ("application/json", "application/*", "*/*")):
        raise AisError(406, f"Not Acceptable: {accept}; accept application/json.")
