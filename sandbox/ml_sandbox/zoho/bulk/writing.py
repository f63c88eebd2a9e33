"""Bulk Write: jobs that write the rows of an uploaded CSV file (BW)."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.core.table import Row
from ml_sandbox.zoho.bodies import json_body
from ml_sandbox.zoho.bulk.cells import Cells, Mapping, record_by
from ml_sandbox.zoho.bulk.criteria import refused
from ml_sandbox.zoho.bulk.files import zipped
from ml_sandbox.zoho.bulk.jobs import Job, Jobs
from ml_sandbox.zoho.bulk.mappings import file_rows, mappings_of
from ml_sandbox.zoho.bulk.uploads import Upload, Uploads
from ml_sandbox.zoho.errors import RecordError, ZohoError, flat
from ml_sandbox.zoho.gate import user_of
from ml_sandbox.zoho.limits import Limits
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.operations import Operation, fixed_scopes
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.records import TRIGGERS, Records, Write

CREDITS = 500
PATH = "/crm/bulk/v8/write"
OPERATIONS = ("insert", "update", "upsert")
STATES = {"QUEUED": "ADDED", "IN PROGRESS": "INPROGRESS", "FAILURE": "FAILED"}
ADDED, UPDATED, SKIPPED = "ADDED", "UPDATED", "SKIPPED"


@dataclass(frozen=True)
class Plan:
    """What a job writes."""

    module: Module
    operation: str
    upload: Upload
    header: list[str]
    rows: list[list[str]]
    mappings: list[Mapping]
    find_by: str | None
    ignore_empty: bool


class BulkWrite:
    """The endpoints."""

    def __init__(
        self, organization: Organization, limits: Limits, records: Records, uploads: Uploads
    ) -> None:
        self._organization = organization
        self._limits = limits
        self._records = records
        self._uploads = uploads
        self._cells = Cells(organization)
        self.jobs = Jobs(organization.clock, organization.settings)

    def operations(self) -> list[Operation]:
        """What is served."""
        scopes = fixed_scopes("ZohoCRM.bulk.CREATE", "ZohoCRM.bulk.ALL")
        both = fixed_scopes("ZohoCRM.bulk.CREATE", "ZohoCRM.bulk.READ", "ZohoCRM.bulk.ALL")
        return [
            Operation("POST", PATH, self.create, scopes, _price, name="bulk write"),
            Operation("GET", PATH + "/{job_id}", self.show, both),
            Operation("GET", PATH + "/{job_id}/result", self.download, both),
        ]

    async def create(self, request: Request) -> Response:
        """``POST /write``: 201 with the id of the job."""
        body = await json_body(request, needs_type=True)
        if self.jobs.running() >= self._organization.settings.integer("bulk_jobs"):
            raise self._limits.refused("Too many bulk jobs are running")
        plan = self._plan(body, user_of(request))
        fault = exchange_of(request).job_fault
        job_id, rows = self._organization.record_ids(), len(plan.rows)
        job = self.jobs.start(
            job_id, plan.operation, user_of(request), rows, lambda job: self._work(job, plan), fault
        )
        job.about = self._described(plan)
        details = {"id": job.id, "created_by": self._organization.person(job.user_id)}
        answer: Row = {"status": "success", "code": "SUCCESS", "message": "success", "details": details}
        return JSONResponse(answer, 201)

    async def show(self, request: Request) -> Response:
        """``GET /write/{id}``: the state, and once it ended the counts and the result."""
        return JSONResponse(self._shown(self._job(request)))

    async def download(self, request: Request) -> Response:
        """``GET /write/{id}/result``: the ZIP archive that tells of every row."""
        job = self._job(request)
        if job.file is None:
            raise _not_found()
        disposition = {"Content-Disposition": f'attachment; filename="{job.id}.zip"'}
        return Response(job.file, media_type="application/zip", headers=disposition)

    def rows(self) -> list[Row]:
        """All jobs as the control API shows them."""
        return [self._shown(job) for job in self.jobs.all()]

    def _job(self, request: Request) -> Job:
        job = self.jobs.get(request.path_params["job_id"])
        if job is None or job.user_id != user_of(request):
            raise _not_found()
        return job

    def _shown(self, job: Job) -> Row:
        state = self.jobs.state(job)
        status = STATES.get(state, state)
        resource = {**job.about, "status": status}
        resource["file"] = {**job.about["file"], "status": status}
        shown: Row = {"id": job.id, "status": status, "character_encoding": "UTF-8", "resource": [resource]}
        shown |= {"operation": job.operation, "created_by": self._organization.person(job.user_id)}
        shown["created_time"] = self._organization.shown_time(job.created)
        if job.file is not None:
            shown["result"] = {"download_url": f"{PATH}/{job.id}/result"}
        return shown

    def _described(self, plan: Plan) -> Row:
        counts = {f"{name}_count": 0 for name in ("added", "updated", "skipped", "total")}
        return {
            "type": "data",
            "module": {"api_name": plan.module.api_name, "id": plan.module.id},
            "ignore_empty": plan.ignore_empty,
            "field_mappings": [_shown_mapping(mapping) for mapping in plan.mappings],
            "file": {"name": plan.upload.name, **counts},
        }

    def _plan(self, body: Row, user_id: str) -> Plan:
        operation = body.get("operation")
        if operation not in OPERATIONS:
            raise flat(
                400, "INVALID_DATA", "invalid data", {"api_name": "operation", "json_path": "$.operation"}
            )
        resources = body.get("resource")
        if not isinstance(resources, list) or len(resources) != 1 or not isinstance(resources[0], dict):
            raise flat(
                400, "INVALID_DATA", "invalid data", {"api_name": "resource", "json_path": "$.resource"}
            )
        resource = resources[0]
        if resource.get("type") != "data":
            raise flat(
                400, "INVALID_DATA", "invalid data", {"api_name": "type", "json_path": "$.resource[0].type"}
            )
        module = self._module(resource.get("module"))
        upload = self._uploads.get(str(resource.get("file_id")))
        if upload is None or upload.user_id != user_id:
            raise refused("FILE_NOT_FOUND", json_path="$.resource[0].file_id")
        find_by = self._find_by(module, str(operation), resource.get("find_by"))
        header, rows = file_rows(upload, self._organization.settings.integer("bulk_write_rows"))
        mappings = mappings_of(module, header, resource.get("field_mappings"))
        self._check_mapped(module, str(operation), mappings, find_by)
        ignore_empty = bool(resource.get("ignore_empty", body.get("ignore_empty", False)))
        return Plan(module, str(operation), upload, header, rows, mappings, find_by, ignore_empty)

    def _module(self, given: Any) -> Module:
        name = given.get("api_name") if isinstance(given, dict) else None
        try:
            return self._organization.module(str(name))
        except ZohoError:
            raise refused("MODULE_NOT_AVAILABLE", api_name="module") from None

    def _find_by(self, module: Module, operation: str, given: Any) -> str | None:
        allowed = ["id", *(found.api_name for found in module.unique_fields())]
        if module.duplicate_field in module.fields:
            allowed.append(str(module.duplicate_field))
        if given is None and operation != "insert":
            raise flat(400, "MANDATORY_NOT_FOUND", "Required key find_by is not available")
        if given is not None and given not in allowed:
            details = {"json_path": "$.resource[0].find_by", "supported_values": allowed}
            raise flat(400, "INVALID_DATA", "invalid data", {"api_name": "find_by", **details})
        return None if given is None else str(given)

    def _check_mapped(
        self, module: Module, operation: str, mappings: list[Mapping], find_by: str | None
    ) -> None:
        mapped = {mapping.field.api_name for mapping in mappings}
        needed = {found.api_name for found in module.fields.values() if found.mandatory}
        if operation == "update":
            needed = set()
        if find_by is not None and (find_by != "id" or operation == "update"):
            needed.add(find_by)
        missing = sorted(needed - mapped)
        if missing:
            raise refused("MANDATORY_FIELDS_NOT_MAPPED", fields=missing)

    def _work(self, job: Job, plan: Plan) -> None:
        runs = self._organization.settings.flag("bulk_write_triggers")
        write = Write(job.user_id, TRIGGERS if runs else ())
        partial = job.fault is not None and job.fault.fault == "job_partial"
        failing = job.fault.failing_rows(len(plan.rows)) if job.fault is not None and partial else set()
        lines, counts = [], dict.fromkeys((ADDED, UPDATED, SKIPPED), 0)
        for position, row in enumerate(plan.rows):
            status, errors, record_id = self._outcome(plan, row, write, failing=position in failing)
            counts[status] += 1
            lines.append([*row, status, errors, record_id])
        names = self._organization.settings.text("bulk_result_columns").split(",")
        job.file = zipped(f"{job.id}.csv", [*plan.header, *names], lines)
        totals = {f"{status.lower()}_count": count for status, count in counts.items()}
        job.about = {**job.about, "file": {**job.about["file"], **totals, "total_count": len(plan.rows)}}

    def _outcome(self, plan: Plan, row: list[str], write: Write, *, failing: bool) -> tuple[str, str, str]:
        if failing:
            return SKIPPED, "INTERNAL_ERROR", ""
        try:
            return self._written(plan, row, write)
        except RecordError as error:
            details = error.item["details"]
            names = [details.get("api_name")]
            names += [inner["details"].get("api_name") for inner in details.get("errors", ())]
            where = ",".join(str(name) for name in names if name)
            return SKIPPED, f"{error.item['code']}:{where}", ""

    def _written(self, plan: Plan, row: list[str], write: Write) -> tuple[str, str, str]:
        item = self._item(plan, row)
        module = plan.module
        key = next((m for m in plan.mappings if m.field.api_name == plan.find_by), None)
        held = row[key.index].strip() if key is not None else ""
        present = record_by(module, str(plan.find_by), held) if held else None
        if present is not None and plan.operation == "insert":
            return SKIPPED, f"DUPLICATE_DATA:{plan.find_by}", str(present["id"])
        if present is None and plan.operation == "update":
            return SKIPPED, f"RECORD_NOT_FOUND:{plan.find_by}", ""
        if present is None:
            return ADDED, "", str(self._records.create(module, item, "$", write)["id"])
        return UPDATED, "", str(self._records.update(module, present, item, "$", write)["id"])

    def _item(self, plan: Plan, row: list[str]) -> Row:
        item: Row = {}
        for mapping in plan.mappings:
            name = mapping.field.api_name
            text = row[mapping.index].strip() if mapping.index < len(row) else ""
            text = text or (mapping.default or "")
            if text:
                item[name] = self._cells.value(mapping, text, f"$.{name}")
            elif not plan.ignore_empty:
                item[name] = None
        return item


def _shown_mapping(mapping: Mapping) -> Row:
    shown: Row = {"api_name": mapping.field.api_name, "index": mapping.index}
    shown |= {"format": mapping.format, "find_by": mapping.find_by}
    return shown | ({"default_value": {"value": mapping.default}} if mapping.default is not None else {})


def _not_found() -> ZohoError:
    return flat(404, "RESOURCE_NOT_FOUND", "The requested resource doesn't exist.")


def _price(request: Request, body: bytes) -> int:
    return CREDITS
