"""The sync engine: match, merge, plan, apply. It knows no vendor, no HTTP and no Singer."""

from ml_connector.sync.engine import Engine, Options
from ml_connector.sync.policy import Policies
from ml_connector.sync.records import (
    CREATE_FLAG,
    OUTCOMES,
    REJECT_FLAG,
    Done,
    Field,
    Incoming,
    ObjectSpec,
    Outcome,
    OutcomeKind,
    Remote,
    RemoteRecord,
    Rung,
    Scope,
    Sent,
    WriteEvent,
    WriteItem,
    WriteResult,
)
from ml_connector.sync.versions import as_version

__all__ = [
    "CREATE_FLAG",
    "OUTCOMES",
    "REJECT_FLAG",
    "Done",
    "Engine",
    "Field",
    "Incoming",
    "ObjectSpec",
    "Options",
    "Outcome",
    "OutcomeKind",
    "Policies",
    "Remote",
    "RemoteRecord",
    "Rung",
    "Scope",
    "Sent",
    "WriteEvent",
    "WriteItem",
    "WriteResult",
    "as_version",
]
