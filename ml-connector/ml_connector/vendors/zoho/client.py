"""The way to Zoho CRM: login, hosts, limits, credits, and answers that may be empty."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import IO, Any

from requests import RequestException, Response

from ml_connector.auth import TokenStore
from ml_connector.errors import PassingFault, SystemFault
from ml_connector.http import HttpConfig, InFlightLimit, Quota, ServerClock, Session
from ml_connector.vendors.zoho import api_credits
from ml_connector.vendors.zoho.api_credits import Credits, Edition
from ml_connector.vendors.zoho.data_centers import Addresses
from ml_connector.vendors.zoho.faults import ApiRefusal, is_token_dead, judge, refusal_of
from ml_connector.vendors.zoho.jsons import json_of
from ml_connector.vendors.zoho.login import SYSTEM, login_of

HEAVY = "heavy"
"""Name of the limit on heavy calls: give it as `quota=(HEAVY,)`."""

_EMPTY = frozenset({204, 304})
_DOWNLOADS = 3
_BLOCK = 1 << 20


class ZohoClient:
    """One organisation, as one user sees it. Safe among threads.

    Every call is counted in credits before it is sent, and stops at `credit_reserve` with a QuotaSpent (a
    passing fault). `settings` are `ZOHO_SETTINGS`. Raises SystemFault for settings that make no login.
    """

    def __init__(self, settings: Mapping[str, Any], *, stopping: threading.Event | None = None) -> None:
        self._settings = settings
        self._stopping = stopping
        self._clock = ServerClock()
        self._addresses = Addresses.from_settings(settings)
        self._login = login_of(settings, self._addresses.accounts, TokenStore.from_settings(settings))
        self._opening = threading.RLock()
        reserve = settings.get("credit_reserve")
        self.credits = Credits(500 if reserve is None else int(reserve))
        self.version = str(settings.get("api_version") or "v8")

    @cached_property
    def addresses(self) -> Addresses:
        """The hosts in use: those of the settings, and the API host that the login named."""
        return self._addresses.led_by(str(self._login.token().extra.get("api_domain") or ""))

    @property
    def session(self) -> Session:
        """The session with the API host, opened (and logged in) when first needed."""
        with self._opening:
            return self._session

    @cached_property
    def _session(self) -> Session:
        return self._open(self.addresses.api)

    @cached_property
    def _content(self) -> Session:
        address = self.addresses.content
        if address is None:
            raise SystemFault(
                f"{SYSTEM}: the host for file uploads of this data centre is not published.",
                fix="Set `content_url`, or write without bulk jobs.",
            )
        return self._open(address)

    def sessions(self) -> Iterable[Session]:
        """The sessions that were used so far, for their counters."""
        return [self.__dict__[name] for name in ("_session", "_content") if name in self.__dict__]

    def log_in(self) -> None:
        """Make sure that there is an access token."""
        self._login.token()

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        what: str = "list",
        cost: int = api_credits.LIST,
        headers: Mapping[str, str] | None = None,
        quota: Iterable[str] = (),
    ) -> dict[str, Any]:
        """Read `path` below `/crm/{version}/`; an empty answer (204, 304) is an empty object.

        `what` names the call in the count of credits. Raises ApiRefusal for an answer of 4xx.
        """
        self.credits.spend(what, cost)
        return self._object(
            self.session.get(
                self.path(path), params=dict(params or {}), headers=dict(headers or {}), quota=tuple(quota)
            )
        )

    def query(self, text: str, limit: int) -> dict[str, Any]:
        """Run a COQL query whose LIMIT is `limit`; an empty answer is an empty object."""
        self.credits.spend("coql", api_credits.coql(limit))
        return self._object(
            self.session.post(self.path("coql"), json={"select_query": text}, idempotent=True, quota=(HEAVY,))
        )

    def start_bulk_read(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Start a Bulk Read job; asking twice makes two jobs that both only read."""
        self.credits.spend("bulk read", api_credits.BULK_READ)
        response = self.session.post(self.bulk_path("read"), json={"query": dict(query)}, idempotent=True)
        return self._object(response)

    def bulk_job(self, kind: str, job: str) -> dict[str, Any]:
        """How far a job of `read` or `write` is."""
        self.credits.spend(f"bulk {kind} status", api_credits.METADATA)
        return self._object(self.session.get(f"{self.bulk_path(kind)}/{job}"))

    def download(self, path: str) -> Response:
        """The result of a job, as a stream; `path` is its `download_url`, of the API host only."""
        address = path if "://" in path else f"{self.addresses.api}/{path.lstrip('/')}"
        self.credits.spend("download", api_credits.METADATA)
        return self._checked(self.session.get(address, stream=True))

    def download_to(self, path: str, file: IO[bytes]) -> None:
        """Write the result of a job into a file, and go to its beginning.

        One that ends early is asked for again. Raises PassingFault when that does not help.
        """
        cut: Exception | None = None
        for _ in range(_DOWNLOADS):
            file.seek(0)
            file.truncate()
            with self.download(path) as response:
                try:
                    for block in response.iter_content(_BLOCK):
                        file.write(block)
                except RequestException as error:
                    cut = error
                else:
                    file.seek(0)
                    return
            self.wait(self.session.config.backoff)
        raise PassingFault(
            f"{SYSTEM}: the result of a job ended early {_DOWNLOADS} times: {type(cut).__name__}.",
            fix="Run again later.",
        )

    def send(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        what: str,
        cost: int,
        idempotent: bool,
        headers: Mapping[str, str] | None = None,
        quota: Iterable[str] = (),
        params: Mapping[str, Any] | None = None,
    ) -> Response:
        """Write; the answer may be of 4xx, with an item per record in `data[]`.

        `idempotent` permits to repeat it after a lost answer: an update by id or an upsert on a unique field,
        never an insert. Raises AmbiguousWrite when the outcome of another write is unknown.
        """
        self.credits.spend(what, cost)
        return self.session.request(
            method,
            self.path(path),
            json=body,
            idempotent=idempotent,
            headers=dict(headers or {}),
            quota=tuple(quota),
            params=dict(params or {}),
        )

    def start_bulk_write(self, body: Mapping[str, Any]) -> Response:
        """Start a Bulk Write job; it is not repeated when its answer is lost."""
        self.credits.spend("bulk write", api_credits.BULK_WRITE)
        return self.session.post(self.bulk_path("write"), json=dict(body), idempotent=False)

    def upload(self, name: str, content: bytes, organisation: str) -> Response:
        """Upload a ZIP for a Bulk Write job to the content host; a file twice there does no harm."""
        self.credits.spend("upload", api_credits.METADATA)
        with self._opening:
            session = self._content
        return session.post(
            f"/crm/{self.version}/upload",
            files={"file": (name, content, "application/zip")},
            headers={"feature": "bulk-write", "X-CRM-ORG": organisation},
            idempotent=True,
        )

    @cached_property
    def organisation(self) -> dict[str, Any]:
        """What `GET /org` says: id, zgid, company_name, type, license_details, ..."""
        found = self.get("org", what="org", cost=api_credits.METADATA).get("org")
        first = found[0] if isinstance(found, list) and found else found
        return dict(first) if isinstance(first, Mapping) else {}

    @cached_property
    def edition(self) -> Edition:
        """The edition of the settings, else of the organisation; from then on its limits hold.

        Where the token may not read the organisation, the smallest edition's concurrency holds.
        """
        named = self._settings.get("edition")
        licence: Mapping[str, Any] = {}
        if not named:
            try:
                licence = self.organisation.get("license_details") or {}
            except ApiRefusal:
                licence = {}
            named = licence.get("paid_type") or "free"
        edition = api_credits.edition_named(str(named))
        users = str(licence.get("users_license_purchased") or "")
        if licence:
            self.credits.day = edition.credits_for(int(users) if users.isdigit() else 0)
        self.session.quota = self._quota(edition.concurrency)
        return edition

    def server_time(self) -> dt.datetime | None:
        """Zoho's present time by its last answer; None before any."""
        return self._clock.now()

    def path(self, path: str) -> str:
        """A path of the API."""
        return f"/crm/{self.version}/{path}"

    def bulk_path(self, kind: str) -> str:
        """The path of bulk jobs, `read` or `write`."""
        return f"/crm/bulk/{self.version}/{kind}"

    def wait(self, seconds: float) -> None:
        """Wait, or less where the run is asked to end."""
        self.session.stopping.wait(seconds)

    def object_of(self, response: Response) -> dict[str, Any]:
        """The JSON object of an answer; raises ApiRefusal for one of 4xx."""
        return self._object(response)

    def close(self) -> None:
        """End the sessions. The access token stays in the store for the next process."""
        for session in self.sessions():
            session.close()

    def _open(self, address: str) -> Session:
        config = HttpConfig.from_settings(self._settings, system=SYSTEM, base_url=address)
        session = Session(
            config,
            auth=self._login,
            quota=self._quota(api_credits.EDITIONS["free"].concurrency),
            is_token_dead=is_token_dead,
            raise_for=judge,
            stopping=self._stopping,
        )
        session.hooks["response"].append(self._clock)
        session.hooks["response"].append(lambda response, *_, **__: self.credits.read(response))
        return session

    def _quota(self, concurrency: int) -> Quota:
        share = self._settings.get("quota_share")
        wait = self._settings.get("quota_max_wait")
        heavy = self._settings.get("sub_concurrency")
        return Quota(
            [
                InFlightLimit("concurrency", concurrency),
                InFlightLimit(HEAVY, 10 if heavy is None else int(heavy), manual=True),
            ],
            system=SYSTEM,
            share=0.7 if share is None else float(share),
            max_wait=900.0 if wait is None else float(wait),
            stopping=self._stopping,
        )

    def _checked(self, response: Response) -> Response:
        if response.status_code >= 400:
            raise refusal_of(response)
        return response

    def _object(self, response: Response) -> dict[str, Any]:
        if self._checked(response).status_code in _EMPTY or not response.content:
            return {}
        body = json_of(response)
        if not isinstance(body, dict):
            raise SystemFault(
                f"{SYSTEM}: {response.request.method} {response.request.path_url.partition('?')[0]} answered "
                "with JSON that is no object.",
                fix="Check `api_url`: something else than Zoho seems to answer there.",
            )
        return body
