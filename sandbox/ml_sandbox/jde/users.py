"""Who may sign in, and what they may not see."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from ml_sandbox.core.errors import ControlError, require_known
from ml_sandbox.jde import seed


@dataclass(frozen=True, slots=True)
class User:
    """A user profile.

    Attributes:
        username: stored in upper case.
        password: compared as it is.
        environments: the ones the user may sign in to; the first is the server's default.
        roles: the ones the user may take; the first is the default.
        denied: tables and orchestrations that the user has no right to: 403.
        disabled: whether the profile is switched off.
        address_number: the user's own address book number.
    """

    username: str
    password: str
    environments: tuple[str, ...] = (seed.ENVIRONMENT,)
    roles: tuple[str, ...] = (seed.ROLE,)
    denied: tuple[str, ...] = ()
    disabled: bool = False
    address_number: int = 1


class Users:
    """User profiles by name, as at start or as changed through the control API."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}
        self.reset()

    def reset(self) -> None:
        """Put back the users of the start."""
        limited = User(seed.LIMITED_USERNAME, seed.LIMITED_PASSWORD, denied=("F0401", "ML_CreateCustomer"))
        self._users = {user.username: user for user in (User(seed.USERNAME, seed.PASSWORD), limited)}

    def signed_in(self, username: str, password: str) -> User | None:
        """Give the user with these credentials; None when they do not work."""
        user = self._users.get(username.upper())
        if user is None or user.disabled or user.password != password:
            return None
        return user

    def rows(self) -> list[dict[str, Any]]:
        """Give all users as JSON objects, passwords too: the control API keeps no secrets."""
        return [asdict(user) for user in self._users.values()]

    def put(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Add or replace users; all of them, or none when one is wrong."""
        users = [_user(row) for row in rows]
        self._users |= {user.username: user for user in users}
        return [asdict(user) for user in users]


def _user(row: Mapping[str, Any]) -> User:
    known = {field.name for field in fields(User)}
    for name in row:
        require_known("field of a user:", name, known)
    for name in ("username", "password"):
        if not isinstance(row.get(name), str) or not row[name]:
            raise ControlError(f"A user needs {name!r} as text.")
    for name in ("environments", "roles", "denied"):
        value = row.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ControlError(f"{name!r} of a user must be a list of texts, not {value!r}.")
    for name, wanted in (("disabled", bool), ("address_number", int)):
        if not isinstance(row.get(name, wanted()), wanted):
            raise ControlError(
                f"{name!r} of a user must be of the type {wanted.__name__}, not {row[name]!r}."
            )
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    user = User(**{**given, "username": row["username"].upper()})
    if not user.environments or not user.roles:
        raise ControlError("A user needs at least one environment and one role.")
    return user
