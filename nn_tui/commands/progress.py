"""Progress of reading and training, as one line on a terminal."""

import os
import sys

from nn_tui.training.snapshot import Snapshot


class ProgressLine:
    """A line on stderr; not shown unless ``wanted`` and stderr is a terminal."""

    def __init__(self, wanted: bool = True) -> None:
        self._drawn = ""
        self.shown = wanted and sys.stderr is not None and sys.stderr.isatty()

    def write(self, text: str) -> None:
        """Replace the line with ``text``."""
        text = text[: _columns() - 1]
        if self.shown and text != self._drawn:
            self._send(f"\r{text.ljust(len(self._drawn))}")
            self._drawn = text

    def clear(self) -> None:
        """Clear the line."""
        if self._drawn:
            self._send(f"\r{' ' * len(self._drawn)}\r")
            self._drawn = ""

    def _send(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


class ReadingProgress(ProgressLine):
    """Progress of reading a file; a context manager that clears the line on exit."""

    def __enter__(self) -> "ReadingProgress":
        return self

    def __exit__(self, *failure: object) -> None:
        self.clear()

    def __call__(self, fraction: float) -> None:
        """Show that the fraction ``fraction`` (0 … 1) is read."""
        self.write(f"reading: {100 * fraction:.0f} % (ctrl+c stops)")


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80


class TrainingProgress(ProgressLine):
    """Progress of training: epoch, loss and speed."""

    def __init__(self, name: str, last_epoch: int, wanted: bool) -> None:
        super().__init__(wanted)
        self._name = name
        self._last_epoch = last_epoch

    def draw(self, snapshot: Snapshot) -> None:
        """Show the progress of ``snapshot``."""
        self.write(
            f"{self._name}  epoch {snapshot.epoch:,} of {self._last_epoch:,}  "
            f"loss {snapshot.train_loss:.6g}  {per_second(snapshot.epochs_per_second)}"
        )


def per_second(rate: float) -> str:
    """Epochs per second, with at least two digits."""
    return f"{rate:,.0f} epochs/s" if rate >= 10 else f"{rate:.2g} epochs/s"
