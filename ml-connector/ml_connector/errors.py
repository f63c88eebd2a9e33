"""The three kinds of fault, and the exit code that each ends a run with.

ConnectorError
 +- RecordFault     this record is refused: it becomes a letter, the run goes on
 +- PassingFault    the vendor cannot answer now: the run stops without advancing STATE (exit 4)
 |   +- RequestFailed    one request, repeated as far as is safe, and still without a usable answer
 |       +- AmbiguousWrite   a write that may or may not have been done; only a look can tell
 +- SystemFault     nothing will work until somebody mends the set-up (exit 5)
     +- LoginRefused   the vendor refused the credentials; never tried twice in a run
     +- LeaseHeld      another run of the same integration is under way
     +- LedgerTooNew   the ledger was upgraded by a newer version of this library
 +- TooManyRejected  more new letters than `max_rejected` allows (exit 3)
"""

from __future__ import annotations

from typing import ClassVar

from ml_connector.redaction import redact

EXIT_SETTLED = 0
EXIT_BAD_INPUT = 1
EXIT_TOO_MANY_REJECTED = 3
EXIT_PASSING = 4
EXIT_SYSTEM = 5
EXIT_TERMINATED = 143


class ConnectorError(Exception):
    """Base of every error this library raises on purpose.

    `fix` says what a person can do about it; it is printed under the message. Secrets are taken out of the
    message, since a vendor may echo them and letters, audit rows and logs keep it.
    """

    exit_code: ClassVar[int] = EXIT_BAD_INPUT

    def __init__(self, message: str, *, fix: str = "") -> None:
        self.message = redact(message)
        super().__init__(self.message)
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class RecordFault(ConnectorError):
    """One record is refused, by the mapping, our validation or the vendor.

    `cause` is a short machine-readable word (`invalid`, `duplicate`, `ambiguous`, `vendor` ...), `field` the
    target field at fault if one is known, `request_id` the vendor's own id of the refusing answer.
    """

    def __init__(
        self,
        message: str,
        *,
        cause: str = "invalid",
        field: str | None = None,
        request_id: str | None = None,
        fix: str = "",
    ) -> None:
        super().__init__(message, fix=fix)
        self.cause = cause
        self.field = field
        self.request_id = request_id


class PassingFault(ConnectorError):
    """The vendor (or the way to it) fails for now; the same run can succeed later."""

    exit_code = EXIT_PASSING


class RequestFailed(PassingFault):
    """A request that got no usable answer after `attempts` attempts.

    `path` is the path of the address without host and query; `status` the last HTTP status, None when no
    answer came; `request_id` the vendor's own id of the last answer.
    """

    def __init__(
        self,
        message: str,
        *,
        system: str = "",
        method: str = "",
        path: str = "",
        status: int | None = None,
        request_id: str | None = None,
        attempts: int = 1,
        fix: str = "",
    ) -> None:
        super().__init__(message, fix=fix)
        self.system = system
        self.method = method
        self.path = path
        self.status = status
        self.request_id = request_id
        self.attempts = attempts


class AmbiguousWrite(RequestFailed):
    """The connection or the answer was lost after a write was sent: the vendor may have done it, or not.

    It was not repeated. The journal keeps such a write as sent until the vendor's record was read.
    """


class SystemFault(ConnectorError):
    """Credentials, permissions, definitions or addresses are wrong; no record can succeed."""

    exit_code = EXIT_SYSTEM


class LoginRefused(SystemFault):
    """The vendor refused the credentials. Repeating it may lock the account, so nothing repeats it."""


class LeaseHeld(SystemFault):
    """Another run holds the integration's lease."""


class LedgerTooNew(SystemFault):
    """The ledger's schema is newer than this library knows."""


class TooManyRejected(ConnectorError):
    """More records were newly rejected than `max_rejected` allows."""

    exit_code = EXIT_TOO_MANY_REJECTED
