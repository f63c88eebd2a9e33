"""The way to a system: address, TLS, proxy, hosts."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from support.scripted_server import ScriptedServer

from ml_connector.errors import PassingFault, SystemFault
from ml_connector.http import HttpConfig, Session, is_loopback
from ml_connector.redaction import redact


def test_settings_are_read_and_nulls_are_defaults() -> None:
    config = HttpConfig.from_settings(
        {"read_timeout": 7, "max_retries": 0, "backoff": None, "unknown": 1},
        system="zendesk",
        base_url="https://acme.zendesk.com/",
        user_agent="tap-x/1",
    )
    assert config.base_url == "https://acme.zendesk.com"
    assert (config.timeouts, config.max_retries, config.backoff) == ((10.0, 7), 0, 1.0)
    assert config.user_agent == "tap-x/1"
    assert HttpConfig.from_settings({"base_url": "https://b"}, system="x", base_url="https://a").host == "b"


@pytest.mark.parametrize(
    "url", ["", "acme.zendesk.com", "ftp://x", "https://", "https://x:y", "https://x:99999"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SystemFault):
        HttpConfig.from_settings({"base_url": url}, system="zendesk")


def test_plain_http_stays_on_this_machine(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SystemFault, match="allow_plain_http"):
        HttpConfig("ebs", "http://ebs.example.com:8000")
    for host in ("localhost:8700", "127.0.0.1", "127.9.9.9:1", "[::1]:80"):
        HttpConfig("ebs", f"http://{host}")
    assert caplog.text == ""
    with caplog.at_level(logging.WARNING):
        HttpConfig("ebs", "http://ebs.example.com:8000", allow_plain_http=True)
    assert "without TLS" in caplog.text


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1.evil.com", False), ("localhost", True), ("10.0.0.1", False)]
)
def test_loopback_is_known(host: str, own: bool) -> None:
    assert is_loopback(host) is own


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://acme.zendesk.com/api/v2/x?page=2", True),
        ("https://ACME.zendesk.com:443/x", True),
        ("https://acme.zendesk.com:8443/x", False),
        ("http://acme.zendesk.com/x", False),
        ("https://acme.zendesk.com.evil.com/x", False),
        ("https://acme.zendesk.com@evil.com/x", False),
        ("https://evil.com/acme.zendesk.com", False),
        ("https://content.zohoapis.com/x", True),
        ("http://content.zohoapis.com/x", False),
        ("https://content.zohoapis.com:444/x", False),
        ("https://sub.zdassets.com/x", True),
        ("https://zdassets.com.evil.com/x", False),
        ("https://evilzdassets.com/x", False),
    ],
)
def test_only_the_vendors_own_hosts_are_trusted(url: str, own: bool) -> None:
    config = HttpConfig(
        "zendesk", "https://acme.zendesk.com", allowed_hosts=("content.zohoapis.com", ".zdassets.com")
    )
    assert config.is_own(url) is own
    if own:
        assert config.check_host(url) == url
    else:
        with pytest.raises(SystemFault, match="not called"):
            config.check_host(url)


def test_a_step_up_to_tls_keeps_the_host() -> None:
    config = HttpConfig("oro", "http://oro.example.com", allow_plain_http=True)
    assert config.is_own("https://oro.example.com/api")
    assert not config.is_own("https://other.example.com/api")


def test_missing_certificate_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SystemFault, match="ca_bundle"):
        HttpConfig("x", "https://x", ca_bundle=str(tmp_path / "none.pem"))
    key = tmp_path / "key.pem"
    key.touch()
    with pytest.raises(SystemFault, match="client_cert"):
        HttpConfig("x", "https://x", client_key=str(key))


def test_the_password_of_a_proxy_is_hidden() -> None:
    HttpConfig.from_settings({"base_url": "https://x", "proxy": "http://me:pr0xypass@p:3128"}, system="x")
    assert "pr0xypass" not in redact("the proxy said pr0xypass")


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def tls_server(authority: trustme.CA, *, client_certificate: bool = False) -> ScriptedServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    if client_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
        authority.configure_trust(context)
    return ScriptedServer(tls=context)


def test_a_private_authority_has_to_be_named(authority: trustme.CA, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    with tls_server(authority) as server:
        with Session(HttpConfig("x", server.url)) as session, pytest.raises(SystemFault, match="`ca_bundle`"):
            session.post("/x")
        with Session(HttpConfig("x", server.url, ca_bundle=str(bundle))) as session:
            assert session.get("/x").ok
    assert len(server.received) == 1


def test_the_setting_wins_over_the_environment(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, wrong = tmp_path / "ca.pem", tmp_path / "wrong.pem"
    authority.cert_pem.write_to_path(str(bundle))
    trustme.CA().cert_pem.write_to_path(str(wrong))
    with tls_server(authority) as server:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(wrong))
        with Session(HttpConfig("x", server.url, ca_bundle=str(bundle))) as session:
            assert session.get("/x").ok
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
        with Session(HttpConfig("x", server.url)) as session:
            assert session.get("/x").ok


def test_a_client_certificate_is_shown(authority: trustme.CA, tmp_path: Path) -> None:
    bundle, certificate, key = (tmp_path / name for name in ("ca.pem", "cert.pem", "key.pem"))
    authority.cert_pem.write_to_path(str(bundle))
    issued = authority.issue_cert("client@example.com")
    issued.cert_chain_pems[0].write_to_path(str(certificate))
    issued.private_key_pem.write_to_path(str(key))
    given: dict[str, Any] = {"ca_bundle": str(bundle), "max_retries": 1, "backoff": 0.01}
    with tls_server(authority, client_certificate=True) as server:
        with (
            Session(HttpConfig("x", server.url, **given)) as session,
            pytest.raises((PassingFault, SystemFault)),
        ):
            session.get("/x")
        with Session(
            HttpConfig("x", server.url, client_cert=str(certificate), client_key=str(key), **given)
        ) as session:
            assert session.get("/x").ok


def test_a_server_without_tls_is_explained() -> None:
    with ScriptedServer() as server:
        config = HttpConfig("x", server.url.replace("http://", "https://"))
        with Session(config) as session, pytest.raises(SystemFault, match="does not speak TLS"):
            session.get("/x")


def test_the_proxy_is_used() -> None:
    with (
        ScriptedServer() as proxy,
        Session(
            HttpConfig("x", "http://vendor.example.com", allow_plain_http=True, proxy=proxy.url)
        ) as session,
    ):
        assert session.get("/data").ok
    assert proxy.paths() == ["http://vendor.example.com/data"]
