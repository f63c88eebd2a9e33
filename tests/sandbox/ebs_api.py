"""A plain client for the tests of the simulated Oracle EBS."""

import json
from collections.abc import Iterable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Self
from xml.etree import ElementTree as ET

import requests

from ml_sandbox.testing import RunningSandbox

JSON = dict[str, Any]
USER = "ML_EXTRACT"
PASSWORD = "extract-1"
RESPONSIBILITY = {"ctx_responsibility": "ML_CONNECTOR_INQUIRY", "ctx_respapplication": "AR"}


class EbsApi:
    """Calls the gateway with Basic credentials and asks for JSON, unless told otherwise."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.control = sandbox.control
        self.base = f"{sandbox.url}/ebs/webservices/rest/"

    def __enter__(self) -> Self:
        self.session = requests.Session()
        self.session.headers["Accept"] = "application/json"
        # Cookies are sent only where a test says so.
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return self

    def __exit__(self, *exception: object) -> None:
        self.session.close()

    def get(self, path: str, parameters: Any = None, **options: Any) -> requests.Response:
        options.setdefault("auth", (USER, PASSWORD))
        return self.session.get(f"{self.base}{path}", params=parameters, timeout=30, **options)

    def get_as(self, token: str, path: str, **parameters: Any) -> requests.Response:
        cookie = {"Cookie": f"EBSDB={token}"}
        return self.session.get(f"{self.base}{path}", params=parameters, headers=cookie, timeout=30)

    def token(self) -> str:
        answer = self.get("login")
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["response"]["data"]["accessToken"]
        return token

    def rows(self, operation: str, alias: str = "custtables", /, **parameters: Any) -> list[JSON]:
        answer = self.get(f"{alias}/{operation}/", parameters)
        assert answer.status_code == 200, answer.text
        return collection(answer, operation)

    def settings(self, **changes: Any) -> None:
        self.control.settings(ebs=changes)

    def put(self, table: str, *rows: Mapping[str, Any]) -> list[JSON]:
        return self.control.put_rows("ebs", table, rows)


def collection(answer: requests.Response, operation: str) -> list[JSON]:
    """Rows of the default wrapper, one row as a list too, nulls as None."""
    found = answer.json(parse_float=str)["OutputParameters"].get(f"{operation}_REC", [])
    records = [found] if isinstance(found, dict) else found
    return [
        {name: None if isinstance(value, dict) else value for name, value in row.items()} for row in records
    ]


def fault(answer: requests.Response) -> str:
    """The code of a fault in either format."""
    if answer.text.startswith("<"):
        root = ET.fromstring(answer.text)
        assert root.tag == "{http://xmlns.oracle.com/isg/servicefault}ISGServiceFault"
        return root.findtext("{*}Code") or ""
    document = json.loads(answer.text)["ISGServiceFault"]
    assert set(document) == {"Code", "Message", "Resolution", "ServiceDetails"}
    return str(document["Code"])


def parties(names: Iterable[str], first_id: int = 1) -> list[JSON]:
    return [{"PARTY_ID": number, "PARTY_NAME": name} for number, name in enumerate(names, first_id)]
