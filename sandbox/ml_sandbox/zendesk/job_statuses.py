"""What became of jobs (JOB)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import not_found, parameter_missing
from ml_sandbox.zendesk.jobs import Job
from ml_sandbox.zendesk.operations import STAFF, Operation
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.records import account_url, comma_list

PAGING = ("page[size]", "page[after]", "page[before]")


class JobStatuses:
    """The endpoints; they ask for the global read scope, since no narrow one is known."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        base = "/api/v2/job_statuses"
        return [
            Operation("GET", base, self.list, "", STAFF, PAGING),
            Operation("GET", f"{base}/show_many", self.show_many, "", STAFF, ("ids",)),
            Operation("GET", f"{base}/{{job_status_id}}", self.show),
        ]

    async def list(self, request: Request) -> Response:
        """All jobs that are kept: first those under way, then by completion and creation, newest first."""
        numbered = list(enumerate(self._account.jobs.all()))
        newest_first = sorted(numbered, key=_age, reverse=True)
        # Cursors go by a rising number: the place in this order.
        rows = [{"id": place, "job": job} for place, (_, job) in enumerate(newest_first)]
        page = paged(request, rows, "job_statuses")
        url = account_url(request)
        page["job_statuses"] = [self._account.jobs.as_json(row["job"], url) for row in page["job_statuses"]]
        return JSONResponse(page)

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


def _age(numbered: tuple[int, Job]) -> tuple[float, int]:
    number, job = numbered
    return (float("inf") if job.ended is None else job.ended, number)
