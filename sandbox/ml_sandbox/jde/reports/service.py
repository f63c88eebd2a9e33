"""Endpoints of reports."""

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.jde.access import Body, check_right, read_body
from ml_sandbox.jde.faults import AisError, bad_input
from ml_sandbox.jde.gate import json_answer
from ml_sandbox.jde.orchestrator.master import Master
from ml_sandbox.jde.reports.jobs import DONE, ERROR, SERVER, Job
from ml_sandbox.jde.reports.upload import REPORT, VERSIONS, AddressBookUpload, selectable, waiting
from ml_sandbox.jde.sessions import Session

if TYPE_CHECKING:
    from ml_sandbox.jde.vendor import JdeVendor

_LOOK_SECONDS = 0.05


class Reports:
    """Submits reports and tells their state."""

    def __init__(self, vendor: "JdeVendor") -> None:
        self._vendor = vendor

    async def execute(self, request: Request) -> Response:
        """Submit a report; with ``fireAndForget`` false the answer comes when it has ended."""
        body = await read_body(request)
        session = self._vendor.access.session(request, body)
        name, version = _named(body)
        check_right(session, name)
        store = self._vendor.store("F0101Z2")
        rows = waiting(store, self._selection(body.get("dataSelection")))
        upload = AddressBookUpload(self._vendor.stores, self._vendor.settings, lambda: self._master(session))
        queue = body.get("queueName") or "QBATCH"
        job = self._vendor.jobs.submit(
            (name, version, str(queue)),
            (session.user.username, session.environment),
            rows,
            upload.process,
            exchange_of(request).job_fault,
        )
        if body.get("fireAndForget") is False:
            await self._ended(job, request)
        return json_answer(job.as_json())

    async def status(self, request: Request) -> Response:
        """Tell the state of a job."""
        body = await read_body(request)
        self._vendor.access.session(request, body)
        number = body.get("jobNumber")
        if isinstance(number, str) and number.isdecimal():
            number = int(number)
        if not isinstance(number, int) or isinstance(number, bool):
            raise bad_input(f"jobNumber {number!r} is no number.")
        job = self._vendor.jobs.get(number)
        if job is None or body.get("executionServer") not in (None, "", SERVER):
            raise AisError(500, f"Job {number} was not found.")
        return json_answer(job.as_json())

    async def discover(self, request: Request) -> Response:
        """List what a report takes."""
        body = await read_body(request)
        self._vendor.access.session(request, body)
        name, version = _named(body)
        columns = self._vendor.store("F0101Z2").spec.columns
        return json_answer(
            {
                "reportName": name,
                "reportVersion": version,
                "title": "Address Book Batch Upload",
                "businessView": "F0101Z2",
                "dataSelection": [{"view": "F0101Z2", "alias": alias} for alias in columns],
                "processingOptions": [],
            }
        )

    def _master(self, session: Session) -> Master:
        return Master(
            self._vendor.stores,
            self._vendor.settings,
            self._vendor.stamps,
            session.user.username,
            self._vendor.next_number,
            program=REPORT,
        )

    async def _ended(self, job: Job, request: Request) -> None:
        """Wait until a job is over, is forgotten, or nobody waits any more."""
        while job.status not in (DONE, ERROR):
            await asyncio.sleep(_LOOK_SECONDS)
            if self._vendor.jobs.get(job.number) is not job or await request.is_disconnected():
                return

    def _selection(self, given: Any) -> dict[str, list[str]]:
        """Read a data selection: criteria on columns of F0101Z2 that all have to be met."""
        if given is None:
            return {}
        criteria = given.get("criteria") if isinstance(given, dict) else None
        if not isinstance(criteria, list):
            raise bad_input("dataSelection takes {criteria: [...]}.")
        return dict(self._criterion(one) for one in criteria)

    def _criterion(self, given: Any) -> tuple[str, list[str]]:
        try:
            alias, values = given["subject"]["alias"], given["predicate"]["values"]
            comparison = given.get("comparisonType", "EQUAL")
        except (TypeError, KeyError, AttributeError) as error:
            text = "A criterion takes {subject: {view, alias}, comparisonType, predicate: {values}}."
            raise bad_input(text) from error
        if comparison != "EQUAL" or not selectable(self._vendor.store("F0101Z2"), str(alias)):
            raise bad_input(f"The data selection {comparison} on {alias} is not possible.")
        return str(alias), [str(value) for value in values]


def _named(body: Body) -> tuple[str, str]:
    name, version = body.get("reportName"), body.get("reportVersion")
    if name != REPORT or version not in VERSIONS:
        raise AisError(500, f"Report {name} with version {version} does not exist.")
    return str(name), str(version)
