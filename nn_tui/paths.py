"""Locations of the settings file and of the state folder with saved runs.

Folders are created by the code that writes to them; here, only the marker of the first
start is written.
"""

import os
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_config_path, user_state_path

from nn_tui.errors import InputError

STATE_VARIABLE = "NN_TUI_STATE_DIR"
"""Environment variable with the state folder; ``--state-dir`` takes precedence."""

_NAME = "nn-tui"
_MARK = "started"


class NoHome(InputError):
    """The home folder is required but cannot be determined."""


def settings_file() -> Path:
    """Return the settings file in the platform's configuration folder. Raises NoHome."""
    return _absolute(lambda: user_config_path(_NAME) / "config.toml")


def state_dir(given: str | None = None) -> Path:
    """Return the state folder: ``given``, the environment variable, or the platform's default.

    Raises NoHome.
    """
    chosen = given or os.environ.get(STATE_VARIABLE)
    if chosen:
        return _absolute(lambda: Path(chosen).expanduser().absolute())
    return _absolute(lambda: user_state_path(_NAME))


def _absolute(find: Callable[[], Path]) -> Path:
    try:
        path = find()
    except RuntimeError:
        path = Path("~")
    if not path.is_absolute():  # ~ could not be expanded
        raise NoHome("there is no home folder; set HOME, or keep runs elsewhere by --state-dir")
    return path


def first_start(state: Path) -> bool:
    """Return whether this is the first start with this state folder, and mark it as started.

    False if there are settings or runs, and if the folder cannot be written to, since the
    next start would then also be the first. Raises NoHome.
    """
    mark = state / _MARK
    if os.path.exists(mark):
        return False
    newcomer = not (os.path.exists(state / "runs") or os.path.exists(settings_file()))
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark.touch()
    except OSError:
        return False
    return newcomer
