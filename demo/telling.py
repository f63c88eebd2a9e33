"""How the demo tells what it does."""

from __future__ import annotations

from rich.console import Console
from world import World

CONSOLE = Console(width=110, highlight=False)


def tell(text: str) -> None:
    """One line of the story."""
    CONSOLE.print(f"  {text}")


def show(world: World, *words: str, paragraphs: int | None = None, lines: int | None = None) -> None:
    """Print what a command of ml-connector says, or its first paragraphs or lines."""
    tell(f"ml-connector {' '.join(words)}")
    said = world.command("ml-connector", *words).output.rstrip().split("\n\n")
    text = "\n\n".join(said[:paragraphs])
    CONSOLE.print()
    CONSOLE.print("\n".join(text.splitlines()[:lines]), markup=False, soft_wrap=True)
    CONSOLE.print()
