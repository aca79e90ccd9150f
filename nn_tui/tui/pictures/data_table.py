"""The samples as a table: inputs, target, prediction, error."""

from typing import Any

from numpy.typing import NDArray
from rich.style import Style
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.tui.pictures.numbers import fixed, plain
from nn_tui.tui.strips import Row, fit
from nn_tui.tui.theme import Palette

Array = NDArray[Any]

_CELL = 6
_GAUGE_LEAST = 12
_LOOKED_AT = 40


def draw_data_table(
    dataset: Dataset,
    targets: Array,
    predictions: Array,
    first: int,
    cursor: int,
    width: int,
    height: int,
    palette: Palette,
) -> list[Strip]:
    """A heading and a row for each sample from ``first`` on.

    ``targets`` and ``predictions`` (rows, outputs) are those of the rows shown. Where
    not all inputs fit, the middle ones are left out; spare room shows a gauge from the
    lowest target to the highest with the target ○ and the prediction ●.
    """
    number_width = max(2, len(str(dataset.samples)))
    answers = _answers(dataset, targets, palette)
    cell, inputs = _input_cell(dataset), dataset.inputs.shape[1]
    fixed_width = number_width + 2 + answers.width
    if fixed_width + inputs * (cell + 1) > width:
        answers.leave_out_difference()  # it can be seen; an input cannot
        fixed_width = number_width + 2 + answers.width
    columns = _fitting(inputs, (width - fixed_width) // (cell + 1))
    used = fixed_width + len(columns) * (cell + 1)
    gauge = width - used - 2 if width - used - 2 >= _GAUGE_LEAST and answers.gauge else 0
    under = answers.gauge and not gauge and 2 * len(targets) + 1 <= height
    heading = Row(palette.heading).right("#", number_width).add(" ")
    for column in columns:
        heading.add(" ").right("" if column < 0 else dataset.input_names[column], cell)
    answers.head(heading.add(" "))
    if gauge:
        heading.add("  ").left("○ wanted  ● predicted", gauge)
    rows = [heading.strip(width)]
    for i in range(min(len(targets), height - 1)):
        sample = first + i
        row = Row(palette.cursor if sample == cursor else palette.text)
        tested = sample >= dataset.train_count
        row.right(str(sample + 1), number_width, palette.test if tested else palette.muted)
        row.add(" ")
        for column in columns:
            text = "…" if column < 0 else plain(float(dataset.inputs[sample, column]))
            row.add(" ").right(text, cell)
        answers.row(row.add(" "), targets[i], predictions[i])
        if gauge:
            answers.draw_gauge(row.add("  "), targets[i], predictions[i], gauge)
        rows.append(row.strip(width))
        if under:
            line = Row(palette.text).to(number_width + 2)
            room = max(4, min(used, width - 1) - line.width)
            answers.draw_gauge(line, targets[i], predictions[i], room)
            rows.append(line.strip(width))
    return rows


class _Quantities:
    """Targets and predictions as numbers on the colour scale, for up to three outputs."""

    def __init__(self, dataset: Dataset, targets: Array, palette: Palette) -> None:
        self.names = dataset.target_names
        self.outputs = min(targets.shape[1], 3)
        self.gauge = self.outputs == 1
        self.difference = self.outputs == 1
        self.width = self.outputs * 2 * (_CELL + 1) + (8 if self.difference else 0)
        self.palette = palette
        self.low, self.high = _range(dataset, targets)

    def leave_out_difference(self) -> None:
        """Take less room."""
        if self.difference:
            self.difference = False
            self.width -= 8

    def head(self, row: Row) -> None:
        for k in range(self.outputs):
            number = "" if self.outputs == 1 else str(k + 1)
            name = self.names[k] if k < len(self.names) else f"y{number}"
            row.add(" ").right(name, _CELL).add(" ").right(f"ŷ{number}", _CELL)
        if self.difference:
            row.add(" ").right("y - ŷ", 7)

    def row(self, row: Row, target: Array, made: Array) -> None:
        for k in range(self.outputs):
            wanted, predicted = float(target[k]), float(made[k])
            row.add(" ").add(fit(plain(wanted), _CELL, right=True), self._tint(wanted))
            row.add(" ").add(fixed(predicted, _CELL), self._tint(predicted))
        if self.difference:
            row.add(" ").right(fixed(float(target[0] - made[0]), 7), 7, self.palette.muted)

    def draw_gauge(self, row: Row, target: Array, made: Array, width: int) -> None:
        _gauge(row, float(target[0]), float(made[0]), self.low, self.high, width, self.palette)

    def _tint(self, value: float) -> Style:
        return self.palette.filled(_share(value, self.low, self.high) * 0.75)


class _Classes:
    """Three classes and more: the right one's name, the likeliest one's, and how sure it is."""

    gauge = False

    def __init__(self, dataset: Dataset, palette: Palette) -> None:
        self.names = dataset.classes
        self.cell = max(3, min(12, max(map(len, self.names))))
        self.width = 2 * (self.cell + 1) + _CELL + 1
        self.palette = palette

    def leave_out_difference(self) -> None:
        """Classes have none."""

    def head(self, row: Row) -> None:
        row.add(" ").right("y", self.cell).add(" ").right("ŷ", self.cell)
        row.add(" ").right("sure", _CELL)

    def row(self, row: Row, target: Array, made: Array) -> None:
        wanted, predicted = int(target.argmax()), int(made.argmax())
        right = wanted == predicted
        row.add(" ").right(self.names[wanted], self.cell)
        style = self.palette.good if right else self.palette.bad
        row.add(" ").right(self.names[predicted], self.cell, style)
        sure = float(made[predicted])
        row.add(" ").add(fixed(sure, _CELL), self.palette.filled(sure if right else -sure))

    def draw_gauge(self, row: Row, target: Array, made: Array, width: int) -> None:
        """Classes have none."""


def _answers(dataset: Dataset, targets: Array, palette: Palette) -> _Quantities | _Classes:
    if dataset.classes and targets.shape[1] > 1:
        return _Classes(dataset, palette)
    return _Quantities(dataset, targets, palette)


def _gauge(
    row: Row, target: float, made: float, low: float, high: float, width: int, palette: Palette
) -> None:
    def place(value: float) -> int:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(min(max(share, 0.0), 1.0) * (width - 1)) if share == share else 0

    wanted, predicted = place(target), place(made)
    for at in range(width):
        if at == predicted:
            row.add("●", palette.inked(_share(made, low, high)))
        elif at == wanted:
            row.add("○", palette.strong)
        else:
            row.add("─", palette.faint)


def _share(value: float, low: float, high: float) -> float:
    """-1 at ``low``, 1 at ``high``."""
    return (2 * value - low - high) / (high - low) if high > low else 0.0


def _range(dataset: Dataset, targets: Array) -> tuple[float, float]:
    if dataset.classes:
        return (-1.0, 1.0) if targets.size and targets.min() < 0 else (0.0, 1.0)
    return float(dataset.targets.min()), float(dataset.targets.max())


def _input_cell(dataset: Dataset) -> int:
    """A width for every input column, by the names and the first rows."""
    sample = dataset.inputs[:_LOOKED_AT, :_LOOKED_AT]
    texts = [plain(float(value)) for value in sample.ravel()[: 10 * _LOOKED_AT]]
    longest = max(map(len, [*texts, *dataset.input_names[:_LOOKED_AT]]), default=1)
    return max(4, min(longest, 7))


def _fitting(count: int, room: int) -> list[int]:
    """The input columns that fit; -1 stands for those left out."""
    if count <= room:
        return list(range(count))
    if room < 3:
        return list(range(max(0, room)))
    return [*range(room - 2), -1, count - 1]
