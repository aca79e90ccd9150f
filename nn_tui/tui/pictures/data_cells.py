"""What the cells of the table of samples say, and in which colours."""

from typing import Any

from numpy.typing import NDArray
from rich.style import Style

from nn_tui.data.dataset import Dataset
from nn_tui.tui.drawing.data_columns import ANSWER, Column
from nn_tui.tui.drawing.numbers import datum, fixed
from nn_tui.tui.drawing.strips import Row
from nn_tui.tui.theme import Palette

Array = NDArray[Any]


class DataCells:
    """``targets`` and ``predictions`` (rows, outputs) are those of the samples from ``first``."""

    def __init__(
        self, dataset: Dataset, targets: Array, predictions: Array, first: int, palette: Palette
    ) -> None:
        self.dataset = dataset
        self.targets, self.predictions = targets, predictions
        self.first = first
        self.palette = palette
        self.low, self.high = _range(dataset, targets)

    def cell(self, column: Column, row: int) -> tuple[str, Style | None]:
        """The text, and a style of its own if it has one, of the sample ``first + row``."""
        sample, k = self.first + row, column.index
        match column.kind:
            case "raw":
                return datum(float(self.dataset.raw_inputs[sample, k]), column.width), None
            case "derived":
                return datum(
                    float(self.dataset.inputs[sample, k]), column.width
                ), self.palette.muted
            case "target":
                return self._target(sample, row, k)
            case "prediction":
                said = float(self.predictions[row, k])
                return fixed(said, ANSWER), self._tint(said)
            case "difference":
                gap = float(self.targets[row, 0] - self.predictions[row, 0])
                return fixed(gap, column.width), self.palette.muted
        return self._class(column, row)

    def _target(self, sample: int, row: int, k: int) -> tuple[str, Style | None]:
        if not self.dataset.classes:
            wanted = float(self.targets[row, k])
            return datum(wanted, ANSWER), self._tint(wanted)
        name = self.dataset.classes[int(self.dataset.targets[sample, 0])]
        two = self.targets.shape[1] == 1
        return name, self._tint(float(self.targets[row, 0])) if two else None

    def _class(self, column: Column, row: int) -> tuple[str, Style]:
        made = int(self.predictions[row].argmax())
        right = made == int(self.targets[row].argmax())
        if column.kind == "class":
            return self.dataset.classes[made], self.palette.good if right else self.palette.bad
        sure = float(self.predictions[row, made])
        return fixed(sure, ANSWER), self.palette.filled(sure if right else -sure)

    def gauge(self, line: Row, row: int, width: int) -> None:
        """Append a line from the lowest target to the highest, wanted ○ and predicted ●."""
        target, made = float(self.targets[row, 0]), float(self.predictions[row, 0])
        wanted, predicted = self._place(target, width), self._place(made, width)
        for at in range(width):
            if at == predicted:
                line.add("●", self.palette.inked(_share(made, self.low, self.high)))
            elif at == wanted:
                line.add("○", self.palette.strong)
            else:
                line.add("─", self.palette.faint)

    def _place(self, value: float, width: int) -> int:
        low, high = self.low, self.high
        share = (value - low) / (high - low) if high > low else 0.5
        return round(min(max(share, 0.0), 1.0) * (width - 1)) if share == share else 0

    def _tint(self, value: float) -> Style:
        return self.palette.filled(_share(value, self.low, self.high) * 0.75)


def _share(value: float, low: float, high: float) -> float:
    """-1 at ``low``, 1 at ``high``."""
    return (2 * value - low - high) / (high - low) if high > low else 0.0


def _range(dataset: Dataset, targets: Array) -> tuple[float, float]:
    if dataset.classes:
        return (-1.0, 1.0) if targets.size and targets.min() < 0 else (0.0, 1.0)
    return float(dataset.targets.min()), float(dataset.targets.max())
