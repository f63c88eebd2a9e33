"""The session that taps and targets share."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

import msgspec
import requests
from requests import PreparedRequest, Request, Response
from requests.adapters import HTTPAdapter

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.http import _answers
from ml_connector.http._config import HttpConfig
from ml_connector.http._counters import Counters
from ml_connector.http._exchange import Call, Exchange, RetryEvent
from ml_connector.http._quota import Quota
from ml_connector.redaction import install_redaction

_OF_REQUEST = ("params", "data", "headers", "cookies", "files", "auth", "hooks")
# The order in which requests takes its arguments by position.
_POSITIONAL = (
    *("params", "data", "headers", "cookies", "files", "auth", "timeout", "allow_redirects"),
    *("proxies", "hooks", "stream", "verify", "cert", "json"),
)


class Credentials(Protocol):
    """Attaches credentials to a request: any `requests.auth.AuthBase`."""

    def __call__(self, r: PreparedRequest, /) -> PreparedRequest:
        """Return the request with the credentials."""


@runtime_checkable
class Renewable(Protocol):
    """Credentials that can replace a dead token."""

    def renew(self, request: PreparedRequest, /) -> None:
        """Replace the token that `request` carried."""


@runtime_checkable
class Watchful(Protocol):
    """Credentials that want to see the answers to what they were attached to."""

    def observe(self, response: Response, /) -> None:
        """Judge an answer; raise LoginRefused when it refuses the credentials."""

    def abandon(self) -> None:
        """Learn that the request of this thread got no answer of the system."""


_encode = msgspec.json.Encoder(decimal_format="number").encode


class Session(requests.Session):
    """A requests session that waits for the quota, repeats what is safe to repeat, and keeps credentials
    at home.

    Every call ends in an answer below 500 that is no 429, in a RequestFailed (a passing fault) after
    `config.max_retries` repetitions, in an AmbiguousWrite when a write was sent and its outcome is
    unknown, or in a SystemFault (certificate, address, refused credentials). `send` runs the same way, so
    a Singer REST stream may use it as its `requests_session`. Safe among threads.

    - `auth` attaches the credentials, late, before each attempt. If it has `renew(request)`, that is
      called once per request when `is_token_dead(response)` tells the vendor's own answer to a dead
      token.
    - `quota` is taken before each attempt. Only the system's own hosts count.
    - `raise_for(response)` is asked about each answer, whatever its status. It returns None (judge by
      status), a PassingFault (repeat if that is safe; `Throttled`: in any case; `QuotaSpent`: never) or
      another fault, raised at once.
    - `is_idempotent(request)` tells which requests may be repeated when their outcome is unknown, for
      callers that cannot pass `idempotent`; by default GET, HEAD and OPTIONS. `on_retry` hears of each
      repetition.
    - `stopping`, when set, ends waits with a passing fault.
    """

    def __init__(
        self,
        config: HttpConfig,
        *,
        auth: Credentials | None = None,
        quota: Quota | None = None,
        is_token_dead: Callable[[Response], bool] | None = None,
        raise_for: Callable[[Response], ConnectorError | None] | None = None,
        is_idempotent: Callable[[PreparedRequest], bool] | None = None,
        on_retry: Callable[[RetryEvent], None] | None = None,
        request_id_headers: Sequence[str] = _answers.REQUEST_ID_HEADERS,
        stopping: threading.Event | None = None,
    ) -> None:
        super().__init__()
        install_redaction()
        self.config = config
        self.credentials = auth
        self.quota = quota
        self.is_idempotent = is_idempotent
        self.on_retry = on_retry
        self._on_throttled: list[weakref.WeakMethod[Callable[[], None]]] = []
        self.stopping = stopping or threading.Event()
        self.counters = Counters()
        self._is_token_dead = is_token_dead
        self._raise_for = raise_for
        self._request_id_headers = tuple(request_id_headers)
        self.verify = config.verify
        self.cert = config.certificate
        self.headers["User-Agent"] = config.user_agent
        for prefix in ("https://", "http://"):
            self.mount(prefix, HTTPAdapter(pool_connections=4, pool_maxsize=config.pool_size))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> Response:
        """Send a request and return the answer. `url` may be a path below `config.base_url`.

        Beyond what `requests.Session.request` takes:

        - `idempotent`: True if the vendor may do it twice without harm (an upsert by key, a search by POST);
          False for a read that is none. Without it `is_idempotent` decides.
        - `quota`: names of further limits; `cost`: what it uses of each rate limit, such as credits.
        - `endpoint`: the name to count it under, by default method and path without identifiers.
        - `foreign=True`: permit a host that is not the system's own. It gets no credentials, and reads only.
        - `authenticated=False`: send it without the session's credentials.
        """
        verb = method.decode() if isinstance(method, bytes) else method
        address = url.decode() if isinstance(url, bytes) else url
        built = self._build(verb, self.config.url(address), args, kwargs)
        call = Call(
            idempotent=kwargs.pop("idempotent", None),
            quota=tuple(kwargs.pop("quota", ())),
            cost=kwargs.pop("cost", 1),
            endpoint=kwargs.pop("endpoint", None),
            foreign=kwargs.pop("foreign", False),
            authenticated=kwargs.pop("authenticated", True) and built.auth is None,
        )
        return self.send(self.prepare_request(built), call=call, **kwargs)

    def _build(self, method: str, url: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Request:
        kwargs.update(zip(_POSITIONAL, args, strict=False))
        given = {name: kwargs.pop(name) for name in _OF_REQUEST if name in kwargs}
        if (body := kwargs.pop("json", None)) is not None:
            # Decimals go out as exact JSON numbers, which the standard library's encoder cannot do.
            given["data"] = _encode(body)
            given["headers"] = {"Content-Type": "application/json", **(given.get("headers") or {})}
        return Request(method.upper(), url, **given)

    def get(self, url: str | bytes, **kwargs: Any) -> Response:
        """GET; see `request`."""
        return self.request("GET", url, **kwargs)

    def post(self, url: str | bytes, data: Any = None, json: Any = None, **kwargs: Any) -> Response:
        """POST; see `request`."""
        return self.request("POST", url, data=data, json=json, **kwargs)

    def put(self, url: str | bytes, data: Any = None, **kwargs: Any) -> Response:
        """PUT; see `request`."""
        return self.request("PUT", url, data=data, **kwargs)

    def patch(self, url: str | bytes, data: Any = None, **kwargs: Any) -> Response:
        """PATCH; see `request`."""
        return self.request("PATCH", url, data=data, **kwargs)

    def delete(self, url: str | bytes, **kwargs: Any) -> Response:
        """DELETE; see `request`."""
        return self.request("DELETE", url, **kwargs)

    def prepare_request(self, request: Request) -> PreparedRequest:
        """Prepare without credentials: they are attached before each attempt. Its own `auth` is kept."""
        request.auth = request.auth or _untouched
        return super().prepare_request(request)

    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:
        """Send a prepared request, with everything that `request` does."""
        call = kwargs.pop("call", None) or Call()
        if kwargs.pop("verify", None) is False:
            raise SystemFault(f"{self.config.system}: TLS is always verified.", fix="Set `ca_bundle`.")
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self.config.timeouts
        kwargs.update(verify=self.verify, cert=self.cert)
        if self.config.proxy:
            kwargs["proxies"] = {"http": self.config.proxy, "https": self.config.proxy}
        return Exchange(self, request, call, kwargs).run()

    def transmit(self, request: PreparedRequest, **kwargs: Any) -> Response:
        """Send once and follow nothing. The body is read, but for a good status with `stream`."""
        response = super().send(request, allow_redirects=False, **kwargs)
        if response.status_code >= 400:
            _ = response.content
        return response

    def resolve_redirects(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Follow nothing: redirects are followed by the exchange, which knows whom to send credentials."""
        return iter(())

    def fault_for(self, response: Response) -> ConnectorError:
        """Return the fault that an unwanted answer stands for; `raise_for` is asked first."""
        return self.raise_for(response) or _answers.fault_for(response, self.config.system)

    def json_of(self, response: Response) -> Any:
        """Return the body as JSON; see `ml_connector.http.json_of`."""
        return _answers.json_of(response, self.config.system)

    def request_id_of(self, response: Response) -> str | None:
        """Return the vendor's own id of an answer."""
        return _answers.request_id_of(response, self._request_id_headers)

    def raise_for(self, response: Response) -> ConnectorError | None:
        """Return what the vendor's own judge says about an answer; None without one."""
        return self._raise_for(response) if self._raise_for is not None else None

    def is_token_dead(self, response: Response) -> bool:
        """Tell whether an answer means that the token has to be renewed."""
        return self._is_token_dead is not None and self._is_token_dead(response)

    @property
    def _capable(self) -> object:
        return self.credentials

    @property
    def can_renew(self) -> bool:
        """Whether the credentials can be renewed."""
        return isinstance(self._capable, Renewable)

    def renew(self, sent: PreparedRequest) -> None:
        """Replace the token that `sent` carried."""
        if isinstance(self._capable, Renewable):
            self._capable.renew(sent)

    def observe(self, response: Response) -> None:
        """Show an answer of the system to the credentials: a refused login ends all further attempts."""
        if isinstance(self._capable, Watchful):
            self._capable.observe(response)

    def abandon(self) -> None:
        """Tell the credentials that a request ended without an answer."""
        if isinstance(self._capable, Watchful):
            self._capable.abandon()

    def throttled(self) -> None:
        """Tell the listeners of a 429."""
        for reference in list(self._on_throttled):
            listener = reference()
            if listener is not None:
                listener()

    def on_throttled(self, listener: Callable[[], None]) -> None:
        """Call a bound method at each 429, for as long as its object lives."""
        living = [reference for reference in self._on_throttled if reference() is not None]
        self._on_throttled = [*living, weakref.WeakMethod(listener)]


def _untouched(request: PreparedRequest) -> PreparedRequest:
    return request
