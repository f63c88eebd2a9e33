"""What a run of an orchestration comes to: its outputs, warnings and refused steps."""

from dataclasses import dataclass, field
from typing import Any


class StepRefusedError(Exception):
    """A form or a business function refused what a step gave it.

    Args:
        step: the step's name.
        code: the id of the error message in the data dictionary; empty when it has none here.
        text: what is wrong.
    """

    def __init__(self, step: str, text: str, code: str = "") -> None:
        super().__init__(text)
        self.step = step
        self.text = text
        self.code = code


@dataclass
class Outcome:
    """Collects what happened.

    Attributes:
        outputs: members of the answer by name.
        warnings: what forms warned of.
        continued: refused steps after which the orchestration went on.
        refused: the refused step that ended it.
    """

    outputs: dict[str, Any] = field(default_factory=dict)
    warnings: list[StepRefusedError] = field(default_factory=list)
    continued: list[StepRefusedError] = field(default_factory=list)
    refused: StepRefusedError | None = None
