"""The samples as a table: inputs, target, prediction, error."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
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
    outputs = min(targets.shape[1], 3)
    fixed_width = number_width + 2 + outputs * 2 * (_CELL + 1) + (8 if outputs == 1 else 0)
    cell = _input_cell(dataset)
    columns = _fitting(dataset.inputs.shape[1], (width - fixed_width) // (cell + 1))
    used = fixed_width + len(columns) * (cell + 1)
    gauge = width - used - 2 if width - used - 2 >= _GAUGE_LEAST and outputs == 1 else 0
    low, high = _range(dataset, targets)
    under = not gauge and outputs == 1 and 2 * len(targets) + 1 <= height
    rows = [_heading(dataset, columns, cell, outputs, number_width, gauge, palette).strip(width)]
    for i in range(min(len(targets), height - 1)):
        sample = first + i
        base = palette.cursor if sample == cursor else palette.text
        row = Row(base)
        tested = sample >= dataset.train_count
        row.right(str(sample + 1), number_width, palette.test if tested else palette.muted)
        row.add(" ")
        for column in columns:
            text = "…" if column < 0 else plain(float(dataset.inputs[sample, column]))
            row.add(" ").right(text, cell)
        row.add(" ")
        for k in range(outputs):
            target, made = float(targets[i, k]), float(predictions[i, k])
            row.add(" ").add(
                fit(plain(target), _CELL, right=True), _tint(target, low, high, palette)
            )
            row.add(" ").add(fixed(made, _CELL), _tint(made, low, high, palette))
            if outputs == 1:
                row.add(" ").right(fixed(target - made, 7), 7, palette.muted)
        if gauge:
            row.add("  ")
            _gauge(row, float(targets[i, 0]), float(predictions[i, 0]), low, high, gauge, palette)
        rows.append(row.strip(width))
        if under:
            line = Row(palette.text).to(number_width + 2)
            room = max(4, min(used, width - 1) - line.width)
            _gauge(line, float(targets[i, 0]), float(predictions[i, 0]), low, high, room, palette)
            rows.append(line.strip(width))
    return rows


def _heading(
    dataset: Dataset,
    columns: list[int],
    cell: int,
    outputs: int,
    number_width: int,
    gauge: int,
    palette: Palette,
) -> Row:
    row = Row(palette.heading).right("#", number_width).add(" ")
    for column in columns:
        row.add(" ").right("" if column < 0 else dataset.input_names[column], cell)
    row.add(" ")
    for k in range(outputs):
        named = dataset.target_names[k] if k < len(dataset.target_names) else f"y{k + 1}"
        row.add(" ").right(named if outputs == 1 else f"y{k + 1}", _CELL)
        row.add(" ").right("ŷ" if outputs == 1 else f"ŷ{k + 1}", _CELL)
    if outputs == 1:
        row.add(" ").right("y - ŷ", 7)
    if gauge:
        row.add("  ").left("○ wanted  ● predicted", gauge)
    return row


def _gauge(
    row: Row, target: float, made: float, low: float, high: float, width: int, palette: Palette
) -> None:
    def place(value: float) -> int:
        share = (value - low) / (high - low) if high > low else 0.5
        return int(np.clip(round(share * (width - 1)), 0, width - 1)) if share == share else 0

    wanted, predicted = place(target), place(made)
    for at in range(width):
        if at == predicted:
            row.add("●", palette.inked(_share(made, low, high)))
        elif at == wanted:
            row.add("○", palette.strong)
        else:
            row.add("─", palette.faint)


def _tint(value: float, low: float, high: float, palette: Palette) -> Any:
    return palette.filled(_share(value, low, high) * 0.75)


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
