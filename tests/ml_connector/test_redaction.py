"""No secret in logs, messages, tracebacks and addresses, whoever wrote them."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from support.scripted_server import Answer, ScriptedServer

from ml_connector.auth import OAuth2ClientCredentials, TokenStore
from ml_connector.errors import RequestFailed
from ml_connector.http import (
    HttpConfig,
    Redactor,
    Session,
    install_redaction,
    redact,
    register,
    scrub_exception,
    traceback_text,
)
from ml_connector.vault import new_key

SECRET = 'p@ss "wörd"/+=\\1'


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Whatever any logger writes, through a handler that knows nothing of redaction."""
    install_redaction()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(before)
    root.removeHandler(handler)


@given(
    secret=st.text(min_size=4, max_size=40).filter(lambda text: text.strip() and not set(text) <= set("* "))
)
def test_every_form_of_a_secret_is_found(secret: str) -> None:
    redactor = Redactor([secret])
    forms = [
        secret,
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote_plus(secret),
        json.dumps({"x": secret}),
        json.dumps({"x": secret}, ensure_ascii=False),
        repr({"x": secret}),
        base64.b64encode(secret.encode()).decode(),
    ]
    for form in forms:
        clean = redactor.redact(f"before {form} after")
        assert secret not in clean.replace("before ", "").replace(" after", "")
        assert "***" in clean


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /x?access_token=abc123&page=2", "GET /x?access_token=***&page=2"),
        ("Authorization: Bearer abcdef123456", "Authorization: ***"),
        ("{'Authorization': 'Zoho-oauthtoken 1000.abc.def'}", "{'Authorization': '***'}"),
        ('{"client_secret": "s\\"q", "scope": "read"}', '{"client_secret": "***", "scope": "read"}'),
        ("grant_type=refresh_token&refresh_token=r1&x=1", "grant_type=refresh_token&refresh_token=***&x=1"),
        ("http://user:pass@proxy:3128", "http://***@proxy:3128"),
        ("Cookie: EBSDB=abc; JSESSIONID=1\nnext", "Cookie: ***\nnext"),
        ("page_token=abc is no secret", "page_token=abc is no secret"),
        ("nothing to hide", "nothing to hide"),
        ("Basic authentication is used", "Basic authentication is used"),
        ("jde-AIS-Auth: 044abc", "jde-AIS-Auth: ***"),
        ("sent Zoho-oauthtoken 1000.abcdef", "sent Zoho-oauthtoken ***"),
    ],
)
def test_what_nobody_registered_is_known_by_its_name(text: str, shown: str) -> None:
    assert Redactor().redact(text) == shown


def test_short_secrets_are_found_as_words_only() -> None:
    redactor = Redactor(["abc", ""])
    assert redactor.redact("abc abcd") == "*** abcd"


def test_log_records_are_clean_in_any_handler(log: io.StringIO) -> None:
    register(SECRET)
    logger = logging.getLogger("somebody.else")
    # A handler of its own, which no filter of ours was ever added to.
    handler = logging.StreamHandler(log)
    logger.addHandler(handler)
    logger.propagate = False
    logger.info("plain %s", SECRET)
    logger.info("mapping %s", {"password": SECRET})
    logger.info("bad format %s %s", SECRET)
    try:
        raise ValueError(SECRET) from KeyError(SECRET)
    except ValueError:
        logger.exception("failed with %s", SECRET)
    text = log.getvalue()
    assert SECRET not in text
    assert "Traceback" in text
    assert text.count("***") >= 4
    assert handler.filters == []
    logger.removeHandler(handler)
    logger.propagate = True


def test_extra_fields_are_clean_once_the_handler_is_known() -> None:
    register(SECRET)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(details)s"))
    logger = logging.getLogger("extra.fields")
    logger.addHandler(handler)
    install_redaction()
    logger.warning("x", extra={"details": {"body": [SECRET]}})
    assert SECRET not in stream.getvalue()
    assert "***" in stream.getvalue()
    logger.removeHandler(handler)


def test_exceptions_are_clean_with_everything_they_came_from() -> None:
    register(SECRET)
    error = RequestFailed(f"broke on {SECRET}", fix=f"try {SECRET}")
    error.__cause__ = OSError(2, SECRET, SECRET)
    error.__cause__.__context__ = ExceptionGroup(SECRET, [ValueError([SECRET, (SECRET,), SECRET.encode()])])
    assert SECRET not in traceback_text(error)
    scrub_exception(error)
    assert SECRET not in str(error)
    assert SECRET not in repr(error.__cause__)


def test_the_whole_way_of_a_request_shows_no_secret(log: io.StringIO, tmp_path: Path) -> None:
    """urllib3's debug lines, our own warnings, and the final fault with all that it was raised from."""
    with ScriptedServer() as server:
        server.script(
            Answer(body={"access_token": "minted-t0ken", "refresh_token": "other-t0ken", "expires_in": 60}),
            Answer(503, {"echo": "minted-t0ken"}),
            Answer(fault="close"),
            Answer(500, {"echo": "minted-t0ken", "password": "unknown-s3cret"}),
        )
        config = HttpConfig("vendor", server.url, max_retries=2, backoff=0.01)
        auth = OAuth2ClientCredentials(
            config,
            TokenStore(tmp_path, keys=[new_key()]),
            token_url="/token",
            client_id="client",
            client_secret="cl13nt-s3cret",
        )
        with Session(config, auth=auth) as session, pytest.raises(RequestFailed) as caught:
            session.get("/data", params={"$token": "minted-t0ken", "password": "unknown-s3cret"})
        logging.getLogger("test").error("gave up", exc_info=caught.value)
        logging.getLogger("test").error(
            "%r %s", caught.value, requests.Request("GET", server.url).prepare().headers
        )
    text = log.getvalue() + str(caught.value) + repr(caught.value) + traceback_text(caught.value)
    assert "/data" in log.getvalue()
    assert "urllib3" in log.getvalue()
    for secret in ("minted-t0ken", "other-t0ken", "cl13nt-s3cret", "unknown-s3cret"):
        assert secret not in text


@pytest.mark.parametrize("where", ["main", "thread"])
def test_uncaught_exceptions_are_clean(where: str) -> None:
    raising = "def work():\n    raise ValueError('broke on ' + os.environ['HIDE'])\n"
    start = "work()" if where == "main" else "t = threading.Thread(target=work)\nt.start()\nt.join()"
    code = (
        "import os, threading\nfrom ml_connector.redaction import install_redaction, register\n"
        f"register(os.environ['HIDE'])\ninstall_redaction()\n{raising}{start}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "HIDE": "s3cret-value"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "broke on ***" in done.stderr
    assert "s3cret-value" not in done.stderr


def test_installing_twice_changes_nothing() -> None:
    install_redaction()
    factory, hook = logging.getLogRecordFactory(), sys.excepthook
    install_redaction()
    assert logging.getLogRecordFactory() is factory
    assert sys.excepthook is hook
    assert redact("password=abc") == "password=***"
