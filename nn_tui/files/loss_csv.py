"""Loss curves as CSV files."""

import errno
import os
from pathlib import Path
from types import TracebackType
from typing import IO

from nn_tui.errors import InputError
from nn_tui.fileio import reason
from nn_tui.files.outputs import Output, standard_output
from nn_tui.training.curve import Curve
from nn_tui.types import Array

HEADER = "epoch,train_loss,test_loss\n"
_EXTREMES = ("train_low", "train_high", "test_low", "test_high")
"""Columns of a row that covers several epochs."""


class LossCsvFile:
    """Writes epochs to a CSV file as a listener of a trainer; numbers keep all their bits.

    Opening raises InputError. Writing never raises: after the first failure, ``error`` is
    its message and nothing more is written. ``pipe_closed``
    is true if the reader of a pipe closed it.
    """

    def __init__(self, output: Output) -> None:
        self.name = output.shown
        self.rows = 0
        self.error = ""
        self.pipe_closed = False
        try:
            self._file = standard_output() if output.standard else _open(output.path)
        except OSError as error:
            raise InputError(f"cannot write {self.name}: {_open_error(error)}") from None
        self._write(HEADER)

    def append(self, epochs: Array, train: Array, test: Array) -> None:
        """Write a row per epoch; each array is (epochs,), ``test`` NaN without a test set."""
        rows = zip(epochs.tolist(), train.tolist(), test.tolist(), strict=True)
        self._write(
            "".join(f"{epoch:.0f},{loss!r},{_cell(test_loss)}\n" for epoch, loss, test_loss in rows)
        )
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
    return line == HEADER.encode("ascii")


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
    columns = [getattr(curve, name).tolist() for name in _EXTREMES]
    rows = zip(curve.first.tolist(), curve.last.tolist(), *columns, strict=True)
    if (curve.first == curve.last).all():
        lines = (f"{first:.0f},{train!r},{_cell(test)}" for first, _, train, _, test, _ in rows)
        return HEADER + "".join(line + "\n" for line in lines)
    header = ",".join(["first_epoch", "last_epoch", *_EXTREMES])
    shared = (f"{row[0]:.0f},{row[1]:.0f},{','.join(map(_cell, row[2:]))}" for row in rows)
    return "".join(line + "\n" for line in (header, *shared))


def _cell(loss: float) -> str:
    return "" if loss != loss else repr(loss)
