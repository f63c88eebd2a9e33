"""Starting bulk jobs of the simulated Zoho CRM and reading what they made."""

import csv
import io
import zipfile
from typing import Any

import requests
from sandbox.zoho_api import JSON, ZohoApi

from ml_sandbox.zoho import seed

READ = "/crm/bulk/v8/read"
WRITE = "/crm/bulk/v8/write"
UPLOAD_HEADERS = {"feature": "bulk-write", "X-CRM-ORG": seed.ORG_ID}


def start_read(zoho: ZohoApi, **query: Any) -> requests.Response:
    return zoho.call("POST", READ, json={"query": query})


def read(zoho: ZohoApi, **query: Any) -> tuple[list[JSON], JSON]:
    """The rows of a job, and what it tells of its result."""
    answer = start_read(zoho, **query)
    assert answer.status_code == 201, answer.text
    path = f"{READ}/{answer.json()['data'][0]['details']['id']}"
    job = zoho.wait(
        lambda: zoho.call("GET", path).json()["data"][0], lambda job: job["state"] in {"COMPLETED", "FAILURE"}
    )
    return rows_of(zoho.call("GET", job["result"]["download_url"]).content), job["result"]


def rows_of(archive: bytes) -> list[JSON]:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        (name,) = file.namelist()
        return list(csv.DictReader(io.StringIO(file.read(name).decode())))


def archive_of(*lines: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("rows.csv", "\n".join(lines))
    return archive.getvalue()


def upload(zoho: ZohoApi, content: bytes, **headers: str) -> requests.Response:
    files = {"file": ("rows.zip", content, "application/zip")}
    url = f"{zoho.content}/crm/v8/upload"
    return zoho.session.post(url, files=files, headers={**UPLOAD_HEADERS, **headers}, timeout=30)


def start_write(zoho: ZohoApi, lines: list[str], operation: str, **resource: Any) -> requests.Response:
    file_id = upload(zoho, archive_of(*lines)).json()["details"]["file_id"]
    entry = {"type": "data", "module": {"api_name": "Accounts"}, "file_id": file_id, **resource}
    return zoho.call("POST", WRITE, json={"operation": operation, "resource": [entry]})


def write(zoho: ZohoApi, lines: list[str], operation: str, **resource: Any) -> tuple[list[JSON], JSON]:
    answer = start_write(zoho, lines, operation, **resource)
    assert answer.status_code == 201, answer.text
    path = f"{WRITE}/{answer.json()['details']['id']}"
    job = zoho.wait(lambda: zoho.call("GET", path).json(), lambda job: job["status"] == "COMPLETED")
    return rows_of(zoho.call("GET", job["result"]["download_url"]).content), job["resource"][0]["file"]
