"""A plain client for the tests of the simulated JD Edwards."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

import requests

from ml_sandbox.jde import seed
from ml_sandbox.testing import RunningSandbox

JSON = dict[str, Any]
DEVICE = "tests"
BASIC = (seed.USERNAME, seed.PASSWORD)


class JdeApi:
    """Signs in once when first needed and keeps cookies; ``auth`` of a call makes it stateless."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.control = sandbox.control
        self.base = f"{sandbox.url}/jde/jderest"
        self.token = ""

    def __enter__(self) -> Self:
        self.session = requests.Session()
        return self

    def __exit__(self, *exception: object) -> None:
        self.session.close()

    def login(self, **body: Any) -> requests.Response:
        """Ask for a token; None leaves a member of the body out."""
        given = {"username": seed.USERNAME, "password": seed.PASSWORD, "deviceName": DEVICE, **body}
        given = {name: value for name, value in given.items() if value is not None}
        return self.session.post(f"{self.base}/v2/tokenrequest", json=given, timeout=30)

    def sign_in(self) -> str:
        answer = self.login()
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["userInfo"]["token"]
        return self.token

    def headers(self) -> dict[str, str]:
        return {"jde-AIS-Auth": self.token or self.sign_in(), "jde-AIS-Auth-Device": DEVICE}

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        if not {"auth", "headers"} & options.keys():
            options["headers"] = self.headers()
        return self.session.post(f"{self.base}{path}", json=body or {}, timeout=30, **options)

    def get(self, path: str, parameters: Any = None, **options: Any) -> requests.Response:
        if not {"auth", "headers"} & options.keys():
            options["headers"] = self.headers()
        return self.session.get(f"{self.base}{path}", params=parameters, timeout=30, **options)

    def browse(self, table: str = "F0101", columns: str = "", **body: Any) -> requests.Response:
        """POST a BROWSE; `columns` are aliases with blanks between."""
        given: JSON = {
            "targetName": table,
            "targetType": "table",
            "dataServiceType": "BROWSE",
            "findOnEntry": "TRUE",
            "returnControlIDs": "|".join(f"{table}.{alias}" for alias in columns.split()),
        }
        return self.post("/v2/dataservice", {**given, **body})

    def browse_basic(self) -> requests.Response:
        """A stateless BROWSE with Basic credentials."""
        return self.post("/v2/dataservice", {"targetName": "F0101", "targetType": "table"}, auth=BASIC)

    def browse_with(self, headers: Mapping[str, str]) -> requests.Response:
        """A BROWSE with just these headers."""
        body = {"targetName": "F0101", "targetType": "table"}
        return self.post("/v2/dataservice", body, headers=headers)

    def rows(self, table: str = "F0101", columns: str = "", **body: Any) -> list[JSON]:
        """The rows of a BROWSE by alias."""
        answer = self.browse(table, columns, **body)
        assert answer.status_code == 200, answer.text
        return rows_of(answer, table)

    def found(self, *conditions: JSON, table: str = "F0101", column: str = "AN8", **query: Any) -> list[Any]:
        """One column of the rows that a query finds."""
        asked = {"condition": list(conditions)} if conditions else {}
        return [row[column] for row in self.rows(table, column, query={**asked, **query})]

    def run(self, name: str, inputs: Mapping[str, Any], **options: Any) -> requests.Response:
        return self.post(f"/v3/orchestrator/{name}", dict(inputs), **options)

    def settings(self, **changes: Any) -> None:
        self.control.settings(jde=changes)

    def put(self, table: str, *rows: Mapping[str, Any]) -> list[JSON]:
        return self.control.put_rows("jde", table, rows)

    def stored(self, table: str, *columns: str) -> list[Any]:
        """What the tables hold: one column as plain values, several as tuples."""
        rows = self.control.rows("jde", table)
        if len(columns) == 1:
            return [row[columns[0]] for row in rows]
        return [tuple(row[name] for name in columns) for row in rows]


def grid(answer: requests.Response, table: str = "F0101") -> JSON:
    found: JSON = answer.json()[f"fs_DATABROWSE_{table}"]["data"]["gridData"]
    return found


def rows_of(answer: requests.Response, table: str = "F0101") -> list[JSON]:
    rows = grid(answer, table)["rowset"]
    return [{name.removeprefix(f"{table}_"): value for name, value in row.items()} for row in rows]


def condition(column: str, operator: str, *contents: Any, special: str = "LITERAL") -> JSON:
    values = [{"content": content, "specialValueId": special} for content in contents]
    return {"controlId": column, "operator": operator, "value": values}


def people(numbers: Iterable[int]) -> list[JSON]:
    return [{"AN8": number, "ALPH": f"Name {number}"} for number in numbers]
