"""Tap and target as a shell would pipe them, with the settings of meltano.yml, for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2e.project import outcomes_of, plugin_settings
from plugin_runs import pipe_plugins, run_plugin

from ml_sandbox.testing import RunningSandbox


@dataclass(frozen=True)
class PipeRun:
    """How a tap and a target ended, and what they said."""

    tap_exit: int
    target_exit: int
    tap_log: str
    target_log: str
    states: list[Any]

    def check(self) -> PipeRun:
        """Make sure that both ended well and showed no traceback."""
        assert (self.tap_exit, self.target_exit) == (0, 0), self.tap_log + self.target_log
        assert "Traceback" not in self.tap_log + self.target_log
        return self

    @property
    def outcomes(self) -> dict[str, int]:
        """What became of the records, counts of 0 left out."""
        return outcomes_of(self.target_log)


@dataclass
class Pipe:
    """Runs taps into target-zendesk-ml. State and ledger live in `folder`.

    `settings`: by plugin, over those of meltano.yml. `streams`: those that the tap reads.
    """

    sandbox: RunningSandbox
    folder: Path
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    streams: Sequence[str] = ("customers",)

    @property
    def variables(self) -> dict[str, str]:
        """The environment of both programs, over that of every run: letters stay readable without a key."""
        return {"HOME": str(self.folder), "ML_CONNECTOR_KEY": ""}

    def integrate(self, *, full_refresh: bool = False, **target: Any) -> PipeRun:
        """From EBS to Zendesk, once. `target`: settings of the target for this run alone."""
        state = self.folder / "state.json"
        if full_refresh:
            state.unlink(missing_ok=True)
        options = ["--catalog", str(self._catalog())]
        if state.exists():
            options += ["--state", str(state)]
        run = self._run("tap-oracle-ebs", options, target)
        if run.states:
            state.write_text(json.dumps(run.states[-1]))
        return run

    def replay(self, **target: Any) -> PipeRun:
        """The open letters of the target, once more."""
        return self._run("tap-dead-letters", [], target)

    def letters_now(self) -> bytes:
        """What tap-dead-letters sends at this moment."""
        arguments = ["--config", self.config("tap-dead-letters", {})]
        return (
            run_plugin("tap-dead-letters", arguments, b"", self.folder, variables=self.variables)
            .check(0)
            .output
        )

    def feed(self, lines: bytes) -> PipeRun:
        """Only the target, with these lines."""
        arguments = ["--config", self.config("target-zendesk-ml", {})]
        done = run_plugin("target-zendesk-ml", arguments, lines, self.folder, variables=self.variables)
        return PipeRun(0, done.exit_code, "", done.errors, done.states)

    def config(self, plugin: str, more: Mapping[str, Any]) -> str:
        """Write the settings of a plugin; gives the path of the file."""
        addresses: dict[str, dict[str, Any]] = {
            "tap-oracle-ebs": {"base_url": f"{self.sandbox.url}/ebs"},
            "target-zendesk-ml": {
                "base_url": f"{self.sandbox.url}/zendesk",
                "job_first_poll": 0.3,
                "job_poll": 0.1,
            },
        }
        settings = {
            **plugin_settings(plugin),
            **addresses.get(plugin, {}),
            **self.settings.get(plugin, {}),
            **more,
        }
        path = self.folder / f"{plugin}.json"
        path.write_text(json.dumps(settings))
        return str(path)

    def _catalog(self) -> Path:
        """What Meltano makes of `select`: a catalog in which the streams to read are marked."""
        path = self.folder / "catalog.json"
        if not path.exists():
            arguments = ["--config", self.config("tap-oracle-ebs", {}), "--discover"]
            found = run_plugin("tap-oracle-ebs", arguments, b"", self.folder, variables=self.variables)
            streams = json.loads(found.check(0).output)["streams"]
            for stream in streams:
                for each in stream["metadata"]:
                    if not each["breadcrumb"]:
                        each["metadata"]["selected"] = stream["tap_stream_id"] in self.streams
            path.write_text(json.dumps({"streams": streams}))
        return path

    def _run(self, tap: str, options: list[str], target: Mapping[str, Any]) -> PipeRun:
        reading = [tap, "--config", self.config(tap, {}), *options]
        writing = ["target-zendesk-ml", "--config", self.config("target-zendesk-ml", target)]
        source, done = pipe_plugins(reading, writing, self.folder, self.variables)
        return PipeRun(source.exit_code, done.exit_code, source.errors, done.errors, done.states)
