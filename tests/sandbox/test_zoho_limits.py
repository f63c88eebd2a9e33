"""What an edition allows: credits of a day, calls at a time, modules, permissions."""

import asyncio
import concurrent.futures
import contextlib
from typing import Any

import pytest
import requests
from sandbox.zoho_api import JSON, ZohoApi, accounts, error_of

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import Settings
from ml_sandbox.core.vendor import VendorContext
from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zoho import seed
from ml_sandbox.zoho.errors import ZohoError
from ml_sandbox.zoho.operations import Weight
from ml_sandbox.zoho.vendor import Zoho

HEADER = "X-API-CREDITS-REMAINING"


def left(zoho: ZohoApi) -> int:
    """The credits left after the last call."""
    return int(zoho.sandbox.control.requests("zoho")[-1]["quota_left"])


CREDITS: list[tuple[str, int, int]] = [
    ("free", 10, 5_000),
    ("standard", 10, 52_500),
    ("standard", 1_000, 100_000),
    ("professional", 10, 55_000),
    ("enterprise", 10, 60_000),
    ("enterprise", 9_000, 5_000_000),
    ("ultimate", 9_000, 18_050_000),
]


def test_credits_follow_edition_and_users(zoho: ZohoApi) -> None:
    for calls, (edition, users, total) in enumerate(CREDITS, 1):
        zoho.settings(edition=edition, users=users)
        (organization,) = zoho.get("/org").json()["org"]
        assert organization["license_details"]["paid_type"] == edition
        assert organization["license_details"]["users_license_purchased"] == users
        assert left(zoho) == total - calls


def test_what_calls_cost(zoho: ZohoApi) -> None:
    ids = zoho.create("Accounts", *accounts([str(n) for n in range(21)]))
    before = left(zoho)

    def cost(answer: requests.Response) -> int:
        nonlocal before
        assert answer.status_code < 500
        spent, before = before - left(zoho), left(zoho)
        return spent

    def rows(count: int) -> JSON:
        return {"data": [{"id": key, "Phone": "1"} for key in ids[:count]]}

    assert [cost(zoho.put("/Accounts", rows(count))) for count in (1, 10, 11, 20, 21)] == [1, 1, 2, 2, 3]
    assert cost(zoho.post("/Accounts/upsert", rows(12))) == 2
    assert cost(zoho.get("/Accounts", fields="id")) == 1
    assert cost(zoho.get("/Accounts", fields="id", cvid="1")) == 3
    assert cost(zoho.get("/Accounts/deleted")) == 2
    assert cost(zoho.get("/settings/fields", module="Accounts")) == 1
    assert cost(zoho.delete("/Accounts", ids=",".join(ids))) == 1
    zoho.settings(delete_records_per_credit=10)
    assert cost(zoho.delete("/Accounts", ids=",".join(ids))) == 3


def test_what_is_left_is_told_from_half_of_the_credits_on(zoho: ZohoApi, sandbox: RunningSandbox) -> None:
    zoho.settings(credits_per_day=6)
    told = [zoho.get("/org").headers.get(HEADER) for _ in range(6)]
    assert told == [None, None, "3", "2", "1", "0"]
    refused = zoho.get("/org")
    assert error_of(refused) == (429, "TOO_MANY_REQUESTS")
    assert refused.headers[HEADER] == "0"
    assert "Retry-After" not in refused.headers
    zoho.settings(throttled_body="old")
    assert (refused := zoho.get("/org").json())["error"] == "TOO_MANY_REQUESTS"
    assert refused["code"] == 429
    sandbox.control.jump(86_400)
    zoho.sign_in()
    assert zoho.get("/org").status_code == 200


def test_a_call_that_costs_more_than_is_left_writes_nothing(zoho: ZohoApi, sandbox: RunningSandbox) -> None:
    zoho.settings(credits_per_day=2)
    many = {"data": accounts([str(n) for n in range(21)])}
    assert error_of(zoho.post("/Accounts", many)) == (429, "TOO_MANY_REQUESTS")
    assert sandbox.control.rows("zoho", "Accounts") == []
    assert zoho.post("/Accounts", {"data": many["data"][:20]}).status_code == 201


def most_at_a_time(weight: Weight, **settings: Any) -> int:
    """How many calls may run when all of them last."""
    held = Settings()
    zoho = Zoho(VendorContext(SandboxClock(), held))
    held.update({"zoho": {**settings, "call_ms": 0.0}})

    async def run() -> int:
        async with contextlib.AsyncExitStack() as running:
            for number in range(100):
                try:
                    await running.enter_async_context(zoho.limits.call("app", "coql", weight))
                except ZohoError as error:
                    return number if error.status == 429 else -1
        raise AssertionError("There is no limit.")

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("edition", "most"),
    [("free", 5), ("standard", 10), ("professional", 15), ("enterprise", 20), ("ultimate", 25)],
)
def test_calls_at_a_time_follow_the_edition_and_heavy_ones_are_ten(edition: str, most: int) -> None:
    assert most_at_a_time(Weight.LIGHT, edition=edition) == most
    assert most_at_a_time(Weight.HEAVY, edition=edition) == min(most, 10)
    assert most_at_a_time(Weight.LIGHT, edition=edition, concurrency=3) == 3
    assert most_at_a_time(Weight.HEAVY, edition=edition, sub_concurrency=2) == 2


def test_which_calls_are_heavy(zoho: ZohoApi, sandbox: RunningSandbox) -> None:
    """Two of each kind at once, of which the first still runs: the second is refused when they are heavy."""
    sandbox.control.settings(time_scale=1)
    zoho.settings(concurrency=50, sub_concurrency=1, sub_concurrency_scope="each", call_ms=3_000.0)
    headers = {"Authorization": str(zoho.session.headers["Authorization"])}
    leads = {"fields": "Email"}
    select = {"select_query": "select id from Leads where id > 1"}
    calls: dict[str, tuple[str, str, JSON]] = {
        "coql": ("POST", "/coql", {"json": select}),
        "sorted": ("GET", "/Leads", {"params": {**leads, "sort_by": "id"}}),
        "upsert of 11": ("POST", "/Accounts/upsert", {"json": {"data": accounts("abcdefghijk")}}),
        "insert of 10": ("POST", "/Vendors", {"json": {"data": [{"Vendor_Name": "V"}] * 10}}),
        "search": ("GET", "/Leads/search", {"params": {"word": "x"}}),
        "org": ("GET", "/org", {}),
    }

    def status(kind: str) -> int:
        method, path, options = calls[kind]
        url = f"{zoho.url}/crm/v8{path}"
        return requests.request(method, url, headers=headers, timeout=30, **options).status_code

    kinds = [*calls, *calls]
    with concurrent.futures.ThreadPoolExecutor(len(kinds)) as pool:
        refused = [kind for kind, got in zip(kinds, pool.map(status, kinds), strict=True) if got == 429]
    assert sorted(refused) == ["coql", "sorted", "upsert of 11"]
    zoho.settings(sub_concurrency_scope="shared")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(status, ["coql", "sorted"])) == [204, 429]


def test_modules_that_an_edition_lacks(zoho: ZohoApi) -> None:
    zoho.put_rows("modules", {"api_name": "Sites"})

    def offered() -> set[str]:
        names = {module["api_name"] for module in zoho.get("/settings/modules").json()["modules"]}
        return names & {"Accounts", "Vendors", "Sites"}

    zoho.settings(edition="standard")
    assert offered() == {"Accounts", "Sites"}
    assert error_of(zoho.post("/Vendors", {"data": [{"Vendor_Name": "V"}]})) == (400, "INVALID_MODULE")
    assert error_of(zoho.get("/settings/modules/Vendors")) == (400, "INVALID_MODULE")
    zoho.settings(edition="free")
    assert offered() == {"Accounts"}
    zoho.settings(edition_modules=False)
    assert offered() == {"Accounts", "Vendors", "Sites"}


def test_the_profile_of_the_user_forbids_calls(zoho: ZohoApi) -> None:
    (account,) = zoho.create("Accounts", {"Account_Name": "A"})
    zoho.put_rows("modules", {"api_name": "Accounts", "creatable": False, "editable": False})
    body = {"data": [{"id": account, "Account_Name": "B"}]}
    for answer, permission in (
        (zoho.post("/Accounts", {"data": [{"Account_Name": "B"}]}), "Create"),
        (zoho.put("/Accounts", body), "Edit"),
        (zoho.post("/Accounts/upsert", body), "Create"),
    ):
        assert error_of(answer) == (403, "NO_PERMISSION")
        assert answer.json()["details"]["permissions"] == [f"Crm_Implied_{permission}_Accounts"]
    assert zoho.get("/Accounts", fields="id").status_code == 200
    zoho.put_rows("modules", {"api_name": "Accounts", "viewable": False, "deletable": False})
    assert error_of(zoho.get("/Accounts", fields="id")) == (403, "NO_PERMISSION")
    assert error_of(zoho.delete(f"/Accounts/{account}")) == (403, "NO_PERMISSION")


def test_bodies_must_be_json(zoho: ZohoApi) -> None:
    form = zoho.call("POST", "/crm/v8/Accounts", data={"data": "[]"})
    assert error_of(form) == (415, "MEDIA_TYPE_NOT_SUPPORTED")
    broken = zoho.call("POST", "/crm/v8/Accounts", data=b"{", headers={"Content-Type": "application/json"})
    assert error_of(broken) == (400, "INVALID_DATA")


def test_the_21st_refresh_token_of_a_user_ends_the_oldest(zoho: ZohoApi) -> None:
    zoho.put_rows("refresh_tokens", *({"refresh_token": f"1000.t{n}"} for n in range(19)))
    assert "access_token" in zoho.grant().json()
    zoho.put_rows("refresh_tokens", {"refresh_token": "1000.t19"})
    assert zoho.grant().json() == {"error": "invalid_code"}
    assert error_of(zoho.get("/org")) == (401, "INVALID_TOKEN")
    assert "access_token" in zoho.grant(refresh_token="1000.t0").json()
    assert seed.SALES_REFRESH_TOKEN not in str(zoho.sandbox.control.requests("zoho"))
