"""A plain client for the tests of the simulated Zoho CRM."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Self

import requests
from sandbox.zoho_contract import contract

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zoho import seed

JSON = dict[str, Any]
DEADLINE = 20.0


class ZohoApi:
    """Calls the API with a token of the integration's user."""

    def __init__(self, sandbox: RunningSandbox, refresh_token: str = seed.REFRESH_TOKEN) -> None:
        self.sandbox = sandbox
        self.accounts = f"{sandbox.url}/zoho/accounts"
        self.url = f"{sandbox.url}/zoho/api"
        self.content = f"{sandbox.url}/zoho/content"
        self.session = requests.Session()
        self.session.hooks["response"].append(hold_against_contract)
        self._refresh_token = refresh_token
        self.sign_in()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.session.close()

    def grant(self, **changes: Any) -> requests.Response:
        """Ask for a token by the refresh token, with changes; None leaves a parameter out."""
        form = {
            "grant_type": "refresh_token",
            "client_id": seed.CLIENT_ID,
            "client_secret": seed.CLIENT_SECRET,
            "refresh_token": self._refresh_token,
            **changes,
        }
        sent = {name: value for name, value in form.items() if value is not None}
        return requests.post(f"{self.accounts}/oauth/v2/token", data=sent, timeout=30)

    def sign_in(self, **changes: Any) -> None:
        self.use_token(self.grant(**changes).json()["access_token"])

    def use_token(self, token: str) -> None:
        self.session.headers["Authorization"] = f"Zoho-oauthtoken {token}"

    def with_scopes(self, *scopes: str) -> None:
        """Go on with a token of these scopes only."""
        soid = f"ZohoCRM.{seed.ORG_ID}"
        self.sign_in(grant_type="client_credentials", scope=",".join(scopes), soid=soid)

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.url}{path}", timeout=30, **options)

    def get(self, path: str, headers: JSON | None = None, **parameters: Any) -> requests.Response:
        return self.call("GET", f"/crm/v8{path}", params=parameters, headers=headers)

    def post(self, path: str, body: Any, **headers: str) -> requests.Response:
        return self.call("POST", f"/crm/v8{path}", json=body, headers=headers)

    def put(self, path: str, body: Any, headers: JSON | None = None) -> requests.Response:
        return self.call("PUT", f"/crm/v8{path}", json=body, headers=headers)

    def delete(self, path: str, **parameters: Any) -> requests.Response:
        return self.call("DELETE", f"/crm/v8{path}", params=parameters)

    def coql(self, query: str, **body: Any) -> requests.Response:
        return self.post("/coql", {"select_query": query, **body})

    def create(self, module: str, *items: JSON) -> list[str]:
        """Insert records and give their ids."""
        answer = self.post(f"/{module}", {"data": list(items)})
        assert answer.status_code == 201, answer.text
        return [item["details"]["id"] for item in answer.json()["data"]]

    def record(self, module: str, record_id: str) -> JSON:
        answer = self.get(f"/{module}/{record_id}")
        assert answer.status_code == 200, answer.text
        found: JSON = answer.json()["data"][0]
        return found

    def put_rows(self, object_name: str, *rows: JSON) -> list[JSON]:
        """Write past the API."""
        return self.sandbox.control.put_rows("zoho", object_name, rows)

    def settings(self, **changes: Any) -> None:
        self.sandbox.control.settings(zoho=changes)

    def wait(self, ask: Callable[[], JSON], reached: Callable[[JSON], bool]) -> JSON:
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            found = ask()
            if reached(found):
                return found
        raise AssertionError(f"It did not get there: {found}")


def hold_against_contract(answer: requests.Response, *args: object, **options: object) -> None:
    """Every answer of the API is one that the vendor's documents allow."""
    held = contract()
    path = str(answer.request.path_url).partition("?")[0].partition("/crm/")
    if held is not None and path[1]:
        body = answer.json() if "json" in answer.headers.get("Content-Type", "") else None
        problems = held.problems(str(answer.request.method), f"/crm/{path[2]}", answer.status_code, body)
        assert problems == [], f"{answer.request.url}: {problems}"


def codes(answer: requests.Response) -> list[str]:
    """The codes of a write's items."""
    return [item["code"] for item in answer.json()["data"]]


def error_of(answer: requests.Response) -> tuple[int, str]:
    """Status and code of a flat error."""
    return answer.status_code, answer.json()["code"]


def values(answer: requests.Response, name: str) -> list[Any]:
    """One field of every record of an answer."""
    assert answer.status_code == 200, answer.text
    return [record[name] for record in answer.json()["data"]]


def accounts(names: Sequence[str]) -> list[JSON]:
    """Accounts with these names and their numbers as source keys."""
    return [{"Account_Name": name, "JDE_Address_Number": str(n)} for n, name in enumerate(names, 1)]
