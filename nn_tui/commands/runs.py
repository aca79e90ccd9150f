"""``nn-tui runs``: list, show, compare, rename and delete saved runs.

To add an action, add an entry to ``_ACTIONS``.
"""

import argparse
from collections.abc import Callable

from nn_tui import paths
from nn_tui.commands.console import print_message
from nn_tui.commands.options import add_state_dir
from nn_tui.commands.runs_compare import add_compare_arguments, compare
from nn_tui.errors import InputError, UsageError
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore, SavedRun
from nn_tui.recipe.parsing import to_toml
from nn_tui.runs import describe_saved_edits
from nn_tui.spelling import did_you_mean
from nn_tui.text import format_time, make_printable

_DONE, _USAGE = 0, 2
_HEADER = f"{'run':<42}  {'name':<24}  {'epoch':>11}  {'train loss':<11}  saved"
_MOST_LISTED = 3
"""Number of runs with the same name whose ids a message lists."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the action and the runs it applies to."""
    parser.add_argument(
        "what",
        nargs="?",
        default="list",
        choices=[*_ACTIONS],
        help="list (default), show RUN, compare [RUN …], rename RUN NAME, rm RUN …, or undo (of "
        "the last rm)",
    )
    parser.add_argument("names", nargs="*", metavar="RUN", help="id or name of a run")
    add_compare_arguments(parser)
    add_state_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the action; 2 if the number of arguments is wrong."""
    minimum, maximum, usage, action = _ACTIONS[arguments.what]
    if not minimum <= len(arguments.names) <= maximum:
        print_message(f"nn-tui runs {usage}")
        return _USAGE
    if arguments.what != "compare":
        for option in ("by", "sort", "filter", "json"):
            if getattr(arguments, option):
                raise UsageError(f"--{option} is an option of nn-tui runs compare")
    action(RunStore(paths.state_dir(arguments.state_dir) / "runs"), arguments)
    return _DONE


def _chosen(store: RunStore, names: list[str]) -> list[tuple[str, RunFolder]]:
    """The runs with these ids or names, or all; each with its name and, if need be, its id."""
    folders = [_find(store, word) for word in names]
    entries = {entry.folder.path: entry.name for entry in store.entries()}
    if not names:
        folders = [entry.folder for entry in store.entries()]
    shown = [entries.get(folder.path, folder.id) for folder in folders]
    return [
        (name if shown.count(name) == 1 else f"{name} {folder.id}", folder)
        for name, folder in zip(shown, folders, strict=True)
    ]


def _list(store: RunStore, arguments: argparse.Namespace) -> None:
    entries = store.entries()
    if not entries:
        print(f"no saved runs; the screen saves its runs in {store.path}")
        return
    print(_HEADER)
    for entry in entries:
        print(_row(entry))


def _show(store: RunStore, arguments: argparse.Namespace) -> None:
    folder = _find(store, arguments.names[0])
    stored = folder.load()
    checkpoint = stored.checkpoint
    print(f"{folder.title or checkpoint.name}  ({folder.id})")
    print(f"saved {format_time(checkpoint.saved_at)} at epoch {checkpoint.epoch:,}")
    print(
        f"train loss {checkpoint.train_loss:.6g}, {checkpoint.keyframe.seconds:,.3g} s of training"
    )
    for warning in stored.warnings:
        print(f"warning: {warning}")
    for edit, description in zip(stored.edits, describe_saved_edits(folder, stored), strict=True):
        print(f"after epoch {edit.epoch:,}: {description}")
    print(f"\n{to_toml(checkpoint.recipe)}", end="")


def _rename(store: RunStore, arguments: argparse.Namespace) -> None:
    folder = _find(store, arguments.names[0])
    folder.rename(arguments.names[1])
    print(f"{folder.id} renamed to {folder.title}")


def _remove(store: RunStore, arguments: argparse.Namespace) -> None:
    folders = [_find(store, word) for word in arguments.names]
    for folder in folders:
        store.delete(folder)
        print(f"{folder.id} deleted; nn-tui runs undo restores the last deleted run")


def _compare(store: RunStore, arguments: argparse.Namespace) -> None:
    compare(_chosen(store, arguments.names), arguments)


def _undo(store: RunStore, arguments: argparse.Namespace) -> None:
    folder = store.restore()
    if folder is None:
        raise InputError("no deleted run to restore")
    print(f"{folder.id} restored")


_Action = Callable[[RunStore, argparse.Namespace], None]
_ACTIONS: dict[str, tuple[int, int, str, _Action]] = {
    "list": (0, 0, "list takes no arguments", _list),
    "show": (1, 1, "show needs one RUN; nn-tui runs lists them", _show),
    "compare": (0, 1000, "compare takes any number of RUNs; without any, all", _compare),
    "rename": (2, 2, "rename needs RUN and NAME; quote a name with spaces", _rename),
    "rm": (1, 100, "rm needs at least one RUN; nn-tui runs lists them", _remove),
    "undo": (0, 0, "undo takes no arguments", _undo),
}


def _find(store: RunStore, text: str) -> RunFolder:
    folder = store.find(text)
    if folder is not None:
        return folder
    entries = store.entries()
    alike = [entry.folder for entry in entries if entry.name == text]
    if len(alike) == 1:
        return alike[0]
    if alike:
        latest = ", ".join(make_printable(folder.id) for folder in alike[:_MOST_LISTED])
        more = ", …" if len(alike) > _MOST_LISTED else ""
        raise InputError(
            f"{len(alike)} saved runs are named {text}; choose one by its id: {latest}{more}"
        )
    known = [*(entry.name for entry in entries), *(entry.folder.id for entry in entries)]
    hint = did_you_mean(text, known, "nn-tui runs lists them")
    raise InputError(f"{make_printable(text)} is not a saved run; {hint}")


def _row(entry: SavedRun) -> str:
    checkpoint = entry.checkpoint
    mark = "open now" if entry.open_elsewhere else "unfinished" if entry.unfinished else ""
    return (
        f"{make_printable(entry.folder.id):<42}  {entry.name[:24]:<24}  {checkpoint.epoch:>11,}  "
        f"{checkpoint.train_loss:<11.6g}  {format_time(checkpoint.saved_at):<16}  {mark}"
    ).rstrip()
