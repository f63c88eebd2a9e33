"""Runs an orchestration step by step."""

from collections.abc import Callable, Sequence
from typing import Any

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.orchestrator.definitions import ADDRESS_NUMBER, LINE_NUMBER, ROWS, Orchestration
from ml_sandbox.jde.orchestrator.entries import Entries, Given
from ml_sandbox.jde.orchestrator.master import Master
from ml_sandbox.jde.orchestrator.outcome import Outcome, StepRefusedError
from ml_sandbox.jde.orchestrator.stage import stage_rows
from ml_sandbox.jde.store import TableStore


class Run:
    """One run. Steps that were done stay done when a later one is refused: nothing is rolled back."""

    def __init__(
        self, orchestration: Orchestration, master: Master, settings: VendorSettings, stage: TableStore
    ) -> None:
        self._orchestration = orchestration
        self._master = master
        self._settings = settings
        self._stage = stage
        self.outcome = Outcome()

    def run(self, given: Given, rows: Sequence[Any]) -> Outcome:
        """Do all steps that the inputs ask for."""
        try:
            if self._orchestration.action == "stage":
                entries = Entries(self._settings)
                self.outcome.outputs[ROWS] = stage_rows(rows, self._stage, entries, self._master)
            elif self._orchestration.action == "lookup":
                self.outcome.outputs["AddressNumber"] = self._master.find(self._orchestration, given)
            elif self._orchestration.kind == "contact":
                self._run_contact(given)
            else:
                self._run_address(given)
        except StepRefusedError as refused:
            self.outcome.refused = refused
        return self.outcome

    def _run_address(self, given: Given) -> None:
        if self._orchestration.action == "create":
            number, warnings = self._master.add(self._orchestration, given)
        else:
            number = _whole(given, ADDRESS_NUMBER)
            warnings = self._master.change(number, self._orchestration, given)
        self.outcome.warnings += warnings
        self.outcome.outputs["AddressNumber"] = number
        self._write_channels(number, 0, given)
        self._master.write_role(number, self._orchestration, given)

    def _run_contact(self, given: Given) -> None:
        number = _whole(given, ADDRESS_NUMBER)
        line = _whole(given, LINE_NUMBER) if LINE_NUMBER in given else None
        line = self._master.write_contact(number, line, self._orchestration, given)
        self.outcome.outputs |= {"AddressNumber": number, "LineNumber": line}
        self._write_channels(number, line, given)

    def _write_channels(self, number: int, line: int, given: Given) -> None:
        channels = self._master.channels
        self._leniently(lambda: channels.write_phones(number, line, given))
        self._leniently(lambda: channels.write_mails(number, line, given))

    def _leniently(self, write: Callable[[], None]) -> None:
        """Do a step whose refusal need not end the run: the master record is kept (AAA)."""
        try:
            write()
        except StepRefusedError as refused:
            rule = self._settings.text("refused_channel")
            if rule == "stop":
                raise
            (self.outcome.warnings if rule == "warning" else self.outcome.continued).append(refused)


def _whole(given: Given, name: str) -> int:
    text = given[name].strip()
    if not text.isdecimal():
        raise StepRefusedError("Input", f"{name} takes a whole number, not {text!r}.")
    return int(text)
