"""docs/sandbox.md says what the sandbox serves, no more and no less."""

import re
from pathlib import Path

from starlette.routing import Route

from ml_sandbox.cli import main
from ml_sandbox.core.app import Sandbox
from ml_sandbox.core.control import control_routes
from ml_sandbox.core.faults import MATCHING, PARAMETERS
from ml_sandbox.registry import VENDORS
from ml_sandbox.zendesk import seed

DOCS = Path(__file__).resolve().parents[2] / "docs" / "sandbox.md"
TEXT = DOCS.read_text(encoding="utf-8")
SANDBOX = Sandbox(VENDORS)


def calls(prefix: str, routes: list[Route]) -> set[str]:
    return {
        f"{method} {prefix}{route.path}"
        for route in routes
        for method in route.methods or ()
        if method != "HEAD"
    }


def test_every_route_is_listed_and_every_listed_route_is_served() -> None:
    served = calls("", control_routes(SANDBOX))
    for mount, _ in SANDBOX.mounts:
        served |= calls(mount.prefix, list(mount.routes))
    listed = set(re.findall(r"^\| `((?:GET|POST|PUT|PATCH|DELETE|OPTIONS) /[^`]*)`", TEXT, re.MULTILINE))
    assert listed == served


def test_every_setting_is_listed_with_its_default() -> None:
    listed = dict(re.findall(r"^\| `((?:[a-z]+\.)?[a-z0-9_]+)` \| `([^`]*)` \|", TEXT, re.MULTILINE))
    declared = SANDBOX.settings.declared()
    defaults = {
        name: str(setting.default).lower() if isinstance(setting.default, bool) else str(setting.default)
        for name, setting in declared.items()
    }
    assert {name: listed.get(name) for name in declared} == defaults
    assert {name for name in listed if "." in name} <= declared.keys()


def test_every_fault_is_listed_with_its_parameters() -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (.*) \|$", TEXT, re.MULTILINE))
    for fault, parameters in PARAMETERS.items():
        for parameter in parameters:
            assert f"`{parameter}`" in rows[fault], (fault, parameter)
    for key in MATCHING:
        assert key in rows


def test_every_option_of_serve_is_listed() -> None:
    options = {
        name for option in main.commands["serve"].params for name in option.opts if not _hidden(option)
    }
    for option in options:
        assert f"`{option} " in TEXT or f"`{option}`" in TEXT or f" {option} " in TEXT, option


def _hidden(option: object) -> bool:
    return bool(getattr(option, "hidden", False))


def test_the_credentials_are_those_that_work() -> None:
    for value in (
        seed.CLIENT_ID,
        seed.CLIENT_SECRET,
        seed.AGENT_CLIENT_ID,
        seed.AGENT_CLIENT_SECRET,
        seed.PUBLIC_CLIENT_ID,
        seed.REDIRECT_URI,
        seed.ADMIN_EMAIL,
        seed.AGENT_EMAIL,
        seed.API_TOKEN,
    ):
        assert f"`{value}`" in TEXT
