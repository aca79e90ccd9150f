"""Loss curves as CSV files, with the metrics of each evaluated epoch."""

import errno
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import IO

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.errors import InputError
from nn_tui.fileio import reason
from nn_tui.files.outputs import Output, standard_output
from nn_tui.training.baseline import baseline_of
from nn_tui.training.curve import Curve
from nn_tui.training.metrics import METRICS, shown_metrics
from nn_tui.training.scores import SCORES
from nn_tui.types import Array

_ALWAYS = ("train_loss", "test_loss")
_PARTS = ("train", "test", "validation")
_AND_BASELINE = (*_PARTS, "baseline")
_NO_BASELINE: Mapping[str, float] = MappingProxyType({})
_WHERE_KNOWN = "validation_loss"
"""The column of files of runs with a validation set."""


def loss_columns(names: Iterable[str], classifies: bool) -> tuple[str, ...]:
    """The columns of a file, without the baseline, of a run that records ``names``."""
    names = set(names)
    losses = (*_ALWAYS, _WHERE_KNOWN) if _WHERE_KNOWN in names else _ALWAYS
    columns = (metric.column(part) for metric in shown_metrics(classifies) for part in _PARTS)
    return (*losses, *(column for column in columns if column in names))


def baseline_columns(dataset: Dataset, output: str) -> dict[str, float]:
    """What always predicting the most frequent class, or the mean, gets, as ``baseline_METRIC``."""
    least = baseline_of(dataset, output)._asdict()
    return {f"baseline_{name}": least[name] for name in METRICS if least.get(name) is not None}


def _header(columns: Iterable[str]) -> str:
    return ",".join(["epoch", *columns]) + "\n"


class LossCsvFile:
    """Writes epochs to a CSV file as a listener of a trainer; numbers keep all their bits.

    ``columns`` are those of ``loss_columns``; ``baseline`` is added to each row. Opening
    raises InputError. Writing never raises: after the first failure, ``error`` is its message and
    nothing more is written. ``pipe_closed`` is true if the reader of a pipe closed it.
    """

    def __init__(
        self,
        output: Output,
        columns: Sequence[str] = _ALWAYS,
        baseline: Mapping[str, float] = _NO_BASELINE,
    ) -> None:
        self.name = output.shown
        self._columns, self._baseline = columns, baseline
        self.rows = 0
        self.error = ""
        self.pipe_closed = False
        try:
            self._file = standard_output() if output.standard else _open(output.path)
        except OSError as error:
            raise InputError(f"cannot write {self.name}: {_open_error(error)}") from None
        self._write(_header([*columns, *baseline]))

    def append(self, epochs: Array, losses: Mapping[str, Array]) -> None:
        """Write a row per epoch: losses by part, and metrics by column; arrays are (epochs,)."""
        unknown = np.full(len(epochs), np.nan)
        values = {f"{part}_loss": losses.get(part, unknown) for part in _PARTS} | {**losses}
        columns = (values.get(name, unknown) for name in self._columns)
        self._write(_rows(epochs, [*columns, *_repeated(self._baseline, len(epochs))]))
        if not self.error:
            self.rows += len(epochs)

    def __enter__(self) -> "LossCsvFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._file.close()
        except OSError as failure:
            self._fail(failure)

    def _write(self, text: str) -> None:
        if self.error:
            return
        try:
            self._file.write(text.encode("ascii"))
            self._file.flush()
        except OSError as failure:
            self._fail(failure)

    def _fail(self, failure: OSError) -> None:
        self.pipe_closed = self.pipe_closed or isinstance(failure, BrokenPipeError)
        self.error = self.error or f"cannot write {self.name}: {reason(failure)}"


def is_loss_csv(path: Path) -> bool:
    """Whether the file starts with the header of a loss history."""
    try:
        with open(path, "rb") as file:
            first, *rest = file.readline(1000).decode("ascii", "replace").rstrip("\n").split(",")
    except OSError:
        return False
    names = (*METRICS, *SCORES)
    metrics = {f"{part}_{name}" for name in names for part in _AND_BASELINE}
    return (first, *rest[:2]) == ("epoch", *_ALWAYS) and {_WHERE_KNOWN, *metrics}.issuperset(
        rest[2:]
    )


def _open(path: Path) -> IO[bytes]:
    """Open the file for writing, truncated; a pipe without a reader fails instead of blocking."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK | os.O_CLOEXEC
    number = os.open(path, flags, 0o666)
    os.set_blocking(number, True)
    return open(number, "wb")


def _open_error(error: OSError) -> str:
    return "nothing reads from this pipe" if error.errno == errno.ENXIO else reason(error)


def loss_csv_text(
    curve: Curve, classifies: bool = False, baseline: Mapping[str, float] = _NO_BASELINE
) -> str:
    """A curve as CSV: one row per epoch, like ``LossCsvFile``.

    In a long run, rows cover several epochs, with the lowest and the highest value of each.
    """
    columns, count = loss_columns(curve.bands, classifies), len(curve)
    bands = [curve.band(name) for name in columns]
    if (curve.first == curve.last).all():
        values = [*(band.low for band in bands), *_repeated(baseline, count)]
        return _header([*columns, *baseline]) + _rows(curve.first, values)
    names = (name.removesuffix("_loss") for name in columns)
    extremes = (f"{name}_{which}" for name in names for which in ("low", "high"))
    header = ",".join(["first_epoch", "last_epoch", *extremes, *baseline]) + "\n"
    values = [value for band in bands for value in (band.low, band.high)]
    values += _repeated(baseline, count)
    return header + _rows(curve.first, (curve.last, *values), whole=2)


def _repeated(values: Mapping[str, float], count: int) -> list[Array]:
    return [np.full(count, value) for value in values.values()]


def _rows(epochs: Array, columns: Iterable[Array], whole: int = 1) -> str:
    """A line for each epoch; the first ``whole`` columns are whole numbers."""
    rows = zip(epochs.tolist(), *(column.tolist() for column in columns), strict=True)
    lines = (
        ",".join([*(f"{number:.0f}" for number in row[:whole]), *map(_cell, row[whole:])])
        for row in rows
    )
    return "".join(line + "\n" for line in lines)


def _cell(loss: float) -> str:
    return "" if loss != loss else repr(loss)
