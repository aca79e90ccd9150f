"""How far training is, in one line on a terminal."""

from nn_tui.commands.progress_line import ProgressLine
from nn_tui.training.snapshot import Snapshot


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
