"""The database of links, snapshots, journal, outcomes, letters and runs. The only place that writes SQL."""

from ml_connector.ledger.database import backup, upgrade
from ml_connector.ledger.digests import Digester, canonical, is_blank
from ml_connector.ledger.journal import Entry, JournalBody
from ml_connector.ledger.lease import Lease, LeaseLost
from ml_connector.ledger.ledger import Ledger, Transaction, default_url
from ml_connector.ledger.letters import CONFLICT, DECIDED, PASSING_CAUSES, PENDING, Letter, LetterFilter
from ml_connector.ledger.links import Link, LinkStore, Side
from ml_connector.ledger.runs import AuditRow, Run
from ml_connector.ledger.scans import Absence, Absent
from ml_connector.ledger.seal import Sealer
from ml_connector.ledger.seen import Route, Seen
from ml_connector.ledger.snapshots import Snapshot

__all__ = [
    "CONFLICT",
    "DECIDED",
    "PASSING_CAUSES",
    "PENDING",
    "Absence",
    "Absent",
    "AuditRow",
    "Digester",
    "Entry",
    "JournalBody",
    "Lease",
    "LeaseLost",
    "Ledger",
    "Letter",
    "LetterFilter",
    "Link",
    "LinkStore",
    "Route",
    "Run",
    "Sealer",
    "Seen",
    "Side",
    "Snapshot",
    "Transaction",
    "backup",
    "canonical",
    "default_url",
    "is_blank",
    "upgrade",
]
