"""The procedures that read one table: ranges, keys, pages, shapes of the answer, failures."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sandbox.ebs_api import JSON, EbsApi, collection, fault
from sandbox.ebs_package import body_of, call, column, items, post, put_old, read

from ml_sandbox.ebs.administration import Administration
from ml_sandbox.ebs.catalog import OPERATIONS

NEEDED = (
    "HZ_PARTIES HZ_CUST_ACCOUNTS HZ_CUST_ACCT_SITES_ALL HZ_CUST_SITE_USES_ALL HZ_PARTY_SITES HZ_LOCATIONS "
    "HZ_CONTACT_POINTS HZ_RELATIONSHIPS HZ_ORG_CONTACTS HZ_CUST_ACCOUNT_ROLES HZ_CUSTOMER_PROFILES "
    "HZ_CUST_PROFILE_AMTS PO_HEADERS_ALL PO_LINES_ALL PO_LINE_LOCATIONS_ALL PO_DISTRIBUTIONS_ALL PO_VENDORS "
    "PO_VENDOR_SITES_ALL AP_INVOICES_ALL AP_INVOICE_LINES_ALL AP_INVOICE_DISTRIBUTIONS_ALL "
    "AP_PAYMENT_SCHEDULES_ALL AP_INVOICE_PAYMENTS_ALL AP_CHECKS_ALL MTL_SYSTEM_ITEMS_B GL_CODE_COMBINATIONS "
    "GL_DAILY_RATES RA_TERMS AP_TERMS OE_ORDER_HEADERS_ALL OE_ORDER_LINES_ALL RA_CUSTOMER_TRX_ALL "
    "AR_PAYMENT_SCHEDULES_ALL"
)
VALUES = {"NUMBER": 7, "DATE": "2026-05-06T07:08:09", "VARCHAR2": "Q"}


def parties(count: int, **changes: Any) -> list[JSON]:
    return [{"PARTY_ID": key, "PARTY_NAME": f"P{key}"} | changes for key in range(1, count + 1)]


@pytest.mark.parametrize("name", NEEDED.split())
def test_a_row_of_each_table_is_read_in_both_ways(ebs: EbsApi, name: str) -> None:
    assert len(NEEDED.split()) == 33
    spec = OPERATIONS[name].spec
    row = {column.name: VALUES[column.kind.value] for column in spec.columns}
    ebs.put(spec.name, row)
    (alias,) = (
        found.alias
        for found in Administration().deployments.values()
        if name in found.operations and not found.package
    )

    by_get = ebs.get(f"{alias}/{name}/", {"filter": "LAST_UPDATE_DATE = '2026-05-06 07:08:09'"})
    assert collection(by_get, name) == [row]
    # The package shows units of the responsibility alone.
    seen = row | ({"ORG_ID": 204} if "ORG_ID" in row else {})
    ebs.put(spec.name, seen)
    (by_post,) = read(ebs, name.lower())
    assert by_post == {column: str(value) for column, value in seen.items()}


def test_both_bounds_of_the_range_are_within(ebs: EbsApi) -> None:
    stamps = [f"2026-02-0{day}T10:00:00" for day in range(1, 6)]
    ebs.put("HZ_PARTIES", *({"PARTY_ID": n, "LAST_UPDATE_DATE": stamp} for n, stamp in enumerate(stamps)))

    def keys(**parameters: str) -> list[str]:
        return column(read(ebs, "hz_parties", **parameters), "PARTY_ID")

    assert keys(P_LAST_UPDATE_FROM=stamps[1], P_LAST_UPDATE_TO=stamps[3]) == ["1", "2", "3"]
    assert keys(P_LAST_UPDATE_FROM=stamps[3]) == ["3", "4"]
    assert keys(P_LAST_UPDATE_TO=stamps[0]) == ["0"]
    assert keys(P_LAST_UPDATE_FROM="2026-02-03T10:00:01", P_LAST_UPDATE_TO="2026-02-04T09:59:59") == []


def test_rows_rise_by_number_not_by_text(ebs: EbsApi) -> None:
    put_old(ebs, "HZ_PARTIES", *({"PARTY_ID": key} for key in (100, 9, 10, 2)))

    assert column(read(ebs, "hz_parties"), "PARTY_ID") == ["2", "9", "10", "100"]
    assert column(read(ebs, "hz_parties", P_LAST_KEY="9"), "PARTY_ID") == ["10", "100"]
    assert column(read(ebs, "hz_parties", P_LAST_KEY="9", P_OFFSET="1"), "PARTY_ID") == ["100"]


def test_composite_keys(ebs: EbsApi) -> None:
    rates = [
        {"FROM_CURRENCY": currency, "TO_CURRENCY": "USD", "CONVERSION_DATE": date, "CONVERSION_TYPE": "Spot"}
        for currency in ("EUR", "CAD")
        for date in ("2026-02-01T00:00:00", "2026-01-01T00:00:00")
    ]
    put_old(ebs, "GL_DAILY_RATES", *rates)
    last = "CAD~USD~2026-02-01T00:00:00~Spot"

    rows = read(ebs, "gl_daily_rates", P_LAST_KEY=last)
    assert [(row["FROM_CURRENCY"], row["CONVERSION_DATE"][:7]) for row in rows] == [
        ("EUR", "2026-01"),
        ("EUR", "2026-02"),
    ]
    keys = f"EUR~USD~2026-01-01T00:00:00~Spot, {last}, EUR~USD~2025-01-01T00:00:00~Spot"
    assert column(read(ebs, "gl_daily_rates", P_KEYS=keys), "FROM_CURRENCY") == ["CAD", "EUR"]


def test_pages_by_key_lose_nothing_while_rows_are_updated(ebs: EbsApi) -> None:
    put_old(ebs, "HZ_PARTIES", *parties(10))
    seen: list[str] = []
    more, last = "Y", None
    while more == "Y":
        outputs = call(
            ebs, "hz_parties", P_LAST_UPDATE_TO="2026-02-01T00:00:00", P_LIMIT="3", P_LAST_KEY=last
        )
        seen += column(items(outputs), "PARTY_ID")
        more, last = outputs["X_HAS_MORE"], seen[-1]
        if more == "Y":
            # Both leave the range: one that was read, one that was not.
            ebs.put("HZ_PARTIES", {"PARTY_ID": int(last)}, {"PARTY_ID": int(last) + 2})

    assert seen == ["1", "2", "3", "4", "6", "7", "8", "10"]
    left = column(read(ebs, "hz_parties", P_LAST_UPDATE_FROM="2026-02-01T00:00:01"), "PARTY_ID")
    assert set(seen) | set(left) == {str(key) for key in range(1, 11)}


def test_pages_by_offset(ebs: EbsApi) -> None:
    put_old(ebs, "HZ_PARTIES", *parties(5))
    pages = [call(ebs, "hz_parties", P_LIMIT="2", P_OFFSET=str(offset)) for offset in (0, 2, 4, 6)]

    assert [column(items(page), "PARTY_ID") for page in pages] == [["1", "2"], ["3", "4"], ["5"], []]
    assert [page["X_HAS_MORE"] for page in pages] == ["Y", "Y", "N", "N"]


def test_the_page_is_a_thousand_rows_when_no_limit_is_given(ebs: EbsApi) -> None:
    put_old(ebs, "HZ_PARTIES", *parties(1_001))
    outputs = call(ebs, "hz_parties")

    assert (len(items(outputs)), outputs["X_HAS_MORE"]) == (1_000, "Y")
    assert len(read(ebs, "hz_parties", P_LIMIT="5000")) == 1_001


def test_keys_replace_the_range_and_keep_the_units(ebs: EbsApi) -> None:
    put_old(ebs, "PO_HEADERS_ALL", *({"PO_HEADER_ID": key, "ORG_ID": 204 + key} for key in (0, 254)))
    rows = read(ebs, "po_headers_all", P_KEYS="254,0,7,0", P_LAST_UPDATE_FROM="2026-10-01T00:00:00")
    assert column(rows, "PO_HEADER_ID") == ["0", "254"]
    rows = read(ebs, "po_headers_all", P_KEYS="254,0", P_ORG_ID="204")
    assert column(rows, "PO_HEADER_ID") == ["0"]


def test_keys_only(ebs: EbsApi) -> None:
    put_old(ebs, "HZ_RELATIONSHIPS", {"RELATIONSHIP_ID": 4, "DIRECTIONAL_FLAG": "F", "SUBJECT_ID": 9})
    (row,) = read(ebs, "hz_relationships", P_KEYS_ONLY="Y")

    assert {name: value for name, value in row.items() if value is not None} == {
        "RELATIONSHIP_ID": "4",
        "DIRECTIONAL_FLAG": "F",
    }
    assert "SUBJECT_ID" in row


def test_a_late_commit_is_seen_when_it_is_there(ebs: EbsApi) -> None:
    put_old(ebs, "HZ_PARTIES", {"PARTY_ID": 1, "__visible_after_seconds": 10_000}, {"PARTY_ID": 2})
    assert column(read(ebs, "hz_parties"), "PARTY_ID") == ["2"]
    ebs.control.faults({"system": "ebs", "fault": "clock_jump", "seconds": 10_000})

    assert column(read(ebs, "hz_parties"), "PARTY_ID") == ["1", "2"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"P_LIMIT": "5001"},
        {"P_LIMIT": "0"},
        {"P_LIMIT": "-1"},
        {"P_LIMIT": "ten"},
        {"P_OFFSET": "1.5"},
        {"P_LAST_UPDATE_FROM": "2026-01-01"},
        {"P_LAST_UPDATE_TO": "2026-13-01T00:00:00"},
        {"P_LAST_KEY": "a"},
        {"P_LAST_KEY": "1~2"},
        {"P_LAST_KEY": "nan"},
        {"P_LAST_KEY": "1" * 5_000},
        {"P_KEYS": "1,Infinity"},
        {"P_KEYS": "1,b"},
        {"P_KEYS_ONLY": "X"},
        {"P_ORG_ID": "204,US"},
    ],
)
def test_a_wrong_value_is_status_e_in_a_200(ebs: EbsApi, parameters: JSON) -> None:
    put_old(ebs, "HZ_PARTIES", {"PARTY_ID": 1})
    answer = post(ebs, "hz_parties", body_of("hz_parties", **parameters))

    assert answer.status_code == 200
    outputs = answer.json()["OutputParameters"]
    assert outputs["X_RETURN_STATUS"] == "E"
    assert next(iter(parameters)) in outputs["X_MSG_DATA"]
    assert "X_ROWS" not in outputs


@pytest.mark.parametrize(
    ("nulls", "expected"),
    [("null", None), ("text", "null"), ("nil", {"@xsi:nil": "true"}), ("empty", ""), ("missing", KeyError)],
)
def test_the_forms_of_null(ebs: EbsApi, nulls: str, expected: Any) -> None:
    put_old(ebs, "RA_TERMS", {"TERM_ID": 1})
    ebs.settings(nulls=nulls)
    outputs = call(ebs, "ra_terms")
    row = outputs["X_ROWS"]["X_ROWS_ITEM"]

    assert [place.get(name, KeyError) for place, name in ((row, "NAME"), (outputs, "X_MSG_DATA"))] == [
        expected,
        expected,
    ]
    text = post(
        ebs,
        "ra_terms",
        body_of("ra_terms"),
        headers={"Content-Type": "application/json", "Accept": "application/xml"},
    ).text
    forms = {"text": "<NAME>null</NAME>", "empty": "<NAME/>", "missing": ""}
    form = forms.get(nulls, '<NAME xsi:nil="true"/>')
    assert f"<TERM_ID>1</TERM_ID>{form}" in text
    assert ("<NAME" in text) == bool(form)


@pytest.mark.parametrize(("single", "kind"), [("object", dict), ("array", list)])
def test_one_row(ebs: EbsApi, single: str, kind: type) -> None:
    put_old(ebs, "RA_TERMS", {"TERM_ID": 1})
    ebs.settings(single_row=single)

    assert isinstance(call(ebs, "ra_terms")["X_ROWS"]["X_ROWS_ITEM"], kind)


def test_no_row(ebs: EbsApi) -> None:
    assert "X_ROWS" not in call(ebs, "ra_terms")
    ebs.settings(empty_collection="null")
    assert call(ebs, "ra_terms")["X_ROWS"] is None
    ebs.settings(empty_collection="empty")
    assert call(ebs, "ra_terms")["X_ROWS"] == {"X_ROWS_ITEM": []}


def test_values_are_texts_unless_columns_are_typed(ebs: EbsApi) -> None:
    amounts = ("1234567890123456789012345678.50", "0.00000010", "-3.00", "100")
    rates = (
        {"FROM_CURRENCY": f"C{n}", "TO_CURRENCY": "USD", "CONVERSION_DATE": "2026-01-01T00:00:00"}
        | {"CONVERSION_TYPE": "Spot", "CONVERSION_RATE": amount}
        for n, amount in enumerate(amounts)
    )
    put_old(ebs, "GL_DAILY_RATES", *rates)

    expected = ["1234567890123456789012345678.5", "0.0000001", "-3", "100"]
    assert column(read(ebs, "gl_daily_rates"), "CONVERSION_RATE") == expected
    ebs.settings(package_types="typed", date_format="fraction_offset")
    row = read(ebs, "gl_daily_rates")[3]
    assert (row["CONVERSION_RATE"], row["CONVERSION_DATE"]) == (100, "2026-01-01T00:00:00.000-05:00")
    ebs.settings(numbers="string")
    assert read(ebs, "gl_daily_rates")[3]["CONVERSION_RATE"] == "100"


@pytest.mark.parametrize("status", ["E", "U"])
def test_operations_that_fail_in_a_200(ebs: EbsApi, status: str) -> None:
    ebs.settings(package_answer=status, package_answer_operations="hz_parties, ra_terms")
    answer = post(ebs, "ra_terms", body_of("ra_terms"))

    assert answer.status_code == 200
    outputs = answer.json()["OutputParameters"]
    assert outputs["X_RETURN_STATUS"] == status
    assert outputs["X_MSG_DATA"]
    assert call(ebs, "ap_terms")["X_HAS_MORE"] == "N"


def test_a_fault_in_a_200(ebs: EbsApi) -> None:
    ebs.settings(package_answer="fault")
    answer = post(ebs, "ra_terms", body_of("ra_terms"))
    assert (answer.status_code, fault(answer)) == (200, "ISG_SERVICE_EXECUTION_ERROR")


def test_an_answer_of_ones_own_happens_once(ebs: EbsApi) -> None:
    body = {"OutputParameters": {"X_RETURN_STATUS": "U", "X_MSG_DATA": "ORA-04068: existing state discarded"}}
    ebs.control.faults(
        {"system": "ebs", "path": "*/mlread/ra_terms/", "fault": "status", "status": 200, "body": body}
    )
    assert post(ebs, "ra_terms", body_of("ra_terms")).json() == body
    assert call(ebs, "ra_terms")["X_RETURN_STATUS"] == "S"


WADL, XSD = "{http://wadl.dev.java.net/2009/02}", "{http://www.w3.org/2001/XMLSchema}"


def test_the_wadl_declares_post_with_the_types_of_request_and_answer(ebs: EbsApi) -> None:
    root = ET.fromstring(ebs.get("mlread/?WADL", auth=None).content)
    methods = {
        resource.get("path"): resource.find(f"{WADL}method") for resource in root.iter(f"{WADL}resource")
    }

    assert {f"{name.lower()}/" for name in NEEDED.split()} | {"customer_summaries/"} <= methods.keys()
    method = methods["ra_terms/"]
    assert method is not None
    assert (method.get("id"), method.get("name")) == ("RA_TERMS", "POST")
    types = [
        (part.tag, inner.get("mediaType"), inner.get("type"))
        for part in method
        for inner in part.iterfind(f"{WADL}representation")
    ]
    assert types == [
        (f"{WADL}{part}", f"application/{kind}", f"tns:RA_TERMS_{end}")
        for part, end in (("request", "Input"), ("response", "Output"))
        for kind in ("xml", "json")
    ]
    for include in root.iter(f"{WADL}include"):
        assert ebs.session.get(include.get("href") or "", timeout=30).status_code == 200


@pytest.mark.parametrize("operation", ["RA_TERMS", "CUSTOMER_SUMMARIES", "CUSTOMERS", "PO_VENDORS"])
def test_the_schema_declares_what_is_taken_and_what_is_given(ebs: EbsApi, operation: str) -> None:
    root = ET.fromstring(ebs.get(f"mlread/?XSD={operation}_SYNCH_TYPEDEF.xsd").content)
    types = {kind.get("name"): kind for kind in root.iterfind(f"{XSD}complexType")}
    elements = {element.get("name"): element for element in root.iterfind(f"{XSD}element")}
    ebs.settings(empty_collection="empty")

    def names(place: ET.Element) -> list[str]:
        found = (element for element in place.iter(f"{XSD}element") if element is not place)
        return [element.get("name") or "" for element in found if element.get("name")]

    for name in names(elements["InputParameters"]):
        assert post(ebs, operation.lower(), body_of(operation, **{name: None})).status_code == 200
    outputs = call(ebs, operation.lower())
    assert names(elements["OutputParameters"]) == [name for name in outputs if not name.startswith("@")]
    choice = types[f"{operation}_Output"].iter(f"{XSD}element")
    assert [found.get("ref") for found in choice] == ["tns:OutputParameters", "fault:ISGServiceFault"]
    put_old(ebs, "RA_TERMS", {"TERM_ID": 1})
    put_old(ebs, "AP_SUPPLIERS", {"VENDOR_ID": 1})
    put_old(ebs, "HZ_CUST_ACCOUNTS", {"CUST_ACCOUNT_ID": 1})
    for found in elements["OutputParameters"].iter(f"{XSD}element"):
        if (found.get("type") or "").startswith("tns:"):
            assert found.get("type") == f"tns:{_stem(operation, found.get('name') or '')}_T"
    (row,) = read(ebs, operation.lower())
    record = types[f"{operation}_R"]
    assert names(record) == list(row)
    lengths = {
        found.get("name"): limit.get("value")
        for found in record.iter(f"{XSD}element")
        for limit in found.iter(f"{XSD}maxLength")
    }
    assert lengths.keys() == row.keys()
    assert all(len(name or "") <= 30 for name in types)


def _stem(operation: str, out: str) -> str:
    return operation if out == "X_ROWS" else f"CUSTOMER_{out.removeprefix('X_')}"
