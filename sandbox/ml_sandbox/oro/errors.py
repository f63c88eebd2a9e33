"""Error answers of the API (B9)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """One error.

    Attributes:
        pointer: the place in the body, a JSON pointer.
        parameter: the query parameter.
    """

    status: int
    title: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def as_json(self) -> JSON:
        """As JSON:API shows it."""
        shown: JSON = {"status": str(self.status), "title": self.title, "detail": self.detail}
        return shown | ({"source": source} if (source := self.source()) else {})

    def as_plain(self) -> JSON:
        """As the plain JSON API shows it."""
        shown: JSON = {"code": str(self.status), "title": self.title, "detail": self.detail}
        place = self.parameter or (self.pointer.rsplit("/", 1)[-1] if self.pointer else None)
        return shown | ({"source": place} if place else {})

    def source(self) -> JSON:
        """Where it is."""
        if self.pointer is not None:
            return {"pointer": self.pointer}
        return {"parameter": self.parameter} if self.parameter is not None else {}

    def below(self, pointer: str) -> "Problem":
        """The same problem of a record that is at this place of the body."""
        return replace(self, pointer=f"{pointer}{self.pointer}") if self.pointer is not None else self


class OroError(Exception):
    """Ends a request with errors.

    Args:
        problems: one or more.
        headers: besides the usual ones.
    """

    def __init__(self, *problems: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(*problems)
        self.problems: Sequence[Problem] = problems
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """The status of the answer: that of the errors when they agree, else 400."""
        statuses = {problem.status for problem in self.problems}
        return statuses.pop() if len(statuses) == 1 else 400


def raise_all(problems: Iterable[Problem]) -> None:
    """Raise when there are problems."""
    found = list(problems)
    if found:
        raise OroError(*found)


def not_found() -> OroError:
    """No such record."""
    detail = "An entity with the requested identifier does not exist."
    return OroError(Problem(404, "not found http exception", detail))


def no_route() -> OroError:
    """No such path, or the web API is switched off."""
    return OroError(Problem(404, "not found http exception", "Not Found"))


def unknown_type(name: str) -> OroError:
    """No such type in this installation."""
    return OroError(Problem(404, "entity type constraint", f"Unknown entity type: {name}."))


def unknown_relation() -> OroError:
    """No such relationship of the type."""
    return OroError(Problem(404, "relationship constraint", "Unsupported subresource."))


def action_not_allowed(action: str, allowed: Iterable[str] = ()) -> OroError:
    """The action is disabled for this type."""
    problem = Problem(405, "action not allowed exception", f'The "{action}" action is not allowed.')
    return OroError(problem, headers={"Allow": ", ".join(allowed)})


def access_denied(what: str = "No access to the entity.") -> OroError:
    """The user's role does not permit it, or the record is of another organization."""
    return OroError(Problem(403, "access denied exception", what))


def not_acceptable() -> OroError:
    """A media type that the API does not speak."""
    detail = "Only JSON representation of the requested resource is supported."
    return OroError(Problem(406, "not acceptable http exception", detail))


def bad_request(detail: str) -> OroError:
    """A body that is not JSON, or a header of a wrong value."""
    return OroError(Problem(400, "bad request http exception", detail))


def bad_data(detail: str, pointer: str | None = None) -> OroError:
    """A body of a wrong shape."""
    return OroError(Problem(400, "request data constraint", detail, pointer))


def conflict(detail: str, pointer: str | None = None) -> OroError:
    """The body contradicts the address, or what is stored."""
    return OroError(Problem(409, "conflict constraint", detail, pointer))


def unsupported_filter(parameter: str) -> Problem:
    """A filter that the type does not have."""
    return Problem(400, "filter constraint", f'Filter "{parameter}" is not supported.', parameter=parameter)


def wrong_filter(parameter: str, detail: str) -> Problem:
    """A filter value of a wrong form."""
    return Problem(400, "unexpected value exception", detail, parameter=parameter)


def limit_filter(parameter: str, detail: str) -> Problem:
    """A filter value out of range, or an operator that the filter does not have."""
    return Problem(400, "filter constraint", detail, parameter=parameter)
