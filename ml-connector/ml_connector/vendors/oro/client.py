"""The way to OroCRM's JSON:API: login, headers, lists by id, single records, writes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from requests import Response

from ml_connector.auth import TokenStore
from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.http import HttpConfig, Quota, RateLimit, ServerClock, Session
from ml_connector.vendors.oro import faults
from ml_connector.vendors.oro.faults import ApiRefusal
from ml_connector.vendors.oro.login import SYSTEM, login_of
from ml_connector.vendors.oro.records import Resource, included_of
from ml_connector.vendors.oro.settings import DEFAULT_PAGE, DEFAULT_PREFIX

MEDIA_TYPE = "application/vnd.api+json"
IDS_PER_READ = 100
_LIMIT = re.compile(r"less than or equals? to (\d+)")


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: its resources, those included by type and id, and when it was asked for."""

    resources: Sequence[Resource]
    included: Mapping[tuple[str, str], Resource]
    extracted: dt.datetime


class OroClient:
    """One server, as the OAuth application's user sees it. Safe among threads.

    `settings` are `ORO_SETTINGS`. Raises SystemFault for settings that make no login.
    """

    def __init__(self, settings: Mapping[str, Any], *, stopping: threading.Event | None = None) -> None:
        self.settings = settings
        self.prefix = "/" + str(settings.get("api_prefix") or DEFAULT_PREFIX).strip("/")
        size = settings.get("page_size")
        self.page_size = DEFAULT_PAGE if size is None else int(size)
        self._largest: int | None = None
        self._clock = ServerClock()
        config = HttpConfig.from_settings(settings, system=SYSTEM)
        self._login = login_of(settings, config, TokenStore.from_settings(settings))
        self.session = Session(
            config,
            auth=self._login,
            quota=_quota(settings, stopping),
            is_token_dead=faults.is_token_dead,
            raise_for=faults.judge,
            stopping=stopping,
        )
        self.session.headers["Accept"] = MEDIA_TYPE
        self.session.hooks["response"].append(self._clock)

    # Reading

    def pages(
        self,
        kind: str,
        *,
        filters: Mapping[str, str] | None = None,
        fields: Mapping[str, Iterable[str]] | None = None,
        include: Iterable[str] = (),
        after: int | None = None,
        descending: bool = False,
        size: int | None = None,
    ) -> Iterator[Page]:
        """All records of a type in the order of their ids, which are numbers; no page is empty.

        `filters`: `{"updatedAt][gte": "2026-01-01T00:00:00Z"}` or `{"case": "1,2"}`. `fields`: type -> names
        (sparse fields); those in `include` have to be among them. `after`: only ids above it, or below it
        when `descending`. `size` is asked for instead of `page_size`; a limit of the server on both is
        learned from its refusal.

        Raises:
            ApiRefusal: a filter that the server does not know, a missing right. TypeMissing: 404.
        """
        fixed = _query(filters, fields, include)
        last, operator = after, "lt" if descending else "gt"
        while True:
            asked = self._allowed(size or self.page_size)
            params = {**fixed, "sort": "-id" if descending else "id", "page[size]": str(asked)}
            if last is not None:
                params[f"filter[id][{operator}]"] = str(last)
            page = self._page(kind, params)
            if page is None:
                continue  # the server's limit is known now
            if page.resources:
                last = int(page.resources[-1]["id"])
                yield page
            if len(page.resources) < asked:
                return

    def _page(self, kind: str, params: Mapping[str, str]) -> Page | None:
        extracted = dt.datetime.now(dt.UTC)
        try:
            body = self.get(kind, params)
        except ApiRefusal as refusal:
            if not self._takes_smaller(refusal, int(params["page[size]"])):
                raise
            return None
        found = body.get("data")
        if not isinstance(found, list):
            raise SystemFault(
                f"{SYSTEM}: the list of {kind} came without `data`.",
                fix="Check `base_url` and `api_prefix`: something else than OroCRM seems to answer there.",
            )
        return Page(found, included_of(body), extracted)

    def _takes_smaller(self, refusal: ApiRefusal, asked: int) -> bool:
        """Lower the page size where it was refused; `max_entities` names the limit in its message."""
        if refusal.status != 400 or not refusal.names("page[size]"):
            return False
        named = next((found for error in refusal.errors if (found := _LIMIT.search(error.detail))), None)
        smaller = int(named[1]) if named else asked // 2
        if not 0 < smaller < asked:
            return False
        self._largest = smaller
        return True

    def _allowed(self, size: int) -> int:
        return size if self._largest is None else min(size, self._largest)

    def by_ids(
        self,
        kind: str,
        ids: Sequence[str],
        *,
        name: str = "id",
        fields: Mapping[str, Iterable[str]] | None = None,
        include: Iterable[str] = (),
    ) -> Iterator[Page]:
        """The records of these ids as far as they are there; or those whose association `name` is one.

        Ids have to be digits: the API takes a comma for the next one.
        """
        for start in range(0, len(ids), IDS_PER_READ):
            some = list(dict.fromkeys(ids[start : start + IDS_PER_READ]))
            # One more than there can be: a page that is full would be followed by another question.
            size = len(some) + 1 if name == "id" else None
            yield from self.pages(
                kind, filters={name: ",".join(some)}, fields=fields, include=include, size=size
            )

    def find(self, kind: str, field: str, values: Sequence[str], **more: Any) -> Iterator[Page]:
        """Records whose `field` has one of the values.

        One request for a hundred values where the field takes lists (`emails`, `phones`, `externalId`, ids,
        associations), for values without a comma or `..`; the caller knows which do.
        """
        for start in range(0, len(values), IDS_PER_READ):
            some = ",".join(dict.fromkeys(values[start : start + IDS_PER_READ]))
            yield from self.pages(kind, filters={field: some}, **more)

    def dictionary(self, kind: str) -> list[Resource]:
        """All records of a short list whose ids are names, such as casestatuses."""
        found: list[Resource] = []
        number = 1
        while True:
            asked = self._allowed(self.page_size)
            page = self._page(kind, {"page[size]": str(asked), "page[number]": str(number)})
            if page is None:
                found, number = [], 1
                continue
            found += page.resources
            if len(page.resources) < asked:
                return found
            number += 1

    def one(
        self,
        kind: str,
        identifier: str,
        *,
        fields: Mapping[str, Iterable[str]] | None = None,
        include: Iterable[str] = (),
    ) -> Resource | None:
        """A record by its id; None where it is not there."""
        response = self._send("GET", f"{kind}/{identifier}", params=_query(None, fields, include))
        if response.ok:
            found = self._object(response).get("data")
            return found if isinstance(found, Mapping) else None
        fault = faults.fault_of(response, self.session.request_id_of(response))
        if faults.is_gone(fault):
            return None
        raise fault

    def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object at a path below the prefix. Raises ApiRefusal and TypeMissing."""
        return self.object_of(self._send("GET", path, params=params), record=False)

    # Writing

    def create(self, kind: str, body: Mapping[str, Any]) -> Resource:
        """Create a record from a `document`; the answer's resource, which is whole.

        Raises:
            RecordFault: the server refuses the record. AmbiguousWrite: nobody knows whether it was created.
        """
        return self._written(self._send("POST", kind, body=body, idempotent=False))

    def update(self, kind: str, identifier: str, body: Mapping[str, Any]) -> Resource:
        """Change a record by a `document` with its id. Raises RecordFault; cause `missing`: it is gone."""
        return self._written(self._send("PATCH", f"{kind}/{identifier}", body=body, idempotent=True))

    def delete(self, kind: str, identifier: str) -> bool:
        """Delete a record; False where it was not there any more."""
        response = self._send("DELETE", f"{kind}/{identifier}", idempotent=True)
        if response.ok:
            return True
        fault = faults.fault_of(response, self.session.request_id_of(response))
        if faults.is_gone(fault):
            return False
        raise fault

    def send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        idempotent: bool | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Any request below the prefix; its answer may be one of 4xx, see `fault_of`."""
        return self._send(method, path, body=body, idempotent=idempotent, headers=headers)

    def object_of(self, response: Response, *, record: bool = True) -> dict[str, Any]:
        """The JSON object of an answer; raises what an answer of 4xx means, see `faults.fault_of`."""
        if not response.ok:
            raise self.fault_of(response, record=record)
        return self._object(response)

    def fault_of(self, response: Response, *, record: bool = True) -> ConnectorError:
        """What an answer of 4xx means."""
        return faults.fault_of(response, self.session.request_id_of(response), record=record)

    def log_in(self) -> None:
        """Make sure that there is an access token."""
        self._login.token()

    def server_time(self) -> dt.datetime | None:
        """The server's present time by its last answer; None before any."""
        return self._clock.now()

    def close(self) -> None:
        """End the session. The access token stays in the store for the next process."""
        self.session.close()

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotent: bool | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        # A GET has no body, so no content type; its media type must have no parameters such as a charset.
        kind = {"Content-Type": MEDIA_TYPE} if method in {"POST", "PATCH", "DELETE"} else {}
        return self.session.request(
            method,
            f"{self.prefix}/{path}",
            params=dict(params or {}),
            json=body,
            idempotent=idempotent,
            headers={"X-Include": "noHateoas", **kind, **(headers or {})},
        )

    def _written(self, response: Response) -> Resource:
        found = self.object_of(response).get("data")
        return found if isinstance(found, Mapping) else {}

    def _object(self, response: Response) -> dict[str, Any]:
        body = self.session.json_of(response) if response.content else {}
        if not isinstance(body, dict):
            raise SystemFault(
                f"{SYSTEM}: {response.request.method} {response.request.path_url.partition('?')[0]} answered "
                "with JSON that is no object.",
                fix="Check `base_url` and `api_prefix`: something else than OroCRM seems to answer there.",
            )
        return body


def _query(
    filters: Mapping[str, str] | None,
    fields: Mapping[str, Iterable[str]] | None,
    include: Iterable[str],
) -> dict[str, str]:
    params = {f"filter[{name}]": value for name, value in (filters or {}).items()}
    params |= {f"fields[{kind}]": ",".join(names) for kind, names in (fields or {}).items()}
    if wanted := ",".join(include):
        params["include"] = wanted
    return params


def _quota(settings: Mapping[str, Any], stopping: threading.Event | None) -> Quota:
    """No limit of its own: OroCRM has none, a proxy before it may answer 429."""
    share = settings.get("quota_share")
    wait = settings.get("quota_max_wait")
    return Quota(
        [RateLimit("proxy")],
        system=SYSTEM,
        share=0.7 if share is None else float(share),
        max_wait=900.0 if wait is None else float(wait),
        stopping=stopping,
    )
