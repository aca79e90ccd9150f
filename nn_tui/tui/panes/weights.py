"""Pane 3: every weight matrix and bias vector."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.pictures.weights import draw_weights, matrices_of


class WeightsPane(Pane):
    """Matrices one below the other, scrolled with the arrows where there is no room."""

    HELP = """
    ## Weights

    `W0` leads from the inputs to the first hidden layer: a row for each input, a column
    for each unit; row `b` holds the biases. Blue is positive, orange negative, the
    stronger the larger. Behind each name: smallest and largest weight, and the norm.
    """
    NUMBER = 3
    TITLE = "Weights"
    HINT = "Rows are where a weight comes from, columns where it leads; blue +, orange -"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll(-1)", "Up", show=False),
        Binding("down,j", "scroll(1)", "Down", show=False),
    ]

    class Set(Message):
        """Somebody wants a weight or bias (``W0`` and its index) to be what they typed."""

        def __init__(self, name: str, index: tuple[int, ...], text: str) -> None:
            super().__init__()
            self.name = name
            self.index = index
            self.text = text

    class Prune(Message):
        """Somebody wants a weight cut off."""

        def __init__(self, name: str, index: tuple[int, ...]) -> None:
            super().__init__()
            self.name = name
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self._first = 0

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.snapshot is None:
            return []
        dataset = self.snapshot.dataset
        matrices = matrices_of(self.snapshot.weights, dataset.input_names, dataset.classes)
        strips = draw_weights(matrices, width, height, self.palette)
        self._first = max(0, min(self._first, len(strips) - height))
        below = len(strips) - self._first - height
        self.note(f"{below} more below" if below > 0 else "")
        return strips[self._first :]

    def action_scroll(self, lines: int) -> None:
        """Move the picture."""
        self._first = max(0, self._first + lines)
        self.repaint()
