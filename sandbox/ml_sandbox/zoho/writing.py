"""Inserting, updating, upserting and deleting records (REC, UPS)."""

import math
from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.bodies import json_body, record_price, record_weight, records_in, too_many
from ml_sandbox.zoho.deleting import Deleting
from ml_sandbox.zoho.errors import RecordError, ZohoError, invalid_param, missing_in_body, param_missing
from ml_sandbox.zoho.gate import note_ignored, user_of
from ml_sandbox.zoho.matching import Matching
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.operations import Operation, module_scopes
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.records import TRIGGERS, Records, Write
from ml_sandbox.zoho.times import read_time
from ml_sandbox.zoho.values import unknown_id

DELETE_LIMIT = 100
BODY_KEYS = frozenset(
    {
        "data", "trigger", "skip_feature_execution", "apply_feature_execution", "duplicate_check_fields",
        "lar_id", "process",
    }
)  # fmt: skip
One = Callable[[Row, str], Row]


class Writing:
    """The endpoints."""

    def __init__(self, organization: Organization, records: Records) -> None:
        self._organization = organization
        self._records = records
        self._matching = Matching(organization)
        self._deleting = Deleting(organization)

    def operations(self) -> list[Operation]:
        """What is served."""
        price, weight = record_price, record_weight
        path = "/crm/v8/{module}"
        create, update, delete = module_scopes("CREATE"), module_scopes("UPDATE"), module_scopes("DELETE")
        return [
            Operation("POST", f"{path}/upsert", self.upsert, _both, price, weight, name="upsert"),
            Operation("POST", path, self.insert, create, price, weight, name="insert"),
            Operation("PUT", path, self.update, update, price, weight, name="update"),
            Operation(
                "PUT", path + "/{record_id:int}", self.update_one, update, price, weight, name="update"
            ),
            Operation(
                "DELETE", path, self.delete, delete, self._delete_price, parameters=("ids", "wf_trigger")
            ),
            Operation(
                "DELETE", path + "/{record_id:int}", self.delete_one, delete, parameters=("wf_trigger",)
            ),
        ]

    async def insert(self, request: Request) -> Response:
        """``POST /{module}``: 201 when all records are new ones now."""
        module = self._organization.module(request.path_params["module"], "Create")
        body = await json_body(request)
        data = records_in(body)
        write = self._write(request, body)

        def create(item: Row, path: str) -> Row:
            row = self._records.create(module, item, path, write)
            return self._success(row, "record added")

        return self._answer(request, write, data, create, 201)

    async def update(self, request: Request) -> Response:
        """``PUT /{module}``: each record with its id."""
        module = self._organization.module(request.path_params["module"], "Edit")
        body = await json_body(request)
        return await self._updated(request, module, body, records_in(body))

    async def update_one(self, request: Request) -> Response:
        """``PUT /{module}/{id}``."""
        module = self._organization.module(request.path_params["module"], "Edit")
        body = await json_body(request)
        item = records_in(body)[0]
        return await self._updated(
            request, module, body, [{**item, "id": str(request.path_params["record_id"])}]
        )

    async def upsert(self, request: Request) -> Response:
        """``POST /{module}/upsert``: matched by id, unique fields or the system field."""
        module = self._organization.module(request.path_params["module"], "Create")
        self._organization.module(module.api_name, "Edit")
        body = await json_body(request)
        data = records_in(body)
        order = self._matching.order(module, body.get("duplicate_check_fields"))
        write = self._write(request, body)
        since = self._unmodified_since(request)
        fixed = self._matching.before(module, data, order)
        targets = [self._matching.find(module, item, order) for item in data]
        self._refuse_changed(since, [row for row, _ in targets])

        def put(item: Row, path: str) -> Row:
            row, field = fixed.match(item) if fixed else self._matching.find(module, item, order)
            if row is None:
                self._check_id(module, item, path)
                created = self._records.create(module, item, path, write)
                return {**self._success(created, "record added"), "action": "insert", "duplicate_field": None}
            row = module.records.get(row["id"]) or row
            self._check_unchanged(since, row)
            changed = self._records.update(module, row, item, path, write)
            answer = self._success(changed, "record updated")
            return {**answer, "action": "update", "duplicate_field": field}

        return self._answer(request, write, data, put, 200)

    async def delete(self, request: Request) -> Response:
        """``DELETE /{module}?ids=``: into the recycle bin."""
        module = self._organization.module(request.path_params["module"], "Delete")
        ids = [part.strip() for part in request.query_params.get("ids", "").split(",") if part.strip()]
        if not ids:
            raise param_missing("ids")
        if len(ids) > DELETE_LIMIT:
            details = {"limit": DELETE_LIMIT, "param_name": "ids"}
            raise too_many("count of records in your request exceeds the limit", details)
        return self._deleted(request, module, ids)

    async def delete_one(self, request: Request) -> Response:
        """``DELETE /{module}/{id}``."""
        module = self._organization.module(request.path_params["module"], "Delete")
        return self._deleted(request, module, [str(request.path_params["record_id"])])

    async def _updated(self, request: Request, module: Module, body: Row, data: list[Row]) -> Response:
        write = self._write(request, body)
        since = self._unmodified_since(request)
        self._refuse_changed(since, [module.records.get(str(item.get("id"))) for item in data])

        def change(item: Row, path: str) -> Row:
            if item.get("id") in (None, ""):
                details = {"api_name": "id", "json_path": f"{path}.id"}
                raise RecordError("MANDATORY_NOT_FOUND", "required field not found", details)
            row = module.records.get(str(item["id"]))
            if row is None:
                raise unknown_id(f"{path}.id", "id")
            self._check_unchanged(since, row)
            return self._success(self._records.update(module, row, item, path, write), "record updated")

        return self._answer(request, write, data, change, 200)

    def _deleted(self, request: Request, module: Module, ids: Sequence[str]) -> Response:
        user_id = user_of(request)
        items = []
        for position, record_id in enumerate(ids):
            try:
                self._deleting.delete(module, record_id, user_id, f"$.ids[{position}]")
                details = {"id": record_id}
                items.append({"code": "SUCCESS", "details": details, "message": "record deleted"} | _SUCCESS)
            except RecordError as error:
                items.append(error.item)
        return self._together(items, 200)

    def _answer(self, request: Request, write: Write, data: list[Row], one: One, status: int) -> Response:
        items = []
        for position, item in enumerate(data):
            try:
                items.append(one(item, f"$.data[{position}]"))
            except RecordError as error:
                items.append(error.item)
        note_ignored(request, write.ignored)
        return self._together(items, status)

    def _together(self, items: list[Row], status: int) -> Response:
        failed = sum(item["status"] == "error" for item in items)
        if failed:
            all_failed = self._organization.settings.integer("failed_batch_status")
            status = all_failed if failed == len(items) else 207
        return JSONResponse({"data": items}, status)

    def _success(self, row: Row, message: str) -> Row:
        details = self.stamps(row)
        return {"code": "SUCCESS", "details": details, "message": message} | _SUCCESS

    def stamps(self, row: Row) -> Row:
        """What an answer tells of a written record; never the values that were sent."""
        organization = self._organization
        return {
            "id": row["id"],
            "Created_Time": organization.shown_time(row["Created_Time"]),
            "Modified_Time": organization.shown_time(row["Modified_Time"]),
            "Created_By": organization.person(row["Created_By"]),
            "Modified_By": organization.person(row["Modified_By"]),
            "$approval_state": row.get("$approval_state", "approved"),
        }

    def _write(self, request: Request, body: Row) -> Write:
        note_ignored(request, [name for name in body if name not in BODY_KEYS])
        return Write(user_of(request), triggers_in(body))

    def _unmodified_since(self, request: Request) -> int | None:
        header = request.headers.get("if-unmodified-since")
        if header is None:
            return None
        zulu = self._organization.settings.flag("zulu_times")
        since = read_time(header.replace(" ", "+"), zulu=zulu)
        if since is None:
            raise invalid_param("If-Unmodified-Since", expected_data_type="datetime")
        return since

    def _refuse_changed(self, since: int | None, rows: Sequence[Row | None]) -> None:
        """412 for the whole request when one record was changed later."""
        if since is None or self._organization.settings.text("unmodified_since_scope") != "request":
            return
        changed = [row for row in rows if row is not None and row["Modified_Time"] > since]
        if changed:
            raise ZohoError(412, {"data": [self._already_modified(row).item for row in changed]})

    def _check_unchanged(self, since: int | None, row: Row) -> None:
        # For a whole request it was looked at before: its first write must not fail its second one.
        by_record = self._organization.settings.text("unmodified_since_scope") == "record"
        if since is not None and by_record and row["Modified_Time"] > since:
            raise self._already_modified(row)

    def _already_modified(self, row: Row) -> RecordError:
        message = "record updated time has already passed if-unmodified-since time"
        return RecordError("ALREADY_MODIFIED", message, self.stamps(row))

    def _check_id(self, module: Module, item: Row, path: str) -> None:
        if item.get("id") not in (None, "") and self._organization.settings.flag("upsert_id_first"):
            raise unknown_id(f"{path}.id", "id")

    def _delete_price(self, request: Request, body: bytes) -> int:
        ids = [part for part in request.query_params.get("ids", "").split(",") if part.strip()]
        return max(1, math.ceil(len(ids) / self._organization.settings.integer("delete_records_per_credit")))


_SUCCESS = {"status": "success"}


def triggers_in(body: Row) -> tuple[str, ...]:
    """What runs because of a write: everything when ``trigger`` is absent, nothing for ``[]``."""
    if "trigger" not in body:
        return TRIGGERS
    given = body["trigger"]
    if not isinstance(given, list):
        raise missing_in_body("$.trigger")
    for position, name in enumerate(given):
        if name not in TRIGGERS:
            raise invalid_param(
                "trigger", json_path=f"$.trigger[{position}]", supported_values=list(TRIGGERS)
            )
    return tuple(given)


def _both(request: Request) -> list[set[str]]:
    return module_scopes("CREATE")(request) + module_scopes("UPDATE")(request)
