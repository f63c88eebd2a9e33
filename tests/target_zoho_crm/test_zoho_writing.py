"""Created by upsert on the source key, changed by id, left alone when nothing changed."""

from __future__ import annotations

from typing import Any

import pytest
from singer_lines import customer, customers, record, schema, state
from zoho_target import LATER, NUMBER, PROPERTIES, SYSTEM, ZohoTarget

DAY = 60_000  # credits of the sandbox's edition and users
KEYS = {"Accounts": NUMBER, "Contacts": "JDE_Contact_Key", "Vendors": NUMBER}
NAMES = {"Accounts": "Account_Name", "Contacts": "Last_Name", "Vendors": "Vendor_Name"}
CITIES = {"Accounts": "Billing_City", "Contacts": "Mailing_City", "Vendors": "City"}


def maps_into(target: ZohoTarget, module: str, **more: Any) -> dict[str, Any]:
    """Stream maps of customers into a module: key, name and city."""
    key = KEYS.get(module, NUMBER)
    fields = {key: "account_number", NAMES[module]: "name", CITIES[module]: "city", **more}
    return target.map(module, __key_properties__=[key], **fields)


def spent(target: ZohoTarget) -> int:
    """Credits that the vendor counted since it was emptied."""
    left = [request["quota_left"] for request in target.requests() if request["quota_left"] is not None]
    return DAY - int(left[-1])


@pytest.mark.parametrize("module", KEYS)
def test_created_left_alone_changed_refused(target: ZohoTarget, module: str) -> None:
    target.config["stream_maps"] = maps_into(target, module)
    run = target.run([*customers(range(112)), state({"k": 1})]).check(0)
    assert (run.outcomes, run.states) == ({"created": 112}, [{"k": 1}])
    assert target.calls() == ["POST upsert"] * 2
    bodies = [request["body"] for request in target.requests(writes_only=True)]
    assert sorted(len(body["data"]) for body in bodies) == [12, 100]
    assert all(body["trigger"] == [] for body in bodies)
    assert all(body["duplicate_check_fields"] == [KEYS[module]] for body in bodies)
    by_call = run.summary["credits"]["by_call"]
    assert (by_call["upsert"], run.summary["credits"]["spent"]) == (12, spent(target))
    assert "Writing 112 records of " + module + ": 2 requests, 12 credits" in run.errors
    before = spent(target)
    assert target.run([*customers(range(112))]).check(0).outcomes == {"unchanged": 112}
    assert target.requests(writes_only=True) == []
    assert {request["path"].rpartition("/")[2] for request in target.requests()} == {
        "org",
        "modules",
        "fields",
    }
    target.put("fields", {"module": module, "api_name": CITIES[module], "length": 4, "visible": True})
    changed = [
        customer(7, city="Rome", updated=LATER),
        customer(8, city="Palermo", updated=LATER),
        *customers(range(9, 20)),
    ]
    run = target.run(changed).check(0)
    assert run.outcomes == {"updated": 1, "unchanged": 11, "rejected": 1}
    rows = {row[KEYS[module]]: row for row in target.rows(module)}
    assert target.sent() == [{"id": rows["A7"]["id"], CITIES[module]: "Rome"}]
    assert target.calls() == [f"PUT {module}"]
    assert run.summary["credits"]["by_call"] == {"fields": 1, "modules": 1, "org": 1, "update": 1}
    assert spent(target) - before == run.summary["credits"]["spent"] + 3
    assert [letter.field for letter in target.letters()] == [CITIES[module]]


def test_batches_and_what_runs_because_of_them(target: ZohoTarget) -> None:
    run = target.run(customers(range(7)), write_batch=3, parallel=1, trigger=["workflow"]).check(0)
    assert target.calls() == ["POST upsert"] * 3
    assert {row["trigger"] for row in target.sandbox.control.rows(SYSTEM, "workflow_runs")} == {"workflow"}
    changed = customers(range(7), city="Rome", updated=LATER)
    run = target.run(changed, trigger=["all"], two_way=True, read_batch=2).check(0)
    assert run.outcomes == {"updated": 7}
    runs = {row["trigger"] for row in target.sandbox.control.rows(SYSTEM, "workflow_runs")}
    assert len(runs) == 5
    assert target.calls(writes_only=False).count("GET Accounts") == 8, "before and after, two at a time"


def test_a_dry_run_says_what_it_would_cost(target: ZohoTarget) -> None:
    target.run(customers(range(3))).check(0)
    given = [*customers(range(3), city="Rome", updated=LATER), *customers(range(10, 45))]
    run = target.run(given, dry_run=True).check(0)
    assert run.summary["plan"] == {
        "create": 35,
        "update": 3,
        "leave": 0,
        "reject": 0,
        "requests": 2,
        "credits": 5,
    }
    assert target.requests(writes_only=True) == []
    run = target.run(given, dry_run=True, bulk_from=30).check(0)
    assert run.summary["plan"]["credits"] == 1_000
    run = target.run(given).check(0)
    assert sum(run.summary["credits"]["by_call"][kind] for kind in ("upsert", "update")) == 5


def test_only_named_fields_are_cleared(target: ZohoTarget) -> None:
    target.config["stream_maps"] = target.map(Phone="phone", Website="notes")
    given = customer(1, phone="+49 30 1", notes="acme.example")
    target.run([given], write_blanks=["Accounts.Phone"]).check(0)
    blank = customer(1, phone=None, notes=None, updated=LATER)
    assert target.run([blank], write_blanks=["Accounts.Phone"]).check(0).outcomes == {"updated": 1}
    assert target.sent() == [{"id": target.accounts["A1"]["id"], "Phone": None}]
    row = target.accounts["A1"]
    assert (row["Phone"], row["Website"]) == (None, "acme.example")
    run = target.run([given], write_blanks=["Accounts.Fone"]).check(5)
    assert "write_blanks names fields that Accounts does not have: Fone" in run.errors


LATEST = "2026-11-22T00:00:00Z"
DELETED = record({"id": 1, "_sdc_deleted_at": LATER})


@pytest.mark.parametrize(("mode", "after"), [("ignore", "updated"), ("flag", "ignored")])
def test_deletes_that_only_concern_the_link(target: ZohoTarget, mode: str, after: str) -> None:
    target.run(customers(range(2)), on_delete=mode).check(0)
    run = target.run([DELETED], on_delete=mode).check(0)
    assert (run.outcomes, target.requests(writes_only=True)) == (
        {"ignored": 1} if mode == "ignore" else {"deleted": 1},
        [],
    )
    again = target.run([customer(1, city="Rome", updated=LATEST)], on_delete=mode).check(0)
    assert again.outcomes == {after: 1}
    assert len(target.rows()) == 2


def test_a_deleted_record_is_put_out_of_use(target: ZohoTarget) -> None:
    settings = {"on_delete": "inactivate", "inactive_values": {"Accounts": {"Account_Type": "Other"}}}
    target.run(customers(range(2)), **settings).check(0)
    assert target.run([DELETED], **settings).check(0).outcomes == {"deleted": 1}
    assert target.sent() == [{"id": target.accounts["A1"]["id"], "Account_Type": "Other"}]
    again = [customer(1, city="Rome", updated=LATEST)]
    assert target.run(again, **settings).check(0).outcomes == {"ignored": 1}
    wrong = {**settings, "inactive_values": {"Accounts": {"Acount_Type": "Other"}}}
    assert "Acount_Type" in target.run([customer(0)], **wrong).check(5).errors


def test_both_sides_changed(target: ZohoTarget) -> None:
    target.config |= {
        "two_way": True,
        "source_system": "jde",
        "policies": {
            "default": "newest",
            "zoho.Accounts.Credit_Limit": "jde",
            "zoho.Accounts.Payment_Terms": "hold",
            "zoho.Accounts.Fax": "zoho",
        },
        "newest_ties": "jde",
        "stream_maps": target.map(Credit_Limit="credit", Payment_Terms="terms", Phone="phone", Fax="notes"),
    }
    first = {"credit": 100, "terms": "30 days", "phone": "1", "notes": "f1"}
    target.run([customer(1, **first)]).check(0)
    account = target.accounts["A1"]["id"]
    theirs = {"Credit_Limit": 500, "Payment_Terms": "60 days", "Fax": "f3", "Website": "x.example"}
    target.put("Accounts", {"id": account, **theirs})
    # What only one side changed survives on both; the rest is decided field by field.
    second = {"credit": 200, "terms": "14 days", "phone": "2", "notes": "f2"}
    run = target.run([customer(1, **second, updated=LATER, extracted="2099-01-01T00:00:00Z")]).check(0)
    row = target.accounts["A1"]
    assert run.outcomes == {"held": 1}
    assert (row["Credit_Limit"], row["Phone"], row["Payment_Terms"], row["Fax"], row["Website"]) == (
        200,
        "2",
        "60 days",
        "f3",
        "x.example",
    )
    (letter,) = target.letters()
    assert (letter.cause, letter.field) == ("conflict", "Payment_Terms")


def test_stored_values_are_read_back(target: ZohoTarget) -> None:
    """What the vendor makes of a value is no change of the vendor's."""
    target.config |= {"two_way": True, "stream_maps": target.map(Credit_Limit="credit")}
    # The metadata do not tell that the vendor keeps whole numbers only.
    target.put("fields", {"module": "Accounts", "api_name": "Credit_Limit", "decimals": None})
    target.run([customer(1, name="  Acme  ", credit=1.239)]).check(0)
    assert target.accounts["A1"]["Credit_Limit"] == 1
    calls = target.calls(writes_only=False)
    assert calls.index("POST upsert") < calls.index("GET Accounts")
    # Known by what was sent the field would now look changed, and the other side would win.
    policies = {"default": "zoho"}
    again = [customer(1, name="  Acme  ", credit=7, updated=LATER)]
    assert target.run(again, policies=policies).check(0).outcomes == {"updated": 1}
    assert target.accounts["A1"]["Credit_Limit"] == 7


def test_contacts_get_their_account_and_circles_of_parents_are_closed(target: ZohoTarget) -> None:
    people = {
        "__alias__": "Contacts",
        "__key_properties__": ["JDE_Contact_Key"],
        "JDE_Contact_Key": "'C' + str(id)",
        "Last_Name": "name",
        "Account_Name": "account_number",
        "__else__": "__NULL__",
    }
    maps = {**target.map(Parent_Account="parent"), "people": people}
    held = target.put("Accounts", {"Account_Name": "Held", NUMBER: "B9"})[0]["id"]
    given = [
        schema("people", properties=PROPERTIES),
        customer(1, stream="people"),
        customer(2, stream="people", account_number=f"id:{held}"),
        customer(3, stream="people", account_number="B9"),
        customer(4, stream="people", account_number="nobody"),
        customer(1, parent="A2"),
        customer(2, parent="A1"),
        customer(3, parent="A1"),
    ]
    run = target.run(given, stream_maps=maps).check(0)
    assert run.outcomes == {"created": 6, "rejected": 1}
    accounts = target.accounts
    parents = {key: (row["Parent_Account"] or {}).get("id") for key, row in accounts.items()}
    assert parents == {
        "A1": accounts["A2"]["id"],
        "A2": accounts["A1"]["id"],
        "A3": parents["A3"],
        "B9": None,
    }
    assert parents["A3"] == accounts["A1"]["id"]
    people_of = {row["Last_Name"]: row["Account_Name"]["id"] for row in target.rows("Contacts")}
    assert people_of == {"Customer 1": accounts["A1"]["id"], "Customer 2": held, "Customer 3": held}
    assert [letter.cause for letter in target.letters()] == ["waiting"]
    assert target.run(given[:-1], stream_maps=maps).check(0).outcomes["unchanged"] == 5
    assert target.requests(writes_only=True) == []


def test_custom_modules_and_line_items(target: ZohoTarget) -> None:
    target.put("modules", {"api_name": "Depots"})
    target.put("fields", {"module": "Depots", "api_name": "ERP", "data_type": "text", "unique": True})
    target.put(
        "fields",
        {
            "module": "Depots",
            "api_name": "Kinds",
            "data_type": "multiselectpicklist",
            "options": ["A", "B", "C"],
        },
    )
    depots = target.map(
        "Depots", __key_properties__=["ERP"], ERP="account_number", Name="name", Kinds="tags"
    )["customers"]
    orders = target.map(
        "Purchase_Orders",
        __key_properties__=["PO_Number"],
        PO_Number="account_number",
        Subject="name",
        Vendor_Name="parent",
        Purchase_Items="[{'Quantity': 2, 'List_Price': 5.5}]",
    )["customers"]
    vendor = target.put("Vendors", {"Vendor_Name": "V", NUMBER: "V1"})[0]["id"]
    maps = {"customers": depots, "orders": orders}
    given = [
        customer(1, tags=["B", "A"]),
        schema("orders", properties=PROPERTIES),
        customer(2, stream="orders", parent="V1"),
    ]
    source_key = {"Depots": "ERP", "Vendors": NUMBER}
    run = target.run(given, stream_maps=maps, source_key=source_key).check(0)
    assert run.outcomes == {"created": 2}
    assert {call for call in target.calls() if call.startswith("POST")} == {
        "POST upsert",
        "POST Purchase_Orders",
    }, "without a source key records are inserted"
    assert [row["Kinds"] for row in target.rows("Depots")] == [["B", "A"]]
    (order,) = target.rows("Purchase_Orders")
    assert (order["Vendor_Name"]["id"], order["Purchase_Items"][0]["List_Price"]) == (vendor, 5.5)
    # A member that somebody put there stays; rows of an order are its own from then on.
    target.put("Depots", {"id": target.rows("Depots")[0]["id"], "Kinds": ["A", "B", "C"]})
    given[0] = customer(1, tags=["A"], updated=LATER)
    run = target.run(given, stream_maps=maps, source_key=source_key).check(0)
    assert run.outcomes == {"updated": 1, "unchanged": 1}
    assert [row["Kinds"] for row in target.rows("Depots")] == [["A", "C"]]
