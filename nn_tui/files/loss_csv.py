"""Loss curves as CSV files."""

import errno
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np

from nn_tui.errors import InputError
from nn_tui.fileio import reason
from nn_tui.files.outputs import Output, standard_output
from nn_tui.training.curve import Curve
from nn_tui.types import Array

_ALWAYS = ("train_loss", "test_loss")
_WHERE_KNOWN = "validation_loss"
"""The column of files of runs with a validation set."""


def _columns(names: Iterable[str]) -> tuple[str, ...]:
    """The columns of losses, if those of ``names`` are recorded."""
    return (*_ALWAYS, _WHERE_KNOWN) if _WHERE_KNOWN in names else _ALWAYS


def _header(columns: Iterable[str]) -> str:
    return ",".join(["epoch", *columns]) + "\n"


class LossCsvFile:
    """Writes epochs to a CSV file as a listener of a trainer; numbers keep all their bits.

    ``names`` are the columns of its history. Opening raises InputError. Writing never raises:
    after the first failure, ``error`` is its message and nothing more is written.
    ``pipe_closed`` is true if the reader of a pipe closed it.
    """

    def __init__(self, output: Output, names: Iterable[str] = ()) -> None:
        self.name = output.shown
        self._columns = _columns(names)
        self.rows = 0
        self.error = ""
        self.pipe_closed = False
        try:
            self._file = standard_output() if output.standard else _open(output.path)
        except OSError as error:
            raise InputError(f"cannot write {self.name}: {_open_error(error)}") from None
        self._write(_header(self._columns))

    def append(self, epochs: Array, losses: Mapping[str, Array]) -> None:
        """Write a row per epoch with the losses of each part; each array is (epochs,)."""
        unknown = np.full(len(epochs), np.nan)
        columns = (losses.get(name.removesuffix("_loss"), unknown) for name in self._columns)
        self._write(_rows(epochs, columns))
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
            line = file.readline(100)
    except OSError:
        return False
    return line in {_header(_columns(names)).encode("ascii") for names in ((), (_WHERE_KNOWN,))}


def _open(path: Path) -> IO[bytes]:
    """Open the file for writing, truncated; a pipe without a reader fails instead of blocking."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK | os.O_CLOEXEC
    number = os.open(path, flags, 0o666)
    os.set_blocking(number, True)
    return open(number, "wb")


def _open_error(error: OSError) -> str:
    return "nothing reads from this pipe" if error.errno == errno.ENXIO else reason(error)


def loss_csv_text(curve: Curve) -> str:
    """A curve as CSV: one row per epoch, like ``LossCsvFile``.

    In a long run, rows cover several epochs, with the lowest and the highest loss.
    """
    columns = _columns(curve.bands)
    bands = [curve.band(name) for name in columns]
    if (curve.first == curve.last).all():
        return _header(columns) + _rows(curve.first, (band.low for band in bands))
    extremes = (
        f"{name.removesuffix('loss')}{which}" for name in columns for which in ("low", "high")
    )
    header = ",".join(["first_epoch", "last_epoch", *extremes]) + "\n"
    values = (value for band in bands for value in (band.low, band.high))
    return header + _rows(curve.first, (curve.last, *values), whole=2)


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
