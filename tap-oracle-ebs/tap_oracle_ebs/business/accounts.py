"""The GL check: whether an account may be posted to on a day, by the rule that Payables itself applies."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from tap_oracle_ebs.business.days import Days
from tap_oracle_ebs.catalog.tables import CHANGED

GL = "GL_CODE_COMBINATIONS"
COLUMNS = (
    "ENABLED_FLAG SUMMARY_FLAG DETAIL_POSTING_ALLOWED_FLAG START_DATE_ACTIVE END_DATE_ACTIVE TEMPLATE_ID"
)
"""The columns of GL_CODE_COMBINATIONS that the rule needs."""

SELECTED = (
    "g.CODE_COMBINATION_ID AS known, g.ENABLED_FLAG AS enabled, g.SUMMARY_FLAG AS summary, "
    "g.TEMPLATE_ID AS template_id, g.DETAIL_POSTING_ALLOWED_FLAG AS detail_posting, "
    f"g.START_DATE_ACTIVE AS active_from, g.END_DATE_ACTIVE AS active_to, g.{CHANGED} AS account_changed"
)
"""The account `g` of a charge, as SQL."""

_DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """The first account of a document that may not be posted to, and the line that names it."""

    line_id: int
    code_combination_id: int
    reason: str


def first_failure(charges: Iterable[Mapping[str, Any]], days: Days) -> Failure | None:
    """Return the first charge, in the order given, whose account fails.

    A charge has `line_id`, `code_combination_id`, `judged_on` (null: the day of the run) and the account
    as in `SELECTED`. One without an account is not judged.
    """
    for charge in charges:
        key = charge["code_combination_id"]
        if key is None:
            continue
        judged_on = charge["judged_on"]
        why = fault_of(charge, days.local(judged_on) if judged_on else days.midnight, days)
        if why is not None:
            return Failure(charge["line_id"], key, f"account {key} {why}")
    return None


def fault_of(account: Mapping[str, Any], when: dt.datetime, days: Days) -> str | None:
    """Return why an account may not be posted to at a local time, or None where it may."""
    if account["known"] is None:
        return "is unknown"
    for is_faulty, why in (
        (account["enabled"] != "Y", "is disabled"),
        (account["summary"] != "N", "is a summary account"),
        (account["template_id"] is not None, "is a template account"),
        (account["detail_posting"] == "N", "allows no detail posting"),
    ):
        if is_faulty:
            return why
    start, end = account["active_from"], account["active_to"]
    begun = start is None or days.local(start) <= when
    # The difference, since no day follows the last of 9999.
    ended = end is not None and when - days.local(end) >= _DAY
    return None if begun and not ended else f"is not active on {when.date().isoformat()}"
