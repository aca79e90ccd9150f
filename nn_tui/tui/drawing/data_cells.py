"""The cells of the table of samples: texts and colours."""

import math
from collections.abc import Sequence

import numpy as np
from rich.style import Style

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.class_marks import class_fill, class_ink, class_sign
from nn_tui.tui.drawing.colour_scale import SMALLEST
from nn_tui.tui.drawing.data_columns import ShownColumn
from nn_tui.tui.drawing.number_line import LineMark
from nn_tui.tui.drawing.numbers import format_fixed, format_signed
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_NEUTRAL = 0.05  # shares below have no colour
_FAINTEST = 0.75  # least opacity of coloured text


class DataCells:
    """Cells of ``samples`` (rows,), with ``targets`` and ``predictions`` (rows, outputs).

    ``output`` is the output activation. Numbers are coloured on a scale from ``low`` to
    ``high``, the lowest and the highest target.
    """

    def __init__(
        self,
        dataset: Dataset,
        output: str,
        targets: Array,
        predictions: Array,
        samples: Array,
        palette: Palette,
    ) -> None:
        self.dataset = dataset
        self.rule = dataset.decision_rule(output)
        self.targets, self.predictions = targets, predictions
        self.samples: list[int] = samples.tolist()
        self.palette = palette
        known = bounded(dataset.targets)
        self.low, self.high = float(known.min()), float(known.max())
        if self.rule is not None:
            self.low, self.high = self.rule.low, self.rule.high
        self._wrong = np.zeros(len(targets), bool)
        if self.rule is not None and self.rule.names:
            predicted = self.rule.decide(predictions)
            self._wrong = (predicted != UNDECIDED) & (predicted != self.rule.decide(targets))
        self._classes: Sequence[int] = (
            dataset.class_numbers(samples).tolist() if dataset.class_names else ()
        )

    def is_wrong(self, row: int) -> bool:
        """Whether the sample is predicted to be of another class; not if it is undecided."""
        return bool(self._wrong[row])

    def cell(self, column: ShownColumn, row: int) -> tuple[str, Style | None]:
        """Return text and style (None: that of the row) of a cell of a row."""
        sample, k = self.samples[row], column.index
        match column.kind:
            case "raw":
                value = float(self.dataset.raw_inputs[sample, k])
                return column.numbers.text(value, column.width), self.palette.muted
            case "derived":
                value = float(self.dataset.inputs[sample, k])
                return column.numbers.text(value, column.width), self.palette.muted
            case "target":
                return self._target(column, row)
            case "prediction":
                prediction = float(self.predictions[row, k])
                return format_fixed(prediction, column.width), self._tint(prediction, k)
            case "difference":
                return self._difference(row, column.width)
        return self._class(column, row)

    def _target(self, column: ShownColumn, row: int) -> tuple[str, Style | None]:
        if not column.classes:
            target = float(self.targets[row, column.index])
            return column.numbers.text(target, column.width), self._tint(target, column.index)
        mark = self.target_mark(row)
        return f"{mark.glyph} {column.classes[self._classes[row]]}", mark.style

    def _difference(self, row: int, width: int) -> tuple[str, Style]:
        """Return the error in the colour of its sign."""
        gap = float(self.targets[row, 0]) - float(self.predictions[row, 0])
        return format_signed(gap, width), self._ink(gap / max(self.high - self.low, SMALLEST))

    def _class(self, column: ShownColumn, row: int) -> tuple[str, Style]:
        """Return the predicted class, in its colour if correct, or the largest output."""
        assert self.rule is not None
        prediction, target = (
            int(self.rule.decide(outputs[row])) for outputs in (self.predictions, self.targets)
        )
        count, largest = len(column.classes), float(self.predictions[row].max())
        if column.kind == "confidence":
            style = self.palette.muted
            if prediction != UNDECIDED:
                share = min(1.0, max(0.0, _share(largest, self.low, self.high) / 2 + 0.5))
                style = class_fill(prediction, len(self.rule.names), share, self.palette)
            return format_fixed(largest, column.width), style
        if prediction == UNDECIDED:
            return "–", self.palette.muted
        right = prediction == target
        ink = class_ink(prediction, count, self.palette) if right else self.palette.bad
        return column.classes[prediction], ink

    # On the number line

    def target_signs(self) -> list[tuple[str, Style]]:
        """Return the marks that targets of the training set have."""
        count = len(self.dataset.class_names)
        return [
            (class_sign(k, count), class_ink(k, count, self.palette)) for k in range(count)
        ] or [("○", self.palette.strong)]

    def target_mark(self, row: int) -> LineMark:
        """Return the mark of the target: that of its class, or ○."""
        place = self._place(float(self.targets[row, 0]))
        if not self._classes:
            return LineMark("○", self.palette.strong, place)
        number, count = self._classes[row], len(self.dataset.class_names)
        sign = class_sign(number, count, self.samples[row] < self.dataset.train_count)
        return LineMark(sign, class_ink(number, count, self.palette), place)

    def prediction_mark(self, row: int) -> LineMark:
        """Return the mark of the prediction, ◆."""
        prediction = float(self.predictions[row, 0])
        ink = self._ink(_share(prediction, self.low, self.high))
        return LineMark("◆", ink, self._place(prediction))

    def _place(self, value: float) -> float:
        """Return the place between the lowest target, 0, and the highest, 1; NaN if unknown."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5

    def _tint(self, value: float, k: int) -> Style:
        """Return the colour of output ``k`` at ``value``: that of its class, if it has one."""
        share = _share(value, self.low, self.high)
        count = self.targets.shape[1]
        if count > 1 and self.dataset.class_names:
            return class_fill(k, count, min(1.0, max(0.0, share / 2 + 0.5)), self.palette)
        if count == 1 and self.dataset.class_names:
            return self._ink(share)
        return self.palette.filled(share * 0.75)

    def _ink(self, share: float) -> Style:
        """Return the colour of a number that is ``share`` of the largest, always legible."""
        if not abs(share) > _NEUTRAL:
            return self.palette.muted
        return self.palette.inked(math.copysign(_FAINTEST + (1 - _FAINTEST) * abs(share), share))


def _share(value: float, low: float, high: float) -> float:
    """Map ``value`` to -1 at ``low`` and 1 at ``high``; a tiny range counts as rounding error."""
    return (2 * value - low - high) / max(high - low, 2 * SMALLEST) if high > low else 0.0
