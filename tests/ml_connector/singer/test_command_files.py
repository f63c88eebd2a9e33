"""A file of the command line that is no JSON object ends in a message that says what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from plugin_runs import run_plugin

GOOD = {"integration": "zendesk-oro"}
# What stands in the file, and what is said of it.
CONTENTS: dict[str, tuple[bytes | None, str]] = {
    "absent": (None, "does not exist"),
    "empty": (b"", "is not JSON, as its line 1 shows"),
    "two states": (b'{"a": 1}\n{"a": 2, "secret": "hunter2"}\n', "is not JSON, as its line 2 shows"),
    "a list": (b'["hunter2"]', "holds no JSON object"),
    "a text": (b'"hunter2"', "holds no JSON object"),
    "another encoding": (b'{"a": "\xff\xfe"}', "is no UTF-8 text"),
}


@pytest.mark.parametrize("case", CONTENTS)
@pytest.mark.parametrize("option", ["--config", "--state", "--catalog"])
def test_a_file_that_is_no_json_object(tmp_path: Path, option: str, case: str) -> None:
    content, message = CONTENTS[case]
    good, wrong = tmp_path / "good.json", tmp_path / "wrong.json"
    good.write_text(json.dumps(GOOD), "utf-8")
    if content is not None:
        wrong.write_bytes(content)
    options = [] if option == "--config" else ["--config", str(good)]
    # A file that is not there is what click itself refuses, but for settings.
    usage = content is None and options
    run = run_plugin("tap-dead-letters", [*options, option, str(wrong)], b"", tmp_path).check(
        2 if usage else 5
    )
    assert str(wrong) in run.errors
    assert ("No such file" if usage else message) in run.errors
    assert "hunter2" not in run.errors
    assert not run.output


def test_settings_that_are_given_in_one_word(tmp_path: Path) -> None:
    run = run_plugin("target-oro-crm", [f"--config={tmp_path / 'no.json'}"], b"", tmp_path).check(5)
    assert f"The file {tmp_path / 'no.json'} of --config does not exist." in run.errors
    assert "--config ENV" in run.errors


@pytest.mark.parametrize("option", ["--discover", "--check"])
@pytest.mark.parametrize("tap", ["tap-oro-crm", "tap-zoho-crm"])
def test_a_server_that_is_down_is_said_by_discovery_too(tmp_path: Path, tap: str, option: str) -> None:
    away = dict.fromkeys(("base_url", "accounts_url", "api_url"), "http://127.0.0.1:9")
    login = {"client_id": "me", "client_secret": "hunter2", "refresh_token": "hunter2"}
    config = tmp_path / "config.json"
    config.write_text(json.dumps({**away, **login, "max_retries": 0}), "utf-8")
    run = run_plugin(tap, ["--config", str(config), option], b"", tmp_path)
    run.check(5 if option == "--check" else 4)
    said = run.output.decode() if option == "--check" else run.errors
    assert "Connection refused" in said
    assert "run again later" in said
    assert "hunter2" not in said
