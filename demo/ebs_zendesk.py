"""EBS to Zendesk: from an empty Zendesk to a refused record that came in after all."""

from __future__ import annotations

from rich.panel import Panel
from rich.table import Table
from telling import CONSOLE, show, tell
from world import NORTHWIND, Row, Step, World, expect

REPLAY = ("tap-dead-letters", "target-zendesk-ml")
CHANGED_CITY = "Aarhus"
# Kosovo has no code in ISO 3166 yet; this user-assigned one has three letters, the field's rule wants two.
ODD_COUNTRY = "XKX"


def meet(world: World) -> None:
    """Say who plays."""
    tell(f"The sandbox plays Oracle EBS and Zendesk at {world.url}.")
    source = "a Northwind CSV directory" if NORTHWIND.is_dir() else "the sandbox's generator"
    tell(
        f"Its EBS has {len(world.active_customers())} active customers, from {source}; its Zendesk is empty."
    )


def first_run(world: World) -> None:
    """Bring every customer in."""
    tell("meltano run ebs-zendesk")
    run = world.meltano_run("ebs-zendesk")
    expected, users = world.active_customers(), world.users()
    expect(sorted(world.organizations()) == expected, "not every active customer became an organization")
    expect(run.outcomes.get("created") == len(expected) + len(users), f"the outcomes are {run.outcomes}")
    tell(
        f"{len(expected)} organizations and {len(users)} users, their contacts, were created with "
        f"{run.summary['requests']} requests to Zendesk."
    )
    tell("Open orders, invoices and spend became fields of the organizations.")
    left_out = world.letters("customer_exclusions")
    tell(
        f"{len(left_out)} documents are in no figure, for their accounts cannot be posted to. Why is listed:"
    )
    show(world, "letters", "list", "--stream", "customer_exclusions", paragraphs=1)


def second_run(world: World) -> None:
    """Run again: nothing changed."""
    tell("meltano run ebs-zendesk")
    world.meltano_run("ebs-zendesk")
    writes = world.control.requests("zendesk", writes_only=True)
    expect(not writes, f"{len(writes)} writes although nothing changed")
    tell("Nothing had changed: 0 writes.")


def changes(world: World) -> None:
    """Change three customers."""
    before, chosen = world.organizations(), world.with_address(3)
    for number in chosen:
        world.change_address(number, CITY=CHANGED_CITY)
    tell(f"A clerk moves the customers {', '.join(chosen)} to {CHANGED_CITY} in EBS.")
    tell("meltano run ebs-zendesk")
    world.meltano_run("ebs-zendesk")
    expect(world.written() == chosen, f"written were {world.written()}")
    after = world.organizations()
    expect([number for number in after if after[number] != before[number]] == chosen, "others changed too")
    tell(f"Written were {', '.join(world.written())}, and no other.")


def refusal(world: World) -> None:
    """Let Zendesk refuse one record."""
    number = world.with_address(1)[0]
    world.change_address(number, COUNTRY=ODD_COUNTRY)
    tell(f"In EBS the country of {number} becomes {ODD_COUNTRY}; Zendesk's field takes two letters only.")
    tell("meltano run ebs-zendesk")
    run = world.meltano_run("ebs-zendesk")
    expect(run.summary["new_letters"] == 1, f"the run wrote {run.summary['new_letters']} letters")
    show(world, "letters", "list", "--stream", "customers")
    (letter,) = world.letters("customers")
    show(world, "letters", "show", str(letter["id"]), paragraphs=1)


def replay(world: World) -> None:
    """Mend the cause and bring the record in."""
    number = world.with_address(1)[0]
    rule = {"key": "ebs_country", "regexp_for_validation": "^[A-Z]{2,3}$"}
    world.control.put_rows("zendesk", "organization_fields", [rule])
    tell("An administrator of Zendesk lets the field take three letters too.")
    tell(f"meltano run {' '.join(REPLAY)}")
    run = world.meltano_run(*REPLAY)
    expect(run.outcomes.get("updated") == 1, f"the outcomes are {run.outcomes}")
    country = world.organizations()[number]["organization_fields"]["ebs_country"]
    expect(country == ODD_COUNTRY, f"the country in Zendesk is {country}")
    expect(not world.letters("customers"), "the letter is still open")
    tell("Its letter is closed.")


def look(world: World) -> None:
    """Look at the runs, and at one organization."""
    show(world, "status", "--runs", "5")
    organization = world.organizations()[world.with_address(1)[0]]
    CONSOLE.print(as_an_agent_sees(organization, world.control.rows("zendesk", "organization_fields")))


def as_an_agent_sees(organization: Row, definitions: list[Row]) -> Panel:
    """An organization as Zendesk's agent workspace shows it: name, tags, fields by title."""
    values = organization["organization_fields"]
    table = Table.grid(padding=(0, 3))
    table.add_column(style="dim")
    table.add_column()
    table.add_row("Tags", ", ".join(organization["tags"]))
    table.add_row("External ID", organization["external_id"])
    for field in definitions:
        table.add_row(field["title"], shown(field, values.get(field["key"])))
    return Panel(table, title=organization["name"], subtitle="Zendesk", expand=False)


def shown(field: Row, value: object) -> str:
    """The value of a field for people: an option by its name, a checkbox as yes or no."""
    names = {option["value"]: option["name"] for option in field.get("custom_field_options") or []}
    words = {None: "-", True: "yes", False: "no", **names}
    return str(words.get(value, value)) if isinstance(value, str | bool | None) else str(value)


STEPS: tuple[Step, ...] = (
    ("Who is there", meet),
    ("Customers become organizations, contacts become users", first_run),
    ("Run again", second_run),
    ("Three customers change", changes),
    ("One record is refused", refusal),
    ("The cause is mended, the record is replayed", replay),
    ("What is there now", look),
)
