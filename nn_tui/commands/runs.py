"""``nn-tui runs``: what was saved."""

import argparse
from collections.abc import Callable

from nn_tui import paths
from nn_tui.commands.console import print_message
from nn_tui.commands.options import add_state_dir
from nn_tui.errors import InputError
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore, SavedRun
from nn_tui.recipe.parsing import to_toml
from nn_tui.runs import describe_saved_edits
from nn_tui.text import did_you_mean, format_time, make_printable

_DONE, _USAGE = 0, 2
_HEADER = f"{'run':<42}  {'name':<24}  {'epoch':>11}  {'train loss':<11}  saved"
_MOST_NAMED = 3
"""Ids of runs of one name that a sentence lists."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which run."""
    parser.add_argument(
        "what",
        nargs="?",
        default="list",
        choices=[*_WAYS],
        help="list (the default), show RUN, rename RUN NAME, rm RUN …, undo (the last rm)",
    )
    parser.add_argument("words", nargs="*", metavar="RUN", help="a run's id or its name")
    add_state_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it; 2 where the words are not those that it takes."""
    least, most, usage, way = _WAYS[arguments.what]
    if not least <= len(arguments.words) <= most:
        print_message(f"nn-tui runs {usage}")
        return _USAGE
    way(RunStore(paths.state_dir(arguments.state_dir) / "runs"), arguments.words)
    return _DONE


def _list(shelf: RunStore, words: list[str]) -> None:
    entries = shelf.entries()
    if not entries:
        print(f"no run is saved yet; those of the screen are kept in {shelf.path}")
        return
    print(_HEADER)
    for entry in entries:
        print(_line(entry))


def _show(shelf: RunStore, words: list[str]) -> None:
    folder = _found(shelf, words[0])
    stored = folder.load()
    checkpoint = stored.checkpoint
    print(f"{folder.title or checkpoint.name}  ({folder.id})")
    print(f"saved {format_time(checkpoint.saved_at)} at epoch {checkpoint.epoch:,}")
    print(
        f"train loss {checkpoint.train_loss:.6g}, {checkpoint.keyframe.seconds:,.3g} s of training"
    )
    for warning in stored.warnings:
        print(f"warning: {warning}")
    for edit, what in zip(stored.edits, describe_saved_edits(folder, stored), strict=True):
        print(f"after epoch {edit.epoch:,}: {what}")
    print(f"\n{to_toml(checkpoint.recipe)}", end="")


def _rename(shelf: RunStore, words: list[str]) -> None:
    folder = _found(shelf, words[0])
    folder.rename(words[1])
    print(f"{folder.id} is called {folder.title} now")


def _remove(shelf: RunStore, words: list[str]) -> None:
    folders = [_found(shelf, word) for word in words]
    for folder in folders:
        shelf.delete(folder)
        print(f"{folder.id} is deleted; nn-tui runs undo brings the last one back")


def _undo(shelf: RunStore, words: list[str]) -> None:
    folder = shelf.restore()
    if folder is None:
        raise InputError("there is no deleted run to bring back")
    print(f"{folder.id} is back")


_Way = Callable[[RunStore, list[str]], None]
_WAYS: dict[str, tuple[int, int, str, _Way]] = {
    "list": (0, 0, "list takes no further word", _list),
    "show": (1, 1, "show RUN needs one run; nn-tui runs lists them", _show),
    "rename": (2, 2, "rename RUN NAME needs a run and a name; put quotes around spaces", _rename),
    "rm": (1, 100, "rm RUN needs a run; nn-tui runs lists them", _remove),
    "undo": (0, 0, "undo takes no further word", _undo),
}


def _found(shelf: RunStore, text: str) -> RunFolder:
    folder = shelf.find(text)
    if folder is not None:
        return folder
    entries = shelf.entries()
    alike = [entry.folder for entry in entries if entry.name == text]
    if len(alike) == 1:
        return alike[0]
    if alike:
        latest = ", ".join(make_printable(folder.id) for folder in alike[:_MOST_NAMED])
        more = ", …" if len(alike) > _MOST_NAMED else ""
        raise InputError(
            f"{len(alike)} saved runs are called {text}; say which by its id: {latest}{more}"
        )
    known = [*(entry.name for entry in entries), *(entry.folder.id for entry in entries)]
    hint = did_you_mean(text, known, "nn-tui runs lists them")
    raise InputError(f"{make_printable(text)} is no saved run; {hint}")


def _line(entry: SavedRun) -> str:
    checkpoint = entry.checkpoint
    mark = "open now" if entry.open_elsewhere else "unfinished" if entry.unfinished else ""
    return (
        f"{make_printable(entry.folder.id):<42}  {entry.name[:24]:<24}  {checkpoint.epoch:>11,}  "
        f"{checkpoint.train_loss:<11.6g}  {format_time(checkpoint.saved_at):<16}  {mark}"
    ).rstrip()
