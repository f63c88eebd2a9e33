"""Keep secrets out of whatever is shown: log lines, messages, tracebacks, addresses.

Secrets are registered as they become known (settings when they are read, tokens when they are minted). What
nobody registered is caught by its name: `password=...`, `"refresh_token": "..."`, `Authorization: ...`.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import sys
import threading
import traceback
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any

MASK = "***"

_SHORTEST_ANYWHERE = 4
_NAMES = (
    r"(?:access_?token|refresh_?token|id_?token|client_?secret|code_?verifier|api_?key|api_?token"
    r"|password|passwd|pwd|secret|assertion|authorization|proxy-authorization|[\w-]{1,40}-auth|set-cookie|cookie"
    r"|\$password|\$token|token)"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A scheme followed by its credentials, wherever it stands.
    (
        re.compile(r"\b(Bearer|Basic|[\w-]{0,40}oauthtoken)\s+(?=\S*[0-9A-Z+/=])[\w\-.~+/=%]{8,}"),
        rf"\1 {MASK}",
    ),
    # JSON and Python literals: "name": "value".
    (re.compile(rf"""(?i)(["']{_NAMES}["']\s*[:=,]\s*b?(["']))(?:\\.|(?!\2).)*\2"""), rf"\g<1>{MASK}\2"),
    # Headers written out: `Cookie: value` up to the end of the line.
    (
        re.compile(
            r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|[\w-]{1,40}-auth)(:\s*)(?!\*\*\*)[^\r\n]+"
        ),
        rf"\1\2{MASK}",
    ),
    # Queries and forms: name=value.
    (re.compile(rf"(?i)((?<![\w.]){_NAMES}=)(?!\*\*\*)[^\s&;,'\"<>)\]}}]+"), rf"\1{MASK}"),
    # Addresses with a user and a password.
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s:@]+:[^/\s@]+@"), rf"\1{MASK}@"),
)


class Redactor:
    """A set of secrets, and the text without them. Safe among threads.

    A secret is also found in the forms in which it travels: percent-encoded, JSON-escaped, as a Python
    literal, and in base64. Secrets of fewer than four characters are only found as whole words.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.register(*secrets)

    def register(self, *secrets: str | None) -> None:
        """Hide these values from now on. Empty ones and None are passed over."""
        forms = {form for secret in secrets if secret and secret.strip() for form in _forms(str(secret))}
        with self._lock:
            if forms <= self._forms:
                return
            self._forms |= forms
            ordered = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile("|".join(_alternative(form) for form in ordered))

    def redact(self, text: str) -> str:
        """Return `text` with each secret replaced by `***`."""
        pattern = self._pattern
        if pattern is not None:
            text = pattern.sub(MASK, text)
        for known, replacement in _PATTERNS:
            text = known.sub(replacement, text)
        return text


def _alternative(form: str) -> str:
    escaped = re.escape(form)
    return escaped if len(form) >= _SHORTEST_ANYWHERE else rf"(?<!\w){escaped}(?!\w)"


def _forms(secret: str) -> set[str]:
    forms = {secret, secret.strip()}
    for form in (secret, secret.strip()):
        forms |= {
            urllib.parse.quote(form, safe=""),
            urllib.parse.quote(form),
            urllib.parse.quote_plus(form),
            json.dumps(form)[1:-1],
            json.dumps(form, ensure_ascii=False)[1:-1],
            repr(form)[1:-1],
        }
    if len(secret) >= _SHORTEST_ANYWHERE:
        encoded = secret.encode()
        forms |= {base64.b64encode(encoded).decode(), base64.urlsafe_b64encode(encoded).decode()}
    return forms


_REDACTOR = Redactor()


def register(*secrets: str | None) -> None:
    """Hide these values in everything this process shows from now on."""
    _REDACTOR.register(*secrets)


def register_basic(username: str, password: str) -> None:
    """Hide a password, and the base64 pair in which HTTP Basic sends it."""
    pair = f"{username}:{password}".encode()
    _REDACTOR.register(password, base64.b64encode(pair).decode())


def redact(text: str) -> str:
    """Return `text` without any registered secret, and without what looks like one by its name."""
    return _REDACTOR.redact(text)


def scrub_exception(error: BaseException) -> BaseException:
    """Remove secrets from an exception, its attributes and everything it was raised from; return it."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        current.args = tuple(_scrub(argument, waiting) for argument in current.args)
        for name, value in list(vars(current).items()):
            clean = _scrub(value, waiting)
            if clean is not value:
                setattr(current, name, clean)
        waiting += [current.__cause__, current.__context__]
        waiting += list(getattr(current, "exceptions", ()))
    return error


def _scrub(value: Any, waiting: list[BaseException | None]) -> Any:
    if isinstance(value, BaseException):
        waiting.append(value)
        return value
    if isinstance(value, str):
        clean = redact(value)
        return value if clean == value else clean
    if isinstance(value, bytes):
        text = value.decode("utf-8", "surrogateescape")
        clean = redact(text)
        return value if clean == text else clean.encode("utf-8", "surrogateescape")
    if isinstance(value, (list, tuple)) and type(value) in {list, tuple}:
        return type(value)(_scrub(item, waiting) for item in value)
    if type(value) is dict:
        return {key: _scrub(item, waiting) for key, item in value.items()}
    return value


def _scrub_record(record: logging.LogRecord) -> logging.LogRecord:
    try:
        text = record.getMessage()
    except Exception:
        # Logging would report a bad format together with its arguments, which may hold a secret.
        text = f"{record.msg} (arguments left out: they do not fit the message)"
        record.msg, record.args = text, None
    clean = redact(text)
    if clean != text:
        record.msg, record.args = clean, None
    if record.exc_info and record.exc_info[1] is not None:
        scrub_exception(record.exc_info[1])
    if record.exc_text:
        record.exc_text = redact(record.exc_text)
    if record.stack_info:
        record.stack_info = redact(record.stack_info)
    return record


_PLAIN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class RedactionFilter(logging.Filter):
    """Removes secrets from log records, from their extra fields too. It never drops a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean `record` in place; return True."""
        _scrub_record(record)
        for name, value in list(vars(record).items()):
            if name not in _PLAIN_FIELDS:
                setattr(record, name, _scrub_extra(value))
        return True


def _scrub_extra(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _scrub_extra(item) for key, item in value.items()}
    return _scrub(value, [])


def _record_factory(inner: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def make(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return _scrub_record(inner(*args, **kwargs))

    make.__dict__["redacts"] = True
    return make


def _all_handlers() -> Iterable[logging.Handler]:
    loggers: list[Any] = [logging.getLogger(), *logging.Logger.manager.loggerDict.values()]
    for logger in loggers:
        yield from getattr(logger, "handlers", ())
    if logging.lastResort is not None:
        yield logging.lastResort


def install_redaction() -> None:
    """Redact every log record and every uncaught exception of this process.

    Safe to call again, and to be called again after logging was configured: handlers added since then get the
    filter that also cleans the extra fields of a record. Messages and exceptions are clean in any handler.
    """
    factory = logging.getLogRecordFactory()
    if not getattr(factory, "redacts", False):
        logging.setLogRecordFactory(_record_factory(factory))
    for handler in _all_handlers():
        if not any(isinstance(known, RedactionFilter) for known in handler.filters):
            handler.addFilter(RedactionFilter())
    if not getattr(sys.excepthook, "redacts", False):
        sys.excepthook = _excepthook(sys.excepthook)
    if not getattr(threading.excepthook, "redacts", False):
        threading.excepthook = _thread_excepthook(threading.excepthook)


_Hook = Callable[[type[BaseException], BaseException, TracebackType | None], Any]


def _excepthook(inner: _Hook) -> _Hook:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        inner(kind, scrub_exception(error), trace)

    hook.__dict__["redacts"] = True
    return hook


def _thread_excepthook(
    inner: Callable[[threading.ExceptHookArgs], Any],
) -> Callable[[threading.ExceptHookArgs], Any]:
    def hook(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            scrub_exception(arguments.exc_value)
        inner(arguments)

    hook.__dict__["redacts"] = True
    return hook


def traceback_text(error: BaseException) -> str:
    """Return the traceback of `error` as text, without secrets."""
    return redact("".join(traceback.format_exception(error)))
