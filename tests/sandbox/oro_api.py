"""A plain client for the tests of the simulated OroCRM."""

import json
import time
from collections.abc import Callable
from typing import Any, Self

import requests

from ml_sandbox.oro import seed
from ml_sandbox.testing import RunningSandbox

JSON = dict[str, Any]
MEDIA_TYPE = "application/vnd.api+json"
DEADLINE = 20.0


class OroApi:
    """Calls the API with a token of the integration's user."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.url = f"{sandbox.url}/oro"
        self.session = requests.Session()
        self.session.headers.update({"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE})
        self.sign_in()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.session.close()

    def grant(self, **changes: Any) -> requests.Response:
        """Ask for a token with the application's own grant, with changes; None leaves a parameter out."""
        sent = {
            "grant_type": "client_credentials",
            "client_id": seed.CLIENT_ID,
            "client_secret": seed.CLIENT_SECRET,
            **changes,
        }
        given = {name: value for name, value in sent.items() if value is not None}
        return requests.post(f"{self.url}/oauth2-token", json=given, timeout=30)

    def sign_in(self, **changes: Any) -> None:
        token = self.grant(**changes).json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        data = None if body is None else json.dumps(body)
        return self.session.request(method, f"{self.url}/api{path}", data=data, timeout=60, **options)

    def get(self, path: str, headers: JSON | None = None, **parameters: Any) -> requests.Response:
        """GET; ``filter_x`` and the like cannot be names, so parameters with brackets go into the path."""
        return self.call("GET", path, params=parameters, headers=headers)

    def post(self, type_name: str, body: JSON, **headers: str) -> requests.Response:
        return self.call("POST", f"/{type_name}", body, headers=headers)

    def patch(self, type_name: str, row_id: str, body: JSON, **headers: str) -> requests.Response:
        data = {"type": type_name, "id": row_id, **body}
        return self.call("PATCH", f"/{type_name}/{row_id}", {"data": data}, headers=headers)

    def batch(
        self, type_name: str, *data: Any, headers: JSON | None = None, **more: Any
    ) -> requests.Response:
        return self.call("PATCH", f"/{type_name}", {"data": list(data), **more}, headers=headers)

    def create(self, type_name: str, attributes: JSON, **relations: Any) -> JSON:
        """Create a record and give its resource object."""
        answer = self.post(type_name, {"data": resource(type_name, attributes, **relations)})
        assert answer.status_code == 201, answer.text
        found: JSON = answer.json()["data"]
        return found

    def case(self, subject: str = "Printer on fire", **relations: Any) -> JSON:
        return self.create("cases", {"subject": subject}, **case_relations(**relations))

    def ids(self, path: str) -> list[str]:
        """The ids of a list."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["data"]]

    def record(self, type_name: str, row_id: str) -> JSON:
        """The flat row of a record."""
        (row,) = (row for row in self.rows(type_name) if row["id"] == row_id)
        return row

    def rows(self, object_name: str) -> list[JSON]:
        return self.sandbox.control.rows("oro", object_name)

    def put(self, object_name: str, *rows: JSON) -> list[JSON]:
        """Write past the API."""
        return self.sandbox.control.put_rows("oro", object_name, rows)

    def settings(self, **changes: Any) -> None:
        self.sandbox.control.settings(oro=changes)

    def finished(self, answer: requests.Response) -> JSON:
        """The attributes of an operation when it is done."""
        assert answer.status_code == 202, answer.text
        operation_id = answer.json()["data"]["id"]

        def asked() -> JSON:
            found: JSON = self.get(f"/asyncoperations/{operation_id}").json()["data"]["attributes"]
            return found

        return wait(asked, lambda attributes: attributes["status"] == "success")


def wait(ask: Callable[[], JSON], reached: Callable[[JSON], bool]) -> JSON:
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        found = ask()
        if reached(found):
            return found
    raise AssertionError(f"It did not get there: {found}")


def resource(type_name: str, attributes: JSON, **relations: Any) -> JSON:
    """A resource object; relations as ``(type, id)``, lists of them, or None."""
    found: JSON = {"type": type_name, "attributes": attributes}
    if relations:
        found["relationships"] = {name: {"data": _identified(value)} for name, value in relations.items()}
    return found


def case_relations(**changes: Any) -> JSON:
    return {
        "source": ("casesources", "other"),
        "status": ("casestatuses", "open"),
        "priority": ("casepriorities", "high"),
        **changes,
    }


def errors(answer: requests.Response) -> list[tuple[str, str, str | None]]:
    """Status, title and place of every error."""
    return [
        (error["status"], error["title"], next(iter(error.get("source", {}).values()), None))
        for error in answer.json()["errors"]
    ]


def details(answer: requests.Response) -> list[str]:
    return [error["detail"] for error in answer.json()["errors"]]


def _identified(value: Any) -> Any:
    if isinstance(value, list):
        return [_identified(one) for one in value]
    return None if value is None else {"type": value[0], "id": value[1]}
