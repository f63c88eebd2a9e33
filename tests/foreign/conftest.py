"""The fixture that installs plugins of other makers."""

from __future__ import annotations

import functools

import pytest
from foreign.installing import Install, install


@pytest.fixture(scope="session", name="install")
def fixture_install(tmp_path_factory: pytest.TempPathFactory) -> Install:
    """Installs a plugin into an environment of its own, once; gives its path."""
    return functools.cache(lambda program: install(program, tmp_path_factory.mktemp(program)))
