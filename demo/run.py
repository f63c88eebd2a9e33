"""The integrations on the sandbox, from empty systems to whatever can happen to a record.

    python demo/run.py [INTEGRATION ...]

Ends with 1 as soon as something does not turn out as it is told.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import ebs_zendesk
import jde_zoho
import zendesk_oro
from telling import CONSOLE, tell
from world import Step, StepFailed, World, new_world

STORIES: dict[str, tuple[str, tuple[Step, ...]]] = {
    "ebs-zendesk": ("Oracle EBS to Zendesk, one way", ebs_zendesk.STEPS),
    "jde-zoho": ("JD Edwards and Zoho CRM, both ways", jde_zoho.STEPS),
    "zendesk-oro": ("Zendesk and OroCRM, both ways", zendesk_oro.STEPS),
}


def play(world: World, names: Sequence[str]) -> None:
    """Install the plugins, then tell the stories."""
    CONSOLE.rule("[bold]Set up", align="left")
    tell("meltano install")
    world.command("meltano", "install")
    for name in names:
        title, steps = STORIES[name]
        CONSOLE.print(f"\n[bold]{title}")
        for number, (what, step) in enumerate(steps, start=1):
            CONSOLE.rule(f"[bold]{number}. {what}", align="left")
            step(world)


def main(names: Sequence[str]) -> int:
    """Play the stories of these integrations, all without names; gives the exit code."""
    unknown = sorted(set(names) - STORIES.keys())
    if unknown:
        CONSOLE.print(f"There is no story {', '.join(unknown)}; known are {', '.join(STORIES)}.")
        return 2
    began = time.monotonic()
    try:
        with new_world() as world:
            play(world, names or list(STORIES))
    except StepFailed as failure:
        CONSOLE.print(f"[bold red]It did not hold:[/] {failure}", markup=True)
        return 1
    CONSOLE.rule()
    tell(f"All steps held, in {time.monotonic() - began:.0f} s. The sandbox is stopped, its data is gone.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
