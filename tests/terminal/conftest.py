"""What tests of the program on a terminal need."""

from pathlib import Path

import pytest

from nn_tui.paths import first_start


@pytest.fixture(autouse=True)
def started_before(tmp_path: Path) -> None:
    """The test's folder is no newcomer's, where a test keeps its runs there."""
    first_start(tmp_path)
