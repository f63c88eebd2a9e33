"""What `plan` and `publish` tell of a run that failed."""

from __future__ import annotations

from subprocess import CompletedProcess

from ml_connector.commands.project import is_set_up_fault, told

SUMMARY = (
    '2026-11-21T19:21:48Z [info     ] tap-x run summary {"plugin": "tap-x", "exit_code": %d, "seconds": 1}'
)
ERROR = "2026-11-21T19:21:49Z [error    ] tap-x        The login was refused, password=hunter2"
MELTANO = "2026-11-21T19:21:50Z [error    ] meltano      Block run completed"


def ended(*lines: str) -> CompletedProcess[str]:
    """A run of Meltano that said this."""
    return CompletedProcess(["meltano"], 1, "", "\n".join(lines))


def test_only_what_a_plugin_complained_of_is_told() -> None:
    assert told(ended(SUMMARY % 5, ERROR, MELTANO)).split() == [
        "tap-x",
        "The",
        "login",
        "was",
        "refused,",
        "password=***",
    ]
    assert told(ended("No such plugin.", MELTANO)) == f"No such plugin.\n{MELTANO}"


def test_a_plugin_s_exit_code_says_whether_something_has_to_be_set_right() -> None:
    assert is_set_up_fault(ended(SUMMARY % 0, SUMMARY % 5, MELTANO))
    assert not is_set_up_fault(ended(SUMMARY % 4, SUMMARY % 0, MELTANO))
