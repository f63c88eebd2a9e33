"""Changes of both sides to one customer, filled systems that meet, deletes, and a lost ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e.agreement import Books
from e2e.jde_zoho import JdeZoho
from e2e.project import ROOT, plugin_settings
from fixtures.sandboxes import running_sandbox

from ml_sandbox.testing import RunningSandbox

NUMBER = 1001


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(time_scale=100) as running:
        yield running


@pytest.fixture
def rounds(served: RunningSandbox, tmp_path: Path) -> JdeZoho:
    """Both directions, with one customer in JD Edwards."""
    served.control.faults()
    served.control.reset_settings()
    for system in ("jde", "zoho"):
        served.control.clear(system)
    made = JdeZoho(served, tmp_path)
    customer(made, NUMBER, "Acme", TAX="DE123456788", mail="info@acme.example")
    return made


def customer(rounds: JdeZoho, number: int, name: str, *, mail: str | None = None, **columns: Any) -> None:
    """Somebody in JD Edwards enters a customer."""
    put = rounds.sandbox.control.put_rows
    put("jde", "F0101", [{"AN8": number, "ALPH": name, "AT1": "C", "EFTB": "2024-01-01", **columns}])
    put("jde", "F0111", [{"AN8": number, "IDLN": 0, "MLNM": name}])
    put("jde", "F0116", [{"AN8": number, "EFTB": "2024-01-01", "CTY1": "Bonn", "ADDZ": "53113", "CTR": "DE"}])
    put("jde", "F0115", [{"AN8": number, "IDLN": 0, "CNLN": 0, "RCK7": 1, "AR1": "228", "PH1": "555-0100"}])
    put("jde", "F03012", [{"AN8": number, "CO": "00000", "ACL": 1000, "TRAR": "N30"}])
    if mail:
        put("jde", "F01151", [{"AN8": number, "IDLN": 0, "RCK7": 1, "ETP": "E", "EMAL": mail}])


def phone(rounds: JdeZoho, number: int = NUMBER) -> str:
    """The phone number in JD Edwards."""
    row = rounds.table("F0115", number)
    return f"{row['AR1']} {row['PH1']}".strip()


def limit_in_jde(rounds: JdeZoho, amount: int) -> None:
    rounds.change_table("F03012", {"AN8": NUMBER, "CO": "00000"}, ACL=amount)


def test_changes_of_different_fields_survive_on_both_sides(rounds: JdeZoho) -> None:
    rounds.round()
    limit_in_jde(rounds, 5000)
    rounds.change_account(NUMBER, Phone="228 555-0199")
    rounds.round()
    account, terms = rounds.account(NUMBER), rounds.table("F03012", NUMBER)
    assert (account["Credit_Limit"], account["Phone"]) == (5000, "228 555-0199")
    assert (int(terms["ACL"]), phone(rounds)) == (5000, "228 555-0199")
    assert rounds.idle() == []


@pytest.mark.parametrize("first", ["jde", "zoho"])
def test_of_one_field_changed_on_both_sides_the_policy_takes_one(rounds: JdeZoho, first: str) -> None:
    rounds.round()
    limit_in_jde(rounds, 5000)
    rounds.change_table("F0101", {"AN8": NUMBER}, ALPH="Acme of JDE")
    rounds.change_account(NUMBER, Credit_Limit=9000, Account_Name="Acme of Zoho")
    for source in (first, "jde" if first == "zoho" else "zoho", first):
        rounds.run(source)
    # Money is JD Edwards' own; names go by the newer change, and JD Edwards wins where days cannot tell.
    account, master = rounds.account(NUMBER), rounds.table("F0101", NUMBER)
    assert (account["Credit_Limit"], account["Account_Name"]) == (5000, "Acme of JDE")
    assert (int(rounds.table("F03012", NUMBER)["ACL"]), master["ALPH"]) == (5000, "Acme of JDE")
    shown = rounds.conflicts()
    assert {each["state"] for each in shown} == {"decided"}
    values = [both for each in shown for both in each["values"].values()]
    assert {"jde": 5000, "zoho": 9000} in values
    assert {"jde": "Acme of JDE", "zoho": "Acme of Zoho"} in values
    assert rounds.idle() == []


def test_a_policy_that_names_zoho_turns_the_same_conflict_around(rounds: JdeZoho) -> None:
    policies = {"default": "newest", "jde": {"customers": {"credit_limit": "zoho"}}}
    for target in ("target-zoho-crm", "target-jde"):
        rounds.settings[target] = {"policies": policies}
    rounds.round()
    limit_in_jde(rounds, 5000)
    rounds.change_account(NUMBER, Credit_Limit=9000)
    rounds.round()
    assert rounds.account(NUMBER)["Credit_Limit"] == int(rounds.table("F03012", NUMBER)["ACL"]) == 9000
    assert rounds.idle() == []


def test_every_field_that_zoho_changes_reaches_jd_edwards(rounds: JdeZoho) -> None:
    put = rounds.sandbox.control.put_rows
    rounds.change_table("F0111", {"AN8": NUMBER, "IDLN": 1}, MLNM="Ann Lee", GNNM="Ann", SRNM="Lee")
    put("zoho", "Vendors", [{"Vendor_Name": "Supplies"}])
    rounds.round()
    address = {"Street": "1 High St, Floor 2", "City": "Graz", "State": "Styria", "Country": "AT"}
    known = {"Phone": "316 555-0188", "Website": "https://new.example"}
    money = {"VAT_Number": "ATU13585627", "Payment_Terms": "60 days"}
    (contact,), (vendor,) = rounds.rows("zoho", "Contacts"), rounds.rows("zoho", "Vendors")
    rounds.change_account(
        NUMBER,
        **{f"Billing_{name}": value for name, value in address.items()},
        **known,
        **money,
        Account_Name="Acme Graz",
        Billing_Code="8010",
        Fax="316 555-0189",
        SIC_Code="5137",
        Industry="Retail",
        Account_Type="Reseller",
        Credit_Limit=750,
        Credit_Message="X",
        Credit_Hold=True,
    )
    own = {"Vendor_Name": "Supplies Graz", "Zip_Code": "8020", "Email": "in@supplies.example"}
    put("zoho", "Vendors", [{"id": vendor["id"], **address, **known, **money, **own}])
    person = {"First_Name": "Anna", "Last_Name": "Leeds", "Title": "CFO", "Email": "anna@acme.example"}
    put("zoho", "Contacts", [{"id": contact["id"], **person, "Phone": "316 555-0190"}])
    rounds.run("zoho")
    books = Books(rounds.sandbox.control)
    assert books.differences() == []
    assert rounds.table("F0101", NUMBER)["SIC"] == "5137"
    assert rounds.table("F0101", NUMBER)["ALPH"] == "Acme Graz"
    assert books.accounts[0]["Credit_Hold"] is True


def test_what_is_held_keeps_both_values_until_somebody_decides(rounds: JdeZoho) -> None:
    held = {"policies": {"default": "hold"}}
    rounds.settings = {"target-zoho-crm": held, "target-jde": held}
    rounds.round()
    rounds.change_table("F0101", {"AN8": NUMBER}, ALPH="Acme of JDE")
    rounds.change_account(NUMBER, Account_Name="Acme of Zoho", Website="https://acme.example")
    rounds.round()
    assert rounds.account(NUMBER)["Account_Name"] == "Acme of Zoho"
    assert rounds.table("F0101", NUMBER)["ALPH"] == "Acme of JDE"
    assert rounds.table("F01151", NUMBER)["EMAL"] in ("info@acme.example", "https://acme.example")
    # Each direction holds it, under its own name of the field.
    shown = {name: both for each in rounds.conflicts() for name, both in each["values"].items()}
    assert shown.keys() == {"name", "Account_Name"}
    assert all(both == {"jde": "Acme of JDE", "zoho": "Acme of Zoho"} for both in shown.values())


def test_a_prospect_of_zoho_has_its_address_number_after_one_round(rounds: JdeZoho) -> None:
    rounds.round()
    rounds.sandbox.control.put_rows(
        "zoho", "Accounts", [{"Account_Name": "Prospect", "Billing_City": "Graz", "Payment_Terms": "60 days"}]
    )
    rounds.round()
    (prospect,) = [row for row in rounds.rows("zoho", "Accounts") if row["Account_Name"] == "Prospect"]
    (master,) = [row for row in rounds.rows("jde", "F0101") if row["ALPH"] == "Prospect"]
    assert prospect["JDE_Address_Number"] == str(master["AN8"])
    assert (master["ALKY"], master["AT1"]) == (prospect["id"], "C")
    assert rounds.table("F03012", master["AN8"])["TRAR"] == "N60"
    assert rounds.idle() == []


def test_leads_are_numbered_by_the_maps_of_the_documentation(rounds: JdeZoho) -> None:
    text = (ROOT / "docs" / "jde-zoho.md").read_text("utf-8")
    added = yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0])
    for plugin, maps in added.items():
        rounds.settings[plugin] = {"stream_maps": {**plugin_settings(plugin)["stream_maps"], **maps}}
    keys = plugin_settings("target-zoho-crm")["source_key"]
    rounds.settings["target-zoho-crm"]["source_key"] = {**keys, "Leads": "JDE_Address_Number"}
    rounds.streams["tap-zoho-crm"] = ["Leads"]
    put = rounds.sandbox.control.put_rows
    number = {"api_name": "JDE_Address_Number", "data_type": "text", "length": 20, "unique": True}
    put("zoho", "fields", [{"module": "Leads", **number}])
    put("zoho", "Leads", [{"Company": "Maybe Ltd", "Last_Name": "Ray", "City": "Graz", "Country": "AT"}])
    rounds.round()
    (lead,) = rounds.rows("zoho", "Leads")
    (master,) = [row for row in rounds.rows("jde", "F0101") if row["ALPH"] == "Maybe Ltd"]
    assert (lead["JDE_Address_Number"], master["ALKY"]) == (str(master["AN8"]), lead["id"])
    assert rounds.table("F0116", master["AN8"])["CTY1"] == "Graz"
    assert rounds.account(master["AN8"])["Account_Name"] == "Maybe Ltd"
    assert rounds.idle() == []


def test_systems_that_were_filled_before_find_each_other_and_name_who_is_ambiguous(rounds: JdeZoho) -> None:
    customer(rounds, 1002, "By tax id", TAX="ATU 1358 5627")
    customer(rounds, 1003, "By mail", mail="sales@bymail.example")
    customer(rounds, 1004, "Same name only")
    customer(rounds, 1005, "Twice", TAX="FR40303265045")
    put = rounds.sandbox.control.put_rows
    accounts = put(
        "zoho",
        "Accounts",
        [
            {
                "Account_Name": "Tax id, spelled otherwise",
                "VAT_Number": "atu13585627",
                "Billing_Country": "AT",
            },
            {"Account_Name": "Mail, in capitals"},
            {"Account_Name": "Same name only"},
            {"Account_Name": "Twice", "VAT_Number": "FR 40 303 265 045"},
            {"Account_Name": "Twice again", "VAT_Number": "FR40303265045"},
        ],
    )
    put(
        "zoho",
        "Contacts",
        [{"Last_Name": "Buyer", "Email": "Sales@ByMail.example", "Account_Name": {"id": accounts[1]["id"]}}],
    )
    rounds.run("jde", full_refresh=True)
    linked = {row["JDE_Address_Number"]: row["id"] for row in rounds.rows("zoho", "Accounts")}
    assert (linked["1002"], linked["1003"]) == (accounts[0]["id"], accounts[1]["id"])
    assert linked["1004"] != accounts[2]["id"]
    (letter,) = rounds.letters("zoho")
    assert (letter.raw_key, letter.cause) == ("1005", "ambiguous")
    assert accounts[3]["id"] in letter.reason
    assert accounts[4]["id"] in letter.reason
    assert "1005" not in linked


def test_a_lost_ledger_costs_no_write_and_no_link(rounds: JdeZoho) -> None:
    customer(rounds, 1002, "Other")
    rounds.change_table("F0111", {"AN8": NUMBER, "IDLN": 1}, MLNM="Ann Lee", GNNM="Ann", SRNM="Lee")
    rounds.sandbox.control.put_rows("zoho", "Vendors", [{"Vendor_Name": "Supplies", "City": "Graz"}])
    rounds.round()
    rounds.round()
    before = Books(rounds.sandbox.control)
    rounds.lose_ledger()
    for source in ("jde", "zoho"):
        run = rounds.run(source, full_refresh=True)
        assert rounds.writes() == []
        assert run.summary["new_letters"] == 0
    assert Books(rounds.sandbox.control).accounts == before.accounts
    # The links are there again: a change finds its way.
    rounds.change_account(NUMBER, Phone="228 555-0177")
    rounds.round()
    assert phone(rounds) == "228 555-0177"
    assert Books(rounds.sandbox.control).differences() == []


def test_deletes_are_ignored_and_never_carried(rounds: JdeZoho) -> None:
    rounds.round()
    rounds.sandbox.control.put_rows("zoho", "deleted", [{"id": rounds.account(NUMBER)["id"]}])
    rounds.round()
    assert rounds.table("F0101", NUMBER)["ALPH"] == "Acme"
    assert rounds.rows("zoho", "Accounts") == []
