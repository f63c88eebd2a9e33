"""`--check` of a tap whose streams are found by asking the vendor, who refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from singer_sdk import Stream
from support.rows_tap import TapRows

from ml_connector.errors import ConnectorError, LoginRefused, PassingFault


class TapRefused(TapRows):
    name = "tap-refused"

    def discover_streams(self) -> list[Stream]:
        raise LoginRefused("The login was refused.", fix="Correct `password`.")


class TapAway(TapRows):
    name = "tap-away"

    def discover_streams(self) -> list[Stream]:
        raise PassingFault("Nobody answers.", fix="Run again later.")


def ended(tap: type[TapRows], folder: Path, *options: str) -> Result:
    """How the tap's command ended."""
    config = folder / "config.json"
    config.write_text(json.dumps({"file": str(folder / "rows.json")}))
    return CliRunner().invoke(tap.cli, ["--config", str(config), *options])


@pytest.mark.parametrize(("tap", "code"), [(TapRefused, 5), (TapAway, 4)])
def test_a_check_tells_what_kept_the_tap_from_being_made(
    tap: type[TapRows], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checked = ended(tap, tmp_path, "--check")
    (failure,) = [json.loads(line) for line in checked.stdout.splitlines()]
    assert checked.exit_code == 5
    assert failure["ok"] is False
    fault: ConnectorError
    with pytest.raises(ConnectorError) as caught:
        tap(config={"file": "rows.json"}).discover_streams()
    fault = caught.value
    assert (failure["detail"], failure["fix"]) == (fault.message, fault.fix)
    # A run ends with the fault's own code, and prints nothing for a target to read.
    run = ended(tap, tmp_path)
    assert run.exit_code == code
    assert not run.stdout
