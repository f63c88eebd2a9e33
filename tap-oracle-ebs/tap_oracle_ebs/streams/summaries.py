"""The stream `customer_summaries`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from tap_oracle_ebs.business import summaries
from tap_oracle_ebs.business.days import Days
from tap_oracle_ebs.business.documents import ACCOUNTS
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.schemas_documents import SUMMARIES
from tap_oracle_ebs.streams.business import BusinessObject, BusinessStream


class CustomerSummariesStream(BusinessStream):
    """What is open, recent, overdue and spent, one record for each customer account.

    A record is also sent when one of its documents leaves or enters a time window, which no row tells.
    """

    name = "customer_summaries"
    primary_keys: ClassVar[Sequence[str]] = ("cust_account_id",)
    replication_key = "last_update_date"
    selected_by_default = False
    schema: ClassVar[dict[str, Any]] = SUMMARIES
    key_table = ACCOUNTS
    is_judged = True

    def make(self, options: Options) -> BusinessObject:
        """Return the business object of this stream."""
        return summaries.Summaries(options)

    def judged_parameters(self, days: Days) -> dict[str, str | None]:
        """Return the parameters of the package's operation."""
        options = self.options
        return {
            **super().judged_parameters(days),
            "P_RECENT_DAYS": str(options.recent_days),
            "P_CURRENCY": options.currency,
            "P_RATE_TYPE": options.rate_type,
            "P_DOCUMENT_LIMIT": str(options.document_limit),
        }
