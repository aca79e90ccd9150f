"""Layout of a network diagram: a column of units for each layer, inputs on the left.

Units are as high as fits, so that they can hold a map. Of a layer with more units than lines,
a window on the chosen unit is shown, and marks count the others. A single output can be a
picture as large as fits.
"""

from collections.abc import Sequence
from itertools import chain, product
from typing import NamedTuple

_LEAST_LINES = 3  # two marks and the chosen unit
_HIGHEST = 10  # lines of a unit
_NAME_INSIDE = 3  # lines of a unit from which its name stands on its map
_LINES_OF_INPUT = 4  # of the plain maps of inputs, unless hidden units are higher
_NARROWEST = 6  # cells of a unit with a map
_MAP_BESIDE_NAME = 6  # cells of the map of a unit of one or two lines
_GAP_OF_BOX = 0.55  # smallest gap between columns, in widths of a box
_LEAST_GAP = 4
_MOST_OF_WIDTH = 0.46  # of the output
_CLOSEST = 2  # smallest gap between columns of names
_DETAIL = 8  # lines of the enlarged unit and the blank above
_DETAIL_WIDTH = 9
_NUMBER_OF_DETAIL = 6  # cells behind a name, where no picture of the output needs them

Unit = tuple[int, int]
"""Layer 0 … depth and the index of the unit in it."""


class UnitBox(NamedTuple):
    """The cells of a unit; ``number`` is -1 for a mark that counts ``folded`` units.

    The first ``label`` cells are for the name, the others for a map; with none, the name
    stands on the map.
    """

    layer: int
    number: int
    x: int
    y: int
    width: int
    height: int
    label: int = 0
    folded: int = 0

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell is inside the box."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    @property
    def unit(self) -> Unit:
        return self.layer, self.number

    @property
    def map_width(self) -> int:
        """Cells across of the map; 0 if there is only a name."""
        return self.width - self.label


class DiagramLayout(NamedTuple):
    """The boxes by layer, and the columns (start, stop) of each layer.

    ``result`` is whether the output is a picture; ``detail`` has room for an enlarged unit.
    """

    boxes: tuple[tuple[UnitBox, ...], ...]
    spans: tuple[tuple[int, int], ...]
    result: bool = False
    detail: UnitBox | None = None

    def unit_at(self, x: int, y: int) -> Unit | None:
        """Return the unit at a cell, if any."""
        found = (b for layer in self.boxes for b in layer if b.number >= 0 and b.holds(x, y))
        box = next(found, None)
        return box.unit if box else None

    @property
    def mapped(self) -> list[UnitBox]:
        """The boxes with room for a map; the output's is not among them if it is a picture."""
        layers = self.boxes[:-1] if self.result else self.boxes
        return [box for layer in layers for box in layer if box.number >= 0 and box.map_width]


class _Column(NamedTuple):
    """A layer: ``numbers`` of its units (-1: others), size of a box, cells of its name."""

    numbers: tuple[int, ...]
    width: int
    lines: int
    label: int

    @property
    def height(self) -> int:
        """Least lines of the column, with a blank between units that hold their names."""
        between = int(self.lines >= _NAME_INSIDE)
        return len(self.numbers) * (self.lines + between) - between


class _Room(NamedTuple):
    """``width`` × ``height`` cells; whether units hold maps, and the cursor's unit.

    ``beside`` are the cells of a map beside a name, ``input_lines`` the most lines of an input
    that is higher than hidden units.
    """

    width: int
    height: int
    mapped: bool
    cursor: Unit | None
    beside: int = _MAP_BESIDE_NAME
    input_lines: int = _LINES_OF_INPUT


class _Way(NamedTuple):
    """A way to place units beside the output's picture, which has a least share of the width.

    ``gap`` are the cells between columns, ``least`` those of the picture; the others are as in
    ``_Room``.
    """

    gap: int
    share: float
    least: int
    beside: int = _MAP_BESIDE_NAME
    input_lines: int = _LINES_OF_INPUT


_BESIDE_LARGE_UNITS = (
    *((_Way(5, 0.3, 16),), (_Way(4, 0.26, 12),), (_Way(3, 0.28, 12),), (_Way(3, 0.2, 9),)),
)
_BESIDE_SMALL_UNITS = (
    (_Way(5, 0.42, 24), _Way(4, 0.42, 22), _Way(3, 0.4, 20)),
    (_Way(3, 0.38, 16, 4, 3),),
    *((_Way(3, 0.3, 12, 4, 3),), (_Way(3, 0.2, 9, 4, 3),)),
)
"""Ways, the best first; those of a group are tried with a detail before any is without.

Where hidden units are a line or two high, the picture tells more than they do.
"""


class _Plan(NamedTuple):
    """The columns, the width of the output's picture or 0, and whether there is a detail."""

    columns: list[_Column]
    result: int = 0
    detail: bool = False


def lay_out_diagram(
    sizes: Sequence[int],
    names: Sequence[int],
    width: int,
    height: int,
    mapped: bool,
    cursor: Unit | None,
    result: bool = False,
    detail: bool = False,
    curve: bool = False,
) -> DiagramLayout | None:
    """Lay out layers of ``sizes`` in ``width`` × ``height`` cells; None if they do not fit.

    ``names`` are the widths of the layers' longest names, ``mapped`` is whether units hold
    maps, ``result`` whether the single output is a picture, ``curve`` whether that is a curve,
    which is as high as it is wide in cells, ``detail`` whether the cursor's
    unit is enlarged where there is room. The cursor's unit is always visible.
    """
    if height < _LEAST_LINES:
        return None
    room = _Room(width, height, mapped, cursor)
    result = result and mapped
    plan = _with_result(sizes, names, room, detail) if result else None
    plan = plan or _without_result(sizes, names, room, detail)
    if plan is None:
        return None
    widths = [column.width for column in plan.columns]
    if plan.result:
        widths.append(plan.result)
    gap = (width - sum(widths)) / max(1, len(sizes) - 1)
    starts = [round(sum(widths[:i]) + i * gap) for i in range(len(sizes))]
    free = height - _DETAIL if plan.detail else height
    boxes = [
        _boxes(column, layer, starts[layer], height if layer else free, sizes[layer])
        for layer, column in enumerate(plan.columns)
    ]
    if plan.result:
        lines = min(height, plan.result if curve else plan.result // 2)
        top = (height - lines) // 2
        boxes.append((UnitBox(len(sizes) - 1, 0, starts[-1], top, plan.result, lines),))
    spans = tuple((start, start + span) for start, span in zip(starts, widths, strict=True))
    return DiagramLayout(tuple(boxes), spans, plan.result > 0, _detail(plan, boxes, height, cursor))


def _detail(
    plan: _Plan, boxes: Sequence[Sequence[UnitBox]], height: int, cursor: Unit | None
) -> UnitBox | None:
    """Return the room below the inputs, if any, for the cursor's unit."""
    if not plan.detail or cursor is None:
        return None
    last = boxes[0][-1]
    top = max(last.y + last.height + 1, height - _DETAIL - 2)
    return UnitBox(*cursor, last.x, top, last.width, height - top)


def _with_result(
    sizes: Sequence[int], names: Sequence[int], room: _Room, detail: bool
) -> _Plan | None:
    """Return large units beside a large picture of the output; None if both are too small."""
    gaps = len(sizes) - 1
    hidden = (_column(i, sizes[i], names[i], _NAME_INSIDE, room) for i in range(1, gaps))
    small = any(column.lines < _NAME_INSIDE for column in hidden)
    ways = _BESIDE_SMALL_UNITS if small else _BESIDE_LARGE_UNITS
    for heights in (range(_HIGHEST, _NAME_INSIDE - 1, -1), range(_NAME_INSIDE - 1, 0, -1)):
        tries = (product((True, False) if detail else (False,), group, heights) for group in ways)
        for enlarged, way, highest in chain.from_iterable(tries):
            within = room._replace(beside=way.beside, input_lines=way.input_lines)
            columns, detailed = _columns(sizes[:-1], names, highest, within, enlarged)
            left = room.width - sum(column.width for column in columns) - way.gap * gaps
            wanted = min(2 * room.height, max(way.least, int(way.share * room.width)))
            if left >= wanted and detailed == enlarged:
                most = max(wanted, int(_MOST_OF_WIDTH * room.width))
                return _Plan(columns, min(left, 2 * room.height, most), detailed)
    return None


def _without_result(
    sizes: Sequence[int], names: Sequence[int], room: _Room, detail: bool
) -> _Plan | None:
    for highest in range(_HIGHEST, 0, -1) if room.mapped else ():
        columns, detailed = _columns(sizes, names, highest, room, detail)
        narrow = min(column.width for column in columns)
        gap = max(_LEAST_GAP, _GAP_OF_BOX * narrow) if highest >= _NAME_INSIDE else _LEAST_GAP
        if _width_of(columns, gap) <= room.width:
            return _Plan(columns, detail=detailed)
    columns, _ = _columns(sizes, names, 1, room._replace(mapped=False), False)
    return _Plan(columns) if _width_of(columns, _CLOSEST) <= room.width else None


def _width_of(columns: Sequence[_Column], gap: float) -> float:
    return sum(column.width for column in columns) + gap * (len(columns) - 1)


def _columns(
    sizes: Sequence[int], names: Sequence[int], highest: int, room: _Room, detail: bool
) -> tuple[list[_Column], bool]:
    """Return the layers with units of at most so many lines, and whether there is a detail."""
    others = [
        _column(layer, size, names[layer], highest, room)
        for layer, size in enumerate(sizes[1:], start=1)
    ]
    hidden = max((column.lines for column in others[: len(names) - 2]), default=highest)
    highest = min(highest, max(room.input_lines, hidden))
    if detail and room.mapped and room.cursor is not None:
        less = room._replace(height=room.height - _DETAIL)
        whole = names[0] + _NUMBER_OF_DETAIL if len(sizes) == len(names) else names[0]
        first = _column(0, sizes[0], max(whole, _DETAIL_WIDTH), highest, less)
        if first.lines >= _NAME_INSIDE:
            return [first, *others], True
    return [_column(0, sizes[0], names[0], highest, room), *others], False


def _column(layer: int, size: int, name: int, highest: int, room: _Room) -> _Column:
    numbers = tuple(range(size))
    if room.mapped:
        for lines in range(highest, _NAME_INSIDE - 1, -1):
            column = _Column(numbers, max(_NARROWEST, 2 * lines, name), lines, 0)
            if column.height <= room.height:
                return column
    if room.mapped and layer:
        lines = 2 if highest > 1 and 3 * size - 1 <= room.height else 1
        return _Column(_window(layer, size, room), name + room.beside, lines, name)
    return _Column(_window(layer, size, room), name + 2, 1, name + 2)


def _window(layer: int, size: int, room: _Room) -> tuple[int, ...]:
    """Return the units of a layer to show, a line each; -1 are others, above and below."""
    if size <= room.height:
        return tuple(range(size))
    shown = room.height - 2
    at = room.cursor[1] if room.cursor and room.cursor[0] == layer else 0
    first = at - shown // 2
    if first <= 1:
        return (*range(shown + 1), -1)
    if first >= size - shown - 1:
        return (-1, *range(size - shown - 1, size))
    return (-1, *range(first, first + shown), -1)


def _boxes(column: _Column, layer: int, start: int, height: int, size: int) -> tuple[UnitBox, ...]:
    """Return the boxes of a layer, equally far from each other and in the middle."""
    numbers, lines = column.numbers, column.lines
    pitch = max(lines, min(2 * lines + 2, (height + (lines > 1)) // len(numbers)))
    top = (height - pitch * (len(numbers) - 1) - lines) // 2
    hidden = _hidden(numbers, size)
    return tuple(
        UnitBox(
            *(layer, number, start, top + place * pitch, column.width, lines),
            *(column.label, hidden[place]),
        )
        for place, number in enumerate(numbers)
    )


def _hidden(numbers: Sequence[int], size: int) -> list[int]:
    """Return the number of units that each mark stands for."""
    hidden = [0] * len(numbers)
    ends = [-1, *numbers, size]
    for place, number in enumerate(numbers):
        if number < 0:
            hidden[place] = ends[place + 2] - ends[place] - 1
    return hidden
