"""Scatter plot of two inputs; glyph and colour of a point are those of its target."""

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.class_marks import class_ink, class_sign
from nn_tui.tui.drawing.colour_scale import Scale
from nn_tui.tui.drawing.numbers import format_plain
from nn_tui.tui.drawing.part_marks import held_out_sets
from nn_tui.tui.drawing.plane import PlanePoints, plane_points
from nn_tui.tui.drawing.short_names import short_names
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_TRAIN, _TEST = "●○", "•◦"
_MIDDLE = 0.1  # half-width of the middle of the scale, neither high nor low


def scatter_plane(dataset: Dataset, samples: Array, width: int, height: int) -> PlanePoints:
    """Place the ``samples`` (row indices), leaving two lines for axes and legend."""
    raw = dataset.raw_inputs
    bounds = raw.min(axis=0), raw.max(axis=0)
    return plane_points(samples, raw[samples], bounds, width, max(1, height - 2))


def draw_scatter(dataset: Dataset, plane: PlanePoints, cursor: int, area: DrawArea) -> list[Strip]:
    """Draw the samples of ``plane``, test samples small; ``cursor`` is a sample or -1."""
    width, height, palette = area
    marks: list[dict[int, tuple[str, Style]]] = [{} for _ in range(max(1, height - 2))]
    glyphs = _Glyphs(dataset, palette)
    order = plane.samples.argsort()[::-1]  # training samples on top
    places = zip(plane.samples[order], plane.lines[order], plane.columns[order], strict=True)
    for sample, line, column in places:
        marks[line][int(column)] = glyphs.of(int(sample))
    if cursor >= 0 and (here := np.flatnonzero(plane.samples == cursor)).size:
        marks[plane.lines[here[0]]][int(plane.columns[here[0]])] = (
            glyphs.of(cursor)[0],
            palette.chosen,
        )
    strips = []
    for line_marks in marks:
        row = RowBuilder(palette.text)
        for column in sorted(line_marks):
            row.to(column).add(*line_marks[column])
        strips.append(row.strip(width))
    low, high = dataset.raw_inputs.min(axis=0), dataset.raw_inputs.max(axis=0)
    for names in (_axis(dataset, low, high, width, palette), glyphs.legend(width)):
        strips.append(names.strip(width))
    return strips[:height]


def _axis(dataset: Dataset, low: Array, high: Array, width: int, palette: Palette) -> RowBuilder:
    ranges = [
        f"{format_plain(float(a))} … {format_plain(float(b))}"
        for a, b in zip(low, high, strict=True)
    ]
    across, up = short_names(dataset).raw
    text = f"{across} → {ranges[0]}   {up} ↑ {ranges[1]}"
    if cell_len(text) > width:
        text = f"{across} →  {up} ↑"
    return RowBuilder(palette.muted).add(fit_text(text, width))


class _Glyphs:
    """The mark of each sample, as on the decision map: that of its class.

    Continuous targets are ● (high) or ○ (low), and small for test samples.
    """

    def __init__(self, dataset: Dataset, palette: Palette) -> None:
        self.dataset, self.palette = dataset, palette
        self.count = len(dataset.class_names)
        self.numbers = dataset.class_numbers() if self.count else np.empty(0, int)
        values = bounded(dataset.targets[:, 0])
        self.scale = Scale(float(values.min()), float(values.max()))

    def of(self, sample: int) -> tuple[str, Style]:
        trains = sample < self.dataset.train_count
        if self.count:
            number = int(self.numbers[sample])
            sign = class_sign(number, self.count, trains)
            return sign, class_ink(number, self.count, self.palette)
        share = float(self.scale.shares(self.dataset.targets[sample, 0]))
        if abs(share) < _MIDDLE:
            return "·", self.palette.muted
        return (_TRAIN if trains else _TEST)[0 if share > 0 else 1], self.palette.inked(share)

    def legend(self, width: int) -> RowBuilder:
        """Return the legend of the glyphs."""
        row, palette = RowBuilder(self.palette.muted), self.palette
        if not self.count:
            row.add("● high ○ low")
        for number, name in enumerate(self.dataset.class_names):
            sign = class_sign(number, self.count)
            row.add("  " if number else "").add(sign, class_ink(number, self.count, palette))
            row.add(f" {name}")
        others = held_out_sets(self.dataset)
        tested = f"  {'hollow' if self.count > 2 else 'small'}: {others}"
        if others and row.width + len(tested) <= width:
            row.add(tested)
        return row
