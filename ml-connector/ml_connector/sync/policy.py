"""Who wins when both sides changed one field, and who speaks first when nothing is known of it.

Settings are flat mappings, the same text for both directions of an integration:

    policies:  {default: jde, zoho.Accounts.Phone: newest, jde.customers.credit_limit: jde}
    authority: {default: jde, zoho.Accounts.Description: zoho}

A field may be named on either side (`system.object.field`), an object as `system.object`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from ml_connector.errors import SystemFault

NEWEST, HOLD, FILL_BLANKS = "newest", "hold", "fill_blanks"
KEYWORDS = frozenset({NEWEST, HOLD, FILL_BLANKS})

Verdict = Literal["source", "target", "hold", "fill_blanks"]


class Policies:
    """The rules of one integration, asked field by field."""

    def __init__(
        self,
        source: str,
        target: str,
        *,
        policies: Mapping[str, Any] | None = None,
        authority: Mapping[str, Any] | None = None,
        newest_ties: str | None = None,
        clock_tolerance: float = 0.0,
    ) -> None:
        self.source = source
        self.target = target
        self._policies = {"default": source, **(policies or {})}
        self._authority = {"default": source, **(authority or {})}
        self._newest_ties = newest_ties or self._default_winner()
        self._clock_tolerance = clock_tolerance
        self._check()

    def _default_winner(self) -> str:
        """Who wins ties where no setting says so: the same system for both directions."""
        default = str(self._policies["default"])
        return str(self._authority["default"]) if default in KEYWORDS else default

    def _check(self) -> None:
        systems = {self.source, self.target}
        for setting, rules, allowed in (
            ("policies", self._policies, systems | KEYWORDS),
            ("authority", self._authority, systems),
            ("newest_ties", {"newest_ties": self._newest_ties}, systems),
        ):
            for name, value in rules.items():
                if not isinstance(value, str) or value not in allowed:
                    raise SystemFault(
                        f"{setting}: {name} is {value!r}.", fix=f"Use one of {', '.join(sorted(allowed))}."
                    )

    def policy(self, target_object: str, field: str, stream: str, behind: Iterable[str]) -> str:
        """The policy of a target field whose expression names the source fields `behind`."""
        return self._rule(self._policies, target_object, field, stream, behind)

    def source_speaks_first(self, target_object: str, field: str, stream: str, behind: Iterable[str]) -> bool:
        """Whether the source's value is written where nothing is known of the field yet."""
        return self._rule(self._authority, target_object, field, stream, behind) == self.source

    def _rule(
        self, rules: Mapping[str, str], target_object: str, field: str, stream: str, behind: Iterable[str]
    ) -> str:
        found = rules.get(f"{self.target}.{target_object}.{field}")
        if found is None:
            named = (rules.get(f"{self.source}.{stream}.{name}") for name in sorted(behind))
            found = next((rule for rule in named if rule is not None), None)
        if found is None:
            found = rules.get(f"{self.target}.{target_object}") or rules.get(f"{self.source}.{stream}")
        return found or rules["default"]

    def always_source(self, target_object: str, field: str, stream: str, behind: Iterable[str]) -> bool:
        """Whether the source wins this field whatever the target holds, so that nobody needs to look."""
        return self.policy(target_object, field, stream, behind) == self.source

    def decide(
        self,
        policy: str,
        source_interval: tuple[float | None, float | None],
        target_interval: tuple[float | None, float | None],
    ) -> Verdict:
        """The winner of a field that both sides changed.

        An interval is (version last seen, present version) in UTC seconds; the change lies between.
        """
        return self.judge(policy, source_interval, target_interval)[0]

    def judge(
        self,
        policy: str,
        source_interval: tuple[float | None, float | None],
        target_interval: tuple[float | None, float | None],
    ) -> tuple[Verdict, bool]:
        """As `decide`, and whether the times did not tell, so that `newest_ties` named the winner."""
        ties = False
        if policy == NEWEST:
            newest = self._newest(source_interval, target_interval)
            policy, ties = newest or self._newest_ties, newest is None
        if policy == self.source:
            return "source", ties
        if policy == self.target:
            return "target", ties
        return ("hold" if policy == HOLD else "fill_blanks"), ties

    def _newest(
        self,
        source: tuple[float | None, float | None],
        target: tuple[float | None, float | None],
    ) -> str | None:
        source_from, source_to = source
        target_from, target_to = target
        if source_from is None or source_to is None or target_from is None or target_to is None:
            return None
        tolerance = self._clock_tolerance
        if source_to > target_to and source_from - target_to >= tolerance:
            return self.source
        if target_to > source_to and target_from - source_to >= tolerance:
            return self.target
        return None

    def body(self) -> str:
        """The rules as text, the same for both directions."""
        rules = {
            "policies": self._policies,
            "authority": self._authority,
            "ties": self._newest_ties,
            "tolerance": float(self._clock_tolerance),
        }
        return msgspec.json.encode(rules, order="sorted").decode()

    def digest(self) -> str:
        """A short name of these rules."""
        return hashlib.blake2b(self.body().encode(), digest_size=16).hexdigest()
