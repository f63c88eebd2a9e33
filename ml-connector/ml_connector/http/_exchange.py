"""One request through all its attempts: quota, auth, redirects, repetition."""

from __future__ import annotations

import dataclasses
import logging
import math
import random
import urllib.parse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import requests
import urllib3.exceptions
from requests import PreparedRequest, Response
from requests.utils import rewind_body
from urllib3.util.retry import Retry

from ml_connector.errors import AmbiguousWrite, PassingFault, RequestFailed, SystemFault
from ml_connector.http import _answers, _failures
from ml_connector.http._quota import Ticket, endpoint_of

if TYPE_CHECKING:
    from ml_connector.http._session import Session

logger = logging.getLogger("ml_connector.http")

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_REDIRECTS = 10
_FOREIGN_HEADERS = frozenset({"accept", "accept-encoding", "accept-language", "range", "user-agent"})
_KEEPS_METHOD = frozenset({307, 308})


class Throttled(PassingFault):
    """For `raise_for`: the vendor put the request off and did nothing, so even a write may be repeated.

    `retry_after` is in seconds, None when the vendor did not say.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.retry_after = retry_after


class QuotaSpent(PassingFault):
    """For `raise_for`: the quota is used up for longer than a run should wait, so nothing is repeated."""


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """What the caller of one request says about it; see `Session.request`."""

    idempotent: bool | None = None
    quota: Sequence[str] = ()
    cost: float = 1
    endpoint: str | None = None
    foreign: bool = False
    authenticated: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class RetryEvent:
    """One repetition that is about to happen, in `delay` seconds. `status` is None when no answer came."""

    system: str
    method: str
    path: str
    attempt: int
    status: int | None
    reason: str
    delay: float


class Exchange:
    """One request of a session until it has an answer, or none."""

    def __init__(
        self, session: Session, request: PreparedRequest, call: Call, options: dict[str, Any]
    ) -> None:
        self.session = session
        self.config = session.config
        self.request = request
        self.call = call
        self.options = options
        self.follow = bool(options.pop("allow_redirects", True))
        self.method = (request.method or "GET").upper()
        self.path = _answers.path_of(request)
        self.endpoint = call.endpoint or f"{self.method} {endpoint_of(self.path)}"
        self.attempts = 0
        self.renewed = False
        self.retry = Retry(
            total=self.config.max_retries,
            allowed_methods=None,
            backoff_factor=self.config.backoff,
            backoff_max=self.config.backoff_max,
            backoff_jitter=self.config.backoff / 2,
            retry_after_max=math.ceil(self.config.retry_after_max),
        )

    @property
    def repeatable(self) -> bool:
        """Whether the request may be repeated although the vendor may have done it."""
        if self.call.idempotent is not None:
            return self.call.idempotent
        judge = self.session.is_idempotent
        return judge(self.request) if judge is not None else self.method in READING_METHODS

    def run(self) -> Response:
        """Return the vendor's answer; raise when there is none, or none worth returning."""
        own = self.config.is_own(self.request.url or "")
        if not own and not self.call.foreign:
            self.config.check_host(self.request.url or "")
        request = self.request if own else self._without_credentials(self.request.url or "")
        while True:
            self.attempts += 1
            self._rewind(request)
            try:
                response, last = self._follow(request)
            except (OSError, urllib3.exceptions.HTTPError) as error:
                self.session.abandon()
                self._after_failure(error)
                continue
            except BaseException:
                self.session.abandon()
                raise
            if not self._again(response, last):
                return response

    def _rewind(self, request: PreparedRequest) -> None:
        """Go back to the beginning of a body that is a file, before it is sent again."""
        if self.attempts > 1 and getattr(request, "_body_position", None) is not None:
            rewind_body(request)

    def _follow(self, request: PreparedRequest) -> tuple[Response, PreparedRequest]:
        """Send `request` and follow redirects; return the answer and the request (as sent) that got it."""
        history: list[Response] = []
        while True:
            response, sent = self._hop(request)
            following = self._redirected(request, response) if self.follow else None
            if following is None:
                response.history = history
                return response, sent
            if len(history) >= _REDIRECTS:
                raise SystemFault(
                    f"{self.config.system}: {self.method} {self.path} is redirected in circles.",
                    fix="Check `base_url`.",
                )
            history.append(response)
            request = following

    def _hop(self, request: PreparedRequest) -> tuple[Response, PreparedRequest]:
        own = self.config.is_own(request.url or "")
        ticket = self._take(request) if own else None
        sent = request
        try:
            if own and self.session.credentials is not None and self.call.authenticated:
                sent = self.session.credentials(request.copy())
            self.session.counters.count(self.endpoint, requests=1)
            response = self.session.transmit(sent, **self.options)
        except BaseException as error:
            if ticket is not None:
                ticket.close() if _failures.was_sent(error) else ticket.unsent()
            raise
        if ticket is not None:
            self._settle(ticket, response)
        return response, sent

    def _settle(self, ticket: Ticket, response: Response) -> None:
        if self._is_throttled(response):
            ticket.refused(self._delay(response), response)
        ticket.answered(response)

    def _take(self, request: PreparedRequest) -> Ticket | None:
        quota = self.session.quota
        if quota is None:
            return None
        return quota.take(
            self.method,
            _answers.path_of(request),
            names=self.call.quota,
            cost=self.call.cost,
            on_wait=lambda seconds: self.session.counters.count(self.endpoint, seconds_waited=seconds),
        )

    def _redirected(self, request: PreparedRequest, response: Response) -> PreparedRequest | None:
        """Return the request to follow a redirect with, or None when it is not to be followed."""
        if not response.is_redirect:
            return None
        reading = (request.method or "GET").upper() in READING_METHODS
        if not reading and response.status_code not in _KEEPS_METHOD:
            return None
        source = response.url or request.url or ""
        target = urllib.parse.urljoin(source, response.headers["Location"])
        if source.startswith("https://") and not target.startswith("https://"):
            raise SystemFault(
                f"{_answers.describe(response, self.config.system)} with a redirect away from TLS.",
                fix="Check `base_url`.",
            )
        if self.config.is_own(target):
            following = request.copy()
            following.headers.pop("Cookie", None)
            following.prepare_url(target, None)
            following.prepare_cookies(self.session.cookies)
            return following
        return self._without_credentials(target)

    def _without_credentials(self, url: str) -> PreparedRequest:
        """Return a request for another host: nothing but harmless headers, no cookies and no body."""
        if self.method not in READING_METHODS:
            raise SystemFault(
                f"{self.config.system}: {self.method} to another host than its own is not allowed."
            )
        kept = {
            name: value for name, value in self.request.headers.items() if name.lower() in _FOREIGN_HEADERS
        }
        request = requests.Request(self.method, url, headers=kept)
        return request.prepare()

    def _again(self, response: Response, sent: PreparedRequest) -> bool:
        """Judge an answer: False to return it, True to repeat the request; raise what ends it."""
        if not self.config.is_own(sent.url or ""):
            self.session.abandon()
            return self._again_by_status(response, None)
        self.session.observe(response)
        if self.call.authenticated and self.session.is_token_dead(response):
            self._renew(response, sent)
            return True
        fault = self.session.raise_for(response)
        if isinstance(fault, QuotaSpent) or (fault is not None and not isinstance(fault, PassingFault)):
            response.close()
            raise fault
        return self._again_by_status(response, fault)

    def _again_by_status(self, response: Response, fault: PassingFault | None) -> bool:
        if self._is_throttled(response) or isinstance(fault, Throttled):
            self.session.counters.count(self.endpoint, throttled=1)
            self.session.throttled()
            if isinstance(fault, Throttled) and self.session.quota is not None:
                self.session.quota.block(self._delay(response, fault))
            self._pause(response, fault)
            return True
        if fault is None and response.status_code not in _answers.PASSING_STATUSES:
            if not (self.repeatable and response.ok and _answers.is_cut_json(response)):
                return False
            fault = _answers.failed(response, "The body ended early.", system=self.config.system)
        if not self.repeatable:
            self._raise_ambiguous(response, fault)
        self._pause(response, fault)
        return True

    def _is_throttled(self, response: Response) -> bool:
        if response.status_code != 429:
            return False
        # A vendor's 429 may mean something that no pause mends, such as too many jobs of our own.
        fault = self.session.raise_for(response)
        return fault is None or isinstance(fault, PassingFault)

    def _renew(self, response: Response, sent: PreparedRequest) -> None:
        response.close()
        if self.renewed or not self.session.can_renew:
            fault = self.session.raise_for(response)
            if fault is not None and not isinstance(fault, PassingFault):
                # The vendor's own words say more, such as which right is missing.
                raise fault
            raise SystemFault(
                f"{_answers.describe(response, self.config.system)}: the token is refused"
                + (", also a new one." if self.renewed else "."),
                fix="Check the credentials, and that the account may use this part of the system.",
            )
        self.renewed = True
        self.session.counters.count(self.endpoint, renewals=1)
        self.session.renew(sent)

    def _pause(self, response: Response, fault: PassingFault | None) -> None:
        """Wait before the next attempt; raise when there is none left."""
        delay = self._delay(response, fault)
        reason = fault.message if fault is not None else f"status {response.status_code}"
        try:
            self.retry = self.retry.increment(self.method, self.path, response=response.raw)
        except urllib3.exceptions.MaxRetryError as error:
            self._raise_exhausted(response, fault, error)
        response.close()
        self._wait(max(delay, self._backoff()) if delay else self._backoff(), response.status_code, reason)

    def _delay(self, response: Response, fault: PassingFault | None = None) -> float:
        """Return the seconds the vendor asks for, capped; 0 when it does not ask."""
        try:
            asked = self.retry.get_retry_after(response.raw)
        except urllib3.exceptions.InvalidHeader:
            asked = None
        if asked is None and isinstance(fault, Throttled):
            asked = fault.retry_after
        if asked is None and (self._is_throttled(response) or isinstance(fault, Throttled)):
            known = self.session.quota.reset_after(response) if self.session.quota is not None else None
            asked = self.config.retry_after_default if known is None else known
        return min(asked or 0.0, self.config.retry_after_max)

    def _backoff(self) -> float:
        # urllib3 repeats at once the first time; a vendor in trouble deserves a pause from the first failure.
        grown = float(self.retry.get_backoff_time())
        first = self.config.backoff * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret
        return grown or min(self.config.backoff_max, first)

    def _wait(self, delay: float, status: int | None, reason: str) -> None:
        event = RetryEvent(self.config.system, self.method, self.path, self.attempts, status, reason, delay)
        logger.warning(
            "%s: %s %s failed (%s); attempt %d of %d follows in %.1f s",
            event.system,
            event.method,
            event.path,
            reason,
            self.attempts + 1,
            self.config.max_retries + 1,
            delay,
        )
        if self.session.on_retry is not None:
            self.session.on_retry(event)
        self.session.counters.count(self.endpoint, retries=1, seconds_waited=delay)
        if self.session.stopping.wait(delay):
            raise self._failed(f"stopped while waiting to repeat it ({reason})", status, None)

    def _after_failure(self, error: Exception) -> None:
        """Judge an attempt without an answer: raise, or wait and return to repeat it."""
        fault = _failures.system_fault_of(error, self.config.system)
        if fault is not None:
            raise fault from error
        reason = _failures.reason_of(error)
        if _failures.was_sent(error) and not self.repeatable:
            self.session.counters.count(self.endpoint, failures=1)
            raise self._ambiguous(f"lost the connection ({reason})", None, None) from error
        try:
            self.retry = self.retry.increment(self.method, self.path, error=error)
        except urllib3.exceptions.MaxRetryError:
            self.session.counters.count(self.endpoint, failures=1)
            raise self._failed(f"got no answer ({reason})", None, None) from error
        self._wait(self._backoff(), None, reason)

    def _raise_ambiguous(self, response: Response, fault: PassingFault | None) -> NoReturn:
        self.session.counters.count(self.endpoint, failures=1)
        what = fault.message if fault is not None else _answers.excerpt_of(response)
        raise self._ambiguous(
            f"answered {response.status_code}: {what}",
            response.status_code,
            self.session.request_id_of(response),
        )

    def _raise_exhausted(self, response: Response, fault: PassingFault | None, error: Exception) -> NoReturn:
        self.session.counters.count(self.endpoint, failures=1)
        what = fault.message if fault is not None else _answers.excerpt_of(response)
        identifier = self.session.request_id_of(response)
        raise self._failed(
            f"answered {response.status_code}: {what}", response.status_code, identifier
        ) from error

    def _ambiguous(self, what: str, status: int | None, request_id: str | None) -> AmbiguousWrite:
        return AmbiguousWrite(
            f"{self._title(what, request_id)}; it may have been done, so it was not repeated.",
            system=self.config.system,
            method=self.method,
            path=self.path,
            status=status,
            request_id=request_id,
            attempts=self.attempts,
            fix="The next run looks at what the system holds before it writes again.",
        )

    def _failed(self, what: str, status: int | None, request_id: str | None) -> RequestFailed:
        return RequestFailed(
            f"{self._title(what, request_id)}.",
            system=self.config.system,
            method=self.method,
            path=self.path,
            status=status,
            request_id=request_id,
            attempts=self.attempts,
            fix="Run again later."
            if status
            else "Check `base_url`, `proxy` and the network, or run again later.",
        )

    def _title(self, what: str, request_id: str | None) -> str:
        times = "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts"
        suffix = f" (request {request_id})" if request_id else ""
        return f"{self.config.system}: {self.method} {self.path} {what.rstrip('. ')}, after {times}{suffix}"
