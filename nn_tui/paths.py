"""Where the program's own files are: a person's settings, and what outlives a run.

Nothing is made here but the mark of the first start; whoever writes a file makes its folder.
"""

import os
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_config_path, user_state_path

from nn_tui.errors import InputError

STATE_VARIABLE = "NN_TUI_STATE_DIR"
"""The environment variable that says where runs are kept, unless ``--state-dir`` does."""

_NAME = "nn-tui"
_MARK = "started"


class NoHome(InputError):
    """A place under a person's home is wanted, and there is no home."""


def settings_file() -> Path:
    """The file of a person's settings, under the platform's folder for configuration.

    Raises NoHome.
    """
    return _absolute(lambda: user_config_path(_NAME) / "config.toml")


def state_dir(given: str | None = None) -> Path:
    """The folder for runs: ``given``, or the variable's, or under the platform's for state.

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
    if not path.is_absolute():  # its ~ stands for nothing
        raise NoHome("there is no home folder; set HOME, or keep runs elsewhere by --state-dir")
    return path


def first_start(state: Path) -> bool:
    """Whether the program was never started before with this state folder; only once true.

    Who has settings or runs is no newcomer. Where the folder cannot be written, nobody is:
    the next start could not tell. Raises NoHome.
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
