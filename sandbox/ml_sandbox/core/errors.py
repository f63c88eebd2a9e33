"""The one error that the control API and the command line show to a person."""

from collections.abc import Iterable


class ControlError(ValueError):
    """Something asked of the sandbox itself (not of a vendor) makes no sense.

    Args:
        message: what is wrong and what to do, one sentence.
        known: the names that would have been understood, when a name was not.
    """

    def __init__(self, message: str, known: Iterable[str] = ()) -> None:
        self.known = sorted(known)
        super().__init__(f"{message} Known: {', '.join(self.known)}." if self.known else message)


def require_known(kind: str, name: str, known: Iterable[str]) -> None:
    """Raise :class:`ControlError` when ``name`` is none of the ``known`` names of its ``kind``."""
    names = list(known)
    if name not in names:
        raise ControlError(f"Unknown {kind} {name!r}.", names)
