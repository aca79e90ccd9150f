"""The loss curve as a CSV file that grows while training runs."""

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
_SHARED = ("train_low", "train_high", "test_low", "test_high")
"""Columns of epochs that share a row."""


class LossCsvFile:
    """Takes evaluated epochs as a trainer's listener does; numbers lose no bit.

    Opening raises InputError. Writing never raises, so that training is not torn apart:
    the first failure is kept as a sentence in ``error``, and nothing more is written;
    ``pipe_closed`` says that nobody reads the pipe any more.
    """

    def __init__(self, output: Output) -> None:
        self.name = output.shown
        self.rows = 0
        self.error = ""
        self.pipe_closed = False
        try:
            self._file = standard_output() if output.standard else _opened(output.path)
        except OSError as error:
            raise InputError(f"cannot write {self.name}: {_why(error)}") from None
        self._write(HEADER)

    def append(self, epochs: Array, train: Array, test: Array) -> None:
        """Write a row per epoch; each array is (epochs,), ``test`` NaN where there is none."""
        rows = zip(epochs.tolist(), train.tolist(), test.tolist(), strict=True)
        self._write(
            "".join(f"{epoch:.0f},{loss!r},{_cell(held_back)}\n" for epoch, loss, held_back in rows)
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
    """Whether a file begins as a loss history of this program does."""
    try:
        with open(path, "rb") as file:
            line = file.readline(100)
    except OSError:
        return False
    return line == HEADER.encode("ascii")


def _opened(path: Path) -> IO[bytes]:
    """The file, emptied; a pipe only if something reads from it: nothing is waited for."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK | os.O_CLOEXEC
    number = os.open(path, flags, 0o666)
    os.set_blocking(number, True)
    return open(number, "wb")


def _why(error: OSError) -> str:
    return "nothing reads from this pipe" if error.errno == errno.ENXIO else reason(error)


def loss_csv_text(curve: Curve) -> str:
    """A curve as CSV: a row per epoch, as ``LossCsvFile`` has it, as long as all are kept.

    Of a long run the epochs share rows, with the lowest and the highest loss of each.
    """
    columns = [getattr(curve, name).tolist() for name in _SHARED]
    rows = zip(curve.first.tolist(), curve.last.tolist(), *columns, strict=True)
    if (curve.first == curve.last).all():
        lines = (f"{first:.0f},{train!r},{_cell(test)}" for first, _, train, _, test, _ in rows)
        return HEADER + "".join(line + "\n" for line in lines)
    named = ",".join(["first_epoch", "last_epoch", *_SHARED])
    shared = (f"{row[0]:.0f},{row[1]:.0f},{','.join(map(_cell, row[2:]))}" for row in rows)
    return "".join(line + "\n" for line in (named, *shared))


def _cell(loss: float) -> str:
    return "" if loss != loss else repr(loss)
