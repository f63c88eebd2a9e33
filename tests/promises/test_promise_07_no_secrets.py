"""No secret and no token in a log, a message, STATE, a letter, the ledger in clear, or a traceback."""

from __future__ import annotations

import base64

import pytest
from plugin_runs import KEY, Run, run_plugin
from singer_lines import customer, customers, lines, schema, state
from zendesk_target import NAME, ZendeskTarget

from ml_connector.vault import Vault
from ml_sandbox.zendesk import seed

SECRET = seed.CLIENT_SECRET
ECHO = {
    "error": "RecordInvalid",
    "description": f"You sent client_secret={SECRET}",
    "details": {"name": [{"description": f"Bearer {SECRET}", "error": "InvalidValue"}]},
}


def noisy(target: ZendeskTarget, *more: object, **settings: object) -> Run:
    """A run that logs all it can."""
    given = lines([schema(), *customers(range(3)), customer(4, name=4), state({"k": 1})])
    arguments = target.arguments(**settings)
    return run_plugin(
        NAME, arguments, given, target.folder, variables={"TARGET_ZENDESK_ML_LOGLEVEL": "DEBUG"}
    )


def assert_clean(target: ZendeskTarget, *runs: Run, secret: str = SECRET) -> None:
    forms = [secret.encode(), base64.b64encode(secret.encode())]
    files = [file for file in (target.folder / "home").rglob("*") if file.is_file()]
    kept = b"".join(file.read_bytes() for file in files)
    assert files
    for form in forms:
        assert form not in kept
        for run in runs:
            assert form not in run.output
            assert form.decode() not in run.errors
    for letter in target.letters(only_open=False):
        assert secret not in f"{letter.reason} {letter.raw} {letter.mapped} {letter.detail}"


def test_not_where_the_vendor_echoes_it(target: ZendeskTarget) -> None:
    """Guard: secret settings are registered for redaction, which every reason and log line passes."""
    target.sandbox.control.faults(
        {"system": "zendesk", "path": "*/create_many", "fault": "job_partial", "rows": [0, 1]},
        {"system": "zendesk", "path": "*/create_or_update", "fault": "status", "status": 422, "body": ECHO},
        {
            "system": "zendesk",
            "path": "*/create_or_update",
            "fault": "status",
            "status": 400,
            "body": SECRET,
            "after": 1,
        },
    )
    run = noisy(target).check(0)
    assert len(target.letters()) == 3
    assert_clean(target, run)


@pytest.mark.parametrize("status", [403, 500, 503, 401])
def test_not_in_a_fault_that_ends_the_run(target: ZendeskTarget, status: int) -> None:
    target.sandbox.control.faults(
        {
            "system": "zendesk",
            "path": "*/show_many*",
            "fault": "status",
            "status": status,
            "body": ECHO,
            "times": None,
        }
    )
    run = noisy(target, max_retries=1)
    assert run.exit_code in (4, 5)
    assert_clean(target, run)


def test_not_from_the_vault_nor_after_a_refused_login(target: ZendeskTarget) -> None:
    """Guard: what comes out of the vault is registered too."""
    secret = "vaulted-secret-of-nobody"
    Vault(target.folder / "home", keys=[KEY]).set("zendesk", secret)
    run = noisy(target, client_secret="vault:zendesk").check(5)
    assert_clean(target, run, secret=secret)
    Vault(target.folder / "home", keys=[KEY]).set("zendesk", SECRET)
    assert noisy(target, client_secret="vault:zendesk").check(0).summary["outcomes"]["created"] == 3


def test_not_the_access_token(target: ZendeskTarget) -> None:
    """Guard: tokens are encrypted in their store and registered when they are read."""
    run = noisy(target).check(0)
    tokens = [row.get("token") for row in target.sandbox.control.rows("zendesk", "oauth_tokens")]
    for token in filter(None, tokens):
        assert_clean(target, run, secret=str(token))
    assert "Bearer " not in run.errors
    assert "Authorization" not in run.errors
