from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sandbox.jde_api import JdeApi, grid, people, rows_of


@pytest.fixture
def ten(jde: JdeApi) -> JdeApi:
    jde.put("F0101", *people(range(1, 11)))
    jde.settings(result_set_timeout_seconds=6_000, next_link_host="http://inside.example:91")
    return jde


def first(jde: JdeApi, size: str = "4", **more: Any) -> requests.Response:
    order = {"orderBy": [{"column": "F0101.AN8", "direction": "DESC"}]}
    return jde.browse(
        columns="AN8", maxPageSize=size, enableNextPageProcessing=True, aggregation=order, **more
    )


def follow(jde: JdeApi, answer: requests.Response, method: str = "get") -> requests.Response:
    link = answer.json()["links"][0]
    assert link["rel"] == "next"
    address = urlsplit(link["href"])
    path = f"{address.path.removeprefix('/jde/jderest')}?{address.query}"
    return jde.get(path) if method == "get" else jde.post(path)


def expired(answer: requests.Response) -> bool:
    title = answer.json().get("sysErrors", [{}])[0].get("TITLE", "")
    return answer.status_code == 500 and title.startswith("JAS_MSG347")


def test_links_lead_to_all_rows(ten: JdeApi) -> None:
    pages = [first(ten)]
    for method in ("get", "post"):
        pages.append(follow(ten, pages[-1], method))

    assert [row["AN8"] for page in pages for row in rows_of(page)] == list(range(10, 0, -1))
    assert [grid(page)["summary"]["moreRecords"] for page in pages] == [True, True, False]
    assert [page.json().get("stateId") for page in pages] == [1, 2, None]
    assert "links" not in pages[-1].json()
    assert ten.control.rows("jde", "result_sets") == []


def test_a_link_carries_the_token_and_another_host(ten: JdeApi) -> None:
    href = first(ten).json()["links"][0]["href"]

    address, query = urlsplit(href), parse_qs(urlsplit(href).query)
    assert (address.scheme, address.netloc) == ("http", "inside.example:91")
    assert query["token"] == [ten.token]
    assert "returnControlIDs=F0101.AN8" in href
    assert {"stackId", "stateId", "rid", "fullGridId", "formOID", "outputType"} <= query.keys()
    follow(ten, first(ten))
    assert ten.token not in str(ten.control.requests("jde"))


@pytest.mark.parametrize("size", ["10", "11", "No Max"])
def test_no_link_when_nothing_is_left(ten: JdeApi, size: str) -> None:
    body = first(ten, size).json()

    assert {"links", "stackId", "stateId", "rid"} & body.keys() == set()


def test_a_result_that_is_idle_for_too_long_is_closed(ten: JdeApi) -> None:
    ten.settings(result_set_timeout_seconds=60, session_inactivity_minutes=600)
    page = first(ten)
    ten.control.jump(61)

    assert expired(follow(ten, page))


def test_a_link_works_once(ten: JdeApi) -> None:
    page = first(ten)

    assert follow(ten, page).status_code == 200
    assert expired(follow(ten, page))


def test_a_result_ends_with_its_session_and_by_control(ten: JdeApi) -> None:
    page = first(ten)
    ten.control.clear("jde", "result_sets")
    assert expired(follow(ten, page))
    page = first(ten)
    ten.post("/v2/tokenrequest/logout")
    assert ten.control.rows("jde", "result_sets") == []
    assert follow(ten, page).status_code == 444


def test_a_stateless_call_cannot_page(ten: JdeApi) -> None:
    body = {"targetName": "F0101", "targetType": "table", "findOnEntry": "TRUE", "maxPageSize": "4"}
    answer = ten.post(
        "/v2/dataservice", {**body, "enableNextPageProcessing": True}, auth=("MLCONN", "sandbox-jde-password")
    )

    assert grid(answer)["summary"]["moreRecords"] is True
    assert "links" not in answer.json()


def test_older_servers_and_version_1_give_no_links(ten: JdeApi) -> None:
    body = {"targetName": "F0101", "targetType": "table", "findOnEntry": "TRUE", "maxPageSize": "4"}
    assert "links" not in ten.post("/dataservice", {**body, "enableNextPageProcessing": True}).json()
    ten.settings(next_page_links=False)
    assert "links" not in first(ten).json()


def test_rows_are_those_of_the_first_page_s_moment(ten: JdeApi) -> None:
    page = first(ten)
    ten.put("F0101", {"AN8": 5, "ALPH": "changed"})
    ten.control.put_rows("jde", "F0101", people([50]))

    assert [row["AN8"] for row in rows_of(follow(ten, page))] == [6, 5, 4, 3]
