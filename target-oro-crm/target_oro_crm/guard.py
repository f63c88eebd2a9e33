"""OroCRM's own Zendesk integration: two integrations must not both write to Zendesk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_connector.errors import SystemFault


def check_native(config: Mapping[str, Any], *, installed: bool) -> None:
    """Stop where OroCRM's own integration is installed, until its two-way sync is said to be off.

    With it on, each write to a linked case is sent on to Zendesk by OroCRM itself.

    Raises:
        SystemFault: `oro_channel_id` is missing, or `native_sync_off` is not true.
    """
    if not installed:
        return
    if not config.get("oro_channel_id"):
        raise SystemFault(
            "OroCRM's own Zendesk integration is installed, and the setting oro_channel_id is missing.",
            fix="Set it to the id of the Zendesk integration: it stands in the address of its page under "
            "System > Integrations > Manage Integrations.",
        )
    if not config.get("native_sync_off"):
        raise SystemFault(
            "OroCRM's own Zendesk integration is installed: with its two-way sync on, it would send to "
            "Zendesk what is written to cases here.",
            fix="Switch two-way sync off in the integration (System > Integrations > Manage Integrations), "
            "better the whole integration, then set native_sync_off: true.",
        )
