"""``nn-tui [EXPERIMENT]``: open the screen."""

import argparse
import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nn_tui import paths
from nn_tui.commands.console import print_message
from nn_tui.commands.options import add_experiment, add_state_dir, add_weights
from nn_tui.settings import Settings, read_settings

if TYPE_CHECKING:
    from nn_tui.commands.opened_session import OpenedSession
    from nn_tui.files.runs.run_store import SavedRun
    from nn_tui.lessons.course_start import CourseStart

_NO_SCREEN = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add EXPERIMENT, ``--set``, ``--weights``, ``--state-dir`` and the options of the screen."""
    add_experiment(parser)
    add_weights(parser)
    add_state_dir(parser)
    add_screen_options(parser)


def add_screen_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command that opens the screen."""
    parser.add_argument(
        "--keys",
        metavar="FILE",
        help="settings file to use instead of the default (see nn-tui paths); for example "
        'run = "g" under [keys]',
    )
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    parser.add_argument(
        "--no-mouse",
        action="store_true",
        help="do not capture the mouse, so that the terminal selects and copies text",
    )


def run(arguments: argparse.Namespace) -> int:
    """Open the screen and return its exit code; 2 without a terminal. Raises InputError."""

    def start() -> ScreenStart:
        # NumPy is loaded here; ``nn-tui --version`` and usage errors do without it.
        from nn_tui.commands.opened_session import open_session
        from nn_tui.lessons.course_start import CourseStart

        session = open_session(arguments)
        store = session.saver.store
        unfinished = store.unfinished() if arguments.experiment is None else None
        welcome = unfinished is None and is_first_start(arguments)
        return ScreenStart(session, CourseStart(store.path.parent), unfinished, welcome)

    return open_screen(arguments, start)


class ScreenStart(NamedTuple):
    """What the screen begins with; see ``NnTui``."""

    session: "OpenedSession"
    course: "CourseStart"
    unfinished: "SavedRun | None" = None
    welcome: bool = False


def open_screen(
    arguments: argparse.Namespace, start: Callable[[], ScreenStart], otherwise: str = "train"
) -> int:
    """Open the screen with what ``start`` returns, and return its exit code; 2 without a terminal.

    ``otherwise`` is the command that needs no terminal. Raises InputError.
    """
    # Textual delays a frame by one or two of these periods.
    os.environ.setdefault("TEXTUAL_FPS", "250")
    gc.disable()  # until the first frame: startup creates no garbage

    settings = _settings(arguments)
    session, course, unfinished, welcome = start()
    from nn_tui.data.readers.standard_input import reattach_terminal

    reattach_terminal()
    saver = session.saver
    missing = _missing_terminal()
    if missing and session.refused is not None:
        raise session.refused
    if missing:
        print_message(f"{missing}; the screen needs a terminal, nn-tui {otherwise} does not")
        return _NO_SCREEN
    if os.environ.get("TERM", "").startswith("screen") and "TMUX" not in os.environ:
        # GNU screen inherits the outer terminal's COLORTERM but does not support its colours.
        os.environ.pop("COLORTERM", None)
    if os.environ.get("SSH_CONNECTION"):
        # A dropped connection would leave the shell in this keyboard mode; Textual reads
        # the variable on import.
        os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"

    from nn_tui.tui import launch

    mouse = not arguments.no_mouse
    notes = "; ".join(session.notes), session.bad
    code = launch.run(
        session.timeline,
        saver,
        unfinished,
        settings,
        _report,
        mouse,
        welcome,
        *notes,
        asks_columns=session.asks_columns,
        asks_about=(arguments.experiment, arguments.set) if session.refused is not None else None,
        course=course,
    )
    if saver.exit_message:
        print_message(saver.exit_message)
    return code


def _report(error: BaseException) -> str | None:
    from nn_tui.commands.crash_report import write_crash_file

    return write_crash_file(error, sys.argv[1:])


def is_first_start(arguments: argparse.Namespace) -> bool:
    """Whether this is the program's first start; never with ``--keys``."""
    if arguments.keys is not None:
        return False
    try:
        return paths.first_start(paths.state_dir(arguments.state_dir))
    except paths.NoHome:
        return False


def _settings(arguments: argparse.Namespace) -> Settings:
    settings = Settings()
    if arguments.keys is not None:
        settings = read_settings(Path(arguments.keys))
    else:
        with suppress(paths.NoHome):
            own = paths.settings_file()
            # os.path.exists is False, and Path.exists raises, if permission is denied.
            settings = read_settings(own) if os.path.exists(own) else Settings(path=own)
    return replace(settings, ascii=True) if arguments.ascii else settings


def _missing_terminal() -> str:
    """Why no screen can be drawn; empty if one can."""
    streams = {
        "standard input": sys.stdin,
        "standard output": sys.stdout,
        "standard error": sys.stderr,
    }
    for name, stream in streams.items():
        if stream is None or not stream.isatty():
            return f"{name} is not a terminal"
    terminal = os.environ.get("TERM", "")
    if terminal in ("", "dumb", "unknown"):
        return f"TERM is {terminal}" if terminal else "TERM is not set"
    return ""
