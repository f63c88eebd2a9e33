import pytest
from sandbox.ebs_api import EbsApi, fault

PATH = "custtables/HZ_PARTIES/"
NAMES = ("Alfreds Futterkiste", "Łódź 🚀", "O'Brien & Söhne", "IT", "IT")


@pytest.fixture
def filled(ebs: EbsApi) -> EbsApi:
    stamps = ("2026-03-01", "2026-01-01", "2026-02-01", "2026-01-01", "2026-03-01")
    for number, (name, day) in enumerate(zip(NAMES, stamps, strict=True), 1):
        row = {"PARTY_ID": 10 * number, "PARTY_NAME": name, "LAST_UPDATE_DATE": f"{day}T10:00:00"}
        ebs.put("HZ_PARTIES", row | ({"CITY": "Łódź"} if number == 2 else {}))
    return ebs


def ids(ebs: EbsApi, **parameters: object) -> list[object]:
    return [row["PARTY_ID"] for row in ebs.rows("HZ_PARTIES", **parameters)]


def test_a_table_is_read_whole_with_every_column(filled: EbsApi) -> None:
    rows = filled.rows("HZ_PARTIES")

    assert [row["PARTY_NAME"] for row in rows] == list(NAMES)
    who = {"CREATION_DATE", "CREATED_BY", "LAST_UPDATE_DATE", "LAST_UPDATED_BY", "LAST_UPDATE_LOGIN"}
    assert who | {"PARTY_ID", "PARTY_NUMBER", "PARTY_TYPE", "POSTAL_CODE"} <= set(rows[0])


def test_select_names_the_columns_in_any_case(filled: EbsApi) -> None:
    rows = filled.rows("HZ_PARTIES", select="PARTY_NAME, party_id,PARTY_NAME", limit=1)

    assert [list(row) for row in rows] == [["PARTY_NAME", "PARTY_ID"]]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("LAST_UPDATE_DATE", [20, 40, 30, 10, 50]),
        ("LAST_UPDATE_DATE asc, PARTY_ID desc", [40, 20, 30, 50, 10]),
        ("last_update_date DESC,PARTY_ID", [10, 50, 30, 20, 40]),
        ("CITY,PARTY_ID", [20, 10, 30, 40, 50]),
        ("CITY desc,PARTY_ID", [10, 30, 40, 50, 20]),
    ],
    ids=["ties keep their order", "two columns", "descending", "nulls last", "nulls first when descending"],
)
def test_sort(filled: EbsApi, sort: str, expected: list[int]) -> None:
    assert ids(filled, sort=sort) == expected


def test_sort_items_with_a_colon_are_a_setting(filled: EbsApi) -> None:
    assert fault(filled.get(PATH, {"sort": "PARTY_ID:desc"})) == "ISG_SERVICE_EXECUTION_ERROR"

    filled.settings(sort_separator="colon")
    assert ids(filled, sort="LAST_UPDATE_DATE:asc,PARTY_ID:desc") == [40, 20, 30, 50, 10]


def test_limit_and_offset_page_through_a_filter(filled: EbsApi) -> None:
    query = {"sort": "PARTY_ID", "filter": "PARTY_ID > 10"}

    assert ids(filled, **query, limit=2) == [20, 30]
    assert ids(filled, **query, limit=2, offset=2) == [40, 50]
    assert ids(filled, **query, limit=2, offset=3) == [50]
    assert ids(filled, **query, limit=2, offset=4) == []


def test_the_offset_of_the_first_row_is_a_setting(filled: EbsApi) -> None:
    filled.settings(offset_base=1)

    assert ids(filled, sort="PARTY_ID", limit=2, offset=1) == [10, 20]
    assert ids(filled, sort="PARTY_ID", limit=2, offset=3) == [30, 40]
    assert fault(filled.get(PATH, {"offset": 0})) == "ISG_SERVICE_EXECUTION_ERROR"


def test_without_limit_a_page_has_the_default_size(filled: EbsApi) -> None:
    filled.settings(default_limit=2)

    assert len(filled.rows("HZ_PARTIES")) == 2


def test_a_limit_above_the_maximum_is_refused_or_cut_by_setting(filled: EbsApi) -> None:
    filled.settings(max_limit=3)
    assert ids(filled, limit=3) == [10, 20, 30]
    assert fault(filled.get(PATH, {"limit": 4})) == "ISG_SERVICE_EXECUTION_ERROR"

    filled.settings(over_max_limit="clamp")
    assert ids(filled, limit=4) == [10, 20, 30]


def test_a_page_beyond_the_end_is_empty_or_a_fault_by_setting(filled: EbsApi) -> None:
    assert ids(filled, offset=5) == []

    filled.settings(beyond_end="fault")
    assert ids(filled, offset=4) == [50]
    assert fault(filled.get(PATH, {"offset": 5})) == "ISG_SERVICE_EXECUTION_ERROR"


@pytest.mark.parametrize(
    "parameters",
    [
        {"select": "PARTY_ID,PO_STATUS"},
        {"sort": "PO_STATUS"},
        {"sort": "PARTY_ID upwards"},
        {"sort": "PARTY_ID,"},
        {"filter": "PO_STATUS = 'OPEN'"},
        {"limit": "ten"},
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "٣"},
        {"offset": "-1"},
        {"offset": "1.5"},
        {"page": "2"},
        {"Filter": "PARTY_ID = 1"},
        [("limit", "1"), ("limit", "2")],
    ],
)
def test_what_the_service_cannot_execute_is_a_fault(filled: EbsApi, parameters: object) -> None:
    answer = filled.get(PATH, parameters)

    assert (answer.status_code, fault(answer)) == (500, "ISG_SERVICE_EXECUTION_ERROR")


def test_the_status_of_an_execution_error_is_a_setting(filled: EbsApi) -> None:
    filled.settings(execution_error_status=400)

    assert filled.get(PATH, {"select": "PO_STATUS"}).status_code == 400


def test_unknown_parameters_can_be_ignored_and_are_logged(filled: EbsApi) -> None:
    filled.settings(unknown_parameters="ignore")

    assert len(ids(filled, page=2)) == 5
    assert filled.control.requests("ebs")[-1]["unknown_parameters"] == ["page"]


def test_names_of_control_parameters_are_settings(filled: EbsApi) -> None:
    filled.settings(select_parameter="fields", filter_parameter="q", sort_parameter="orderBy")
    filled.settings(limit_parameter="rows", offset_parameter="start")

    query = {"fields": "PARTY_ID", "q": "PARTY_ID < 50", "orderBy": "PARTY_ID desc", "rows": 2, "start": 1}
    assert filled.rows("HZ_PARTIES", **query) == [{"PARTY_ID": 30}, {"PARTY_ID": 20}]
    assert fault(filled.get(PATH, {"select": "PARTY_ID"})) == "ISG_SERVICE_EXECUTION_ERROR"


def test_servers_that_ignore_offset_filter_or_sort(filled: EbsApi) -> None:
    filled.settings(ignore_offset=True)
    assert ids(filled, sort="PARTY_ID", limit=2, offset=2) == [10, 20]

    filled.settings(ignore_filter=True)
    assert len(ids(filled, filter="PARTY_ID = 10")) == 5

    filled.settings(ignore_sort=True)
    assert ids(filled, sort="PARTY_ID desc") == [10, 20, 30, 40, 50]


def test_an_operation_needs_its_trailing_slash(filled: EbsApi) -> None:
    bare = PATH.rstrip("/")
    answer = filled.get(bare)
    assert (answer.status_code, fault(answer)) == (500, "ISG_INVALID_FUNCTION")

    filled.settings(missing_slash="redirect")
    answer = filled.get(bare, {"limit": 1}, allow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/HZ_PARTIES/?limit=1")

    filled.settings(missing_slash="accept")
    assert filled.get(bare).status_code == 200


@pytest.mark.parametrize("status", [500, 404, 400])
def test_unknown_aliases_and_operations(filled: EbsApi, status: int) -> None:
    filled.settings(invalid_alias_status=status, invalid_function_status=status)

    unknown_alias = filled.get("nowhere/HZ_PARTIES/")
    unknown_operation = filled.get("custtables/PO_HEADERS_ALL/")
    lower_case = filled.get("custtables/hz_parties/")

    assert (unknown_alias.status_code, fault(unknown_alias)) == (status, "ISG_INVALID_ALIAS")
    assert (unknown_operation.status_code, fault(unknown_operation)) == (status, "ISG_INVALID_FUNCTION")
    assert fault(lower_case) == "ISG_INVALID_FUNCTION"


def test_an_administrator_deploys_under_an_alias_of_his_own(filled: EbsApi) -> None:
    filled.put("deployments", {"alias": "xx_parties", "operations": ["HZ_PARTIES"]})
    assert filled.get("xx_parties/HZ_PARTIES/").status_code == 403

    filled.put("grants", {"user": "ML_EXTRACT", "alias": "xx_parties"})
    assert len(filled.rows("HZ_PARTIES", "xx_parties")) == 5
    assert fault(filled.get("xx_parties/HZ_LOCATIONS/")) == "ISG_INVALID_FUNCTION"


def test_other_verbs_are_not_deployed(filled: EbsApi) -> None:
    answer = filled.session.post(f"{filled.base}{PATH}", json={}, timeout=30)

    assert answer.status_code == 405
    assert answer.headers["Content-Type"].startswith("text/html")


def test_outside_of_the_gateway_the_front_server_answers_in_html(ebs: EbsApi) -> None:
    answer = ebs.session.get(f"{ebs.sandbox.url}/ebs/OA_HTML/AppsLogin", timeout=30)

    assert answer.status_code == 404
    assert answer.text.startswith("<html>")


def test_the_front_server_refuses_long_addresses(ebs: EbsApi) -> None:
    keys = ",".join(map(str, range(1, 900)))
    assert ebs.get(PATH, {"filter": f"PARTY_ID IN ({keys})"}).status_code == 200

    keys = ",".join(map(str, range(100_000_000_000_000, 100_000_000_000_600)))
    answer = ebs.get(PATH, {"filter": f"PARTY_ID IN ({keys})"})
    assert answer.status_code == 414
    assert answer.text.startswith("<html>")
