"""docs/zendesk-oro.md says what meltano.yml maps, row by row, and both status profiles are OroCRM's."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from simpleeval import simple_eval  # type: ignore[import-untyped]  # it has none

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "meltano.yml").read_text("utf-8"))
TEXT = (ROOT / "docs" / "zendesk-oro.md").read_text("utf-8")
LOADERS = {each["name"]: each["config"] for each in PROJECT["plugins"]["loaders"]}
TO_ORO, TO_ZENDESK = LOADERS["target-oro-crm"], LOADERS["target-zendesk-oro"]
VALUES = TO_ORO["stream_map_config"]
# A heading, the map towards OroCRM, the map back.
SECTIONS: dict[str, tuple[str, str | None]] = {
    "Tickets and cases": ("tickets", "cases"),
    "Ticket records": ("zendesktickets", None),
    "Comments": ("ticket_comments", "casecomments"),
    "Comment records": ("zendeskticketcomments", None),
    "People": ("users", None),
    "User records": ("zendeskusers", None),
}
ROW = r"^\| ((?:`[\w.]+`(?:, )?)+) \| ((?:`[\w.]+`(?:, )?)+) \| (both|to Oro|to Zendesk) \| [^|]+ \|$"
Pairs = set[tuple[str, str]]


def documented(heading: str, way: str) -> Pairs:
    """(field of Zendesk, field of OroCRM) that the document lets go one way."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    rows = re.findall(ROW, section, re.MULTILINE)
    assert rows
    assert len(rows) == section.count("\n| `")
    return {
        (zendesk, oro)
        for left, right, ways in rows
        if ways in ("both", way)
        for zendesk in re.findall(r"`([\w.]+)`", left)
        for oro in re.findall(r"`([\w.]+)`", right)
    }


def mapped(maps: dict[str, Any], name: str) -> Pairs:
    """(source field, target field) by meltano.yml; the key that is only passed on is none."""
    found: Pairs = set()
    for field, expression in maps[name].items():
        if field.startswith("_") or field == expression == "id":
            continue
        tree = ast.parse(expression.strip(), mode="eval").body
        parts = {field: tree}
        if isinstance(tree, ast.Dict):
            keys = [str(key.value) for key in tree.keys if isinstance(key, ast.Constant)]
            parts = {f"{field}.{key}": value for key, value in zip(keys, tree.values, strict=True)}
        for target, part in parts.items():
            nodes = [node for node in ast.walk(part) if isinstance(node, ast.Name)]
            own = {node.id for node in nodes if isinstance(node.ctx, ast.Store)}  # of a comprehension
            names = {node.id for node in nodes} - own - {"config", "str", "record"}
            found |= {(source, target) for source in names}
    return found


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_table_is_the_mapping_in_both_directions(heading: str) -> None:
    forth, back = SECTIONS[heading]
    assert documented(heading, "to Oro") == mapped(TO_ORO["stream_maps"], forth)
    there = mapped(TO_ZENDESK["stream_maps"], back) if back else set()
    assert documented(heading, "to Zendesk") == {(zendesk, oro) for oro, zendesk in there}


# What OroCRM's own integration and its user guide say: Zendesk, the bundle's case, the guide's case.
STATUSES = [
    ("new", "open", "open"),
    ("open", "open", "open"),
    ("pending", "in_progress", "in_progress"),
    ("hold", "open", None),
    ("solved", "resolved", "closed"),
    ("closed", "closed", None),
]
# A case, the bundle's ticket, the guide's ticket.
STATUSES_BACK = [
    ("open", "new", "open"),
    ("in_progress", "pending", "pending"),
    ("resolved", "solved", "solved"),
    ("closed", "closed", "solved"),
]


def evaluated(target: dict[str, Any], stream: str, field: str, profile: str, **record: Any) -> Any:
    """The value of a mapping's expression in a profile."""
    config = {**target["stream_map_config"], "profile": profile}
    return simple_eval(target["stream_maps"][stream][field], names={"config": config, **record})


@pytest.mark.parametrize(("ticket", "bundle", "guide"), STATUSES)
def test_a_ticket_s_status_is_that_case_s_status(ticket: str, bundle: str, guide: str | None) -> None:
    assert evaluated(TO_ORO, "tickets", "status", "bundle", status=ticket) == bundle
    # What the guide does not tell is as the bundle has it.
    assert evaluated(TO_ORO, "tickets", "status", "guide", status=ticket) == (guide or bundle)


@pytest.mark.parametrize(("case", "bundle", "guide"), STATUSES_BACK)
def test_a_case_s_status_is_that_ticket_s_status(case: str, bundle: str, guide: str) -> None:
    assert evaluated(TO_ZENDESK, "cases", "status", "bundle", status=case) == bundle
    assert evaluated(TO_ZENDESK, "cases", "status", "guide", status=case) == guide


@pytest.mark.parametrize("profile", ["bundle", "guide"])
def test_priorities_are_alike_in_both_profiles_and_urgent_is_never_sent(profile: str) -> None:
    there = {"low": "low", "normal": "normal", "high": "high", "urgent": "high", None: "normal"}
    back = {"low": "low", "normal": "normal", "high": "high", None: None}
    for given, shown in there.items():
        assert evaluated(TO_ORO, "tickets", "priority", profile, priority=given) == shown
    for case, ticket in back.items():
        assert evaluated(TO_ZENDESK, "cases", "priority", profile, priority=case) == ticket
    assert "urgent" not in VALUES["ticket_priority"].values()


@pytest.mark.parametrize("profile", ["bundle", "guide"])
def test_what_is_in_no_table_leaves_the_other_side_as_it_is(profile: str) -> None:
    assert evaluated(TO_ORO, "tickets", "status", profile, status="unheard of") is None
    assert evaluated(TO_ZENDESK, "cases", "status", profile, status="waiting_for_parts") is None


def test_the_document_shows_the_tables_of_the_settings() -> None:
    section = TEXT.partition("\n### Statuses\n")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", section, re.MULTILINE)
    shown = {left: {"guide": guide, "bundle": bundle} for left, guide, bundle in rows[:7]}
    back = {left: {"guide": guide, "bundle": bundle} for left, guide, bundle in rows[7:]}
    for profile in ("guide", "bundle"):
        assert {each: cells[profile] for each, cells in shown.items()} == VALUES["to_case"][profile]
        assert {each: cells[profile] for each, cells in back.items()} == VALUES["to_ticket"][profile]
    section = TEXT.partition("\n### Priorities\n")[2].partition("\n## ")[0]
    row = r"^\| `(\w+)` \| `(\w+)` \| \|(?: `(\w+)`)? \|(?: `(\w+)`)? \|$"
    cells = re.findall(row, section, re.MULTILINE)
    assert {left: right for left, right, _, _ in cells} == VALUES["case_priority"]
    assert {case: ticket for _, _, case, ticket in cells if case} == VALUES["ticket_priority"]


def test_both_targets_say_the_same_of_the_integration() -> None:
    for name in ("integration", "sync_priority", "authority", "stream_map_config"):
        assert TO_ORO[name] == TO_ZENDESK[name], name
    assert (TO_ORO["source_system"], TO_ZENDESK["source_system"]) == ("zendesk", "oro")


def test_nothing_goes_back_unless_somebody_says_so() -> None:
    assert TO_ZENDESK["way_back"] is True
    assert TO_ZENDESK["two_way"] is False
    assert not any(VALUES["publish"].values())
