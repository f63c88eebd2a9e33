"""A read package that does not do what it is asked, and other strange answers to POST."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from support.scripted_server import Answer, Received

Row = dict[str, Any]
Change = Callable[[dict[str, Any], Mapping[str, str]], dict[str, Any]]


def terms(count: int) -> list[Row]:
    """Rows of RA_TERMS as the package gives them: all values text."""
    return [
        {
            "TERM_ID": str(number),
            "NAME": f"{number} NET",
            "LAST_UPDATE_DATE": f"2026-10-{1 + number % 28:02d}T10:11:12",
        }
        for number in range(1, count + 1)
    ]


class ScriptedPackage:
    """Answers one table; `ignored` parameters have no effect, `change` alters each answer's outputs."""

    def __init__(self, rows: list[Row], ignored: tuple[str, ...] = (), change: Change | None = None) -> None:
        self.rows = rows
        self.ignored = ignored
        self.change = change
        self.calls: list[dict[str, str]] = []

    def __call__(self, received: Received) -> Answer:
        if received.method != "POST":
            return Answer(404)
        (body,) = received.json.values()
        given = dict(body["InputParameters"])
        self.calls.append(given)
        outputs = self._outputs({name: given[name] for name in given if name not in self.ignored})
        if self.change is not None:
            outputs = self.change(outputs, given)
        return Answer(200, json.dumps({"OutputParameters": outputs}))

    def _outputs(self, given: Mapping[str, str]) -> dict[str, Any]:
        keys = given["P_KEYS"].split(",") if "P_KEYS" in given else None
        low, high = given.get("P_LAST_UPDATE_FROM", ""), given.get("P_LAST_UPDATE_TO", "9")
        rows = [
            row
            for row in self.rows
            if (keys is None or row["TERM_ID"] in keys)
            and low <= str(row["LAST_UPDATE_DATE"]) <= high
            and int(row["TERM_ID"]) > int(given.get("P_LAST_KEY", "0"))
        ]
        rows = rows[int(given.get("P_OFFSET", "0")) :]
        limit = int(given.get("P_LIMIT", "100000"))
        return {
            "X_ROWS": {"X_ROWS_ITEM": rows[:limit]},
            "X_RETURN_STATUS": "S",
            "X_MSG_DATA": None,
            "X_HAS_MORE": "Y" if len(rows) > limit else "N",
            "X_SERVER_TIME": "2026-11-20T10:00:00",
        }
