"""What became of jobs (JOB)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import not_found, parameter_missing
from ml_sandbox.zendesk.operations import STAFF, Operation
from ml_sandbox.zendesk.records import account_url, comma_list


class JobStatuses:
    """The endpoints; they ask for the global read scope, since no narrow one is known."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        base = "/api/v2/job_statuses"
        return [
            Operation("GET", f"{base}/show_many", self.show_many, "", STAFF, ("ids",)),
            Operation("GET", f"{base}/{{job_status_id}}", self.show),
        ]

    async def show(self, request: Request) -> Response:
        """One job; 404 once it is older than a day."""
        job = self._account.jobs.get(request.path_params["job_status_id"])
        if job is None:
            raise not_found()
        return JSONResponse({"job_status": self._account.jobs.as_json(job, account_url(request))})

    async def show_many(self, request: Request) -> Response:
        """Up to 100 jobs; the ones that are not known are left out."""
        ids = comma_list(request, "ids")
        if ids is None:
            raise parameter_missing("ids")
        jobs = [job for key in ids if (job := self._account.jobs.get(key)) is not None]
        shown = [self._account.jobs.as_json(job, account_url(request)) for job in jobs]
        return JSONResponse({"job_statuses": shown})
