"""Results as text and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    """One measurement: what it shows, its figures, and what limits them."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)
    note: str = ""

    def as_markdown(self) -> str:
        lines = [
            f"## {self.title}",
            "",
            f"| {' | '.join(self.columns)} |",
            f"|{' --- |' * len(self.columns)}",
        ]
        lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in self.rows]
        return "\n".join([*lines, "", self.note, ""])

    def as_text(self) -> str:
        lines = [self.title]
        for row in self.rows:
            cells = (f"{name}: {cell}" for name, cell in zip(self.columns, row, strict=True))
            lines.append("  " + ", ".join(cells))
        return "\n".join(lines)
