"""Export formats of a run, as offered on the screen.

To add a format, add an entry to ``EXPORTS``.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.fileio import check_new, replace_file
from nn_tui.files.loss_csv import baseline_columns, loss_csv_text
from nn_tui.files.model import description, model_of
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
    """A run and its current snapshot."""

    run: Run
    snapshot: Snapshot


@dataclass(frozen=True)
class Export:
    """One format: ``ending`` of the file name, and ``then``, how to use the file.

    ``write(path, context)`` raises InputError if the run cannot be exported in this format.
    """

    name: str
    help: str
    ending: str
    then: str
    write: Callable[[Path, ExportContext], None]
    check: Callable[[ExportContext], object] = lambda context: None
    """Raises InputError if ``write`` would for every path."""


def _text(path: Path, text: str) -> None:
    replace_file(path, lambda file: file.write(text.encode()))


def _script(path: Path, context: ExportContext) -> None:
    _text(path, script_of(context.run, context.snapshot.epoch))


def _recipe(path: Path, context: ExportContext) -> None:
    _text(path, to_toml(context.snapshot.recipe))


def _weights(path: Path, context: ExportContext) -> None:
    _whole_epoch(context)
    snapshot = context.snapshot
    write_weights(path, snapshot.weights, description(model_of(snapshot)))


def _losses(path: Path, context: ExportContext) -> None:
    snapshot = context.snapshot
    baseline = baseline_columns(snapshot.dataset, snapshot.network.output)
    _text(path, loss_csv_text(snapshot.losses, snapshot.classifies, baseline))


def _link(path: Path, context: ExportContext) -> None:
    _text(path, link_of_recipe(context.snapshot.recipe) + "\n")


class MidEpoch(InputError):
    """The export is only possible at the end of an epoch."""


def _whole_epoch(context: ExportContext) -> None:
    if context.snapshot.progress:
        raise MidEpoch("the weights are those of an unfinished epoch")


_ENTRIES = (
    Export(
        "script",
        "this run as a NumPy script: the same weights, bit for bit",
        ".py",
        "python {path} trains it again",
        _script,
    ),
    Export(
        "recipe",
        "the current hyperparameters as a TOML file",
        ".toml",
        "nn-tui {path} opens it",
        _recipe,
    ),
    Export(
        "weights",
        "the model: W0 b0 W1 …, columns and scaling as a NumPy NPZ file",
        ".npz",
        "nn-tui predict {path} NEW.csv predicts the rows of a table",
        _weights,
        _whole_epoch,
    ),
    Export(
        "losses",
        "the loss of every epoch as a CSV file",
        ".csv",
        "any spreadsheet opens it; in very long runs, a row covers several epochs",
        _losses,
    ),
    Export(
        "link",
        "a text file with a TensorFlow Playground link to this recipe",
        "-link.txt",
        "open the link in a browser",
        _link,
        lambda context: link_of_recipe(context.snapshot.recipe),
    ),
)

EXPORTS: dict[str, Export] = {entry.name: entry for entry in _ENTRIES}
"""Export formats by name."""


def write_export(export: Export, path: Path, context: ExportContext, replace: bool) -> None:
    """Write an export to ``path`` atomically.

    Raises FileAlreadyExists if the file exists and ``replace`` is false; InputError if ``path`` is
    a symbolic link or the run's own data file, or cannot be written.
    """
    source = context.run.recipe.data.source
    if source not in SOURCES and same_file(path, Path(source).expanduser()):
        raise InputError(f"{path} is the data file of this run; choose another name")
    check_new(path, replace)
    export.write(path, context)


def free_name(export: Export, run: Run, folder: Path) -> str:
    """An unused file name in ``folder``, derived from the run's name, of at most 255 bytes."""
    words = re.sub(r"[^\w.-]+", "-", Path(run.name).stem).strip("-.")
    stem = words.encode()[:_LONGEST_STEM].decode(errors="ignore") or "run"
    names = [f"{stem}{number}{export.ending}" for number in ("", *(f"-{i}" for i in range(2, 100)))]
    return next((name for name in names if not os.path.lexists(folder / name)), names[0])
