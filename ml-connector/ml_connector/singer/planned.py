"""What a dry run tells: rows of the audit trail, and what the following run would cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ml_connector.ledger import AuditRow, Digester
from ml_connector.singer.objects import VendorObject
from ml_connector.sync import Outcome

_WORDS = {"created": "create", "updated": "update", "unchanged": "leave", "rejected": "reject"}


class Planned:
    """Counts the outcomes that a run would have."""

    def __init__(self, objects: Mapping[str, VendorObject], digester: Digester) -> None:
        self._objects = objects
        self._digester = digester
        self._counts: Counter[tuple[str, str]] = Counter()

    def rows(self, outcomes: Iterable[Outcome]) -> list[AuditRow]:
        """Count these, and give the rows that tell of them; a record that would be left needs none."""
        rows = []
        for outcome in outcomes:
            self._counts[outcome.incoming.route.object, outcome.kind] += 1
            if outcome.kind not in ("unchanged", "echoed"):
                rows.append(self._row(outcome))
        return rows

    def _row(self, outcome: Outcome) -> AuditRow:
        return AuditRow(
            stream=outcome.incoming.route.stream,
            object=outcome.incoming.route.object,
            source_key=outcome.incoming.identity,
            target_key=outcome.key,
            outcome=f"would {_WORDS.get(outcome.kind, outcome.kind)}",
            fields={name: self._digester.value(value).hex() for name, value in outcome.fields.items()},
            reason=outcome.reason,
        )

    def as_dict(self, outcomes: Mapping[str, int]) -> dict[str, int]:
        """What the following run would do, with the requests and credits that its writes cost."""
        counts = {word: outcomes[kind] for kind, word in _WORDS.items()}
        cost = credit_cost = 0
        for name, each in self._objects.items():
            writes = self._counts[name, "created"], self._counts[name, "updated"]
            cost += each.request_cost(*writes)
            credit_cost += each.credit_cost(*writes)
        return {
            **{name: counts[name] for name in ("create", "update", "leave", "reject")},
            "requests": cost,
            **({"credits": credit_cost} if credit_cost else {}),
        }
