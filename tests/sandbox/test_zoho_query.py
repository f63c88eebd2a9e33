"""COQL, the search and counts of the simulated Zoho CRM."""

from itertools import pairwise
from typing import Any

import pytest
from sandbox.zoho_api import JSON, ZohoApi, accounts, codes, error_of, values

from ml_sandbox.testing import RunningSandbox

SCAN = "select id, Account_Name from Accounts where"


def found(zoho: ZohoApi, where: str, rest: str = "order by id asc") -> str:
    """The names that a condition finds, as one text."""
    answer = zoho.coql(f"{SCAN} {where} {rest}")
    return "" if answer.status_code == 204 else " ".join(values(answer, "Account_Name"))


@pytest.fixture
def companies(zoho: ZohoApi) -> ZohoApi:
    rows: list[JSON] = [
        {"Account_Name": "Alfa", "JDE_Address_Number": "1", "Employees": 5, "Credit_Hold": True},
        {"Account_Name": "alfa%", "JDE_Address_Number": "2", "Employees": 7, "Phone": "x'y"},
        {"Account_Name": "Beta", "JDE_Address_Number": "3", "Employees": 9, "Industry": "Food"},
        {"Account_Name": "Gamma"},
    ]
    times = [f"2026-03-01T10:00:0{n}+00:00" for n in (1, 2, 2, 3)]
    stored = zoho.put_rows(
        "Accounts",
        *({**row, "Modified_Time": time} for row, time in zip(rows, times, strict=True)),
    )
    zoho.put_rows("Accounts", {"id": stored[2]["id"], "Parent_Account": {"id": stored[0]["id"]}},
                  {"id": stored[2]["id"], "Modified_Time": times[2]})  # fmt: skip
    return zoho


OPERATORS: list[tuple[str, str]] = [
    ("Account_Name = 'ALFA'", "Alfa"),
    ("Account_Name != 'Alfa'", "alfa% Beta Gamma"),
    ("Account_Name like '%a%'", "Alfa alfa% Beta Gamma"),
    ("Account_Name not like 'al%'", "Beta Gamma"),
    ("JDE_Address_Number in ('3', '1', '77')", "Alfa Beta"),
    ("JDE_Address_Number not in ('3', '1')", "alfa%"),
    ("JDE_Address_Number is null", "Gamma"),
    ("Employees between 6 and 9", "alfa% Beta"),
    ("Employees not between 6 and 9", "Alfa"),
    ("(Employees > 5 and Employees <= 9)", "alfa% Beta"),
    ("Credit_Hold = 'true'", "Alfa"),
    ("Phone = 'x\\'y'", "alfa%"),
    ("Parent_Account.Account_Name = 'Alfa'", "Beta"),
    ("Modified_Time <= '2026-03-01T10:00:02+00:00'", "Alfa alfa% Beta"),
    ("Modified_Time = '2026-03-01T10:00:02+00:00'", "alfa% Beta"),
    ("Modified_Time between '2026-03-01T10:00:02+00:00' and '2026-03-01T10:00:03+00:00'", "alfa% Beta Gamma"),
    ("((Employees = 5 or Employees = 9) and Industry is not null)", "Beta"),
    ("Modified_Time >= '2026-03-01T12:00:02+02:00'", "alfa% Beta Gamma"),
    (
        "(Modified_Time > '2026-03-01T10:00:01+00:00' and Modified_Time < '2026-03-01T10:00:03+00:00')",
        "alfa% Beta",
    ),
]


def test_operators(companies: ZohoApi) -> None:
    for where, names in OPERATORS:
        assert found(companies, where) == names
        assert found(companies, where, "order by Modified_Time asc, id asc") == names
        downwards = " ".join(reversed(names.split()))
        assert found(companies, where, "order by Modified_Time desc, id desc") == downwards
        assert found(companies, where, "order by Created_Time desc, id desc limit 2000") == downwards


def test_a_keyset_loop_reads_everything_once_through_equal_times(companies: ZohoApi) -> None:
    seen: list[str] = []
    where = "Modified_Time >= '2026-03-01T10:00:01+00:00'"
    while True:
        answer = companies.coql(
            f"select id, Account_Name, Modified_Time from Accounts where {where}"
            " order by Modified_Time asc, id asc limit 1"
        )
        if answer.status_code == 204:
            break
        (row,) = answer.json()["data"]
        seen.append(row["Account_Name"])
        time = row["Modified_Time"]
        where = f"(Modified_Time >= '{time}' and (Modified_Time > '{time}' or id > {row['id']}))"
    assert seen == ["Alfa", "alfa%", "Beta", "Gamma"]


def test_order_limit_offset_and_what_follows(companies: ZohoApi) -> None:
    every = "id is not null"
    assert found(companies, every, "order by Employees desc, Account_Name asc") == "Beta alfa% Alfa Gamma"
    assert found(companies, every, "order by id desc limit 2 offset 1") == "Beta alfa%"
    answer = companies.coql(f"{SCAN} {every} limit 3").json()
    assert answer["info"] == {"count": 3, "more_records": True}
    row = companies.coql("select Account_Name, Parent_Account, Owner from Accounts where Employees = 9")
    (shown,) = row.json()["data"]
    assert shown["Parent_Account"]["name"] == "Alfa"
    assert set(shown["Owner"]) == {"name", "id"}
    companies.settings(coql_lookup_names=False, coql_ignores_case=False)
    row = companies.coql("select Parent_Account from Accounts where Employees = 9")
    assert set(row.json()["data"][0]["Parent_Account"]) == {"id"}
    assert found(companies, "Account_Name = 'alfa'") == ""
    meta = companies.coql("select id, Account_Name from Accounts where id > 0", include_meta=["fields"])
    assert meta.json()["fields"]["Account_Name"]["data_type"] == "text"


REFUSED: list[tuple[str, str]] = [
    ("select id from Accounts", "SYNTAX_ERROR"),
    (f"{SCAN} id > 1 and id > 2 and id > 3", "SYNTAX_ERROR"),
    (f"{SCAN} Account_Name = 'A", "SYNTAX_ERROR"),
    (f"{SCAN} id > 1 limit 2001", "LIMIT_EXCEEDED"),
    (f"{SCAN} id > 1 limit 200 offset 99801", "LIMIT_EXCEEDED"),
    (f"{SCAN} id in ({', '.join(str(n) for n in range(51))})", "LIMIT_EXCEEDED"),
    (f"{SCAN} {'(' * 25}id > 1{' and id > 1)' * 25}", "LIMIT_EXCEEDED"),
    (f"{SCAN} id > 1 order by {', '.join(['id'] * 11)}", "LIMIT_EXCEEDED"),
    (f"select {', '.join(f'F{n}' for n in range(51))} from Accounts where id > 1", "LIMIT_EXCEEDED"),
    ("select id, id from Accounts where id > 1", "DUPLICATE_DATA"),
    ("select Nope from Accounts where id > 1", "INVALID_QUERY"),
    ("select id from Accounts where Nope = 1", "INVALID_QUERY"),
    ("select Invoiced_Items from Invoices where id > 1", "INVALID_QUERY"),
    ("select id from Nope where id > 1", "INVALID_MODULE"),
    (f"{SCAN} Modified_Time > '2026-03-01T10:00:00.000+00:00'", "INVALID_QUERY"),
    (f"{SCAN} Modified_Time > '2026-03-01T10:00:00Z'", "INVALID_QUERY"),
    (f"{SCAN} Employees like '5%'", "INVALID_QUERY"),
    (f"{SCAN} Account_Name > 'A'", "INVALID_QUERY"),
]


def test_queries_that_are_refused(zoho: ZohoApi) -> None:
    for query, code in REFUSED:
        assert error_of(zoho.coql(query)) == (400, code)


def test_a_query_costs_by_its_limit(zoho: ZohoApi) -> None:
    zoho.sandbox.control.clear_requests()
    for limit in ("", "limit 200", "limit 201", "limit 1000", "limit 1001", "limit 2000"):
        assert zoho.coql(f"{SCAN} Account_Name != 'limit 9' {limit}").status_code == 204
    left = [entry["quota_left"] for entry in zoho.sandbox.control.requests("zoho")]
    assert [before - after for before, after in pairwise(left)] == [1, 2, 2, 3, 3]


def test_the_search_lags_behind_and_equals_means_contains(zoho: ZohoApi, sandbox: RunningSandbox) -> None:
    sandbox.control.settings(time_scale=1)
    zoho.settings(index_delay_seconds=30.0)
    zoho.create("Accounts", *accounts(["Acme (West), Ltd", "Acme"]))
    search: JSON = {"criteria": r"(Account_Name:equals:Acme \(West\)\, Ltd)", "fields": "Account_Name"}
    assert zoho.get("/Accounts/search", **search).status_code == 204
    sandbox.control.jump(31)
    assert values(zoho.get("/Accounts/search", **search), "Account_Name") == ["Acme (West), Ltd"]
    both = zoho.get("/Accounts/search", criteria="(Account_Name:equals:acme)", fields="Account_Name")
    assert values(both, "Account_Name") == ["Acme", "Acme (West), Ltd"]
    (first, second) = (row["id"] for row in both.json()["data"])
    zoho.put("/Accounts", {"data": [{"id": first, "Account_Name": "Other"}]})
    stale = zoho.get("/Accounts/search", word="acme", fields="Account_Name")
    assert values(stale, "id") == [first, second]
    zoho.delete(f"/Accounts/{second}")
    assert zoho.get("/Accounts/actions/count").json() == {"count": 1}


def test_what_the_search_finds_and_refuses(zoho: ZohoApi) -> None:
    zoho.settings(index_delay_seconds=0.0)
    people = [
        {"Last_Name": "Burns", "Email": "b@x.example", "Phone": "1"},
        {"Last_Name": "Mint", "Email": "m@x.example", "Phone": "2"},
    ]
    zoho.create("Contacts", *people)

    def names(**query: Any) -> list[str]:
        return sorted(values(zoho.get("/Contacts/search", fields="Last_Name", **query), "Last_Name"))

    assert names(email="B@X.example") == ["Burns"]
    assert names(phone="2") == ["Mint"]
    assert names(criteria="((Last_Name:starts_with:B)or(Email:equals:m@x))") == ["Burns", "Mint"]
    assert names(criteria="(Last_Name:in:burns,mint)") == ["Burns", "Mint"]
    assert names(criteria="(Modified_Time:greater_than:2020-01-01T00:00:00+00:00)") == ["Burns", "Mint"]
    assert zoho.get("/Contacts/actions/count", email="b@x.example").json() == {"count": 1}
    sixteen = "and".join(["(Last_Name:equals:B)"] * 16)
    refused: list[tuple[JSON, str]] = [
        ({}, "EXPECTED_PARAM_MISSING"),
        ({"criteria": "Last_Name:equals:B"}, "INVALID_QUERY"),
        ({"criteria": "(Last_Name:like:B)"}, "INVALID_QUERY"),
        ({"criteria": "(Nope:equals:B)"}, "INVALID_QUERY"),
        ({"criteria": sixteen}, "CRITERIA_LIMIT_EXCEEDED"),
        ({"word": "x", "email": "y"}, "INVALID_REQUEST"),
        ({"criteria": f"(Last_Name:in:{','.join('x' * 101)})"}, "INVALID_QUERY"),
        ({"word": "x", "page": "11"}, "LIMIT_REACHED"),
    ]
    for query, code in refused:
        assert error_of(zoho.get("/Contacts/search", **query)) == (400, code), query


def test_merged_records_leave_and_lookups_follow_the_master(zoho: ZohoApi) -> None:
    master, twin = zoho.create("Accounts", *accounts(["A", "A2"]))
    (contact,) = zoho.create("Contacts", {"Last_Name": "L", "Account_Name": {"id": twin}})
    zoho.put_rows("Accounts", {"id": master, "Modified_Time": "2026-01-01T00:00:00+00:00"})
    zoho.put_rows("merges", {"module": "Accounts", "master": master, "merged": [twin]})
    assert zoho.record("Contacts", contact)["Account_Name"]["id"] == master
    assert zoho.get(f"/Accounts/{twin}").status_code == 204
    assert not zoho.record("Accounts", master)["Modified_Time"].startswith("2026-01-01")
    assert values(zoho.get("/Accounts/deleted"), "id") == [twin]
    assert codes(zoho.put("/Accounts", {"data": [{"id": twin, "Phone": "1"}]})) == ["INVALID_DATA"]
    zoho.settings(merge_delete_type="none", merge_touches=False)
    (other,) = zoho.create("Accounts", {"Account_Name": "A3"})
    before = zoho.record("Accounts", master)["Modified_Time"]
    zoho.put_rows("merges", {"module": "Accounts", "master": master, "merged": [other]})
    assert zoho.record("Accounts", master)["Modified_Time"] == before
    assert values(zoho.get("/Accounts/deleted"), "id") == [twin]


@pytest.mark.parametrize("touches", [True, False])
def test_converted_leads_are_read_only_when_asked_for(zoho: ZohoApi, touches: bool) -> None:
    zoho.settings(convert_touches=touches)
    (lead,) = zoho.create("Leads", {"Company": "C", "Last_Name": "L", "Email": "l@x.example"})
    old = "2026-01-01T00:00:00+00:00"
    zoho.put_rows("Leads", {"id": lead, "Modified_Time": old})
    (made,) = zoho.put_rows("conversions", {"lead": lead})
    assert zoho.record("Accounts", made["account"])["Account_Name"] == "C"
    assert zoho.record("Contacts", made["contact"])["Account_Name"]["id"] == made["account"]
    assert zoho.get("/Leads", fields="Last_Name").status_code == 204
    (shown,) = zoho.get("/Leads", fields="Modified_Time,$converted", converted="true").json()["data"]
    assert shown["$converted"] is True
    assert shown["Modified_Time"].startswith("2025-12-31T16:00:00") != touches
    assert zoho.coql("select id from Leads where id > 1").status_code == 204
    assert zoho.coql("select id from Leads where Converted__s = true").status_code == 200
    assert codes(zoho.put("/Leads", {"data": [{"id": lead, "Company": "D"}]})) == ["CONVERTED_RECORD"]
