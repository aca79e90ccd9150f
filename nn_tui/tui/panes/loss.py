"""Pane 5: the loss of every epoch."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from nn_tui.training.pin import Pin
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.pictures.loss_chart import draw_loss


class LossPane(Pane):
    """A plotext chart of training and test loss."""

    HELP = """
    ## Loss

    How wrong the network is after each epoch, the mean over all training samples (and
    over those held back for testing). Where many epochs share a column, the line spans
    the smallest and the largest loss among them. `y` changes to a logarithmic axis.
    """
    NUMBER = 5
    TITLE = "Loss"
    HINT = "The mean loss after each epoch; y changes to a logarithmic axis and back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "log", "log axis", tooltip="Logarithmic loss axis")
    ]

    pins: var[tuple[Pin, ...]] = var((), init=False)
    """Runs whose curves are drawn behind; bound to the app's."""

    class GoTo(Message):
        """Somebody wants to see the run as it was after ``epoch``."""

        def __init__(self, epoch: int) -> None:
            super().__init__()
            self.epoch = epoch

    def __init__(self) -> None:
        super().__init__()
        self._log = False

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.snapshot is None:
            return []
        self.note("log axis" if self._log else "")
        return draw_loss(self.snapshot, self._log, width, height, self.palette)

    def action_log(self) -> None:
        """Change the loss axis."""
        self._log = not self._log
        self.repaint()
