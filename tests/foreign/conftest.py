"""The fixture that installs plugins of other makers."""

from __future__ import annotations

import pytest
from foreign.installing import Install, install


@pytest.fixture(scope="module", name="install")
def fixture_install(tmp_path_factory: pytest.TempPathFactory) -> Install:
    """Installs a plugin into a new environment; gives its path."""
    return lambda program: install(program, tmp_path_factory.mktemp(program))
