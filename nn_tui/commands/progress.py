"""How far training is, in one line on a terminal."""

import os
import sys

from nn_tui.training.snapshot import Snapshot


class ProgressLine:
    """Draws on stderr if ``wanted`` and if that is a terminal; otherwise does nothing."""

    def __init__(self, wanted: bool = True) -> None:
        self._drawn = ""
        self.shown = wanted and sys.stderr is not None and sys.stderr.isatty()

    def write(self, text: str) -> None:
        """Replace the line."""
        text = text[: _columns() - 1]
        if self.shown and text != self._drawn:
            self._send(f"\r{text.ljust(len(self._drawn))}")
            self._drawn = text

    def clear(self) -> None:
        """Leave an empty line for what comes next."""
        if self._drawn:
            self._send(f"\r{' ' * len(self._drawn)}\r")
            self._drawn = ""

    def _send(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


class ReadingProgress(ProgressLine):
    """How much of a file is read, once that takes a moment; the line goes on leaving."""

    def __enter__(self) -> "ReadingProgress":
        return self

    def __exit__(self, *failure: object) -> None:
        self.clear()

    def __call__(self, share: float) -> None:
        """Say that ``share`` (0 … 1) of it is read."""
        self.write(f"reading: {100 * share:.0f} % (ctrl+c stops)")


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80


class TrainingProgress(ProgressLine):
    """How far training is."""

    def __init__(self, name: str, last_epoch: int, wanted: bool) -> None:
        super().__init__(wanted)
        self._name = name
        self._last_epoch = last_epoch

    def draw(self, snapshot: Snapshot) -> None:
        """Say where training is."""
        self.write(
            f"{self._name}  epoch {snapshot.epoch:,} of {self._last_epoch:,}  "
            f"loss {snapshot.train_loss:.6g}  {per_second(snapshot.epochs_per_second)}"
        )


def per_second(rate: float) -> str:
    """Epochs a second, with two digits at least."""
    return f"{rate:,.0f} epochs/s" if rate >= 10 else f"{rate:.2g} epochs/s"
