"""The authorization-code flow with PKCE: a person consents in a browser, once, and a refresh token is stored.

The pieces of `ml-connector auth login`: build the address, wait for the browser on this machine (or take
what the person pastes), exchange the code, keep the pair.

    login_interactively(endpoint, store, authorize_url="https://.../authorizations/new", scope="read write",
                        account="client-id", show=click.echo)
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import http.server
import secrets
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from ml_connector import redaction
from ml_connector.auth._oauth import TokenEndpoint, save_grant
from ml_connector.auth._store import TokenStore
from ml_connector.auth._tokens import Token
from ml_connector.errors import LoginRefused, SystemFault

_PAGE = "<!doctype html><title>ml-connector</title><p>{message} You can close this window."


@dataclasses.dataclass(frozen=True, slots=True)
class Authorization:
    """One authorization under way: the address to open, and what has to match when the answer comes."""

    url: str
    state: str
    verifier: str
    redirect_uri: str

    def __repr__(self) -> str:
        return f"Authorization(redirect_uri={self.redirect_uri!r})"


def begin(
    authorize_url: str,
    *,
    client_id: str,
    redirect_uri: str,
    scope: str | None = None,
    extra: Mapping[str, str] | None = None,
) -> Authorization:
    """Return an authorization with a fresh state and PKCE verifier (S256).

    `extra` are further parameters of the address, such as `{"access_type": "offline"}`.
    """
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    redaction.register(verifier)
    parameters = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": scope,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **(extra or {}),
    }
    query = urllib.parse.urlencode({name: value for name, value in parameters.items() if value})
    joint = "&" if "?" in authorize_url else "?"
    return Authorization(f"{authorize_url}{joint}{query}", state, verifier, redirect_uri)


def code_from(answer: str, authorization: Authorization) -> str:
    """Return the code of an answer: the address the browser ended at, its query, or the bare code.

    Raises LoginRefused when the person or the vendor said no, SystemFault when the answer belongs to another
    authorization.
    """
    text = answer.strip()
    query = urllib.parse.urlsplit(text).query if "://" in text else text.lstrip("?")
    fields = {name: values[-1] for name, values in urllib.parse.parse_qs(query).items()}
    if "error" in fields:
        said = fields.get("error_description") or fields["error"]
        raise LoginRefused(
            f"The authorization was refused: {redaction.redact(said)}.", fix="Authorise again."
        )
    if "code" not in fields and "=" not in text and "://" not in text and text:
        redaction.register(text)
        return text
    if "code" not in fields:
        raise SystemFault(
            "The answer holds no code.", fix="Paste the whole address that the browser ended at."
        )
    if not hmac.compare_digest(fields.get("state", "").encode(), authorization.state.encode()):
        raise SystemFault(
            "The answer belongs to another authorization (its state differs).", fix="Begin again."
        )
    redaction.register(fields["code"])
    return fields["code"]


def exchange(endpoint: TokenEndpoint, authorization: Authorization, code: str) -> Token:
    """Exchange a code for a token pair. Raises LoginRefused when the vendor does not take it."""
    return endpoint.request(
        grant_type="authorization_code",
        code=code,
        redirect_uri=authorization.redirect_uri,
        code_verifier=authorization.verifier,
    )


class CallbackListener:
    """Waits on 127.0.0.1 for the browser to come back; use it as a context manager.

    `redirect_uri` is what the vendor must know as an allowed address; give a `port` where it has to be
    registered.
    """

    def __init__(self, *, port: int = 0, path: str = "/callback") -> None:
        self.path = path
        self._answer: str | None = None
        self._came = threading.Event()
        try:
            self._server = http.server.HTTPServer(("127.0.0.1", port), self._handler())
        except OSError as error:
            raise SystemFault(
                f"Port {port} cannot be used: {error.strerror}.", fix="Choose another port."
            ) from error
        self.redirect_uri = f"http://127.0.0.1:{self._server.server_port}{path}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, timeout: float) -> str | None:
        """Return the query that the browser brought, or None after `timeout` seconds."""
        self._came.wait(timeout)
        return self._answer

    def _take(self, query: str) -> None:
        self._answer = query
        self._came.set()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urllib.parse.urlsplit(self.path)
                wanted = (
                    parts.path == listener.path
                    and {"code", "error"} & urllib.parse.parse_qs(parts.query).keys()
                )
                message = "The answer has arrived." if wanted else "This is not the address of the answer."
                page = _PAGE.format(message=message).encode()
                self.send_response(200 if wanted else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)
                if wanted:
                    listener._take(parts.query)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - so named in the base class
                """Log nothing: the address holds the code."""

        return Handler


def login_interactively(
    endpoint: TokenEndpoint,
    store: TokenStore,
    *,
    authorize_url: str,
    account: str,
    scope: str | None = None,
    extra: Mapping[str, str] | None = None,
    redirect_uri: str | None = None,
    ask: Callable[[], str] | None = None,
    show: Callable[[str], object] = print,
    port: int = 0,
    timeout: float = 300.0,
) -> None:
    """Have a person authorise and store the token pair under `account`.

    By default the browser comes back to a listener on this machine. With `redirect_uri` (a registered
    address of another kind) `ask()` returns what the person pastes. Raises LoginRefused, or SystemFault
    when nobody came within `timeout` seconds.
    """
    details = {"client_id": endpoint.client_id, "scope": scope, "extra": extra}
    if redirect_uri is not None and ask is not None:
        authorization = begin(authorize_url, redirect_uri=redirect_uri, **details)  # type: ignore[arg-type]  # mixed
        show(f"Open this address and consent, then paste the address you end at:\n{authorization.url}")
        answer: str | None = ask()
    else:
        with CallbackListener(port=port) as listener:
            authorization = begin(authorize_url, redirect_uri=listener.redirect_uri, **details)  # type: ignore[arg-type]  # mixed
            show(f"Open this address and consent:\n{authorization.url}")
            answer = listener.wait(timeout)
    if answer is None:
        raise SystemFault(f"Nobody consented within {timeout:.0f} s.", fix="Begin again.")
    token = exchange(endpoint, authorization, code_from(answer, authorization))
    save_grant(store, endpoint.config.system, account, token)
