"""What a server can: its types, filters, external ids, batches; asked from the API itself, once each.

Versions and configurations differ, and no address tells the version: types come with bundles, `externalId`
with 7.0.2, synchronous batches with 6.1 (and 6.0.8), upsert with 6.0 (and 5.1.8), and an administrator may
add filters and actions. Nothing that is asked here changes anything.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from ml_connector.errors import SystemFault
from ml_connector.vendors.oro import faults
from ml_connector.vendors.oro.client import OroClient
from ml_connector.vendors.oro.faults import ApiRefusal, TypeMissing
from ml_connector.vendors.oro.types import EXTERNAL_ID, TYPES, WITH_EXTERNAL_ID

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

ALWAYS = "users"
"""A type that every server has: without it the API is off, or the prefix is another."""

BUNDLE = "zendesktickets"
"""A type of the native Zendesk bundle: without it there are none of its others."""

_NEVER = "2100-01-01T00:00:00Z"
_NO_VALUE = "ml-connector-asks"
_NO_RECORD = "0"


class Features:
    """What the server behind a client can. Each question costs one request, the first time only."""

    def __init__(self, client: OroClient) -> None:
        self._client = client
        self._known: dict[Hashable, Any] = {}
        self._lock = threading.RLock()
        settings = client.settings
        self._external_ids = str(settings.get("external_ids") or "auto")
        self._batch = str(settings.get("batch") or "auto")

    def has(self, kind: str) -> bool:
        """Whether the server has a type, and the user may read it.

        Raises:
            SystemFault: it does not even have users: the API is off, or elsewhere.
        """
        if kind in TYPES and TYPES[kind].optional and kind != BUNDLE and not self.has(BUNDLE):
            return False
        return self._once(("type", kind), lambda: self._ask_type(kind))

    def filters(self, kind: str, field: str) -> bool:
        """Whether lists of a type can be filtered by a date attribute, such as `updatedAt`."""
        return self._once(("filter", kind, field), lambda: self._ask_filter(kind, f"{field}][gte", _NEVER))

    def finds_empty(self, kind: str, field: str) -> bool:
        """Whether lists can be filtered by an attribute that is null."""
        return self._once(("empty", kind, field), lambda: self._ask_filter(kind, f"{field}][exists", "false"))

    def has_external_id(self, kind: str) -> bool:
        """Whether a type has `externalId`, and it may be used (setting `external_ids`)."""
        if kind not in WITH_EXTERNAL_ID or self._external_ids == "off":
            return False
        return self._once(
            ("filter", kind, EXTERNAL_ID), lambda: self._ask_filter(kind, EXTERNAL_ID, _NO_VALUE)
        )

    def batches(self, kind: str) -> bool:
        """Whether records of a type can be written in batches (`update_list`)."""
        return self._batch != "off" and self._once(("batch", kind), lambda: self._ask_batch(kind))

    @property
    def synchronous(self) -> bool | None:
        """Whether batches are done at once; None until the answer to one has told.

        External ids are younger than synchronous batches, so a server that has them has both.
        """
        if self._batch in {"sync", "async"}:
            return self._batch == "sync"
        with self._lock:
            told = self._known.get("sync")
            if told is None and self._known.get(("filter", "contacts", EXTERNAL_ID)):
                return True
            return None if told is None else bool(told)

    def learn_synchronous(self, *, done: bool) -> None:
        """Note how a batch that was asked to be done at once was answered."""
        with self._lock:
            self._known["sync"] = done

    def upserts(self, kind: str, fields: Sequence[str]) -> bool:
        """Whether `meta.upsert` finds records of a type by these fields.

        Asked by a record that every server refuses: its organization does not exist.
        """
        return self._once(("upsert", kind, tuple(fields)), lambda: self._ask_upsert(kind, fields))

    def say(self) -> None:
        """Log what is known by now, in one line."""
        with self._lock:
            known = dict(self._known)
        words = [f"{_title(question)}: {'yes' if answer else 'no'}" for question, answer in known.items()]
        log.info("oro: the server's features: %s", ", ".join(words) or "none was asked for")

    def _once(self, question: Hashable, ask: Callable[[], Answer]) -> Answer:
        with self._lock:
            if question not in self._known:
                self._known[question] = ask()
            answer: Answer = self._known[question]
            return answer

    def _ask_type(self, kind: str) -> bool:
        try:
            self._client.get(kind, {"page[size]": "1"})
        except TypeMissing as missing:
            if kind == ALWAYS or not self.has(ALWAYS):
                raise
            if kind in TYPES and not TYPES[kind].optional:
                raise SystemFault(
                    f"{missing.message} Users can be read, so the API is on, but without {kind}.",
                    fix="Check that OroCRM's bundle of this type is installed and the type not excluded from "
                    "the API.",
                ) from missing
            return False
        except ApiRefusal as refusal:
            if refusal.status != 403 or kind not in TYPES or not TYPES[kind].optional:
                raise
            log.warning("%s is left out: %s", kind, refusal.message)
            return False
        return True

    def _ask_filter(self, kind: str, name: str, value: str) -> bool:
        try:
            self._client.get(kind, {f"filter[{name}]": value, "page[size]": "1"})
        except ApiRefusal as refusal:
            if refusal.status == 400 and refusal.names(f"filter[{name.partition(']')[0]}]"):
                return False
            raise
        return True

    def _ask_batch(self, kind: str) -> bool:
        response = self._client.send("OPTIONS", kind)
        allowed = response.headers.get("Allow")
        if response.ok and allowed:
            return "PATCH" in {word.strip().upper() for word in allowed.split(",")}
        # A body without data is refused by 400 where the action exists, by 405 where it does not.
        answer = self._client.send("PATCH", kind, {"data": []}, idempotent=True)
        if answer.status_code == 404:
            raise self._client.fault_of(answer, record=False)
        return answer.status_code == 400

    def _ask_upsert(self, kind: str, fields: Sequence[str]) -> bool:
        # Before 6.0 `meta` is passed over in silence, also where it names a field that cannot be there.
        if not self._once(("meta", "upsert"), lambda: self._upsert_errs(kind, [_NO_VALUE])):
            return False
        return not self._upsert_errs(kind, fields)

    def _upsert_errs(self, kind: str, fields: Sequence[str]) -> bool:
        nowhere = {"organization": {"data": {"type": "organizations", "id": _NO_RECORD}}}
        body = {"data": {"type": kind, "meta": {"upsert": list(fields)}, "relationships": nowhere}}
        response = self._client.send("POST", kind, body, idempotent=True)
        if response.status_code != 400:
            raise self._client.fault_of(response, record=False)
        errors = faults.errors_of(response)
        return any("/meta" in error.pointer or "upsert" in error.detail for error in errors)


def _title(question: Hashable) -> str:
    if not isinstance(question, tuple):
        return "synchronous batch"
    what, kind, *rest = question
    if what == "type":
        return str(kind)
    names = "+".join("+".join(name) if isinstance(name, tuple) else str(name) for name in rest)
    return f"{what} {kind}{f'.{names}' if names else ''}"
