"""What an administrator keeps: users with responsibilities, deployed services, grants."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from ml_sandbox.core.errors import ControlError, require_known
from ml_sandbox.ebs.catalog import OPERATIONS
from ml_sandbox.ebs.package.definitions import PACKAGE, PACKAGE_OPERATIONS

ANY = "*"
PACKAGE_ALIAS = "mlread"


@dataclass(frozen=True, slots=True)
class Responsibility:
    """A responsibility of a user, by key and application short name."""

    key: str
    application: str
    id: int = 0
    application_id: int = 0
    organizations: tuple[int, ...] = ()
    """Operating units that its security profile lets it see."""


@dataclass(frozen=True, slots=True)
class User:
    """An FND_USER."""

    name: str
    password: str
    responsibilities: tuple[Responsibility, ...] = ()
    locked: bool = False
    failed_logins: int = 0


@dataclass(frozen=True, slots=True)
class Deployment:
    """A service: the operations below an alias; they answer GET, or POST when a package is behind them."""

    alias: str
    operations: tuple[str, ...]
    package: str = ""
    """PL/SQL package whose procedures the operations are; empty for tables."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A right: `user` (or `*` for all) may call `operations` (or `*`) of an alias."""

    user: str
    alias: str
    operations: tuple[str, ...] = (ANY,)


_INQUIRY = Responsibility("ML_CONNECTOR_INQUIRY", "AR", 50559, 222, (204, 458))
_VISION_ONLY = Responsibility("ML_VISION_INQUIRY", "AR", 50560, 222, (204,))
_ADMINISTRATOR = Responsibility("SYSTEM_ADMINISTRATOR", "SYSADMIN", 20420, 1)
_ALIASES: dict[str, tuple[str, ...]] = {
    "custtables": ("HZ_", "RA_TERMS"),
    "suppliertables": ("AP_SUPPLIER", "AP_TERMS", "PO_VENDOR"),
    "potables": ("PO_HEADERS", "PO_LINE", "PO_DISTRIBUTIONS"),
    "aptables": ("AP_INVOICE", "AP_PAYMENT", "AP_CHECKS"),
    "omtables": ("OE_", "RA_CUSTOMER_TRX", "AR_"),
    "gltables": ("GL_", "MTL_"),
}


class Administration:
    """Users, deployments and grants, as at start or as changed through the control API."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.deployments: dict[str, Deployment] = {}
        self.grants: dict[tuple[str, str], Grant] = {}
        self.reset()

    def reset(self) -> None:
        """Put everything back as it is at start; this also unlocks users."""
        for name in OBJECTS:
            self.reset_object(name)

    def reset_object(self, object_name: str) -> None:
        """Put one of the objects back as it is at start."""
        if object_name == "users":
            own = (_INQUIRY, _VISION_ONLY)
            users = (
                User("ML_EXTRACT", "extract-1", own),
                User("SYSADMIN", "sysadmin-1", (_ADMINISTRATOR, _INQUIRY)),
            )
            self.users = {user.name: user for user in users}
        elif object_name == "deployments":
            self.deployments = {
                alias: Deployment(alias, tuple(name for name in OPERATIONS if name.startswith(prefixes)))
                for alias, prefixes in _ALIASES.items()
            }
            self.deployments[PACKAGE_ALIAS] = Deployment(PACKAGE_ALIAS, tuple(PACKAGE_OPERATIONS), PACKAGE)
        else:
            aliases = (*_ALIASES, PACKAGE_ALIAS, "provider")
            self.grants = {("ML_EXTRACT", alias): Grant("ML_EXTRACT", alias) for alias in aliases}

    def granted(self, user: str, alias: str, operation: str) -> bool:
        """Say whether a user may call an operation of an alias."""
        grants = (self.grants.get((name, alias)) for name in (user, ANY))
        return any(
            grant is not None and (ANY in grant.operations or operation in grant.operations)
            for grant in grants
        )

    def note_login(self, user: User, *, success: bool, lock_after: int) -> None:
        """Count a failed log-on, lock the user when there were too many in a row, or begin anew."""
        failures = 0 if success else user.failed_logins + 1
        locked = user.locked or bool(lock_after and failures >= lock_after)
        self.users[user.name] = replace(user, failed_logins=failures, locked=locked)

    def rows(self, object_name: str) -> list[dict[str, Any]]:
        """Give an object's entries as JSON objects."""
        entries: Sequence[Any] = list(_entries(self, object_name).values())
        return [asdict(entry) for entry in entries]

    def put_rows(self, object_name: str, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add or replace entries; all of them, or none when one is wrong."""
        entries = [_entry(object_name, row) for row in rows]
        kept = _entries(self, object_name)
        for entry in entries:
            kept[_key_of(entry)] = entry
        return [asdict(entry) for entry in entries]


OBJECTS: dict[str, type[User | Deployment | Grant]] = {
    "users": User,
    "deployments": Deployment,
    "grants": Grant,
}


def _entries(administration: Administration, object_name: str) -> dict[Any, Any]:
    entries: dict[Any, Any] = getattr(administration, object_name)
    return entries


def _key_of(entry: User | Deployment | Grant) -> str | tuple[str, str]:
    if isinstance(entry, User):
        return entry.name
    if isinstance(entry, Deployment):
        return entry.alias
    return entry.user, entry.alias


def _entry(object_name: str, row: dict[str, Any]) -> User | Deployment | Grant:
    kind = OBJECTS[object_name]
    entry: User | Deployment | Grant = _checked(kind, row)
    if isinstance(entry, User):
        given = tuple(_checked(Responsibility, item) for item in _objects(entry.responsibilities))
        return replace(entry, name=entry.name.upper(), responsibilities=given)
    operations = tuple(str(name).upper() for name in entry.operations)
    if isinstance(entry, Deployment):
        if entry.package:
            require_known("package", entry.package, (PACKAGE,))
        for name in operations:
            require_known("operation", name, PACKAGE_OPERATIONS if entry.package else OPERATIONS)
        return replace(entry, operations=operations)
    return replace(entry, user=entry.user.upper(), operations=operations)


def _objects(value: Sequence[Any]) -> list[dict[str, Any]]:
    if not all(isinstance(item, dict) for item in value):
        raise ControlError("responsibilities must be a list of objects.")
    return list(value)


def _checked(kind: type[Any], row: dict[str, Any]) -> Any:
    known = {field.name: field for field in fields(kind)}
    for name in row:
        require_known(f"field of {kind.__name__}", name, known)
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    try:
        entry = kind(**given)
    except TypeError as error:
        raise ControlError(f"A field of {kind.__name__} is missing: {error}.") from error
    for name, field in known.items():
        wanted: type[Any] = _SIMPLE.get(field.type, tuple)
        value = getattr(entry, name)
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            what = "list" if wanted is tuple else wanted.__name__
            raise ControlError(f"{name} of {kind.__name__} must be of the type {what}, not {value!r}.")
    return entry


_SIMPLE: dict[Any, type[Any]] = {str: str, int: int, bool: bool}
