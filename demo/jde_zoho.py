"""JD Edwards and Zoho CRM: a first round, changes on both sides, a conflict, and a prospect of Zoho."""

from __future__ import annotations

import json

from rich.table import Table
from telling import CONSOLE, show, tell
from world import Row, Step, World, expect

JDE_TO_ZOHO = ("tap-jde", "target-zoho-crm")
ROUND = "jde-zoho"


def accounts(world: World) -> dict[str, Row]:
    """The Accounts of Zoho by their address number."""
    rows = world.control.rows("zoho", "Accounts")
    return {row["JDE_Address_Number"] or row["Account_Name"]: row for row in rows}


def terms(world: World) -> dict[str, Row]:
    """The customers of JD Edwards by their address number."""
    rows = world.control.rows("jde", "F03012")
    return {str(row["AN8"]): row for row in rows if row["CO"] == "00000"}


def writes(world: World) -> list[Row]:
    """What was written to either system since the last run began."""
    asking = ("/coql", "/token", "/tokenrequest", "/logout")
    logged = [each for name in ("jde", "zoho") for each in world.control.requests(name, writes_only=True)]
    return [each for each in logged if not each["path"].endswith(asking)]


def first_load(world: World) -> None:
    """Bring the address book into an empty Zoho."""
    tell(f"The sandbox plays JD Edwards EnterpriseOne and Zoho CRM at {world.url}.")
    tell(f"meltano run {' '.join(JDE_TO_ZOHO)}")
    run = world.meltano_run(*JDE_TO_ZOHO)
    customers, found = terms(world), accounts(world)
    expect(sorted(found) == sorted(customers), "not every customer became an Account")
    tell(
        f"{len(found)} Accounts, {len(world.control.rows('zoho', 'Contacts'))} Contacts and "
        f"{len(world.control.rows('zoho', 'Vendors'))} Vendors were created with {run.summary['requests']} "
        f"requests and {run.summary['credits']['spent']} API credits."
    )


def idle_round(world: World) -> None:
    """Run both ways: nothing changed."""
    tell(f"meltano run {ROUND}")
    world.meltano_run(ROUND)
    expect(not writes(world), f"{len(writes(world))} writes although nothing changed")
    tell("Nobody changed anything: 0 writes, on neither side.")


def both_sides(world: World) -> None:
    """Change one customer on both sides: different fields, and one field twice."""
    number = chosen(world)
    account = accounts(world)[number]
    key = {"AN8": int(number), "CO": "00000"}
    world.control.put_rows("jde", "F03012", [{**key, "ACL": 77_000, "HOLD": "C1"}])
    fields = {"Phone": "555-0142", "Website": "https://www.example.org", "Credit_Limit": 12_000}
    world.control.put_rows("zoho", "Accounts", [{"id": account["id"], **fields}])
    tell(f"Customer {number}: accounting sets a credit limit of 77,000 and a hold in JD Edwards.")
    tell("Sales enters phone, website and a credit limit of 12,000 for the same customer in Zoho.")
    tell(f"meltano run {ROUND}")
    world.meltano_run(ROUND)
    after = accounts(world)[number]
    expect(after["Phone"] == fields["Phone"], f"the phone in Zoho is {after['Phone']}")
    expect(after["Credit_Hold"], "the hold did not reach Zoho")
    expect(after["Credit_Limit"] == 77_000, f"the limit in Zoho is {after['Credit_Limit']}")
    expect(int(terms(world)[number]["ACL"]) == 77_000, "the limit in JD Edwards changed")
    tell("Both kept what only one side changed. The credit limit was changed by both: JD Edwards' policy.")
    side_by_side(world, number)
    kept = json.loads(world.command("ml-connector", "conflicts", "list", "--json").output)
    values = [each["values"].get("credit_limit") or each["values"].get("Credit_Limit") for each in kept]
    expect({"jde": 77_000, "zoho": 12_000} in values, f"the conflict is not kept: {kept}")
    tell("Both values are kept, to be looked at:")
    show(world, "conflicts", "list")


def prospect(world: World) -> None:
    """Somebody new in Zoho gets an address number."""
    new = {"Account_Name": "Prospect & Sons", "Billing_City": "Graz", "Billing_Country": "AT"}
    world.control.put_rows("zoho", "Accounts", [new])
    tell("Sales enters a prospect in Zoho.")
    tell(f"meltano run {ROUND}")
    world.meltano_run(ROUND)
    (found,) = [row for row in accounts(world).values() if row["Account_Name"] == new["Account_Name"]]
    number = found["JDE_Address_Number"]
    expect(number in terms(world), f"{number} is no customer of JD Edwards")
    tell(f"It is customer {number} of JD Edwards now, and Zoho knows the number.")
    tell(f"meltano run {ROUND}")
    world.meltano_run(ROUND)
    expect(not writes(world), f"{len(writes(world))} writes although nothing changed")
    tell("The next round writes nothing: no change goes round in circles.")
    show(world, "status", "--runs", "4")


def chosen(world: World) -> str:
    """A customer without a hold."""
    return min(number for number, row in terms(world).items() if not row["HOLD"])


def side_by_side(world: World, number: str) -> None:
    """Print what both sides hold of a customer."""
    account, ours = accounts(world)[number], terms(world)[number]
    (master,) = [row for row in world.control.rows("jde", "F0101") if str(row["AN8"]) == number]
    table = Table(title=f"Customer {number}")
    for heading in ("", "JD Edwards", "Zoho CRM"):
        table.add_column(heading)
    table.add_row("Name", master["ALPH"], account["Account_Name"])
    table.add_row("Credit limit", f"{int(ours['ACL']):,}", f"{account['Credit_Limit']:,}")
    table.add_row("Hold", ours["HOLD"] or "-", "yes" if account["Credit_Hold"] else "no")
    table.add_row("Payment terms", ours["TRAR"] or "-", account["Payment_Terms"] or "-")
    CONSOLE.print(table)


STEPS: tuple[Step, ...] = (
    ("An address book becomes Accounts, Contacts and Vendors", first_load),
    ("A round in which nothing changed", idle_round),
    ("One customer changes on both sides", both_sides),
    ("A prospect of Zoho becomes a customer of JD Edwards", prospect),
)
