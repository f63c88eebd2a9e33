"""What the orchestrations write, and what they take."""

from datetime import date, timedelta
from typing import Any

import pytest
from sandbox.jde_api import BASIC, JSON, JdeApi, people

CUSTOMER = {
    "Long Address": "z-1", "Name": "Müller & Co.", "Tax Id": "DE 123", "Search Type": "c", "Language": "g",
    "Category Code 03": "abc", "Credit Message": "x", "Address Line 1": "Weg 1", "City": "Köln",
    "Postal Code": "50667", "Country": "de", "Phone": "0221 555", "Phone Type": "bus", "Fax": "0221 556",
    "Email": "info@mueller.example", "Website": "mueller.example", "Credit Limit": 2500.5,
    "Payment Terms": "n30", "Customer Category 02": "k",
}  # fmt: skip


def created(jde: JdeApi, name: str = "Customer", **inputs: Any) -> int:
    """Create a record; underscores in names of inputs stand for blanks."""
    given = {"Name": "Acme", **{key.replace("_", " "): value for key, value in inputs.items()}}
    answer = jde.run(f"ML_Create{name}", given)
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["AddressNumber"]
    return number


def only(jde: JdeApi, table: str, columns: str, **where: Any) -> JSON:
    """Some columns of the one row with these values."""
    rows = [row for row in jde.control.rows("jde", table) if where.items() <= row.items()]
    assert len(rows) == 1, rows
    return {name: rows[0][name] for name in columns.split()}


def test_a_new_customer_is_written_to_all_its_tables(jde: JdeApi) -> None:
    answer = jde.run("ML_CreateCustomer", CUSTOMER)

    number = answer.json()["AddressNumber"]
    assert answer.json() == {"AddressNumber": number}
    main = only(jde, "F0101", "AN8 ALKY ALPH DC TAX AT1 LNGP AC03 CM MCU ATR USER PID")
    assert main == {
        "AN8": number, "ALKY": "z-1", "ALPH": "Müller & Co.", "DC": "MÜLLERCO", "TAX": "DE 123", "AT1": "C",
        "LNGP": "G", "AC03": "ABC", "CM": "X", "MCU": "1", "ATR": "Y", "USER": "MLCONN", "PID": "P01012",
    }  # fmt: skip
    assert only(jde, "F0111", "AN8 IDLN ALPH MLNM") == {
        "AN8": number, "IDLN": 0, "ALPH": "Müller & Co.", "MLNM": "Müller & Co.",
    }  # fmt: skip
    today = jde.stored("F0101", "UPMJ")[0]
    assert only(jde, "F0116", "AN8 EFTB ADD1 CTY1 ADDZ CTR UPMJ") == {
        "AN8": number, "EFTB": today, "ADD1": "Weg 1", "CTY1": "Köln", "ADDZ": "50667", "CTR": "DE",
        "UPMJ": today,
    }  # fmt: skip
    assert only(jde, "F0101", "EFTB") == {"EFTB": today}
    assert jde.stored("F0115", "IDLN", "RCK7", "PHTP", "AR1", "PH1") == [
        (0, 1, "BUS", "0221", "555"),
        (0, 2, "FAX", "0221", "556"),
    ]
    assert jde.stored("F01151", "RCK7", "ETP", "EMAL") == [
        (1, "E", "info@mueller.example"),
        (2, "I", "mueller.example"),
    ]
    assert jde.stored("F03012", "CO", "ACL", "TRAR", "AC02", "PID") == [("00000", 2501, "N30", "K", "P03013")]


def test_numbers_rise_and_pass_over_those_in_use(jde: JdeApi) -> None:
    first = created(jde)
    jde.put("F0101", *people([first + 1]))

    assert created(jde) == first + 2


def test_an_update_keeps_what_is_left_out_and_clears_what_is_blank(jde: JdeApi) -> None:
    number = jde.run("ML_CreateCustomer", CUSTOMER).json()["AddressNumber"]
    for table in ("F0101", "F0111", "F0115", "F0116", "F01151", "F03012"):
        rows = [{**row, "UPMJ": "2020-01-31"} for row in jde.control.rows("jde", table)]
        jde.put(table, *rows)

    answer = jde.run("ML_UpdateCustomer", {"Address Number": number, "Tax Id": "", "Phone": "030 1"})

    assert answer.json() == {"AddressNumber": number}
    assert only(jde, "F0101", "ALKY ALPH TAX AC03") == {
        "ALKY": "z-1", "ALPH": "Müller & Co.", "TAX": "", "AC03": "ABC",
    }  # fmt: skip
    assert jde.stored("F0115", "PHTP", "AR1", "PH1") == [("BUS", "030", "1"), ("FAX", "0221", "556")]
    unstamped = [table for table in ("F0101", "F0111", "F0116", "F01151", "F03012")
                 if jde.stored(table, "UPMJ")[0] == "2020-01-31"]  # fmt: skip
    assert unstamped == ["F0111", "F0116", "F01151", "F03012"]
    jde.run("ML_UpdateCustomer", {"Address Number": number, "Phone": "", "Email": "", "Credit Limit": "9.4"})
    assert jde.stored("F0115", "PHTP") == ["FAX"]
    assert jde.stored("F01151", "ETP") == ["I"]
    assert jde.stored("F03012", "ACL", "TRAR") == [(9, "N30")]

    jde.settings(omitted_inputs="blank")
    jde.run("ML_UpdateCustomer", {"Address Number": number, "Name": "Left"})
    assert only(jde, "F0101", "ALPH ALKY AC03") == {"ALPH": "Left", "ALKY": "", "AC03": ""}
    assert jde.stored("F0115", "PHTP") == []


def test_suppliers_and_a_record_that_is_both(jde: JdeApi) -> None:
    number = created(jde, "Supplier", Payment_Terms="n30", Currency="eur", Hold_Payment="y")

    assert jde.stored("F0101", "AT1", "ATP", "ATR") == [("V", "Y", "")]
    assert jde.stored("F0401", "AN8", "TRAP", "CRRP", "HDPY") == [(number, "N30", "EUR", "Y")]
    jde.run("ML_UpdateSupplier", {"Address Number": number, "Currency": "USD"})
    assert jde.stored("F0401", "TRAP", "CRRP") == [("N30", "USD")]
    jde.run("ML_UpdateCustomer", {"Address Number": number, "Company": "00200", "Hold Code": "c1"})
    assert jde.stored("F03012", "AN8", "CO", "HOLD") == [(number, "00200", "C1")]


def test_contacts(jde: JdeApi) -> None:
    number = created(jde, Phone="1")
    inputs = {"Address Number": number, "Name": "Ann Lee", "Surname": "Lee", "Phone": "2", "Mobile": "3"}
    answer = jde.run("ML_CreateContact", {**inputs, "Email": "ann@a.example"})

    assert answer.json() == {"AddressNumber": number, "LineNumber": 1}
    assert jde.stored("F0111", "IDLN", "ALPH", "MLNM", "SRNM") == [
        (0, "Acme", "Acme", ""),
        (1, "Ann Lee", "Ann Lee", "Lee"),
    ]
    assert jde.stored("F0115", "IDLN", "PHTP", "PH1") == [(0, "", "1"), (1, "", "2"), (1, "CAR", "3")]
    assert jde.run("ML_CreateContact", inputs).json()["LineNumber"] == 2
    jde.settings(mobile_phone_type="CELL")
    changed = {"Address Number": number, "Line Number": 1, "Mobile": "4", "Title": "CEO"}
    assert jde.run("ML_UpdateContact", changed).json() == {"AddressNumber": number, "LineNumber": 1}
    assert [row for row in jde.stored("F0115", "IDLN", "PHTP", "PH1") if row[0] == 1] == [
        (1, "", "2"), (1, "CAR", "3"), (1, "CELL", "4"),
    ]  # fmt: skip
    assert only(jde, "F0111", "ALPH ATTL", IDLN=1) == {"ALPH": "Ann Lee", "ATTL": "CEO"}
    for line in (0, 9):
        refused = jde.run("ML_UpdateContact", {**changed, "Line Number": line})
        assert (refused.status_code, "no contact" in refused.text) == (500, True)
    assert jde.run("ML_CreateContact", {**inputs, "Address Number": 7}).status_code == 500


@pytest.mark.parametrize(
    ("inputs", "found"),
    [
        ({"Long Address": "A"}, 1),
        ({"Tax Id": "T2"}, 2),
        ({"Email": "TWO@x.example"}, 2),
        ({"Long Address": "A", "Tax Id": "T2"}, 0),
        ({"Long Address": "nobody"}, 0),
        ({"Long Address": " "}, "Nothing is given"),
        ({"Tax Id": "T3"}, "2 address numbers match: 3, 4"),
    ],
)
def test_the_lookup(jde: JdeApi, inputs: JSON, found: Any) -> None:
    rows = [(1, "A", "T1"), (2, "B", "T2"), (3, "C", "T3"), (4, "D", "T3")]
    jde.put("F0101", *({"AN8": n, "ALKY": key, "TAX": tax} for n, key, tax in rows))
    jde.put("F01151", {"AN8": 2, "IDLN": 0, "RCK7": 1, "ETP": "E", "EMAL": "two@x.example"})
    answer = jde.run("ML_LookupAddress", inputs)

    if isinstance(found, int):
        assert answer.json() == {"AddressNumber": found}
    else:
        assert (answer.status_code, found in answer.json()["message"]) == (500, True)
    assert jde.control.requests("jde")[-1]["write"] is False


def test_values_are_stored_as_forms_do(jde: JdeApi) -> None:
    number = created(
        jde, Name="  Two\nlines ", Search_Type=" cx ", Category_Code_01="abcd", Credit_Limit="1.5",
        Business_Unit=" 30 ", City="x" * 30, Phone="0221555 1",
    )  # fmt: skip

    assert only(jde, "F0101", "ALPH AT1 AC01 MCU") == {
        "ALPH": "Two lines", "AT1": "CX", "AC01": "ABC", "MCU": "30",
    }  # fmt: skip
    assert jde.stored("F0116", "CTY1") == ["x" * 25]
    assert jde.stored("F0115", "AR1", "PH1") == [("", "0221555 1")]
    assert jde.stored("F03012", "ACL") == [2]
    update = {"Address Number": number}
    for wrong in ({"Credit Limit": "much"}, {"Credit Limit": 10**15}, {"Address Effective Date": "1.2.26"}):
        assert jde.run("ML_UpdateCustomer", {**update, **wrong}).status_code == 500
    assert jde.run("ML_UpdateCustomer", {**update, "Name": {"a": 1}}).status_code == 400
    assert jde.run("ML_UpdateCustomer", {**update, "Name": " "}).status_code == 500
    jde.settings(too_long="refuse")
    assert jde.run("ML_UpdateCustomer", {**update, "City": "x" * 26}).status_code == 500
    assert only(jde, "F0101", "ALPH") == {"ALPH": "Two lines"}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("milliseconds", "1785542400000"),
        ("cyyddd", "126213"),
        ("dd/MM/yyyy", "01/08/2026"),
        ("yyyyMMdd", "20260801"),
    ],
)
def test_dates_have_the_form_of_the_design(jde: JdeApi, form: str, text: str) -> None:
    jde.settings(input_date_format=form)
    created(jde, Address_Effective_Date=text)

    assert jde.stored("F0116", "EFTB") == ["2026-08-01"]
    wrong = {"Name": "Acme", "Address Effective Date": "2026-08-01"}
    assert jde.run("ML_CreateCustomer", wrong).status_code == 500


def test_the_standard_form(jde: JdeApi) -> None:
    jde.settings(input_format="JDE Standard")
    pairs = [{"name": "Name", "value": "Acme"}, {"name": "Long Address", "value": "S1"}]
    assert jde.run("ML_CreateCustomer", {"inputs": pairs}).status_code == 200
    assert jde.run("ML_CreateCustomer", {"Name": "Acme"}).status_code == 500
    assert jde.run("ML_CreateCustomer", {"inputs": [{"value": 1}]}).status_code == 400
    assert jde.stored("F0101", "ALKY") == ["S1"]
    row = [
        {"name": name, "value": value}
        for name, value in (("EDUS", "U"), ("EDBT", "1"), ("EDTN", "1"), ("EDLN", 1))
    ]
    detail = {"name": "Rows", "repeatingInputs": [{"inputs": row}]}
    assert jde.run("ML_StageAddressBook", {"detailInputs": [detail]}).json() == {"Rows": 1}
    assert jde.run("ML_StageAddressBook", {"detailInputs": {}}).status_code == 400
    described = jde.get("/discover/ML_CreateCustomer").json()["orchestrations"][0]
    assert described["inputFormat"] == "JDE Standard"


@pytest.mark.parametrize("status", [500, 400])
def test_a_required_input_is_missing(jde: JdeApi, status: int) -> None:
    jde.settings(missing_input_status=status, update_required_inputs="Name")
    jde.put("F0101", *people([1]))
    for name, inputs, missing in (
        ("ML_CreateCustomer", {"Name": " ", "City": "x"}, "Name"),
        ("ML_UpdateCustomer", {"Address Number": 1, "City": "x"}, "Name"),
        ("ML_UpdateContact", {"Address Number": 1, "Name": "x"}, "Line Number"),
        ("ML_StageAddressBook", {"Rows": []}, "Rows"),
    ):
        answer = jde.run(name, inputs)
        assert (answer.status_code, f"are missing: {missing}." in answer.json()["message"]) == (status, True)
    assert jde.stored("F0101", "AN8") == [1]
    described = jde.get("/discover/ML_UpdateCustomer").json()["orchestrations"][0]
    assert [one["name"] for one in described["inputs"] if one["required"]] == ["Address Number", "Name"]


def test_every_address_of_an_orchestration(jde: JdeApi) -> None:
    jde.put("F0101", {"AN8": 5, "ALKY": "A"})
    for path in ("/orchestrator/", "/v2/orchestrator/", "/v3/orchestrator/"):
        for name in ("ML_LookupAddress", "ORC_26010003ML"):
            assert jde.post(f"{path}{name}", {"Long Address": "A"}).json() == {"AddressNumber": 5}
            assert jde.get(f"{path}{name}", {"Long Address": "A"}).json() == {"AddressNumber": 5}
    jde.run("ML_LookupAddress", {"Long Address": "A", "Nonsense": 1})
    assert jde.control.requests("jde")[-1]["unknown_parameters"] == ["Nonsense"]
    for status in (500, 404, 400):
        jde.settings(unknown_orchestration_status=status, missing_orchestrations="ML_CreateCustomer, X")
        for name in ("ML_Nothing", "ML_CreateCustomer"):
            assert jde.run(name, {"Name": "x"}).status_code == status
        assert jde.get("/discover/ML_CreateCustomer").status_code == status


def test_rows_are_staged_all_or_none(jde: JdeApi) -> None:
    def staged(*rows: JSON) -> Any:
        return jde.run("ML_StageAddressBook", {"Rows": list(rows)})

    first = {
        "EDUS": "ML",
        "EDBT": "1",
        "EDTN": "1",
        "EDLN": 1,
        "ALPH": "One",
        "AT1": "c",
        "EFTB": "2026-08-01",
    }
    assert staged(first, {**first, "EDTN": 2}).json() == {"Rows": 2}
    assert jde.stored("F0101Z2", "EDTN", "EDSP", "AT1", "EFTB") == [
        ("1", "", "C", "2026-08-01"),
        ("2", "", "C", "2026-08-01"),
    ]
    third = {**first, "EDTN": "3"}
    for wrong in (first, {**third, "EDBT": ""}, {**third, "NONE": 1}, {**third, "AN8": "x"}, "row"):
        assert staged(third, wrong).status_code == 500  # type: ignore[arg-type] # what no client should send
    assert len(jde.stored("F0101Z2", "EDTN")) == 2
    assert jde.get("/v3/orchestrator/ML_StageAddressBook", {"Rows": "1"}).status_code == 400
    assert jde.run("ML_StageAddressBook", {"Rows": "x"}).status_code == 400


def test_an_address_begins_on_its_day(jde: JdeApi) -> None:
    number = created(jde, City="Old", Country="DE")
    today = date.fromisoformat(jde.stored("F0101", "UPMJ")[0])
    later, soon = (today + timedelta(days=days) for days in (20, 2))
    for day, city in ((later, "Later"), (soon, "Soon")):
        inputs = {"Address Number": number, "City": city, "Address Effective Date": day.isoformat()}
        jde.run("ML_UpdateCustomer", inputs)
    jde.put("F0101", {"AN8": number, "UPMJ": "2020-01-31"})

    assert [row["EFTB"] for row in jde.rows(columns="EFTB")] == [f"{today:%Y%m%d}"]
    assert jde.stored("F0116", "CTY1", "CTR") == [("Old", "DE"), ("Later", "DE"), ("Soon", "DE")]
    jde.control.jump(3 * 86_400)
    body = {
        "targetName": "F0101",
        "targetType": "table",
        "findOnEntry": "TRUE",
        "returnControlIDs": "EFTB|UPMJ",
    }
    answer = jde.post("/v2/dataservice", body, auth=BASIC)
    row = answer.json()["fs_DATABROWSE_F0101"]["data"]["gridData"]["rowset"][0]
    assert row == {"F0101_EFTB": f"{soon:%Y%m%d}", "F0101_UPMJ": "20200131"}


def test_what_is_deployed_is_described(jde: JdeApi) -> None:
    described = {one["name"]: one for one in jde.get("/discover").json()["orchestrations"]}

    assert sorted(described) == [
        "ML_CreateContact", "ML_CreateCustomer", "ML_CreateSupplier", "ML_LookupAddress",
        "ML_StageAddressBook", "ML_UpdateContact", "ML_UpdateCustomer", "ML_UpdateSupplier",
    ]  # fmt: skip
    one = described["ML_UpdateContact"]
    assert (one["inputFormat"], one["udoGroup"], one["containsContinueOnError"]) == (
        "Generic",
        "Shared",
        False,
    )
    assert one["outputs"] == [{"name": name, "type": "Numeric"} for name in ("AddressNumber", "LineNumber")]
    assert {"name": "Line Number", "type": "Numeric", "required": True} in one["inputs"]
    for path, version, title in (("", "swagger", "2.0"), ("3", "openapi", "3.0.1")):
        catalog = jde.get(f"/v3/open-api-catalog{path}").json()
        assert catalog[version] == title
        assert {name.rpartition("/")[2] for name in catalog["paths"]} == described.keys()
        single = jde.get(f"/v3/open-api-catalog{path}/ML_CreateContact").json()["paths"]
        operation = single["/orchestrator/ML_CreateContact"]["post"]
        body = operation["requestBody"]["content"]["application/json"] if path else operation["parameters"][0]
        assert body["schema"]["required"] == ["Address Number", "Name"]
    assert jde.get("/v3/open-api-catalog/Other").status_code == 500
    assert jde.get("/v3/open-api-catalog", headers={}).status_code == 403
