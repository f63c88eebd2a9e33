"""``GET /{module}/deleted`` (DEL)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.errors import invalid_param, limit_exceeded
from ml_sandbox.zoho.operations import Operation, module_scopes
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.parameters import positive
from ml_sandbox.zoho.times import read_time

PER_PAGE = 200
TYPES = {"all": ("recycle", "permanent"), "recycle": ("recycle",), "permanent": ("permanent",)}


class Deleted:
    """The endpoint."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization

    def operations(self) -> list[Operation]:
        """What is served."""
        parameters = ("type", "page", "per_page")
        path = "/crm/v8/{module}/deleted"
        read = module_scopes("READ")
        return [Operation("GET", path, self.listed, read, _two_credits, parameters=parameters)]

    async def listed(self, request: Request) -> Response:
        """Deleted records, the latest first."""
        module = self._organization.module(request.path_params["module"])
        kinds = TYPES.get(request.query_params.get("type", "all"))
        if kinds is None:
            raise invalid_param("type", supported_values=list(TYPES))
        page, per_page = positive(request, "page", 1), positive(request, "per_page", PER_PAGE)
        if per_page > PER_PAGE:
            raise limit_exceeded("per_page", PER_PAGE)
        since = self._since(request)
        entries = [
            entry
            for entry in self._organization.deleted
            if entry["module"] == module.api_name
            and entry["type"] in kinds
            and entry["deleted_time"] >= since
        ]
        entries.sort(key=lambda entry: (-entry["deleted_time"], -int(entry["id"])))
        start = (page - 1) * per_page
        shown = [self._shown(entry) for entry in entries[start : start + per_page]]
        if not shown:
            unchanged = self._organization.settings.integer("unchanged_status") if since else 204
            return Response(status_code=unchanged)
        more = len(entries) > start + per_page
        info = {"per_page": per_page, "count": len(shown), "page": page, "more_records": more}
        return JSONResponse({"data": shown, "info": info})

    def _since(self, request: Request) -> int:
        header = request.headers.get("if-modified-since")
        if header is None:
            return 0
        zulu = self._organization.settings.flag("zulu_times")
        since = read_time(header.replace(" ", "+"), zulu=zulu)
        if since is None:
            raise invalid_param("If-Modified-Since", expected_data_type="datetime")
        return since

    def _shown(self, entry: Row) -> Row:
        gone = entry["type"] == "permanent"
        person = self._organization.person
        return {
            "id": entry["id"],
            "display_name": None if gone else entry["display_name"],
            "type": entry["type"],
            "deleted_time": self._organization.shown_time(entry["deleted_time"]),
            "deleted_by": None if gone else person(entry["deleted_by"]),
            "created_by": None if gone else person(entry["created_by"]),
        }


def _two_credits(request: Request, body: bytes) -> int:
    return 2
