from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sandbox.ebs_api import EbsApi, parties

PATH = "custtables/HZ_PARTIES/"
NAMESPACE = "http://xmlns.oracle.com/apps/ar/rest/custtables/hz_parties/"
AMOUNTS = "HZ_CUST_PROFILE_AMTS"


@pytest.fixture
def filled(ebs: EbsApi) -> EbsApi:
    ebs.put("HZ_PARTIES", *parties(["Łódź & <Söhne> 🚀", "IT"]))
    return ebs


def output(ebs: EbsApi, path: str = PATH, **parameters: Any) -> dict[str, Any]:
    parameters.setdefault("select", "PARTY_ID,PARTY_NAME")
    answer = ebs.get(path, parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("application/json")
    content: dict[str, Any] = answer.json()["OutputParameters"]
    return content


TWO = [{"PARTY_ID": 1, "PARTY_NAME": "Łódź & <Söhne> 🚀"}, {"PARTY_ID": 2, "PARTY_NAME": "IT"}]


@pytest.mark.parametrize(
    ("wrapper", "expected"),
    [
        ("rec", {"HZ_PARTIES_REC": TWO}),
        ("item", {"HZ_PARTIES": {"HZ_PARTIES_ITEM": TWO}}),
        ("table", {"HZ_PARTIES": TWO}),
    ],
)
def test_rows_stand_in_the_wrapper_of_the_setting(filled: EbsApi, wrapper: str, expected: Any) -> None:
    filled.settings(row_wrapper=wrapper, namespace_keys=False)

    assert output(filled) == expected


def test_java_services_echo_the_control_record(filled: EbsApi) -> None:
    filled.settings(row_wrapper="value", namespace_keys=False)

    record = {"fields": "PARTY_ID", "filter": "PARTY_ID = 2", "limit": "5", "offset": "0", "sort": "PARTY_ID"}
    query = {("select" if name == "fields" else name): value for name, value in record.items()}
    assert output(filled, **query) == {"ControlBean": [record], "value": [{"PARTY_ID": 2}]}


def test_namespaces_are_metadata_keys(filled: EbsApi) -> None:
    content = output(filled)

    assert content["@xmlns"] == NAMESPACE
    assert content["@xmlns:xsi"] == "http://www.w3.org/2001/XMLSchema-instance"


def test_one_row_is_an_object_or_an_array(filled: EbsApi) -> None:
    assert output(filled, limit=1)["HZ_PARTIES_REC"] == TWO[0]

    filled.settings(single_row="array")
    assert output(filled, limit=1)["HZ_PARTIES_REC"] == TWO[:1]


def test_no_rows_are_no_key_or_null_or_an_empty_array(filled: EbsApi) -> None:
    assert "HZ_PARTIES_REC" not in output(filled, filter="PARTY_ID = 3")

    filled.settings(empty_collection="null")
    assert output(filled, filter="PARTY_ID = 3")["HZ_PARTIES_REC"] is None

    filled.settings(empty_collection="empty")
    assert output(filled, filter="PARTY_ID = 3")["HZ_PARTIES_REC"] == []


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("nil", {"CITY": {"@xsi:nil": "true"}}),
        ("null", {"CITY": None}),
        ("text", {"CITY": "null"}),
        ("empty", {"CITY": ""}),
        ("missing", {}),
    ],
)
def test_nulls_have_the_form_of_the_setting(filled: EbsApi, form: str, expected: Any) -> None:
    filled.settings(nulls=form)

    assert output(filled, limit=1, select="PARTY_ID,CITY")["HZ_PARTIES_REC"] == {"PARTY_ID": 1} | expected


@pytest.mark.parametrize(
    "number", ["100000000000001", "12.50", "99999999999999999999999999999999999999", "-0.01"]
)
def test_numbers_keep_every_digit_as_number_and_as_text(ebs: EbsApi, number: str) -> None:
    ebs.put(AMOUNTS, {"CUST_ACCT_PROFILE_AMT_ID": 1, "OVERALL_CREDIT_LIMIT": number})
    query = {"select": "OVERALL_CREDIT_LIMIT"}
    path = f"custtables/{AMOUNTS}/"

    assert f'"OVERALL_CREDIT_LIMIT":{number}}}' in ebs.get(path, query).text

    ebs.settings(numbers="string")
    assert f'"OVERALL_CREDIT_LIMIT":"{number}"}}' in ebs.get(path, query).text


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("plain", "2026-07-01T10:11:12"),
        ("fraction", "2026-07-01T10:11:12.000"),
        ("offset", "2026-07-01T10:11:12-04:00"),
        ("fraction_offset", "2026-07-01T10:11:12.000-04:00"),
    ],
)
def test_dates_have_the_form_of_the_setting(ebs: EbsApi, form: str, expected: str) -> None:
    ebs.put("HZ_PARTIES", {"PARTY_ID": 1, "LAST_UPDATE_DATE": "2026-07-01T10:11:12"})
    ebs.settings(date_format=form)

    record = output(ebs, select="LAST_UPDATE_DATE")["HZ_PARTIES_REC"]
    assert record == {"LAST_UPDATE_DATE": expected}
    root = ET.fromstring(ebs.get(PATH, headers={"Accept": "application/xml"}).text)
    assert root.findtext(".//{*}LAST_UPDATE_DATE") == expected


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "json"),
        ("application/xml", "xml"),
        ("application/json, application/xml;q=0.5", "json"),
        ("application/xml, application/json", "xml"),
        ("*/*", "xml"),
        (None, "xml"),
    ],
)
def test_the_format_follows_accept_and_is_xml_without_it(
    filled: EbsApi, accept: str | None, kind: str
) -> None:
    answer = filled.get(PATH, headers={"Accept": accept})

    assert answer.headers["Content-Type"] == f"application/{kind};charset=UTF-8"
    assert answer.text.startswith("<" if kind == "xml" else "{")


def test_the_format_can_be_fixed_by_settings(filled: EbsApi) -> None:
    filled.settings(format_without_accept="json")
    assert filled.get(PATH, headers={"Accept": "*/*"}).text.startswith("{")

    filled.settings(response_format="xml")
    assert filled.get(PATH).text.startswith("<?xml")
    assert filled.get("nowhere/X/").text.startswith("<?xml")

    filled.settings(response_format="json")
    assert filled.get(PATH, headers={"Accept": "application/xml"}).text.startswith("{")


@pytest.mark.parametrize(
    ("wrapper", "path"),
    [
        ("rec", "HZ_PARTIES_REC"),
        ("item", "HZ_PARTIES/HZ_PARTIES_ITEM"),
        ("table", "HZ_PARTIES"),
        ("value", "value"),
    ],
)
def test_xml_has_the_same_elements(filled: EbsApi, wrapper: str, path: str) -> None:
    filled.settings(row_wrapper=wrapper)

    answer = filled.get(PATH, headers={"Accept": "application/xml"})
    root = ET.fromstring(answer.content)
    assert root.tag == f"{{{NAMESPACE}}}OutputParameters"
    rows = root.findall("/".join(f"{{*}}{name}" for name in path.split("/")))
    assert [row.findtext("{*}PARTY_NAME") for row in rows] == ["Łódź & <Söhne> 🚀", "IT"]
    (city, _) = (row.find("{*}CITY") for row in rows)
    assert city is not None
    assert city.get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true"


@pytest.mark.parametrize(("form", "text"), [("text", "null"), ("empty", ""), ("missing", None)])
def test_nulls_in_xml_follow_the_setting_too(filled: EbsApi, form: str, text: str | None) -> None:
    filled.settings(nulls=form)

    root = ET.fromstring(filled.get(PATH, headers={"Accept": "application/xml"}).content)
    assert root.findtext("{*}HZ_PARTIES_REC/{*}CITY") == text


@pytest.mark.parametrize(("form", "count"), [("absent", 0), ("null", 1), ("empty", 1)])
def test_no_rows_in_xml(ebs: EbsApi, form: str, count: int) -> None:
    ebs.settings(empty_collection=form)

    root = ET.fromstring(ebs.get(PATH, headers={"Accept": "application/xml"}).content)
    assert len(root.findall("{*}HZ_PARTIES_REC")) == count
