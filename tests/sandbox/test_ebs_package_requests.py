"""How the read package is called: wrapper, context, parameters, formats."""

import json
from typing import Any

import pytest
from sandbox.ebs_api import JSON, PASSWORD, USER, EbsApi, fault
from sandbox.ebs_package import CONTEXT, JSON_TYPE, VISION, body_of, call, column, items, post, put_old, read

HEADERS = [{"PO_HEADER_ID": 1, "ORG_ID": 204}, {"PO_HEADER_ID": 2, "ORG_ID": 458}, {"PO_HEADER_ID": 3}]
HEADER, INPUT = "RESTHeader", "InputParameters"
XML_TYPE = {"Content-Type": "application/xml"}


@pytest.fixture
def orders(ebs: EbsApi) -> EbsApi:
    put_old(ebs, "PO_HEADERS_ALL", *HEADERS)
    return ebs


def found(ebs: EbsApi, header: JSON, **options: Any) -> list[str]:
    """Keys that a call with a context gives."""
    answer = post(ebs, "po_headers_all", body_of("po_headers_all", header), **options)
    assert answer.status_code == 200, answer.text
    return column(items(answer.json()["OutputParameters"]), "PO_HEADER_ID")


def test_a_call_gives_rows_status_marker_and_the_servers_time(orders: EbsApi) -> None:
    outputs = call(orders, "po_headers_all", P_LIMIT="2")

    assert list(outputs) == [
        "@xmlns", "@xmlns:xsi", "X_ROWS", "X_RETURN_STATUS", "X_MSG_DATA", "X_HAS_MORE", "X_SERVER_TIME",
    ]  # fmt: skip
    assert outputs["@xmlns"] == "http://xmlns.oracle.com/apps/fnd/rest/mlread/po_headers_all/"
    assert column(items(outputs), "PO_HEADER_ID") == ["1", "2"]
    assert outputs["X_HAS_MORE"] == "Y"
    assert len(outputs["X_SERVER_TIME"]) == len("2026-11-21T00:00:00")


@pytest.mark.parametrize(
    "body",
    [
        {INPUT: {}},
        {"HZ_PARTIES_Input": {INPUT: {}}},
        {"po_headers_all_Input": {INPUT: {}}},
        {"PO_HEADERS_ALL_Input": {INPUT: {}}, "More": {}},
        {"PO_HEADERS_ALL_Input": {"Inputs": {}}},
        {"PO_HEADERS_ALL_Input": {INPUT: {"P_MORE": "1"}}},
        {"PO_HEADERS_ALL_Input": {INPUT: {"p_limit": "1"}}},
        {"PO_HEADERS_ALL_Input": {INPUT: {"P_RECENT_DAYS": "1"}}},
        {"PO_HEADERS_ALL_Input": {INPUT: {"P_LIMIT": {"a": 1}}}},
        {"PO_HEADERS_ALL_Input": {INPUT: {"P_LIMIT": True}}},
        {"PO_HEADERS_ALL_Input": {INPUT: "text"}},
        {"PO_HEADERS_ALL_Input": {HEADER: {"ctx_responsibility": "x"}, INPUT: {}}},
        {"PO_HEADERS_ALL_Input": {HEADER: {"OrgId": "204"}, INPUT: {}}},
        ["PO_HEADERS_ALL_Input"],
        b'{"PO_HEADERS_ALL_Input": {"InputParameters": {"P_LIMIT": "1", "P_LIMIT": "2"}}}',
        b'{"PO_HEADERS_ALL_Input": {"InputParameters": {}, "InputParameters": {}}}',
        b"{",
        b"\xff",
        b"",
        b"[" * 100_000,
    ],
)
def test_a_wrong_body_is_an_execution_error(orders: EbsApi, body: Any) -> None:
    answer = post(orders, "po_headers_all", body)

    assert answer.status_code == 500
    assert fault(answer) == "ISG_SERVICE_EXECUTION_ERROR"


def test_bare_input_parameters_pass_where_the_instance_lets_them(orders: EbsApi) -> None:
    orders.settings(bare_input_parameters=True)
    answer = post(orders, "po_headers_all", {HEADER: CONTEXT, INPUT: {"P_LIMIT": "1"}})

    assert column(items(answer.json()["OutputParameters"]), "PO_HEADER_ID") == ["1"]
    assert len(read(orders, "po_headers_all")) == 3


def test_null_empty_nil_and_number_values_and_xmlns_keys(orders: EbsApi) -> None:
    nil = {"@xsi:nil": "true"}
    parameters = {"@xmlns": "x", "P_LIMIT": 2, "P_LAST_KEY": "", "P_OFFSET": None, "P_KEYS": nil}
    body = {"PO_HEADERS_ALL_Input": {"@xmlns": "y", HEADER: CONTEXT | {"@xmlns": "z"}, INPUT: parameters}}

    assert len(items(post(orders, "po_headers_all", body).json()["OutputParameters"])) == 2


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded"])
def test_a_content_type_that_is_neither_json_nor_xml(orders: EbsApi, kind: str) -> None:
    answer = post(orders, "po_headers_all", body_of("po_headers_all"), headers={"Content-Type": kind})

    assert fault(answer) == "ISG_SERVICE_EXECUTION_ERROR"
    assert "Content-Type" in answer.text


def test_xml_in_and_xml_out(orders: EbsApi) -> None:
    body = (
        b'<t:PO_HEADERS_ALL_Input xmlns:t="urn:t" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        b"<RESTHeader><Responsibility>ML_VISION_INQUIRY</Responsibility></RESTHeader>"
        b'<InputParameters><P_LIMIT>1</P_LIMIT><P_KEYS xsi:nil="true"/></InputParameters>'
        b"</t:PO_HEADERS_ALL_Input>"
    )
    answer = post(orders, "po_headers_all", body, headers=XML_TYPE | {"Accept": "application/xml"})

    assert "<X_ROWS><X_ROWS_ITEM><PO_HEADER_ID>1</PO_HEADER_ID>" in answer.text
    assert '<SEGMENT1 xsi:nil="true"/>' in answer.text
    assert "<X_RETURN_STATUS>S</X_RETURN_STATUS>" in answer.text
    assert "<X_HAS_MORE>Y</X_HAS_MORE>" in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"<PO_HEADERS_ALL_Input>",
        b"<OTHER_Input><InputParameters/></OTHER_Input>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><PO_HEADERS_ALL_Input>&b;</PO_HEADERS_ALL_Input>',
        b"<PO_HEADERS_ALL_Input><InputParameters><P_LIMIT>1</P_LIMIT><P_LIMIT>2</P_LIMIT></InputParameters>"
        b"</PO_HEADERS_ALL_Input>",
        b"{}",
        b"<a>" * 50_000 + b"</a>" * 50_000,
    ],
)
def test_wrong_xml(orders: EbsApi, body: bytes) -> None:
    assert fault(post(orders, "po_headers_all", body, headers=XML_TYPE)) == "ISG_SERVICE_EXECUTION_ERROR"


def test_rows_are_those_of_the_units_of_the_responsibility(orders: EbsApi) -> None:
    assert found(orders, CONTEXT) == ["1", "2", "3"]
    assert found(orders, VISION) == ["1", "3"]
    assert found(orders, {}) == ["3"]
    orders.settings(package_multi_org="all")
    assert found(orders, {}) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("units", "expected"),
    [("204", ["1", "3"]), ("458, 204", ["1", "2", "3"]), ("458", ["2", "3"]), ("999", ["3"])],
)
def test_units_that_are_asked_for(orders: EbsApi, units: str, expected: list[str]) -> None:
    assert column(read(orders, "po_headers_all", P_ORG_ID=units), "PO_HEADER_ID") == expected


def test_a_unit_that_the_responsibility_may_not_see_shows_nothing(orders: EbsApi) -> None:
    assert column(read(orders, "po_headers_all", VISION, P_ORG_ID="458"), "PO_HEADER_ID") == ["3"]


def test_a_responsibility_that_the_user_does_not_have(orders: EbsApi) -> None:
    answer = post(orders, "po_headers_all", body_of("po_headers_all", {"Responsibility": "NOBODY"}))

    assert (answer.status_code, fault(answer)) == (403, "ISG_SERVICE_AUTH_FAILURE")


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ("Responsibility", "ISG_DUPLICATE_RESPONSIBILITY"),
        ("RespApplication", "ISG_DUPLICATE_RESPAPPLICATION"),
        ("NLSLanguage", "ISG_DUPLICATE_NLSLANGUAGE"),
        ("SecurityGroup", "ISG_SERVICE_EXECUTION_ERROR"),
    ],
)
def test_a_repeated_context_element(orders: EbsApi, element: str, code: str) -> None:
    pair = f'"{element}": "AR"'
    text = f'{{"PO_HEADERS_ALL_Input": {{"RESTHeader": {{{pair}, {pair}}}, "InputParameters": {{}}}}}}'
    in_list = body_of("po_headers_all", {element: ["AR", "AR"]})
    twice = f"<{element}>AR</{element}>" * 2
    xml = f"<PO_HEADERS_ALL_Input><RESTHeader>{twice}</RESTHeader></PO_HEADERS_ALL_Input>"

    assert fault(post(orders, "po_headers_all", text.encode())) == code
    assert fault(post(orders, "po_headers_all", in_list)) == code
    assert fault(post(orders, "po_headers_all", xml.encode(), headers=XML_TYPE)) == code


QUERY = {"ctx_responsibility": "ML_VISION_INQUIRY", "ctx_respapplication": "AR"}


@pytest.mark.parametrize(
    ("places", "by_query", "by_header"),
    [
        ("body", ["3"], ["3"]),
        ("query", ["1", "3"], ["3"]),
        ("header", ["3"], ["1", "3"]),
        ("any", ["1", "3"], ["1", "3"]),
    ],
)
def test_where_a_post_may_carry_its_context(
    orders: EbsApi, places: str, by_query: list[str], by_header: list[str]
) -> None:
    orders.settings(post_context=places)

    assert found(orders, {}, params=QUERY) == by_query
    assert found(orders, {}, headers=JSON_TYPE | QUERY) == by_header
    named = {"Responsibility": "ML_VISION_INQUIRY", "RespApplication": "AR"}
    assert found(orders, {}, headers=JSON_TYPE | named) == by_header


def test_a_context_in_two_places_is_given_twice(orders: EbsApi) -> None:
    orders.settings(post_context="any")
    answer = post(orders, "po_headers_all", body_of("po_headers_all"), params=QUERY)

    assert fault(answer) == "ISG_DUPLICATE_RESPONSIBILITY"


def test_where_a_get_may_carry_its_context(orders: EbsApi) -> None:
    context = {"Responsibility": "ML_VISION_INQUIRY", "Org_Id": "204"}

    def rows() -> JSON:
        answer = orders.get("potables/PO_HEADERS/", headers=context)
        assert answer.status_code == 200
        outputs: JSON = answer.json()["OutputParameters"]
        return outputs

    assert "PO_HEADERS_REC" not in rows()
    orders.settings(get_context="header")
    assert rows()["PO_HEADERS_REC"]["PO_HEADER_ID"] == 1


def test_a_token_remembers_the_context_of_a_body(orders: EbsApi) -> None:
    cookie = JSON_TYPE | {"Cookie": f"EBSDB={orders.token()}"}

    assert found(orders, VISION, headers=cookie, auth=None) == ["1", "3"]
    assert found(orders, {}, headers=cookie, auth=None) == ["1", "3"]
    refused = body_of("po_headers_all", {"Responsibility": "NOBODY"})
    assert post(orders, "po_headers_all", refused, headers=cookie, auth=None).status_code == 403
    assert found(orders, {}, headers=cookie, auth=None) == ["1", "3"]
    assert found(orders, {}) == ["3"]


def test_credentials_and_grants(orders: EbsApi) -> None:
    body = body_of("po_headers_all")
    assert post(orders, "po_headers_all", body, auth=(USER, "wrong")).status_code == 401
    assert post(orders, "po_headers_all", body, auth=None).status_code == 401
    orders.put("grants", {"user": USER, "alias": "mlread", "operations": ["hz_parties"]})
    refused = post(orders, "po_headers_all", body)
    assert (refused.status_code, fault(refused)) == (403, "ISG_SERVICE_AUTH_FAILURE")
    assert post(orders, "hz_parties", body_of("hz_parties")).status_code == 200


def test_what_is_not_deployed(orders: EbsApi) -> None:
    orders.put("deployments", {"alias": "mlread", "operations": ["customers"], "package": "XXML_READ_PKG"})

    assert fault(post(orders, "po_headers_all", body_of("po_headers_all"))) == "ISG_INVALID_FUNCTION"
    assert fault(post(orders, "CUSTOMERS", body_of("customers"))) == "ISG_INVALID_FUNCTION"
    assert call(orders, "customers")["X_HAS_MORE"] == "N"


def test_tables_answer_get_alone_and_procedures_post_alone(orders: EbsApi) -> None:
    read_by_get = orders.get("mlread/po_headers_all/")
    assert (read_by_get.status_code, read_by_get.headers["Allow"]) == (405, "POST")
    url = f"{orders.base}potables/PO_HEADERS_ALL/"
    posted = orders.session.post(url, json={}, auth=(USER, PASSWORD), timeout=30)
    assert (posted.status_code, posted.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize(("rule", "status"), [("fault", 500), ("redirect", 302), ("accept", 200)])
def test_a_missing_slash(orders: EbsApi, rule: str, status: int) -> None:
    orders.settings(missing_slash=rule)
    answer = orders.session.post(
        f"{orders.base}mlread/po_headers_all",
        json=body_of("po_headers_all"),
        auth=(USER, PASSWORD),
        allow_redirects=False,
        timeout=30,
    )
    assert answer.status_code == status


def test_a_parameter_that_is_longer_than_varchar2(orders: EbsApi) -> None:
    keys = ",".join(["1"] * 16_384)
    assert len(keys) == 32_767
    assert len(read(orders, "po_headers_all", P_KEYS=keys)) == 1
    answer = post(orders, "po_headers_all", body_of("po_headers_all", P_KEYS=keys + "2"))
    assert "ORA-06502" in json.loads(answer.text)["ISGServiceFault"]["Message"]


def test_a_site_may_call_everything_otherwise(orders: EbsApi) -> None:
    orders.settings(
        package_operation_names="PO_HEADERS_ALL=GET_ORDERS",
        package_parameter_names="P_LIMIT=P_MAX_ROWS, P_OFFSET=",
        package_output_names="X_ROWS=X_DATA,X_HAS_MORE=X_MORE,X_MSG_DATA=",
        package_date_mask="DD-MON-YYYY HH24:MI:SS",
    )
    parameters = {"P_MAX_ROWS": "1", "P_LAST_UPDATE_TO": "31-DEC-2026 00:00:00"}
    outputs = post(orders, "get_orders", body_of("GET_ORDERS", **parameters)).json()["OutputParameters"]

    assert [name for name in outputs if name[0] != "@"] == [
        "X_DATA", "X_RETURN_STATUS", "X_MORE", "X_SERVER_TIME",
    ]  # fmt: skip
    assert items(outputs, "X_DATA")[0]["LAST_UPDATE_DATE"] == "01-JAN-2026 00:00:00"
    assert outputs["X_MORE"] == "Y"
    for wrong in ({"P_LIMIT": "1"}, {"P_OFFSET": "1"}):
        answer = post(orders, "get_orders", body_of("GET_ORDERS", **wrong))
        assert fault(answer) == "ISG_SERVICE_EXECUTION_ERROR"
    assert fault(post(orders, "po_headers_all", body_of("po_headers_all"))) == "ISG_INVALID_FUNCTION"


def test_no_call_of_a_reader_is_a_write(orders: EbsApi) -> None:
    orders.get("login")
    orders.session.post(f"{orders.base}logout", auth=(USER, PASSWORD), timeout=30)
    call(orders, "customers")
    url = f"{orders.base}potables/PO_HEADERS_ALL/"
    orders.session.post(url, json={}, auth=(USER, PASSWORD), timeout=30)

    logged = [(entry["method"], entry["path"], entry["write"]) for entry in orders.control.requests()]
    base = "/webservices/rest"
    assert logged == [
        ("GET", f"{base}/login", False),
        ("POST", f"{base}/logout", False),
        ("POST", f"{base}/mlread/customers/", False),
        ("POST", f"{base}/potables/PO_HEADERS_ALL/", True),
    ]
