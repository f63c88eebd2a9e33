from xml.etree import ElementTree as ET

import pytest
from sandbox.ebs_api import EbsApi, fault

WADL = "{http://wadl.dev.java.net/2009/02}"
XSD = "{http://www.w3.org/2001/XMLSchema}"


def wadl(ebs: EbsApi, query: str = "?WADL") -> ET.Element:
    answer = ebs.get(f"custtables/{query}", auth=None)
    assert answer.status_code == 200, answer.text
    return ET.fromstring(answer.content)


def test_every_operation_of_an_alias_is_a_resource_of_its_wadl(ebs: EbsApi) -> None:
    root = wadl(ebs)

    resources = root.find(f"{WADL}resources")
    assert resources is not None
    assert resources.get("base") == f"{ebs.base}custtables/"
    paths = [resource.get("path") for resource in resources]
    assert {"HZ_PARTIES/", "HZ_CUST_ACCT_SITES_ALL/", "HZ_CUST_ACCT_SITES/"} <= set(paths)
    for resource in resources:
        method = resource.find(f"{WADL}method")
        assert method is not None
        assert method.get("name") == "GET"
        kinds = [part.get("mediaType") for part in method.iterfind(f"{WADL}response/{WADL}representation")]
        assert kinds == ["application/xml", "application/json"]
        assert ebs.get(f"custtables/{resource.get('path')}").status_code == 200


@pytest.mark.parametrize("query", ["?WADL", "?wadl"])
def test_the_wadl_declares_the_names_that_the_instance_understands(ebs: EbsApi, query: str) -> None:
    ebs.settings(select_parameter="fields", organization_parameter="ctx_org")

    parameters = [parameter.get("name") for parameter in wadl(ebs, query).iter(f"{WADL}param")]
    context = ["ctx_responsibility", "ctx_respapplication", "ctx_securitygroup", "ctx_nlslanguage", "ctx_org"]
    assert parameters[:10] == [*context, "fields", "filter", "sort", "limit", "offset"]


def test_every_schema_that_the_wadl_includes_is_there(ebs: EbsApi) -> None:
    links = [include.get("href") or "" for include in wadl(ebs).iter(f"{WADL}include")]

    assert len(links) > 10
    for link in links:
        answer = ebs.session.get(link, timeout=30)
        assert answer.status_code == 200
        assert ET.fromstring(answer.content).tag == f"{XSD}schema"


def test_the_schema_gives_the_types_of_columns(ebs: EbsApi) -> None:
    text = ebs.get("custtables/?XSD=HZ_PARTIES_SYNCH_TYPEDEF.xsd").content

    columns = {element.get("name"): element for element in ET.fromstring(text).iter(f"{XSD}element")}
    assert columns["PARTY_ID"].get("type") == "decimal"
    assert columns["LAST_UPDATE_DATE"].get("type") == "dateTime"
    length = columns["PARTY_NAME"].find(f".//{XSD}maxLength")
    assert length is not None
    assert length.get("value") == "360"
    assert all(columns[name].get("nillable") == "true" for name in ("PARTY_ID", "PARTY_NAME"))
    assert columns["PARTY_ID"].get("{http://xmlns.oracle.com/pcbpel/adapter/sp}type") == "NUMBER"


@pytest.mark.parametrize("wrapper", ["rec", "item", "table", "value"])
def test_the_schema_names_the_wrapper_of_rows(ebs: EbsApi, wrapper: str) -> None:
    ebs.settings(row_wrapper=wrapper)
    text = ebs.get("custtables/?XSD=RA_TERMS_SYNCH_TYPEDEF.xsd").content

    names = {element.get("name") for element in ET.fromstring(text).iter(f"{XSD}element")}
    expected = {"rec": "RA_TERMS_REC", "item": "RA_TERMS_ITEM", "table": "RA_TERMS", "value": "value"}
    assert expected[wrapper] in names


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("custtables/?XSD=PO_HEADERS_ALL_SYNCH_TYPEDEF.xsd", "ISG_INVALID_FUNCTION"),
        ("custtables/", "ISG_INVALID_FUNCTION"),
        ("custtables/?WADL&x=1", "ISG_INVALID_FUNCTION"),
        ("nowhere/?WADL", "ISG_INVALID_ALIAS"),
    ],
)
def test_what_is_not_described(ebs: EbsApi, path: str, code: str) -> None:
    assert fault(ebs.get(path)) == code


def test_descriptions_can_ask_for_credentials(ebs: EbsApi) -> None:
    ebs.settings(wadl_needs_login=True)

    assert ebs.session.get(f"{ebs.base}custtables/?WADL", timeout=30).status_code == 401
    assert ebs.get("custtables/?WADL").status_code == 200
