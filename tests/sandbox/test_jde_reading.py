from datetime import date, timedelta
from typing import Any

import pytest
from sandbox.jde_api import BASIC, JdeApi, condition, grid, people, rows_of

from ml_sandbox.jde.catalog import TABLES

AN8 = "F0101.AN8"
UPMJ = "F0101.UPMJ"


@pytest.fixture
def five(jde: JdeApi) -> JdeApi:
    """Five people; the fourth was never stamped."""
    jde.put("F0101", *people(range(1, 6)))
    today = today_of(jde)
    for number, days in ((1, 10), (2, 2), (3, 1), (5, 0)):
        jde.put("F0101", {"AN8": number, "UPMJ": (today - timedelta(days=days)).isoformat(), "UPMT": 5})
    jde.put("F0101", {"AN8": 4, "UPMJ": None, "UPMT": 0})
    return jde


def today_of(jde: JdeApi) -> date:
    jde.put("F0150", {"OSTP": "X", "PA8": 1, "AN8": 1})
    return date.fromisoformat(jde.stored("F0150", "UPMJ")[0])


@pytest.mark.parametrize(
    ("size", "rows", "more"), [(None, 100, True), ("101", 101, False), ("7", 7, True), ("No Max", 101, False)]
)
def test_an_answer_is_cut(jde: JdeApi, size: str | None, rows: int, more: bool) -> None:
    jde.put("F0101", *people(range(1, 102)))

    answer = grid(jde.browse(columns="AN8", **({"maxPageSize": size} if size else {})))

    assert len(answer["rowset"]) == rows
    assert answer["summary"] == {"records": rows, "moreRecords": more}
    assert answer["columns"] == {"F0101_AN8": "Address Number"}


@pytest.mark.parametrize(
    ("settings", "find", "auto", "filtered", "rows"),
    [
        ({}, "FALSE", False, False, 0),
        ({}, "TRUE", False, False, 5),
        ({}, "FALSE", True, False, 5),
        ({}, "FALSE", False, True, 0),
        ({"filter_alone_finds": True}, "FALSE", False, True, 4),
        ({"find_needs": "both"}, "TRUE", False, True, 0),
        ({"find_needs": "both"}, "TRUE", True, True, 4),
    ],
)
def test_nothing_is_found_unless_it_is_asked_to_find(
    five: JdeApi, settings: dict[str, Any], find: str, auto: bool, filtered: bool, rows: int
) -> None:
    five.settings(**settings)
    query: dict[str, Any] = {"autoFind": auto}
    if filtered:
        query["condition"] = [condition(AN8, "GREATER", "1")]
    answer = five.browse(columns="AN8", findOnEntry=find, query=query)

    assert answer.json()["sysErrors"] == []
    assert len(rows_of(answer)) == rows


def test_values_have_the_forms_of_grid_data(jde: JdeApi) -> None:
    jde.put(
        "F0101",
        {"AN8": 7, "ALPH": "Müller 🚀", "MCU": "30", "UPMJ": "2026-08-01", "UPMT": 83005, "URAT": "12.5"},
    )
    columns = "AN8 ALPH MCU UPMJ UPMT TAX URAT PDI"

    row = {"AN8": 7, "ALPH": "Müller 🚀", "MCU": "          30", "UPMJ": "20260801", "UPMT": 83005}
    assert jde.rows(columns=columns) == [{**row, "TAX": " ", "URAT": 12.5, "PDI": None}]
    jde.settings(blank_strings="empty", null_dates="empty", amounts="stored")
    assert jde.rows(columns=columns) == [{**row, "TAX": "", "URAT": 1250, "PDI": ""}]
    jde.settings(padded_strings=True)
    assert jde.rows(columns="ALPH TAX") == [{"ALPH": "Müller 🚀".ljust(40), "TAX": " " * 20}]


def test_a_time_has_no_leading_zeros(jde: JdeApi) -> None:
    jde.put("F4301", {"DOCO": 1, "DCTO": "OP", "KCOO": "1", "SFXO": "0", "UPMJ": "2026-08-01", "TDAY": 5})

    assert jde.rows("F4301", "UPMJ TDAY") == [{"UPMJ": "20260801", "TDAY": 5}]


@pytest.mark.parametrize(
    ("column", "operator", "contents", "found"),
    [
        ("AN8", "EQUAL", ["3"], [3]),
        ("AN8", "NOT_EQUAL", ["3"], [1, 2, 4, 5]),
        ("AN8", "LESS", ["3"], [1, 2]),
        ("AN8", "LESS_EQUAL", ["3"], [1, 2, 3]),
        ("AN8", "GREATER", ["3"], [4, 5]),
        ("AN8", "GREATER_EQUAL", [3], [3, 4, 5]),
        ("AN8", "BETWEEN", ["2", "4"], [2, 3, 4]),
        ("AN8", "LIST", ["1", "5", "9"], [1, 5]),
        ("ALPH", "STR_START_WITH", ["Name"], [1, 2, 3, 4, 5]),
        ("ALPH", "STR_END_WITH", ["5"], [5]),
        ("ALPH", "STR_CONTAIN", ["me 2"], [2]),
        ("ALPH", "STR_CONTAIN", ["ME 2"], []),
        ("ALPH", "STR_BLANK", [], []),
        ("TAX", "STR_BLANK", [], [1, 2, 3, 4, 5]),
        ("TAX", "EQUAL", [" "], [1, 2, 3, 4, 5]),
        ("UPMJ", "STR_NOT_BLANK", [], [1, 2, 3, 5]),
    ],
)
def test_operators(five: JdeApi, column: str, operator: str, contents: list[Any], found: list[int]) -> None:
    assert five.found(condition(f"F0101.{column}", operator, *contents)) == found


@pytest.mark.parametrize(
    ("operator", "special", "content", "found"),
    [
        ("GREATER_EQUAL", "TODAY", "", [5]),
        ("GREATER_EQUAL", "TODAY_MINUS_DAY", "1", [3, 5]),
        ("GREATER_EQUAL", "TODAY_MINUS_MONTH", "1", [1, 2, 3, 5]),
        ("LESS", "TODAY_MINUS_DAY", "9", [1]),
        ("GREATER", "TODAY_PLUS_DAY", "1", []),
        ("LESS", "TODAY_PLUS_YEAR", "1", [1, 2, 3, 5]),
        ("NOT_EQUAL", "TODAY", "", [1, 2, 3]),
    ],
)
def test_special_days_and_dates_that_are_null(
    five: JdeApi, operator: str, special: str, content: str, found: list[int]
) -> None:
    assert five.found(condition(UPMJ, operator, content, special=special)) == found


def test_today_is_that_of_the_server(five: JdeApi) -> None:
    five.settings(server_zone="UTC")
    five.control.put_rows("jde", "F0101", [{"AN8": 9}])
    now = five.control.now()

    assert five.stored("F0101", "AN8", "UPMJ")[-1] == (9, now.date().isoformat())
    assert 9 in five.found(condition(UPMJ, "EQUAL", "", special="TODAY"))


def test_the_user_who_asks(jde: JdeApi) -> None:
    jde.put("F0101", {"AN8": 1, "USER": "MLCONN"}, {"AN8": 2, "USER": "OTHER"})

    assert jde.found(condition("F0101.USER", "EQUAL", "", special="LOGIN_USER")) == [1]


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("user", "08/01/2026", "01/13/26"),
        ("yyyyMMdd", "20260801", "2026-08-01"),
        ("yyyy-MM-dd", "2026-08-01", "20260801"),
        ("cyyddd", "126213", "126400"),
    ],
)
def test_a_literal_date_has_one_form(jde: JdeApi, form: str, good: str, bad: str) -> None:
    jde.put("F0101", {"AN8": 1, "UPMJ": "2026-08-01"}, {"AN8": 2, "UPMJ": "2026-07-31"})
    jde.settings(date_literal=form)

    assert jde.found(condition(UPMJ, "GREATER_EQUAL", good)) == [1]
    query = {"condition": [condition(UPMJ, "GREATER_EQUAL", bad)]}
    assert jde.browse(query=query).json()["sysErrors"][0]["TITLE"] == "Invalid date value"
    jde.settings(wrong_date_literal="empty")
    assert jde.found(condition(UPMJ, "GREATER_EQUAL", bad)) == []


def test_any_or_all_conditions(five: JdeApi) -> None:
    conditions = condition(AN8, "LESS", "3"), condition(AN8, "GREATER", "1")

    assert five.found(*conditions) == [2]
    assert five.found(*conditions, matchType="MATCH_ANY") == [1, 2, 3, 4, 5]


def test_complex_queries(jde: JdeApi) -> None:
    jde.put("F0115", *({"AN8": a, "IDLN": 0, "CNLN": 0, "RCK7": r} for a in (1, 2) for r in (1, 2, 3)))
    after = [
        {"andOr": "AND", "query": {"condition": [condition("F0115.AN8", "GREATER", "1")]}},
        {
            "andOr": "OR",
            "query": {
                "condition": [condition("F0115.AN8", "EQUAL", "1"), condition("F0115.RCK7", "GREATER", "1")]
            },
        },
    ]
    order = {"orderBy": [{"column": "F0115.AN8"}, {"column": "F0115.RCK7", "direction": "DESC"}]}
    rows = jde.rows("F0115", "AN8 RCK7", query={"complexQuery": after}, aggregation=order)
    assert [tuple(row.values()) for row in rows] == [(1, 3), (1, 2), (2, 3), (2, 2), (2, 1)]

    mixed = [*after, {"andOr": "AND", "query": {"condition": [condition("F0115.RCK7", "EQUAL", "3")]}}]
    assert len(jde.rows("F0115", "AN8", query={"complexQuery": mixed})) == 2
    jde.settings(complex_query_order="and_first")
    assert len(jde.rows("F0115", "AN8", query={"complexQuery": mixed})) == 4


def test_the_order_of_dates_that_are_null(five: JdeApi) -> None:
    def ordered(direction: str) -> list[int]:
        order = [{"column": UPMJ, "direction": direction}]
        return [row["AN8"] for row in five.rows(columns="AN8", aggregation={"orderBy": order})]

    assert ordered("ASC") == [1, 2, 3, 5, 4]
    assert ordered("DESC") == [4, 5, 3, 2, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"targetName": "F9999"},
        {"targetName": "V0101", "targetType": "view"},
        {"returnControlIDs": "F0101.NONE"},
        {"returnControlIDs": "F0115.AN8"},
        {"query": {"condition": [condition("F0101.NONE", "EQUAL", "1")]}},
        {"query": {"condition": [condition(AN8, "EQUAL", "x")]}},
        {"aggregation": {"orderBy": [{"column": "AN8"}]}},
    ],
)
def test_unknown_names_fail_inside_a_200(jde: JdeApi, wrong: dict[str, Any]) -> None:
    answer = jde.browse(**wrong)

    assert answer.status_code == 200
    assert list(answer.json()) == ["sysErrors"]
    assert answer.json()["sysErrors"][0]["TITLE"].startswith("Invalid")


@pytest.mark.parametrize(
    "wrong",
    [
        {"targetType": "form"},
        {"dataServiceType": "INSERT"},
        {"maxPageSize": "all"},
        {"maxPageSize": "0"},
        {"outputType": "XML"},
        {"query": {"condition": [condition(AN8, "LIKE", "1")]}},
        {"query": {"condition": [condition(AN8, "BETWEEN", "1")]}},
        {"query": {"condition": [condition(AN8, "STR_CONTAIN", "1")]}},
        {"query": {"condition": [condition(UPMJ, "EQUAL", "x", special="TODAY_MINUS_DAY")]}},
        {"query": {"condition": [condition(AN8, "EQUAL", "1")], "complexQuery": [{"query": {}}]}},
        {"query": {"complexQuery": [{"query": {"complexQuery": [{"query": {}}]}}]}},
        {"query": {"matchType": "SOME", "condition": [condition(AN8, "EQUAL", "1")]}},
        {"aggregation": {"orderBy": [{"column": AN8, "direction": "UP"}]}},
    ],
)
def test_wrong_forms_are_400(jde: JdeApi, wrong: dict[str, Any]) -> None:
    answer = jde.browse(**wrong)

    assert (answer.status_code, answer.json()["exception"]) == (400, "InvalidInputException")


def test_columns(jde: JdeApi) -> None:
    jde.put("F0101", {"AN8": 1})

    assert list(jde.rows()[0]) == list(TABLES["F0101"].columns)
    assert jde.rows(returnControlIDs="ALPH|F0101.AN8|AN8") == [{"ALPH": " ", "AN8": 1}]
    demo = grid(jde.browse(formServiceDemo="TRUE"))
    assert demo["rowset"] == []
    assert list(demo["columns"]) == [f"F0101_{alias}" for alias in TABLES["F0101"].columns]


def test_the_get_form(five: JdeApi) -> None:
    asked = [
        ("$field", AN8),
        ("$field", "F0101.ALPH"),
        ("$filter", f"{AN8} GT 1"),
        ("$sort", f"-{AN8}"),
        ("$limit", "2"),
    ]
    answer = five.get("/v2/dataservice/table/F0101", asked, auth=BASIC)

    assert rows_of(answer) == [{"AN8": 5, "ALPH": "Name 5"}, {"AN8": 4, "ALPH": "Name 4"}]
    assert "links" not in answer.json()
    recent = five.get("/v2/dataservice/table/F0101", {"$filter": f"{UPMJ} GE 1 TODAY_MINUS_DAY"}, auth=BASIC)
    assert [row["AN8"] for row in rows_of(recent)] == [3, 5]
    either = [("$filter", f"{AN8} EQ 1"), ("$filter", f"{AN8} EQ 2"), ("$filterType", "MATCH_ANY")]
    assert len(rows_of(five.get("/v2/dataservice/table/F0101", either, auth=BASIC))) == 2
    wrong = five.get("/v2/dataservice/table/F0101", {"$filter": f"{AN8} LIKE 1"}, auth=BASIC)
    assert wrong.status_code == 400
    assert "sysErrors" in five.get("/v2/dataservice/view/V0101", auth=BASIC).json()


def test_older_output_types_have_an_object_per_cell(jde: JdeApi) -> None:
    jde.put("F0101", {"AN8": 1, "UPMJ": "2026-08-01"})
    body = {
        "targetName": "F0101",
        "targetType": "table",
        "findOnEntry": "TRUE",
        "returnControlIDs": "AN8|UPMJ",
    }
    answer = jde.post("/dataservice", {**body, "enableNextPageProcessing": True})

    day = {"value": "08/01/2026", "internalValue": 1785542400000}
    assert rows_of(answer) == [{"AN8": {"value": "1", "internalValue": 1}, "UPMJ": day}]


def test_counts_and_aggregations(jde: JdeApi) -> None:
    jde.put(
        "F0401", *({"AN8": n, "HOLD": "AB"[n % 2], "AYPD": n, "UPMJ": f"2026-08-0{n}"} for n in range(1, 6))
    )
    more: dict[str, Any] = {"query": {"condition": [condition("F0401.AN8", "GREATER", "1")]}}
    count = jde.browse("F0401", dataServiceType="COUNT", **more)
    assert count.json() == {"ds_F0401": {"count": 4}}

    def aggregated(**aggregation: Any) -> Any:
        return jde.browse("F0401", dataServiceType="AGGREGATION", aggregation=aggregation, **more).json()[
            "ds_F0401"
        ]

    functions = [("F0401.AYPD", "SUM"), ("F0401.AYPD", "AVG"), ("*", "COUNT"), ("F0401.UPMJ", "MAX")]
    items = [{"column": column, "aggregation": name} for column, name in functions]
    group, order = [{"column": "F0401.HOLD"}], [{"column": "F0401.HOLD", "direction": "DESC"}]
    assert aggregated(aggregations=items, groupBy=group, orderBy=order)["output"] == [
        {"groupBy": {"F0401.HOLD": hold}, "F0401.AYPD_SUM": total, "F0401.AYPD_AVG": mean, "COUNT": 2,
         "F0401.UPMJ_MAX": newest}
        for hold, total, mean, newest in (("B", 8, 4, "20260805"), ("A", 6, 3, "20260804"))
    ]  # fmt: skip
    distinct = [{"column": "F0401.HOLD", "aggregation": "COUNT_DISTINCT"}]
    assert aggregated(aggregations=distinct) == {"output": [{"F0401.HOLD_COUNT_DISTINCT": 2}]}
    wrong = [{"column": "F0401.HOLD", "aggregation": "SUM"}]
    assert "numeric" in aggregated(aggregations=wrong)["error"]["message"]


def test_the_data_dictionary_can_be_read(jde: JdeApi) -> None:
    wanted = condition("F9210.DTAI", "LIST", "ACL", "AAP", "UPMJ", "CM")
    rows = jde.rows("F9210", query={"condition": [wanted]})

    assert sorted(tuple(row.values()) for row in rows) == [
        ("AAP", "9", 15, 2), ("ACL", "9", 15, 0), ("CM", "2", 2, 0), ("UPMJ", "11", 6, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "row", "text"),
    [
        ("F0101", {"AN8": 1, "NONE": 1}, "Unknown column"),
        ("F0101", {"ALPH": "x"}, "needs AN8"),
        ("F0101", {"AN8": 1, "ALPH": "x" * 41}, "40 characters"),
        ("F0101", {"AN8": 1, "UPMJ": "20260801"}, "YYYY-MM-DD"),
        ("F0101", {"AN8": "x"}, "must be a number"),
        ("F9210", {"DTAI": "X"}, "cannot be written"),
    ],
)
def test_rows_that_the_tables_could_not_hold(jde: JdeApi, table: str, row: dict[str, Any], text: str) -> None:
    with pytest.raises(AssertionError, match=text):
        jde.put(table, row)


def test_captions_the_default_size_and_the_user_s_dates_are_settings(jde: JdeApi) -> None:
    jde.put("F0101", *people(range(1, 6)), {"AN8": 9, "UPMJ": "2026-08-01"})
    jde.settings(captions_member="titles", default_page_size=2, simple_date_format="dd/MM/yyyy")
    answer = grid(jde.browse(columns="AN8"))

    assert (answer["titles"], "columns" in answer) == ({"F0101_AN8": "Address Number"}, False)
    assert answer["summary"] == {"records": 2, "moreRecords": True}
    assert jde.found(condition(UPMJ, "EQUAL", "01/08/2026")) == [9]
    info = jde.login().json()["userInfo"]
    assert (info["simpleDateFormat"], info["dateFormat"]) == ("dd/MM/yyyy", "DME")


def test_what_nobody_knows_is_ignored_and_logged(jde: JdeApi) -> None:
    jde.browse(columns="AN8", nonsense=1, allowCache=True)
    assert jde.control.requests("jde")[-1]["unknown_parameters"] == ["nonsense"]
    jde.get("/v2/dataservice/table/F0101", {"$page": "2", "$limit": "1"})
    assert jde.control.requests("jde")[-1]["unknown_parameters"] == ["$page"]
