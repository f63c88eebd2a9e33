"""What a procedure gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ml_sandbox.ebs.store import Tuple

SUCCESS, ERROR, UNEXPECTED = "S", "E", "U"


@dataclass(frozen=True, slots=True)
class Result:
    """Rows by out parameter, in the order of its columns; values as the stores keep them."""

    collections: Mapping[str, Sequence[Tuple]] = field(default_factory=dict)
    has_more: bool = False
    status: str = SUCCESS
    message: str | None = None
