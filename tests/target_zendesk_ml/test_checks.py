"""`--check` and `--about`."""

import json
from typing import Any

from plugin_runs import Run
from zendesk_target import ZendeskTarget

from ml_sandbox.zendesk import seed


def checked(run: Run) -> dict[str, dict[str, Any]]:
    found = [json.loads(line) for line in run.output.splitlines()]
    return {check["check"]: check for check in found}


def test_a_good_set_up_passes_every_check(target: ZendeskTarget) -> None:
    run = target.feed(b"", "--check").check(0)
    checks = checked(run)
    assert set(checks) == {"ledger", "login", "role", "scope", "organization field ebs_city"}
    assert all(check["ok"] for check in checks.values())
    assert checks["organization field ebs_city"]["detail"] == "will be created"
    assert target.calls() == []


def test_a_wrong_role_scope_and_field_are_each_named_with_their_mending(target: ZendeskTarget) -> None:
    target.sandbox.control.put_rows(
        "zendesk", "organization_fields", [{"key": "ebs_city", "title": "City", "type": "integer"}]
    )
    agent = {"client_id": seed.AGENT_CLIENT_ID, "client_secret": seed.AGENT_CLIENT_SECRET, "scope": "read"}
    checks = checked(target.feed(b"", "--check", **agent).check(5))
    failed = {name for name, check in checks.items() if not check["ok"]}
    assert failed == {"role", "scope", "organization field ebs_city"}
    assert all(checks[name]["fix"] for name in failed)


def test_a_refused_login_fails_the_check(target: ZendeskTarget) -> None:
    run = target.feed(b"", "--check", client_secret="nobody-knows-this").check(5)
    failed = [check for check in checked(run).values() if not check["ok"]]
    assert len(failed) == 1
    assert "Check `client_id` and `client_secret`" in failed[0]["fix"]
    assert b"nobody-knows-this" not in run.output


def test_missing_settings_are_named(target: ZendeskTarget) -> None:
    assert "client_id" in str(checked(target.feed(b"", "--check", client_id=None).check(5)))
    assert "subdomain" in str(checked(target.feed(b"", "--check", base_url=None).check(5)))


def test_a_setting_that_is_null_has_its_default(target: ZendeskTarget) -> None:
    unset = dict.fromkeys(("quota_max_wait", "job_timeout", "name_taken", "max_batch_age", "two_way"))
    nulls = target.folder / "nulls.json"
    nulls.write_text(json.dumps(unset))
    assert checked(target.feed(b"", "--check", "--config", str(nulls)).check(0))["login"]["ok"]


def test_settings_of_a_wrong_kind_are_refused(target: ZendeskTarget) -> None:
    run = target.feed(b"", name_taken="perhaps", job_poll="soon").check(5)
    assert "name_taken" in run.errors
    assert "job_poll" in run.errors


def test_about_lists_every_setting(target: ZendeskTarget) -> None:
    about = json.loads(target.feed(b"", "--about", "--format", "json").check(0).output)
    properties = about["settings"]["properties"]
    assert {"subdomain", "client_secret", "quota_share", "dry_run", "ledger_url", "stream_maps"} <= set(
        properties
    )
    assert "batch_size_rows" not in properties, "settings that the target does not honour are not offered"
    assert all(prop.get("description") for prop in properties.values())
    assert properties["client_secret"]["secret"]
