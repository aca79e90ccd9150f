"""One line on a terminal that says how far training is."""

import os
import sys

from nn_tui.training.snapshot import Snapshot


class Progress:
    """Draws on stderr if ``wanted`` and if that is a terminal; otherwise does nothing."""

    def __init__(self, name: str, last_epoch: int, wanted: bool) -> None:
        self._name = name
        self._last_epoch = last_epoch
        self._drawn = 0
        self.shown = wanted and sys.stderr is not None and sys.stderr.isatty()

    def draw(self, snapshot: Snapshot) -> None:
        """Replace the line."""
        text = (
            f"{self._name}  epoch {snapshot.epoch:,} of {self._last_epoch:,}  "
            f"loss {snapshot.train_loss:.6g}  {snapshot.epochs_per_second:,.0f} epochs/s"
        )
        text = text[: _columns() - 1]
        self._write(f"\r{text.ljust(self._drawn)}")
        self._drawn = len(text)

    def clear(self) -> None:
        """Leave an empty line for what comes next."""
        if self._drawn:
            self._write(f"\r{' ' * self._drawn}\r")
            self._drawn = 0

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80
