"""Declared, typed settings that can be changed while the sandbox runs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ml_sandbox.core.errors import ControlError, require_known

Value = bool | int | float | str


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        name: its name; those of a vendor are addressed as ``VENDOR.NAME``.
        default: its value at start; its type is the setting's type.
        description: one sentence with the unit and, for a vendor fact, its source.
        choices: the only values allowed, when not empty.
        minimum: the smallest number allowed.
        pattern: a regular expression that a text has to match as a whole, when not empty.
    """

    name: str
    default: Value
    description: str
    choices: tuple[Value, ...] = ()
    minimum: float | None = 0
    pattern: str = ""


CORE_SETTINGS = (
    Setting(
        "time_scale", 1.0, "Quota windows, token lives, jobs and Retry-After run this much faster.", (), 0.001
    ),
    Setting("latency_ms", 0.0, "Milliseconds that every vendor answer is delayed."),
    Setting(
        "log_body_bytes",
        262_144,
        "Request bodies up to this size are kept in /control/requests; 0 keeps none.",
    ),
)


class Settings:
    """All settings of one sandbox by their full name (``time_scale``, ``zendesk.plan``)."""

    def __init__(self, declared: Iterable[Setting] = CORE_SETTINGS) -> None:
        self._declared = {setting.name: setting for setting in declared}
        self._values: dict[str, Value] = {name: s.default for name, s in self._declared.items()}
        self._start: dict[str, Value] = {}

    def declare(self, vendor: str, settings: Iterable[Setting]) -> None:
        """Add a vendor's settings under ``VENDOR.NAME``."""
        for setting in settings:
            name = f"{vendor}.{setting.name}"
            self._declared[name] = setting
            self._values[name] = setting.default

    def declared(self) -> dict[str, Setting]:
        """Every setting by full name."""
        return dict(self._declared)

    def values(self) -> dict[str, Value]:
        """Every present value by full name."""
        return dict(self._values)

    def get(self, name: str) -> Value:
        """The present value of a setting; :class:`ControlError` when there is none of that name."""
        if name not in self._values:
            require_known("setting", name, self._declared)
        return self._values[name]

    def number(self, name: str) -> float:
        """A numeric setting as float."""
        return float(self.get(name))

    def update(self, changes: Mapping[str, Any]) -> None:
        """Change several settings at once: all of them, or none when one is wrong (:class:`ControlError`)."""
        checked = {name: self._checked(name, value) for name, value in _flattened(changes).items()}
        self._values.update(checked)

    def keep_as_start(self) -> None:
        """Take the present values as those that :meth:`reset` goes back to."""
        self._start = dict(self._values)

    def reset(self) -> None:
        """Go back to the values at the start."""
        defaults = {name: setting.default for name, setting in self._declared.items()}
        self._values = {**defaults, **self._start}

    def _checked(self, name: str, value: Any) -> Value:
        require_known("setting", name, self._declared)
        setting = self._declared[name]
        converted = _converted(name, value, setting.default)
        if setting.choices and converted not in setting.choices:
            raise ControlError(f"Setting {name} cannot be {value!r}.", map(str, setting.choices))
        if (
            setting.minimum is not None
            and not isinstance(converted, bool | str)
            and converted < setting.minimum
        ):
            raise ControlError(f"Setting {name} must be at least {setting.minimum:g}, not {value!r}.")
        if setting.pattern and not re.fullmatch(setting.pattern, str(converted)):
            raise ControlError(f"Setting {name} cannot be {value!r}. {setting.description}")
        return converted


class VendorSettings:
    """The settings of one vendor, by their short names."""

    def __init__(self, settings: Settings, vendor: str) -> None:
        self._settings = settings
        self._vendor = vendor

    def __getitem__(self, name: str) -> Value:
        return self._settings.get(f"{self._vendor}.{name}")

    def number(self, name: str) -> float:
        """A numeric setting as float."""
        return float(self[name])

    def integer(self, name: str) -> int:
        """A numeric setting as int."""
        return int(self[name])

    def text(self, name: str) -> str:
        """A setting as text."""
        return str(self[name])

    def flag(self, name: str) -> bool:
        """A true or false setting."""
        return bool(self[name])


def _flattened(changes: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in changes.items():
        if isinstance(value, Mapping):
            flat.update({f"{name}.{inner}": inner_value for inner, inner_value in value.items()})
        else:
            flat[name] = value
    return flat


def _converted(name: str, value: Any, default: Value) -> Value:
    try:
        if isinstance(default, bool):
            return _boolean(value)
        if isinstance(default, int):
            if isinstance(value, bool) or float(value) != int(float(value)):
                raise ValueError
            return int(float(value))
        if isinstance(default, float):
            if isinstance(value, bool):
                raise ValueError
            return float(value)
    except (TypeError, ValueError) as error:
        wanted = {bool: "true or false", int: "a whole number", float: "a number"}[type(default)]
        raise ControlError(f"Setting {name} must be {wanted}, not {value!r}.") from error
    if not isinstance(value, str):
        raise ControlError(f"Setting {name} must be a text, not {value!r}.")
    return value


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
    if isinstance(value, str) and value.lower() in known:
        return known[value.lower()]
    raise ValueError
