"""Records with candidates, killed at every moment and run again: as one clean run would have left them."""

from __future__ import annotations

from typing import Any

from sync_support.deaths import deadly_commits
from sync_support.desk import Desk
from sync_support.runs import Emitted
from sync_support.vendor import Death

from ml_connector.ledger import Ledger


def new(ledger: Ledger, integration: str) -> Desk:
    desk = Desk(ledger, integration, two_way=True)
    desk.tickets.fallbacks["requester"] = "70"
    return desk


def business(desk: Desk) -> list[list[Emitted]]:
    """Two runs: a circle, someone who is passed over, a fallback, followers; then other people."""
    return [
        [
            desk.contact("1", None),
            desk.contact("2"),
            desk.staff("3"),
            desk.case("5", requester=["1", "2"], problem=["6"], followers=["3", "9"]),
            desk.case("6", requester=["1"], problem=["5"], assignee=["3"]),
        ],
        [
            desk.case("5", requester=["1"], problem=["6"], followers=["3", {"users": "2"}]),
            desk.case("6", requester=["2"], problem=["5"], assignee=["1"]),
        ],
    ]


def rows(desk: Desk) -> list[dict[str, Any]]:
    """What the tickets hold, with names in the place of the vendor's keys."""
    people = {**desk.users.rows, **desk.agents.rows, **desk.tickets.rows}
    named = {key: f"the {row['external_id']}" for key, row in people.items()}

    def shown(value: Any) -> Any:
        if isinstance(value, list):
            return sorted(shown(each) for each in value)
        return named.get(str(value), value)

    tickets = [{name: shown(value) for name, value in row.items()} for row in desk.tickets.rows.values()]
    return sorted(tickets, key=lambda row: str(row["external_id"]))


def play(desk: Desk, emitted: list[Emitted], fatal: int | None) -> bool:
    """Run, perhaps until killed; then run again. Whether it was killed."""
    desk.moments.passed, desk.moments.fatal = 0, fatal
    died = False
    with deadly_commits(desk.pipe.ledger.engine, desk.moments):
        try:
            desk.run(*emitted, batch=3)
        except Death:
            died = True
    desk.moments.fatal = None
    desk.run(*emitted, batch=3)
    return died


def test_killed_anywhere_is_as_one_clean_run(ledger: Ledger, integration: str) -> None:
    clean = new(ledger, f"{integration} clean")
    wanted = []
    for emitted in business(clean):
        play(clean, emitted, None)
        wanted.append(rows(clean))
    assert [row["requester"] for row in wanted[0]] == ["the 2", 70]
    assert [row["requester"] for row in wanted[1]] == [70, "the 2"]
    fatal, died = 0, True
    while died:
        fatal += 1
        desk = new(ledger, f"{integration} {fatal}")
        deaths = []
        for emitted, after in zip(business(desk), wanted, strict=True):
            deaths.append(play(desk, emitted, fatal))
            assert rows(desk) == after, f"killed at moment {fatal}"
        died = any(deaths)
        assert desk.letters() == []
    assert fatal > 20, "there are that many moments"
