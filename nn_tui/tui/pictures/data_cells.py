"""What the cells of the table of samples say, and in which colours."""

from rich.style import Style

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED
from nn_tui.tui.classes import class_fill, class_ink
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.color_scale import SMALLEST
from nn_tui.tui.drawing.data_columns import ANSWER, TableColumn
from nn_tui.tui.drawing.numbers import format_datum, format_fixed
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import Palette
from nn_tui.types import Array


class DataCells:
    """``targets`` and ``predictions`` (rows, outputs) are those of the samples from ``first``.

    ``output`` is the activation that they belong to.
    """

    def __init__(
        self,
        dataset: Dataset,
        output: str,
        targets: Array,
        predictions: Array,
        first: int,
        palette: Palette,
    ) -> None:
        self.dataset = dataset
        self.rule = dataset.decision_rule(output)
        self.targets, self.predictions = targets, predictions
        self.first = first
        self.palette = palette
        known = bounded(dataset.targets)
        self.low, self.high = float(known.min()), float(known.max())
        if self.rule is not None:
            self.low, self.high = self.rule.low, self.rule.high

    def cell(self, column: TableColumn, row: int) -> tuple[str, Style | None]:
        """The text, and a style of its own if it has one, of the sample ``first + row``."""
        sample, k = self.first + row, column.index
        match column.kind:
            case "raw":
                return format_datum(float(self.dataset.raw_inputs[sample, k]), column.width), None
            case "derived":
                return format_datum(
                    float(self.dataset.inputs[sample, k]), column.width
                ), self.palette.muted
            case "target":
                return self._target(sample, row, k)
            case "prediction":
                said = float(self.predictions[row, k])
                return format_fixed(said, ANSWER), self._tint(said, k)
            case "difference":
                gap = float(self.targets[row, 0]) - float(self.predictions[row, 0])
                return format_fixed(gap, column.width), self.palette.muted
        return self._class(column, row)

    def _target(self, sample: int, row: int, k: int) -> tuple[str, Style | None]:
        if not self.dataset.classes:
            wanted = float(self.targets[row, k])
            return format_datum(wanted, ANSWER), self._tint(wanted, k)
        classes, number = self.dataset.classes, int(self.dataset.targets[sample, 0])
        return classes[number], class_fill(number, len(classes), 1.0, self.palette)

    def _class(self, column: TableColumn, row: int) -> tuple[str, Style]:
        """The class predicted, in its colour where it is right, and the largest output."""
        assert self.rule is not None
        made, wanted = (
            int(self.rule.decide(outputs[row])) for outputs in (self.predictions, self.targets)
        )
        names, largest = self.rule.names, float(self.predictions[row].max())
        if column.kind == "sure":
            style = self.palette.muted
            if made != UNDECIDED:
                share = min(1.0, max(0.0, _share(largest, self.low, self.high) / 2 + 0.5))
                style = class_fill(made, len(names), share, self.palette)
            return format_fixed(largest, ANSWER), style
        if made == UNDECIDED:
            return "–", self.palette.muted
        right = made == wanted
        return names[made], class_ink(made, len(names), self.palette) if right else self.palette.bad

    def gauge(self, line: RowBuilder, row: int, width: int) -> None:
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

    def _tint(self, value: float, k: int) -> Style:
        """The colour of output ``k`` at ``value``: of its class where every class has one."""
        share = _share(value, self.low, self.high)
        count = self.targets.shape[1]
        if count > 1 and self.dataset.class_names:
            return class_fill(k, count, min(1.0, max(0.0, share / 2 + 0.5)), self.palette)
        return self.palette.filled(share * 0.75)


def _share(value: float, low: float, high: float) -> float:
    """-1 at ``low``, 1 at ``high``; as weak on a range of rounding as on a ``Scale``."""
    return (2 * value - low - high) / max(high - low, 2 * SMALLEST) if high > low else 0.0
