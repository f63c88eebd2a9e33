"""One HTTP session for taps and targets: timeouts, repetition, quota, redaction, and where credentials
may go.

It knows no Singer and no vendor. A plugin builds a session once:

    config = HttpConfig.from_settings(settings, system="zendesk", base_url=address)
    quota = Quota([RateLimit("account"), RateLimit("incremental", 10, path="/incremental/")], reader=reader)
    session = Session(config, auth=auth, quota=quota, is_token_dead=is_token_dead, raise_for=fault_of)
"""

from ml_connector.errors import AmbiguousWrite, RequestFailed
from ml_connector.http._answers import (
    PASSING_STATUSES,
    excerpt_of,
    fault_for,
    json_of,
    path_of,
    request_id_of,
)
from ml_connector.http._config import HttpConfig, is_loopback
from ml_connector.http._counters import Counters, EndpointCounters
from ml_connector.http._exchange import QuotaSpent, RetryEvent, Throttled
from ml_connector.http._limits import InFlightLimit, Limit, RateLimit, Reading
from ml_connector.http._parallel import Done, Parallel
from ml_connector.http._quota import Clock, HeaderReader, Quota, QuotaReader, SystemClock, Ticket, endpoint_of
from ml_connector.http._server_clock import ServerClock
from ml_connector.http._session import Session
from ml_connector.redaction import (
    RedactionFilter,
    Redactor,
    install_redaction,
    redact,
    register,
    scrub_exception,
    traceback_text,
)

__all__ = [
    "PASSING_STATUSES",
    "AmbiguousWrite",
    "Clock",
    "Counters",
    "Done",
    "EndpointCounters",
    "HeaderReader",
    "HttpConfig",
    "InFlightLimit",
    "Limit",
    "Parallel",
    "Quota",
    "QuotaReader",
    "QuotaSpent",
    "RateLimit",
    "Reading",
    "RedactionFilter",
    "Redactor",
    "RequestFailed",
    "RetryEvent",
    "ServerClock",
    "Session",
    "SystemClock",
    "Throttled",
    "Ticket",
    "endpoint_of",
    "excerpt_of",
    "fault_for",
    "install_redaction",
    "is_loopback",
    "json_of",
    "path_of",
    "redact",
    "register",
    "request_id_of",
    "scrub_exception",
    "traceback_text",
]
