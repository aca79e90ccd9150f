"""What can be written of a run as it stands: by name, with a line of help each.

To add something, add an entry to ``EXPORTS``.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.fileio import check_new, replace_file
from nn_tui.files.loss_csv import loss_csv_text
from nn_tui.files.outputs import same_file
from nn_tui.files.playground_export import link_of_recipe
from nn_tui.files.script.script import script_of
from nn_tui.files.weights import write_weights
from nn_tui.recipe.parsing import to_toml
from nn_tui.training.run import Run
from nn_tui.training.snapshot import Snapshot

_LONGEST_STEM = 255 - len("-99-link.txt")


@dataclass(frozen=True, eq=False)
class ExportContext:
    """A run, and how it stands now."""

    run: Run
    snapshot: Snapshot


@dataclass(frozen=True)
class Export:
    """One entry. ``ending`` is that of its file's name; ``then`` says what one can do with it.

    ``write(path, moment)`` raises InputError where the run cannot be said that way.
    """

    name: str
    help: str
    ending: str
    then: str
    write: Callable[[Path, ExportContext], None]
    check: Callable[[ExportContext], object] = lambda moment: None
    """Raises InputError where ``write`` would, whatever the path."""


def _text(path: Path, text: str) -> None:
    replace_file(path, lambda file: file.write(text.encode()))


def _script(path: Path, moment: ExportContext) -> None:
    _text(path, script_of(moment.run, moment.snapshot.epoch))


def _recipe(path: Path, moment: ExportContext) -> None:
    _text(path, to_toml(moment.snapshot.recipe))


def _weights(path: Path, moment: ExportContext) -> None:
    _whole_epoch(moment)
    write_weights(path, moment.snapshot.weights)


def _losses(path: Path, moment: ExportContext) -> None:
    _text(path, loss_csv_text(moment.snapshot.losses))


def _link(path: Path, moment: ExportContext) -> None:
    _text(path, link_of_recipe(moment.snapshot.recipe) + "\n")


class MidEpoch(InputError):
    """What is to be written there is only at the end of an epoch."""


def _whole_epoch(moment: ExportContext) -> None:
    if moment.snapshot.progress:
        raise MidEpoch("the weights are half way through an epoch")


_ENTRIES = (
    Export(
        "script",
        "this run as plain Python with NumPy: the same weights, bit for bit",
        ".py",
        "python {path} trains it again",
        _script,
    ),
    Export(
        "recipe",
        "all hyperparameters as they are now, as a TOML file",
        ".toml",
        "nn-tui {path} opens it",
        _recipe,
    ),
    Export(
        "weights",
        "W0 b0 W1 … as they are now, as NumPy's NPZ file",
        ".npz",
        "nn-tui train --weights {path} starts with them",
        _weights,
        _whole_epoch,
    ),
    Export(
        "losses",
        "the loss of every epoch, as a CSV file",
        ".csv",
        "any spreadsheet opens it; of a very long run several epochs share a row",
        _losses,
    ),
    Export(
        "link",
        "this recipe as a link to TensorFlow Playground, in a text file",
        "-link.txt",
        "a browser opens what is in it",
        _link,
        lambda moment: link_of_recipe(moment.snapshot.recipe),
    ),
)

EXPORTS: dict[str, Export] = {entry.name: entry for entry in _ENTRIES}
"""What can be written, by the name that the user sees."""


def write_export(export: Export, path: Path, moment: ExportContext, replace: bool) -> None:
    """Write ``export`` of the run to exactly that path, whole or not at all.

    Raises AlreadyThere where a file is there that is not to be replaced, InputError for a
    link, for the run's own data file, and where it cannot be written.
    """
    source = moment.run.recipe.data.source
    if source not in SOURCES and same_file(path, Path(source).expanduser()):
        raise InputError(f"{path} is the data file of this run; choose another name")
    check_new(path, replace)
    export.write(path, moment)


def free_name(export: Export, run: Run, folder: Path) -> str:
    """A name for the file, after the run's, that is not taken in ``folder``.

    It is as long as file systems allow, 255 bytes, at the most.
    """
    words = re.sub(r"[^\w.-]+", "-", Path(run.name).stem).strip("-.")
    stem = words.encode()[:_LONGEST_STEM].decode(errors="ignore") or "run"
    names = [f"{stem}{number}{export.ending}" for number in ("", *(f"-{i}" for i in range(2, 100)))]
    return next((name for name in names if not os.path.lexists(folder / name)), names[0])
