"""Zendesk's transport: login, quota, retries, errors.

Facts are from Zendesk's API reference; the names of its sections stand in brackets.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from requests import Response

from ml_connector.auth import (
    Basic,
    LoginGate,
    OAuth2ClientCredentials,
    OAuth2RefreshToken,
    TokenStore,
)
from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.http import HttpConfig, InFlightLimit, Quota, RateLimit, Reading, ServerClock, Session
from ml_connector.vendors.zendesk import faults

SYSTEM = "zendesk"
PAGE_SIZE = 100  # rows per cursor page (Pagination)
SHOW_MANY = 100  # ids per show_many, rows per job (Organizations)
_ENDPOINT_LIMIT = re.compile(r"total=(\d+);\s*remaining=(\d+);\s*resets=(\d+)")
_EXPORT_HEADER = re.compile(r"zendesk-ratelimit-.*incremental", re.IGNORECASE)

# Limits that Zendesk states in its reference ("Rate limits"); the account's own comes with every answer.
EXPORTS_PER_MINUTE = 10  # 30 with the High Volume add-on
LIMITS = (
    RateLimit("account"),
    RateLimit("organization", 5, methods=("PUT",), path=r"/api/v2/organizations/(\d+)(?:\.json)?$"),
    RateLimit("user", 5, methods=("PUT",), path=r"/api/v2/users/(\d+)(?:\.json)?$"),
    RateLimit(
        "users",
        1,
        window=1.0,
        methods=("PUT", "POST"),
        path=r"/api/v2/users/(?:\d+|create_or_update)(?:\.json)?$",
    ),
    RateLimit("ticket", 30, window=600.0, methods=("PUT",), path=r"/api/v2/tickets/(\d+)(?:\.json)?$"),
    RateLimit("tickets", 100, methods=("PUT",), path=r"/api/v2/tickets/\d+(?:\.json)?$"),
    RateLimit("ticket_fields", 300, methods=("GET",), path=r"/api/v2/ticket_fields(?:\.json)?$"),
    RateLimit("deleted_tickets", 10, methods=("GET",), path=r"/api/v2/deleted_tickets"),
    InFlightLimit("jobs", 30, manual=True),
)


def read_quota(response: Response) -> Iterable[Reading]:
    """The account's quota from X-Rate-Limit and X-Rate-Limit-Remaining, ratelimit-reset in seconds."""
    headers = response.headers
    remaining = headers.get("X-Rate-Limit-Remaining") or headers.get("ratelimit-remaining")
    limit = headers.get("X-Rate-Limit") or headers.get("ratelimit-limit")
    if remaining is not None and remaining.isdigit():
        reset = headers.get("ratelimit-reset")
        yield Reading(
            "account",
            float(remaining),
            float(limit) if limit and limit.isdigit() else None,
            float(reset) if reset and reset.isdigit() else None,
        )
    # Lower in sandboxes and trials, higher with the High Volume add-on (Rate limits).
    yield from _endpoint("tickets", headers.get("zendesk-ratelimit-tickets-update"))
    if "/incremental/" in response.request.path_url:
        stated = (text for name, text in headers.items() if _EXPORT_HEADER.match(name))
        yield from _endpoint("exports", next(stated, None))


def _endpoint(name: str, text: str | None) -> Iterable[Reading]:
    """The reading of an endpoint's own header."""
    found = _ENDPOINT_LIMIT.search(text or "")
    if found is not None:
        total, left, seconds = (float(number) for number in found.groups())
        yield Reading(name, left, total, seconds)


class ZendeskClient:
    """One session with one Zendesk account.

    Raises SystemFault for settings that do not make a login.
    """

    def __init__(self, config: Mapping[str, Any], stopping: threading.Event | None = None) -> None:
        address = base_url(config)
        http = HttpConfig.from_settings(config, system=SYSTEM, base_url=address)
        self._store = TokenStore.from_settings(config)
        self.quota = Quota(
            (*LIMITS, _exports(config)),
            system="Zendesk",
            share=float(config.get("quota_share") or 0.7),
            reader=read_quota,
            max_wait=float(config.get("quota_max_wait", 900)),
            stopping=stopping,
        )
        self.session = Session(
            http,
            auth=_auth(config, http, self._store),
            quota=self.quota,
            is_token_dead=faults.is_token_dead,
            raise_for=faults.judge,
            stopping=stopping,
        )
        self._clock = ServerClock()
        self.session.hooks["response"].append(self._clock)

    def now(self) -> dt.datetime:
        """Zendesk's time by its last answer, in UTC; this machine's before there was one."""
        return self._clock.now() or dt.datetime.now(dt.UTC)

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """A JSON object read from `path`.

        Raises:
            RecordFault: 404 and the like. PassingFault, SystemFault: as the session.
        """
        return self._object(self.session.get(path, params=params))

    def pages(self, path: str, name: str, **more: Any) -> Iterator[dict[str, Any]]:
        """Everything that a listing holds under `name`, in cursor pages of 100 (Pagination)."""
        for rows, _ in self.listing(path, name, **more):
            yield from rows

    def listing(
        self, path: str, name: str, *, paged: bool = True, **more: Any
    ) -> Iterator[tuple[list[dict[str, Any]], dt.datetime]]:
        """As `pages`, page by page, each with the time before it was asked for.

        A listing that knows no cursors gives everything at once, or pages by number. One that is not
        `paged` is asked for without a size.
        """
        params: dict[str, Any] = {**more, **({"page[size]": PAGE_SIZE} if paged else {})}
        while True:
            asked = dt.datetime.now(dt.UTC)
            page = self.get(path, **params)
            yield [row for row in page.get(name) or () if isinstance(row, dict)], asked
            meta = page.get("meta")
            # An empty page has no cursor.
            if meta and meta.get("has_more") and meta.get("after_cursor"):
                params["page[after]"] = meta["after_cursor"]
            elif not meta and page.get("next_page"):
                params = {**more, "per_page": PAGE_SIZE, "page": int(params.get("page", 1)) + 1}
            else:
                return

    def send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        idempotent: bool,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Write; the answer may be an error of 4xx. `idempotent` permits to repeat it after a lost answer."""
        given = dict(headers or {})
        return self.session.request(method, path, json=body, idempotent=idempotent, headers=given)

    def _object(self, response: Response) -> dict[str, Any]:
        fault = self.fault_of(response)
        if fault is not None:
            raise fault
        body = self.session.json_of(response)
        if not isinstance(body, dict):
            raise SystemFault(
                f"Zendesk answered {response.request.method} {response.request.path_url.partition('?')[0]} "
                f"with JSON that is no object ({len(response.content)} bytes).",
                fix="Check base_url: something else than Zendesk seems to answer there.",
            )
        return body

    def fault_of(self, response: Response) -> ConnectorError | None:
        """What an answer of 4xx means: a record fault where it is about one, else the session's judgement."""
        if response.ok:
            return None
        return faults.record_fault(response, self.request_id(response)) or self.session.fault_for(response)

    def object_of(self, response: Response) -> dict[str, Any]:
        """The JSON object of an answer; its fault is raised."""
        return self._object(response)

    def request_id(self, response: Response) -> str | None:
        """Zendesk's own id of an answer."""
        return self.session.request_id_of(response)

    def numbers(self) -> dict[str, Any]:
        """Requests, retries and quota of this session, for the run's summary."""
        total = self.session.counters.total
        numbers: dict[str, Any] = {
            "requests": total.requests,
            "retries": total.retries,
            "throttled": total.throttled,
            "seconds_waited": round(total.seconds_waited, 3),
        }
        reading = self.quota.last_reading("account")
        if reading is not None:
            numbers["quota"] = {"limit": reading.limit, "remaining": reading.remaining}
        return numbers

    def close(self) -> None:
        """End the session."""
        self.session.close()


def _exports(config: Mapping[str, Any]) -> RateLimit:
    """The limit of all exports together, of which nothing is left to others unless a setting says so."""
    limit, share = config.get("exports_per_minute"), config.get("export_share")
    return RateLimit(
        "exports",
        float(EXPORTS_PER_MINUTE if limit is None else limit),
        path=r"/api/v2/incremental/",
        share=1.0 if share is None else float(share),
    )


def base_url(config: Mapping[str, Any]) -> str:
    """The account's address: `base_url`, else that of the subdomain."""
    if config.get("base_url"):
        return str(config["base_url"])
    subdomain = str(config.get("subdomain") or "")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", subdomain):
        raise SystemFault(
            "The Zendesk account is not named.",
            fix="Set subdomain (the part before .zendesk.com), or base_url.",
        )
    return f"https://{subdomain}.zendesk.com"


def _auth(config: Mapping[str, Any], http: HttpConfig, store: TokenStore) -> Any:
    mode = config.get("auth_mode") or "client_credentials"
    gate = LoginGate.from_settings(store, config)
    if mode == "api_token":
        email, token = _needed(config, "email"), _needed(config, "api_token")
        return Basic(SYSTEM, f"{email}/token", token, store, gate=gate)
    options: dict[str, Any] = {
        "token_url": http.url("/oauth/tokens"),
        "client_id": _needed(config, "client_id"),
        "client_secret": _needed(config, "client_secret"),
        "scope": config.get("scope") or "read write",
        # Without it the answer does not tell how long the token lives (OAuth: expiring clients).
        "extra": {"expires_in": int(config.get("token_lifetime") or 7200)},
        "body": "json",
        "gate": gate,
        "judge": faults.judge_login,
    }
    if mode == "refresh_token":
        return OAuth2RefreshToken(http, store, refresh_token=_needed(config, "refresh_token"), **options)
    return OAuth2ClientCredentials(http, store, **options)


def _needed(config: Mapping[str, Any], name: str) -> str:
    value = config.get(name)
    if not value:
        raise SystemFault(
            f"The setting {name} is missing.",
            fix=f"{config.get('auth_mode') or 'client_credentials'} needs it; it may be vault:NAME.",
        )
    return str(value)
