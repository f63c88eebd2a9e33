"""What the processes of the token tests run: `python token_processes.py ROLE ARGUMENTS`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ml_connector.auth import LoginGate, OAuth2RefreshToken, SessionToken, TokenStore, in_header
from ml_connector.errors import LoginRefused
from ml_connector.http import HttpConfig, Session


def refresher(url: str, store: TokenStore) -> OAuth2RefreshToken:
    config = HttpConfig("vendor", url, backoff=0.01)
    return OAuth2RefreshToken(
        config,
        store,
        token_url="/oauth/tokens",
        client_id="client",
        client_secret="client-s3cret",
        refresh_token="refresh-0",
        body="json",
    )


def session_token(url: str, store: TokenStore) -> SessionToken:
    config = HttpConfig("vendor", url, backoff=0.01)

    def login() -> str:
        with Session(config) as session:
            response = session.post("/login", json={"user": "u", "password": "passw0rd"})
            if response.status_code == 403:
                raise LoginRefused("vendor: login refused with status 403.")
            return str(session.json_of(response)["token"])

    def logout(token: object) -> None:
        with Session(config) as session:
            session.post("/logout", json={"token": getattr(token, "value", "")}, idempotent=True)

    return SessionToken(
        "vendor",
        "u",
        store,
        login=login,
        attach=in_header("jde-AIS-Auth"),
        credentials="u:passw0rd",
        logout=logout,
        gate=LoginGate(store, retry_after=600),
    )


def say(words: object) -> None:
    """Tell the test."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def wait_for(path: Path) -> None:
    """Wait until the test created `path`."""
    deadline = time.monotonic() + 30
    while not path.exists():
        if time.monotonic() > deadline:
            raise SystemExit(f"{path} never came")
        time.sleep(0.005)


def main() -> None:
    role, url, directory, sign = sys.argv[1:5]
    store = TokenStore(directory, keys=[sys.argv[5]])
    signs = Path(sign)
    wait_for(signs / "go")
    if role == "refresh":
        with Session(HttpConfig("vendor", url), auth=refresher(url, store)) as session:
            say(session.get("/data").status_code)
        return
    auth = session_token(url, store)
    try:
        with Session(HttpConfig("vendor", url), auth=auth) as session:
            say(session.get("/data").status_code)
    except LoginRefused as refusal:
        say(f"refused {refusal}")
        return
    (signs / f"in-{sys.argv[6]}").touch()
    wait_for(signs / f"leave-{sys.argv[6]}")
    auth.close()


if __name__ == "__main__":
    main()
