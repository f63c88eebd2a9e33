"""Filling the vendors before the sandbox serves."""

import importlib
from pathlib import Path
from types import ModuleType

from ml_sandbox.core.app import Sandbox
from ml_sandbox.core.errors import ControlError


def load_directory(sandbox: Sandbox, directory: Path) -> None:
    """Load the data of a directory into the vendors."""
    _data().load_directory(sandbox.vendors, directory)


def generate(sandbox: Sandbox, customers: int, seed: int) -> None:
    """Generate so many customers into the vendors, always the same for the same seed."""
    _data().generate(sandbox.vendors, customers, seed)


def _data() -> ModuleType:
    try:
        return importlib.import_module("ml_sandbox.data")
    except ModuleNotFoundError as error:
        raise ControlError(
            "This build of the sandbox has no data generators; start it without data."
        ) from error
