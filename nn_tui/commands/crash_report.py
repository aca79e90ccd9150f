"""Crash reports: a file with the traceback of an internal error.

A report describes the program, the terminal and the error. It contains no user data, so
that it can be shared.
"""

import os
import platform
import re
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nn_tui.commands import COMMANDS
from nn_tui.paths import NoHome, state_dir
from nn_tui.text import make_printable

_STATE_DIR = "--state-dir"
_PACKAGES = ("nn-tui", "numpy", "textual", "rich", "plotext")
_TERMINAL = ("TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "LANG", "LC_ALL", "COLUMNS", "LINES")
_MULTIPLEXERS = {"SSH_CONNECTION": "SSH", "TMUX": "tmux", "STY": "screen"}

_QUOTE = re.compile(r"""(['"`]).*\1""")
_LONGEST = 300


def write_crash_file(error: BaseException, words: Sequence[str]) -> str | None:
    """Write a crash report and return its path, or None if it cannot be written.

    It goes to the state folder (``--state-dir`` if given), or else to the temporary folder.
    Of the command line ``words``, only command and option names are recorded.
    """
    text = _hide_home("\n".join(_report(error, words)) + "\n")
    for folder in (partial(_crash_folder, words), _temporary_folder):
        try:
            number, path = tempfile.mkstemp(".txt", "nn-tui-crash-", folder())
            with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except (OSError, NoHome):
            continue
        return path
    return None


def _crash_folder(words: Sequence[str]) -> Path:
    folder = state_dir(_state_dir_option(words)) / "crashes"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _state_dir_option(words: Sequence[str]) -> str | None:
    """The value of the last ``--state-dir`` on the command line."""
    given = None
    for word, following in zip(words, [*words[1:], None], strict=False):
        option, equals, value = word.partition("=")
        if option == _STATE_DIR:
            given = value if equals else following
    return given


def _temporary_folder() -> Path:
    return Path(tempfile.gettempdir())


def _report(error: BaseException, words: Sequence[str]) -> Iterator[str]:
    named = [word for word in words[:1] if word in COMMANDS]
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    yield " ".join(["nn-tui", *named, *options])
    yield f"Python {sys.version.split()[0]} on {platform.platform()}"
    yield from (f"{name} {_version(name)}" for name in _PACKAGES)
    yield ""
    yield from _terminal_lines()
    yield ""
    yield from _tracebacks(error)


def _terminal_lines() -> Iterator[str]:
    """Properties of the terminal, none of which identifies the user or the machine."""
    for number, name in enumerate(("standard input", "standard output", "standard error")):
        try:
            size = os.get_terminal_size(number)
        except OSError:
            yield f"{name} is not a terminal"
        else:
            yield f"{name} is a terminal, {size.columns} x {size.lines}"
    for name in _TERMINAL:
        if name in os.environ:
            yield f"{name}={make_printable(os.environ[name][:100])}"
    around = [name for variable, name in _MULTIPLEXERS.items() if os.environ.get(variable)]
    yield f"runs inside: {', '.join(around) or 'nothing known'}"


def _tracebacks(error: BaseException) -> Iterator[str]:
    """Tracebacks and notes; quoted text in messages is removed, as it may be user data."""
    for link in _chain(error):
        words = _QUOTE.sub("…", make_printable(str(link)))[:_LONGEST]
        yield f"{type(link).__name__}: {words}"
        yield "".join(traceback.format_tb(link.__traceback__))
        yield from getattr(link, "__notes__", ())


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and its causes."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _hide_home(text: str) -> str:
    home = os.path.expanduser("~")
    return text.replace(home, "~") if len(home) > 1 else text


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
