"""A plain client for the tests of the simulated Zendesk."""

import time
from collections.abc import Callable
from typing import Any, Self

import requests

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed

JSON = dict[str, Any]
DEADLINE = 20.0


class ZendeskApi:
    """Calls the API as the sandbox's admin, with a token or with Basic credentials."""

    def __init__(self, sandbox: RunningSandbox, *, email: str = seed.ADMIN_EMAIL) -> None:
        self.sandbox = sandbox
        self.url = f"{sandbox.url}/zendesk"
        self.session = requests.Session()
        self.session.auth = (f"{email}/token", seed.API_TOKEN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.session.close()

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.url}{path}", timeout=30, **options)

    def get(self, path: str, **parameters: Any) -> requests.Response:
        return self.call("GET", f"/api/v2{path}", params=parameters or None)

    def post(self, path: str, body: Any) -> requests.Response:
        return self.call("POST", f"/api/v2{path}", json=body)

    def put(self, path: str, body: Any, **parameters: Any) -> requests.Response:
        return self.call("PUT", f"/api/v2{path}", json=body, params=parameters or None)

    def delete(self, path: str, **parameters: Any) -> requests.Response:
        return self.call("DELETE", f"/api/v2{path}", params=parameters or None)

    def create(self, name: str, **values: Any) -> JSON:
        answer = self.post("/organizations", {"organization": {"name": name, **values}})
        assert answer.status_code == 201, answer.text
        organization: JSON = answer.json()["organization"]
        return organization

    def define(self, key: str, kind: str = "text", *options: str, **values: Any) -> JSON:
        """Create an organization field; options are both name and value."""
        field: JSON = {"key": key, "title": key.title(), "type": kind, **values}
        if options:
            field["custom_field_options"] = [{"name": option.title(), "value": option} for option in options]
        answer = self.post("/organization_fields", {"organization_field": field})
        assert answer.status_code == 201, answer.text
        defined: JSON = answer.json()["organization_field"]
        return defined

    def grant(self, **changes: Any) -> requests.Response:
        """Ask for a token by client credentials, with changes to the request; None leaves a parameter out."""
        body = {
            "grant_type": "client_credentials",
            "client_id": seed.CLIENT_ID,
            "client_secret": seed.CLIENT_SECRET,
            "scope": "read write",
            **changes,
        }
        sent = {name: value for name, value in body.items() if value is not None}
        return requests.post(f"{self.url}/oauth/tokens", json=sent, timeout=30)

    def use_token(self, access_token: str) -> None:
        self.session.auth = None
        self.session.headers["Authorization"] = f"Bearer {access_token}"

    def ended_job(self, started: requests.Response) -> JSON:
        """Wait for a started job's end."""
        assert started.status_code == 200, started.text
        job_id = started.json()["job_status"]["id"]
        return self.wait_for(job_id, lambda job: job["status"] in {"completed", "failed"})

    def wait_for(self, job_id: str, reached: Callable[[JSON], bool]) -> JSON:
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            answer = self.get(f"/job_statuses/{job_id}")
            assert answer.status_code == 200, answer.text
            job: JSON = answer.json()["job_status"]
            if reached(job):
                return job
        raise AssertionError(f"The job did not get there: {job}")

    def names(self) -> list[str]:
        return [row["name"] for row in self.sandbox.control.rows("zendesk", "organizations")]

    def jump(self, seconds: float) -> None:
        """Move the sandbox's clock."""
        self.sandbox.control.jump(seconds)
