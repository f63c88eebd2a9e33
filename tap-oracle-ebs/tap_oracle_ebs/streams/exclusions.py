"""The stream `customer_exclusions`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from ml_connector.singer.stream import Batch
from ml_connector.singer.windows import Window
from tap_oracle_ebs.business import exclusions
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.schemas_documents import EXCLUSIONS
from tap_oracle_ebs.streams.business import BusinessObject, BusinessStream, Record


class CustomerExclusionsStream(BusinessStream):
    """What the GL check leaves out of summaries, one record for each document or site use, with its reason.

    What passes the check after a change is sent as deleted, so that an earlier report ends. The first load
    sends what fails; without `validate_gl` there is nothing to send.
    """

    name = "customer_exclusions"
    primary_keys: ClassVar[Sequence[str]] = ("document_type", "document_id")
    replication_key = "last_update_date"
    selected_by_default = False
    schema: ClassVar[dict[str, Any]] = EXCLUSIONS
    is_judged = True
    finds_deletes: ClassVar[bool] = False

    def make(self, options: Options) -> BusinessObject:
        """Return the business object of this stream."""
        return exclusions.Exclusions(options)

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield the exclusions of a window."""
        if self.options.validate_gl:
            yield from super().read(window)

    def _kept(self, records: list[Record], window: Window) -> list[Record]:
        if window.start is not None or window.keys:
            return records
        return [record for record in records if record[exclusions.DELETED_AT] is None]
