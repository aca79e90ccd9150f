"""Where the program's own files are: a person's settings, and what outlives a run.

Nothing is made here; whoever writes a file makes its folder.
"""

import os
from pathlib import Path

from platformdirs import user_config_path, user_state_path

STATE_VARIABLE = "NN_TUI_STATE_DIR"
"""The environment variable that says where runs are kept, unless ``--state-dir`` does."""

_NAME = "nn-tui"


def settings_file() -> Path:
    """The file of a person's settings, under the platform's folder for configuration."""
    return user_config_path(_NAME) / "config.toml"


def state_dir(given: str | None = None) -> Path:
    """The folder for runs: ``given``, or the variable's, or under the platform's for state."""
    chosen = given or os.environ.get(STATE_VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else user_state_path(_NAME)
