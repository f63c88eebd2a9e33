"""Listings and the export of the simulated Zendesk."""

import pytest
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import RunningSandbox


def fill(sandbox: RunningSandbox, count: int, **values: object) -> list[JSON]:
    rows = [{"name": f"Organization {number:05}", **values} for number in range(count)]
    return sandbox.control.put_rows("zendesk", "organizations", rows)


def names(page: JSON) -> list[str]:
    return [row["name"] for row in page["organizations"]]


def test_cursor_pages_hold_everything_once(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    rows = fill(sandbox, 7)
    seen: list[str] = []
    page = zendesk.get("/organizations", **{"page[size]": 3}).json()
    while True:
        seen += names(page)
        if not page["meta"]["has_more"]:
            break
        page = zendesk.session.get(page["links"]["next"], timeout=30).json()
    assert seen == [row["name"] for row in rows]
    assert "count" not in page


def test_a_row_that_goes_away_does_not_shift_the_next_page(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    rows = fill(sandbox, 4)
    page = zendesk.get("/organizations", **{"page[size]": 2}).json()
    zendesk.delete(f"/organizations/{rows[0]['id']}")
    zendesk.delete(f"/organizations/{rows[1]['id']}")
    after = zendesk.get(
        "/organizations", **{"page[size]": 2, "page[after]": page["meta"]["after_cursor"]}
    ).json()
    assert names(after) == [row["name"] for row in rows[2:]]


def test_going_back(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    rows = fill(sandbox, 3)
    first = zendesk.get("/organizations", **{"page[size]": 2}).json()
    second = zendesk.session.get(first["links"]["next"], timeout=30).json()
    back = zendesk.session.get(second["links"]["prev"], timeout=30).json()
    assert names(back) == [row["name"] for row in rows[:2]]


def test_an_empty_listing_has_no_cursor(zendesk: ZendeskApi) -> None:
    page = zendesk.get("/organizations", **{"page[size]": 2}).json()
    assert page["meta"] == {"has_more": False}


@pytest.mark.parametrize(
    "parameters",
    [
        {"page[size]": 101},
        {"page[size]": 0},
        {"page[size]": 5, "sort": "colour"},
        {"page[after]": "nonsense"},
    ],
)
def test_wrong_cursor_parameters(zendesk: ZendeskApi, parameters: JSON) -> None:
    answer = zendesk.get("/organizations", **parameters)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidPaginationParameter")


def test_offset_pages_have_a_count_and_links(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    rows = fill(sandbox, 5)
    page = zendesk.get("/organizations", page=2, per_page=2).json()
    assert names(page) == [row["name"] for row in rows[2:4]]
    assert page["count"] == 5
    assert names(zendesk.session.get(page["next_page"], timeout=30).json()) == [rows[4]["name"]]
    assert names(zendesk.session.get(page["previous_page"], timeout=30).json()) == [
        row["name"] for row in rows[:2]
    ]


def test_an_offset_page_holds_at_most_100(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    fill(sandbox, 101)
    assert len(names(zendesk.get("/organizations", per_page=500).json())) == 100
    assert len(names(zendesk.get("/organizations").json())) == 100


def test_offset_pages_end_after_100(zendesk: ZendeskApi) -> None:
    assert zendesk.get("/organizations", page=100, per_page=100).status_code == 200
    assert zendesk.get("/organizations", page=101, per_page=100).status_code == 400
    assert zendesk.get("/organizations", page=101, per_page=1).status_code == 400


def test_mixing_both_forms_drops_the_sort(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    rows = fill(sandbox, 3)
    sorted_page = zendesk.get("/organizations", **{"page[size]": 3, "sort": "-id"}).json()
    assert names(sorted_page) == [row["name"] for row in reversed(rows)]
    mixed = zendesk.get("/organizations", **{"page[size]": 3, "sort": "-id", "per_page": 3})
    assert mixed.status_code == 200
    assert names(mixed.json()) == [row["name"] for row in rows]


def test_the_export_withholds_the_last_minute(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1)
    zendesk.create("Acme")
    assert names(zendesk.get("/incremental/organizations", start_time=0).json()) == []
    zendesk.jump(62)
    page = zendesk.get("/incremental/organizations", start_time=0).json()
    assert names(page) == ["Acme"]
    assert page["end_of_stream"] is True
    assert page["next_page"].endswith(f"start_time={page['end_time']}")


def test_the_exports_start_must_be_a_minute_old(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1)
    now = int(sandbox.control.now().timestamp())
    assert zendesk.get("/incremental/organizations", start_time=now - 50).status_code == 400
    assert zendesk.get("/incremental/organizations", start_time=now - 62).status_code == 200
    assert zendesk.get("/incremental/organizations").json()["error"] == "ParameterMissing"
    assert zendesk.get("/incremental/organizations", start_time="soon").status_code == 400


def test_export_pages_repeat_the_last_second_and_grow_for_it(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    times = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-01T00:00:01Z", "2026-01-01T00:00:02Z"]
    rows = [{"name": f"O{number}", "updated_at": time} for number, time in enumerate(times)]
    sandbox.control.put_rows("zendesk", "organizations", rows)
    page = zendesk.get("/incremental/organizations", start_time=0, per_page=2).json()
    assert names(page) == ["O0", "O1", "O2"], "a page goes on while rows share its last second"
    assert page["end_of_stream"] is False
    following = zendesk.get("/incremental/organizations", start_time=page["end_time"], per_page=3).json()
    assert names(following) == ["O1", "O2", "O3"]
    last = zendesk.get("/incremental/organizations", start_time=following["end_time"], per_page=3).json()
    assert (names(last), last["end_of_stream"]) == (["O3"], True)


def test_the_export_repeats_without_end_when_one_second_fills_a_page(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    fill(sandbox, 3, updated_at="2026-01-01T00:00:00Z")
    page = zendesk.get("/incremental/organizations", start_time=0, per_page=2).json()
    again = zendesk.get("/incremental/organizations", start_time=page["end_time"], per_page=2).json()
    assert (again["end_time"], names(again), again["end_of_stream"]) == (page["end_time"], names(page), False)


def test_a_changed_record_comes_again(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1)
    first, second = (zendesk.create(name) for name in ("A", "B"))
    zendesk.jump(5)
    zendesk.put(f"/organizations/{first['id']}", {"organization": {"notes": "n"}})
    zendesk.jump(100)
    assert names(zendesk.get("/incremental/organizations", start_time=0).json()) == [second["name"], "A"]
