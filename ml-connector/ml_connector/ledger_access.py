"""Opening a ledger with the key of this machine."""

from __future__ import annotations

from ml_connector.ledger import Ledger, Sealer
from ml_connector.vault import configured_keys, encryption


def open_ledger(url: str | None = None) -> Ledger:
    """The ledger at `url` (default: beside the Meltano project), upgraded to the newest schema.

    Letters are encrypted when a key is set, see `vault`.

    Raises:
        LedgerTooNew, PassingFault, SystemFault: as `Ledger`.
    """
    keys = configured_keys()
    return Ledger(url, sealer=Sealer(encryption(keys) if keys else None))
