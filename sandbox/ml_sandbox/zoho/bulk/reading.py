"""Bulk Read: jobs whose result is a ZIP archive with one CSV file (BR)."""

import secrets
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.core.table import Row
from ml_sandbox.zoho.bodies import json_body
from ml_sandbox.zoho.bulk.criteria import criteria_test, refused
from ml_sandbox.zoho.bulk.files import csv_value, zipped
from ml_sandbox.zoho.bulk.jobs import Job, Jobs
from ml_sandbox.zoho.errors import ZohoError, flat
from ml_sandbox.zoho.gate import user_of
from ml_sandbox.zoho.limits import Limits
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.operations import Operation, fixed_scopes
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.query.conditions import UNSUPPORTED, Columns, Test

CREDITS = 50
PATH = "/crm/bulk/v8/read"
TOKEN_SECONDS = 86_400.0


@dataclass(frozen=True)
class Plan:
    """What a job reads; ``start`` counts the records that earlier pages held."""

    module: Module
    columns: tuple[str, ...]
    test: Test
    shown: Row
    page: int
    start: int


@dataclass(frozen=True)
class _Following:
    user_id: str
    plan: Plan
    ends: float


class BulkRead:
    """The endpoints."""

    def __init__(self, organization: Organization, limits: Limits) -> None:
        self._organization = organization
        self._limits = limits
        self.jobs = Jobs(organization.clock, organization.settings)
        self._tokens: dict[str, _Following] = {}

    def operations(self) -> list[Operation]:
        """What is served."""
        scopes = fixed_scopes("ZohoCRM.bulk.READ", "ZohoCRM.bulk.ALL")
        return [
            Operation("POST", PATH, self.create, scopes, _price, name="bulk read"),
            Operation("GET", PATH + "/{job_id}", self.show, scopes),
            Operation("GET", PATH + "/{job_id}/result", self.download, scopes),
        ]

    async def create(self, request: Request) -> Response:
        """``POST /read``: 201 with the id of the job."""
        body = await json_body(request, needs_type=True)
        if self.jobs.running() >= self._organization.settings.integer("bulk_jobs"):
            raise self._limits.refused("Too many bulk jobs are running")
        plan = self._plan(request, body)
        job_id = self._organization.record_ids()
        rows = len(plan.module.records)
        fault = exchange_of(request).job_fault
        job = self.jobs.start(
            job_id, "read", user_of(request), rows, lambda job: self._work(job, plan), fault
        )
        job.about = plan.shown
        details = {"id": job.id, "operation": "read", "state": "ADDED", **self._made(job)}
        item = {"status": "success", "code": "ADDED_SUCCESSFULLY", "message": "Added successfully."}
        return JSONResponse({"data": [{**item, "details": details}], "info": {}}, 201)

    async def show(self, request: Request) -> Response:
        """``GET /read/{id}``: the state, and once it is there the result."""
        job = self._job(request)
        state = self.jobs.state(job)
        shown: Row = {"id": job.id, "operation": "read", "state": state, **self._made(job)}
        query = {name: value for name, value in job.about.items() if name != "result"}
        shown |= {"query": query, "file_type": "csv"}
        if "result" in job.about and state in {"COMPLETED", "FAILURE"}:
            shown["result"] = job.about["result"]
        return JSONResponse({"data": [shown]})

    async def download(self, request: Request) -> Response:
        """``GET /read/{id}/result``: the ZIP archive."""
        job = self._job(request)
        if job.file is None:
            raise _not_found(request)
        disposition = {"Content-Disposition": f'attachment; filename="{job.id}.zip"'}
        return Response(job.file, media_type="application/zip", headers=disposition)

    def clear(self) -> None:
        """Drop all jobs."""
        self.jobs.clear()
        self._tokens.clear()

    def rows(self) -> list[Row]:
        """All jobs as the control API shows them."""
        return [{"id": job.id, "state": self.jobs.state(job), **job.about} for job in self.jobs.all()]

    def _job(self, request: Request) -> Job:
        job = self.jobs.get(request.path_params["job_id"])
        if job is None or job.user_id != user_of(request):
            raise _not_found(request)
        return job

    def _made(self, job: Job) -> Row:
        person = self._organization.person(job.user_id)
        return {"created_by": person, "created_time": self._organization.shown_time(job.created)}

    def _plan(self, request: Request, body: Row) -> Plan:
        query = body.get("query")
        if not isinstance(query, dict):
            raise refused("QUERY_NOT_SUPPORTED")
        if body.get("file_type", "csv") != "csv":
            raise refused("NOT_SUPPORTED_FEATURE", api_name="file_type")
        if "page_token" in query:
            return self._following(str(query["page_token"]), user_of(request))
        module = self._module(query.get("module"))
        columns = Columns(self._organization, module)
        names = self._names(module, columns, query.get("fields") or [])
        criteria = query.get("criteria")
        test = criteria_test(columns, criteria) if criteria else _every
        page = query.get("page", 1)
        if not isinstance(page, int) or isinstance(page, bool) or page < 1:
            raise refused("PAGE_NOT_SUPPORTED")
        shown: Row = {"module": {"api_name": module.api_name, "id": module.id}, "page": page}
        shown |= {name: query[name] for name in ("fields", "criteria") if query.get(name)}
        start = (page - 1) * self._per_page()
        return Plan(module, tuple(names), test, shown, page, start)

    def _following(self, text: str, user_id: str) -> Plan:
        token = self._tokens.get(text)
        if token is None or token.user_id != user_id:
            raise flat(400, "INVALID_DATA", "invalid data", {"api_name": "page_token"})
        if self._organization.clock.monotonic() >= token.ends:
            details = {"api_name": "page_token", "json_path": "$.query.page_token"}
            raise flat(400, "EXPIRED_VALUE", "Page token expired", details)
        return token.plan

    def _module(self, given: Any) -> Module:
        name = given.get("api_name") if isinstance(given, dict) else None
        try:
            return self._organization.module(str(name))
        except ZohoError:
            raise refused("MODULE_NOT_AVAILABLE", api_name="module") from None

    def _names(self, module: Module, columns: Columns, given: Any) -> list[str]:
        if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
            raise refused("FIELD_NOT_SUPPORTED", api_name="fields")
        if not given:
            readable = [found for found in module.fields.values() if found.visible]
            given = [found.api_name for found in readable if found.data_type not in UNSUPPORTED]
        for name in given:
            try:
                columns.find(name)
            except ZohoError:
                raise refused("FIELD_NOT_AVAILABLE") from None
        return ["id", *(name for name in dict.fromkeys(given) if name != "id")]

    def _per_page(self) -> int:
        return self._organization.settings.integer("bulk_read_rows")

    def _work(self, job: Job, plan: Plan) -> None:
        if job.fault is not None and job.fault.fault == "job_partial":
            job.failed = True
            details: Row = {}
            code, message = "INTERNAL_SERVER_ERROR", "Internal server error occurred."
            error = {"status": "error", "code": code, "message": message, "details": details}
            job.about = {**job.about, "result": {"error_message": error}}
            return
        found = [
            row for row in plan.module.records.between("id") if plan.test(row) and not row.get("$converted")
        ]
        page = found[plan.start : plan.start + self._per_page()]
        job.file = zipped(f"{job.id}.csv", self._header(plan), self._lines(plan, page))
        more = len(found) > plan.start + len(page)
        result: Row = {"page": plan.page, "count": len(page), "per_page": self._per_page()}
        result |= {"more_records": more, "download_url": f"{PATH}/{job.id}/result"}
        if more:
            result["next_page_token"] = self._token(job, plan)
        job.about = {**job.about, "result": result}

    def _header(self, plan: Plan) -> list[str]:
        id_name = self._organization.settings.text("bulk_id_header")
        return [id_name if name == "id" else name for name in plan.columns]

    def _lines(self, plan: Plan, page: list[Row]) -> list[list[str]]:
        columns = Columns(self._organization, plan.module)
        found = [columns.find(name) for name in plan.columns]
        layout = self._organization.layout_ids[plan.module.api_name]

        def line(row: Row) -> list[str]:
            return [
                layout if one.name == "Layout" else csv_value(self._organization, one.field, one.of(row))
                for one in found
            ]

        return [line(row) for row in page]

    def _token(self, job: Job, plan: Plan) -> str:
        text = secrets.token_hex(18)
        number = plan.page + 1
        shown = {**plan.shown, "page": number}
        start = plan.start + self._per_page()
        following = Plan(plan.module, plan.columns, plan.test, shown, number, start)
        ends = self._organization.clock.monotonic() + TOKEN_SECONDS
        self._tokens[text] = _Following(job.user_id, following, ends)
        return text


def _every(row: Row) -> bool:
    return True


def _not_found(request: Request) -> ZohoError:
    details = {"resource": request.path_params["job_id"]}
    return flat(404, "RESOURCE_NOT_FOUND", "The requested resource doesn't exist.", details)


def _price(request: Request, body: bytes) -> int:
    return CREDITS
