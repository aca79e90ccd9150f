"""A row of the user's own in the data pane: typed into a form, or drawn as a picture."""

from typing import ClassVar, NamedTuple

import numpy as np
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.data.input_form import InputForm
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.typed_row import TypedRow
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.input_table import InputTableLayout, draw_inputs, lay_out_inputs
from nn_tui.tui.drawing.pixel_canvas import CanvasLayout, draw_canvas, lay_out_canvas, painted
from nn_tui.tui.drawing.prediction_bars import (
    draw_nearest,
    draw_prediction,
    predicted_words,
    prediction_height,
)
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, blank, padded, paragraph
from nn_tui.types import Array

_LEAST_FORM = 3
_NEAREST = 5
_MOST_NUMBERS = 4_000_000
"""Inputs of a training set that is searched for the nearest samples within milliseconds."""
_BESIDE = 18
"""Least width of a prediction beside the picture."""


class Input(NamedTuple):
    """An input to be typed: its ``text`` now, its place, a sentence on the values allowed.

    ``known`` are the categories, if it is one.
    """

    text: str
    place: Region
    allowed: str
    known: tuple[str, ...]


class TryRow:
    """Inputs that the user chooses, and what the network predicts for them.

    ``sample`` is the sample that was copied last.
    """

    HINT: ClassVar[str]
    DRAWN: ClassVar[bool]
    """Whether the row is drawn with a pen; else it is typed."""

    def __init__(self, snapshot: Snapshot, sample: int) -> None:
        self.sample = sample
        self.row = TypedRow(np.empty((1, 0)))
        self._data = _columns_of(snapshot.dataset)
        self._nearest: tuple[TypedRow, Dataset, list[int]] | None = None
        self._forward = ForwardPass()

    def fits(self, snapshot: Snapshot) -> bool:
        """Whether the row has the columns of these data."""
        return self._data == _columns_of(snapshot.dataset)

    def predictions(self, snapshot: Snapshot) -> Array:
        """The prediction (outputs,), in the units of the target."""
        inputs = snapshot.dataset.prepare(self.row.raw)
        predicted: Array = self._forward.predictions(snapshot, inputs)[0]
        return predicted

    def nearest(self, snapshot: Snapshot) -> list[int]:
        """The training samples whose inputs are nearest to the row's, by Euclidean distance.

        Empty for very large training sets.
        """
        dataset, found = snapshot.dataset, self._nearest
        if found is None or found[0] is not self.row or found[1] is not dataset:
            train = dataset.inputs[: dataset.train_count]
            nearest: list[int] = []
            if train.size <= _MOST_NUMBERS:
                with np.errstate(all="ignore"):
                    apart = train - dataset.prepare(self.row.raw)
                    squares = np.einsum("ij,ij->i", apart, apart)
                nearest = np.argsort(squares, kind="stable")[:_NEAREST].tolist()
            self._nearest = self.row, dataset, nearest
            return nearest
        return found[2]

    def note(self, snapshot: Snapshot) -> str:
        """The prediction in a few words."""
        return f"your own · {predicted_words(snapshot, self.predictions(snapshot))}"

    @property
    def input(self) -> Input | None:
        """The input under the cursor, if it can be typed."""
        return None

    def put(self, text: str) -> str:
        """Set the input under the cursor to the ``text`` typed; return why not, or empty."""
        return ""

    def lift(self) -> str:
        """Put the pen down and draw, or lift it; return what the arrows do now."""
        return ""

    @property
    def remark(self) -> str:
        """What is unusual about the row, or empty."""
        return ""

    def copy(self, snapshot: Snapshot, sample: int) -> None:
        """Begin with the values of a sample."""
        raise NotImplementedError

    def clear(self, snapshot: Snapshot) -> None:
        """Leave all values out."""
        raise NotImplementedError

    def erase(self) -> None:
        """Leave out the value under the cursor."""
        raise NotImplementedError

    def move(self, down: int, right: int) -> None:
        """Move the cursor; in a form, left and right change the value."""
        raise NotImplementedError

    def point(self, x: int, y: int) -> None:
        """Put the cursor at a cell."""
        raise NotImplementedError

    def lay_out(self, snapshot: Snapshot, width: int, height: int) -> None:
        """Place everything in so many cells."""
        raise NotImplementedError

    def draw(self, snapshot: Snapshot, marked: bool, area: DrawArea) -> list[Strip]:
        """Return the picture that was laid out."""
        raise NotImplementedError


def try_row(snapshot: Snapshot, sample: int) -> TryRow:
    """A row that begins as the ``sample``: a picture where samples are pictures, else a form."""
    dataset = snapshot.dataset
    picture = dataset.picture
    pixels = picture is not None and picture[0] * picture[1] == len(dataset.raw_names)
    row = TryPicture(snapshot, sample) if pixels else TryForm(snapshot, sample)
    row.copy(snapshot, sample)
    return row


class TryForm(TryRow):
    """A line for each column of the table."""

    HINT = (
        "`data.edit` types a value, ← → change it, `data.sample` next sample; `explain` shows how"
    )
    DRAWN = False

    def __init__(self, snapshot: Snapshot, sample: int) -> None:
        super().__init__(snapshot, sample)
        self.form = InputForm(snapshot.dataset)
        self.cells: list[str] = []
        self.cursor = 0
        self._copied: list[str] = []
        self._layout = InputTableLayout(0, 1, 1, 1)
        self._lines = 0

    def copy(self, snapshot: Snapshot, sample: int) -> None:
        self.sample = sample
        self.cells = self.form.cells_of(sample)
        self._copied = [*self.cells]
        self._encode()

    def clear(self, snapshot: Snapshot) -> None:
        self.cells = [""] * len(self.cells)
        self._encode()

    def erase(self) -> None:
        self.put("")

    def put(self, text: str) -> str:
        refusal = self.form.columns[self.cursor].refusal(text)
        if not refusal:
            self.cells[self.cursor] = text.strip()
            self._encode()
        return refusal

    @property
    def remark(self) -> str:
        """What is unusual: of the value under the cursor, else of the first such value."""
        order = [self.cursor, *range(len(self.cells))]
        remarks = (self.form.remark(number, self.cells[number]) for number in order)
        return next((remark for remark in remarks if remark), "")

    def _encode(self) -> None:
        self.row = TypedRow(self.form.encode(self.cells))

    def move(self, down: int, right: int) -> None:
        if down:
            self.cursor = max(0, min(len(self.cells) - 1, self.cursor + down))
        if right:
            self.put(self.form.stepped(self.cursor, self.cells[self.cursor], right))

    def point(self, x: int, y: int) -> None:
        found = self._layout.at(y)
        self.cursor = self.cursor if found is None else found

    @property
    def input(self) -> Input:
        column, place = self.form.columns[self.cursor], self._layout.region(self.cursor)
        allowed = f"{column.name} is a number, or empty if it is missing"
        if column.categories:
            allowed = f"{column.name} is one of {joined_names(column.categories, 6)}; → completes"
        return Input(self.cells[self.cursor], place, allowed, column.categories)

    def lay_out(self, snapshot: Snapshot, width: int, height: int) -> None:
        count = len(self.cells)
        least = min(count, _LEAST_FORM)
        self._lines = max(0, min(prediction_height(snapshot), height - least - 1))
        room = max(1, height - self._lines - 1)
        self._layout = lay_out_inputs(
            self.form.columns, width, room, self.cursor, self._layout.first
        )

    def draw(self, snapshot: Snapshot, marked: bool, area: DrawArea) -> list[Strip]:
        width, height, palette = area
        cursor = self.cursor if marked else None
        columns, layout = self.form.columns, self._layout
        strips = draw_inputs(columns, self.cells, self._copied, layout, cursor, area)
        hidden = len(columns) - layout.count
        rule = RowBuilder(palette.faint)
        if hidden:
            rule.add(f"+{hidden} ", palette.accented)
        strips.append(rule.add("─" * (width - rule.width)).strip(width))
        if self._lines:
            made = DrawArea(width, self._lines, palette)
            strips += draw_prediction(snapshot, self.predictions(snapshot), made)
        if (remark := self.remark) and len(strips) < height:
            strips += paragraph(remark, width, palette.accented)
        room = DrawArea(width, height - len(strips) - 1, palette)
        if more := draw_nearest(snapshot, self.nearest(snapshot), room):
            strips += [blank(width, palette.text), *more]
        return strips[:height]


class TryPicture(TryRow):
    """A canvas for a picture; the pen, once down, draws wherever the cursor goes."""

    HINT = (
        "`data.pen` pen down or up, arrows draw, `data.erase` erases, `data.clear` empties, "
        "`data.sample` next sample"
    )
    DRAWN = True

    def __init__(self, snapshot: Snapshot, sample: int) -> None:
        super().__init__(snapshot, sample)
        dataset = snapshot.dataset
        assert dataset.picture is not None
        train = bounded(dataset.raw_inputs[: dataset.train_count])
        self._low, self._high = float(train.min()), float(train.max())
        self._shape = dataset.picture
        self._pixels = np.zeros(self._shape)
        self.cursor = (self._shape[0] // 2, self._shape[1] // 2)
        self.pen = False
        self._layout = CanvasLayout(self._shape, 1, 1)

    @property
    def _span(self) -> float:
        return (self._high - self._low) or 1.0

    def copy(self, snapshot: Snapshot, sample: int) -> None:
        self.sample = sample
        values = bounded(snapshot.dataset.raw_inputs[sample]).reshape(self._shape)
        self._set((values - self._low) / self._span)

    def clear(self, snapshot: Snapshot) -> None:
        self._set(np.zeros(self._shape))

    def erase(self) -> None:
        pixels = self._pixels.copy()
        pixels[self.cursor] = 0.0
        self._set(pixels)

    def paint(self) -> None:
        """Touch the canvas at the cursor."""
        self._set(painted(self._pixels, *self.cursor))

    def lift(self) -> str:
        self.pen = not self.pen
        if self.pen:
            self.paint()
            return "pen down: arrows draw"
        return "pen up: arrows only move"

    def _set(self, pixels: Array) -> None:
        self._pixels = pixels
        self.row = TypedRow((pixels * self._span + self._low).reshape(1, -1))

    def move(self, down: int, right: int) -> None:
        row, column = self.cursor
        rows, columns = self._shape
        self.cursor = (
            max(0, min(rows - 1, row + down)),
            max(0, min(columns - 1, column + right)),
        )
        if self.pen:
            self.paint()

    def point(self, x: int, y: int) -> None:
        found = self._layout.at(x, y)
        if found is not None:
            self.cursor = found
            self.paint()

    def lay_out(self, snapshot: Snapshot, width: int, height: int) -> None:
        beside = lay_out_canvas(self._shape, width - _BESIDE - 1, height)
        below = lay_out_canvas(self._shape, width, height - min(4, height // 3))
        larger = below.across > beside.across or beside.width + _BESIDE >= width
        self._layout = below if larger else beside

    def draw(self, snapshot: Snapshot, marked: bool, area: DrawArea) -> list[Strip]:
        width, height, palette = area
        layout = self._layout
        picture = draw_canvas(self._pixels, self.cursor if marked else None, layout, palette)
        predicted = self.predictions(snapshot)
        room = width - layout.width - 2
        if room + 2 <= _BESIDE:
            strips = [strip.adjust_cell_length(width, palette.text) for strip in picture]
            below = DrawArea(width, max(0, height - len(strips)), palette)
            return [*strips[:height], *draw_prediction(snapshot, predicted, below)][:height]
        made = draw_prediction(snapshot, predicted, DrawArea(room, height, palette))
        left = DrawArea(room, height - len(made) - 1, palette)
        if more := draw_nearest(snapshot, self.nearest(snapshot), left):
            made += [blank(room, palette.text), *more]
        made = padded(made, room, height, palette.text)
        picture = padded(picture, layout.width, height, palette.text)
        gap = RowBuilder(palette.text).add("  ").strip(2)
        return [Strip.join([a, gap, b]) for a, b in zip(picture, made, strict=True)]


def _columns_of(dataset: Dataset) -> object:
    return dataset.raw_names, dataset.input_names, dataset.columns, dataset.picture
