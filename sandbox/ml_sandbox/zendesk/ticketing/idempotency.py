"""Idempotency keys of ticket creation: kept two hours, one body for each key (INT)."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.zendesk.errors import ZendeskError

KEPT_SECONDS = 7200.0
MAX_KEY_LENGTH = 255


@dataclass(frozen=True)
class Answer:
    """What a key once led to."""

    digest: str
    body: dict[str, Any]
    location: str
    ends: float


class IdempotencyKeys:
    """The keys that the account remembers."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._answers: dict[str, Answer] = {}

    def known(self, key: str, given: dict[str, Any]) -> Answer | None:
        """The answer that this key got before; 400 when the request was another one."""
        if len(key) > MAX_KEY_LENGTH:
            raise _mismatch(f"Idempotency key is longer than {MAX_KEY_LENGTH} characters")
        answer = self._answers.get(key)
        if answer is None or self._clock.monotonic() >= answer.ends:
            return None
        if answer.digest != _digest(given):
            raise _mismatch("Request parameters don't match the given idempotency key")
        return answer

    def keep(self, key: str, given: dict[str, Any], body: dict[str, Any], location: str) -> None:
        """Remember an answer."""
        ends = self._clock.monotonic() + KEPT_SECONDS
        self._answers[key] = Answer(_digest(given), body, location, ends)

    def clear(self) -> None:
        """Forget all keys."""
        self._answers.clear()


def _digest(given: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


def _mismatch(description: str) -> ZendeskError:
    return ZendeskError(400, {"error": "IdempotentRequestError", "description": description})
