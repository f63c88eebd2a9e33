"""The JSON files that a plugin's command line names: settings, state, catalog."""

from __future__ import annotations

from typing import IO, Any

from singer_sdk.helpers._util import load_json

from ml_connector.errors import SystemFault

_FIXES = {
    "--config": "Name a file with a JSON object of settings, or `--config ENV` for those of the environment.",
    "--state": "Take the last line that the target wrote. Where there is none yet, leave --state out.",
    "--catalog": "Write it by --discover.",
}


def json_file(option: str, file: IO[str] | None) -> dict[str, Any] | None:
    """The JSON object in a file; None without one.

    Raises:
        SystemFault: it holds anything else; the message has the place, never the content.
    """
    if file is None:
        return None
    try:
        found = load_json(file.read())
    except (OSError, ValueError) as error:
        raise wrong_file(option, file.name, error) from None
    if not isinstance(found, dict):
        raise wrong_file(option, file.name, TypeError())
    return found


def wrong_file(option: str, name: str, error: OSError | ValueError | TypeError) -> SystemFault:
    """What is wrong with a file that could not be read as a JSON object."""
    if isinstance(error, FileNotFoundError):
        why = "does not exist"
    elif isinstance(error, OSError):
        why = f"cannot be read: {error.strerror}"
    elif line := getattr(error, "lineno", None):
        why = f"is not JSON, as its line {line} shows"
    else:
        why = "is no UTF-8 text" if isinstance(error, UnicodeDecodeError) else "holds no JSON object"
    return SystemFault(f"The file {name} of {option} {why}.", fix=_FIXES[option])
