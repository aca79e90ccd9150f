"""Opens the app on the terminal, as the settings say."""

import os
import sys
from collections.abc import Sequence
from functools import partial

from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import SavedRun
from nn_tui.lessons.course_start import CourseStart
from nn_tui.settings import Settings, write_theme
from nn_tui.training.timeline import Timeline
from nn_tui.tui.app import NnTui, Report
from nn_tui.tui.appearance import appearance_for, colour_system


def run(
    timeline: Timeline,
    saver: Autosaver,
    unfinished: SavedRun | None,
    settings: Settings,
    report: Report,
    mouse: bool = True,
    welcome: bool = False,
    note: str = "",
    bad_note: bool = False,
    asks_columns: bool = False,
    asks_about: tuple[str, Sequence[str]] | None = None,
    course: CourseStart | None = None,
) -> int:
    """Open the screen, with the mouse or without it; return the exit code.

    ``unfinished``, ``welcome``, ``note``, ``bad_note``, ``asks_columns``, ``asks_about`` and
    ``course`` are as for ``NnTui``.

    Raises InputError, before anything is drawn, for invalid keys in the settings.
    """
    appearance = appearance_for(settings, os.environ, colour_system())
    if appearance.problem:
        note, bad_note = "; ".join(filter(None, (appearance.problem, note))), True
    keep = partial(write_theme, settings.path) if settings.path is not None else None
    # After so many seconds, training yields to a key and drawing to training, which computes
    # beside it but needs Python for a moment between two chunks.
    sys.setswitchinterval(0.0001)
    app = NnTui(
        timeline,
        saver,
        unfinished,
        appearance,
        settings.keys,
        report,
        welcome,
        note,
        bad_note,
        keep,
        asks_columns,
        asks_about,
        course,
    )
    return app.run_to_the_end(mouse)
