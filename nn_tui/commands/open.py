"""``nn-tui [EXPERIMENT]``: the screen."""

import argparse
import gc
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from nn_tui import experiment, paths
from nn_tui.commands import COMMANDS
from nn_tui.commands.console import print_message
from nn_tui.commands.options import add_experiment, add_state_dir
from nn_tui.commands.progress import ReadingProgress
from nn_tui.errors import InputError
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import NoRunStore, RunStore
from nn_tui.recipe.presets import PRESETS
from nn_tui.runs import new_timeline, reopen_run
from nn_tui.settings import Settings, read_settings
from nn_tui.training.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Beginning:
    """``notes`` are sentences on what is not as one might expect, to be shown on the screen.

    ``bad`` says that they are more than hints.
    """

    timeline: Timeline
    saver: Autosaver
    notes: tuple[str, ...] = ()
    bad: bool = False


def begin_session(arguments: argparse.Namespace) -> Beginning:
    """A saved run where it was left, or an experiment at epoch 0; raises InputError."""
    shelf, wanted = _shelf(arguments), arguments.experiment
    folder = shelf.find(wanted) if wanted and wanted not in PRESETS else None
    if folder is None:
        with ReadingProgress() as reading:
            opened = experiment.load_experiment(wanted, arguments.set, COMMANDS, reading)
        timeline = new_timeline(opened)
        return Beginning(timeline, Autosaver(shelf, timeline.run), opened.notes)
    if arguments.set:
        raise InputError("--set is for experiments; a saved run goes on as it is")
    reopened = reopen_run(folder, shelf)
    saver = Autosaver(shelf, reopened.timeline.run, reopened.folder, reopened.file)
    notes = (reopened.sentence,) if reopened.notes else ()
    return Beginning(reopened.timeline, saver, notes, bad=bool(notes))


def _shelf(arguments: argparse.Namespace) -> RunStore:
    try:
        return RunStore(paths.state_dir(arguments.state_dir) / "runs")
    except paths.NoHome as error:
        return NoRunStore(str(error))


_NO_SCREEN = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """EXPERIMENT and ``--set``, where runs are kept, and how the screen is to be."""
    add_experiment(parser)
    add_state_dir(parser)
    parser.add_argument(
        "--keys",
        metavar="FILE",
        help="settings to take instead of your own (nn-tui paths names that file), such as "
        'run = "g" under [keys]',
    )
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    parser.add_argument(
        "--no-mouse",
        action="store_true",
        help="leave the mouse to the terminal, to mark and copy text as usual",
    )


def run(arguments: argparse.Namespace) -> int:
    """Open the screen and return its exit code; 2 where there can be none.

    Raises InputError.
    """
    # Textual keeps a picture back until one or two such periods after the last are over.
    os.environ.setdefault("TEXTUAL_FPS", "250")
    gc.disable()  # until the first picture: what a start makes, it keeps

    settings = _settings(arguments)
    beginning = begin_session(arguments)
    saver = beginning.saver
    obstacle = _obstacle()
    if obstacle:
        print_message(f"{obstacle}, so there is no screen to draw on; nn-tui train needs none")
        return _NO_SCREEN
    if os.environ.get("TERM", "").startswith("screen") and "TMUX" not in os.environ:
        # GNU screen passes on the variable of the terminal around it, whose colours it lacks.
        os.environ.pop("COLORTERM", None)
    if os.environ.get("SSH_CONNECTION"):
        # A dropped link would leave the user's shell in this keyboard mode; Textual reads
        # the variable when it is imported.
        os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"

    from nn_tui.tui import app

    unfinished = saver.shelf.unfinished() if arguments.experiment is None else None
    welcome = unfinished is None and _newcomer(arguments)
    mouse = not arguments.no_mouse
    told = "; ".join(beginning.notes), beginning.bad
    code = app.run(beginning.timeline, saver, unfinished, settings, _report, mouse, welcome, *told)
    if saver.farewell:
        print_message(saver.farewell)
    return code


def _report(error: BaseException) -> str | None:
    from nn_tui.commands.crash_report import write_crash_file

    return write_crash_file(error, sys.argv[1:])


def _newcomer(arguments: argparse.Namespace) -> bool:
    """Whether the program was never started before, whatever experiment is named.

    Who brings a file of keys has used it elsewhere.
    """
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
            # It is not there, where one may not even look.
            settings = read_settings(own) if os.path.exists(own) else settings
    return replace(settings, ascii=True) if arguments.ascii else settings


def _obstacle() -> str:
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
