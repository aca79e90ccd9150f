"""Layout of a network diagram: units in columns, large enough for a map where possible.

A layer of many units takes two staggered columns or a grid. Units that do not fit are
folded into a mark that counts them.
"""

from collections.abc import Sequence
from typing import NamedTuple

_NODE = 6
_LEAST_GAP = 4
_GAP_OF_BOX = 0.55  # smallest gap for edges, in widths of a box
_TOO_MANY = 1000

_TRIES = (
    *((10, 1, 1), (8, 1, 1), (6, 1, 1), (5, 1, 1), (4, 1, 1), (3, 1, 1), (5, 2, 1), (4, 2, 1)),
    *((3, 2, 1), (2, 1, 1), (2, 2, 1), (4, 9, 1), (3, 9, 1), (2, 1, 0), (1, 1, 0), (1, 2, 0)),
)
"""Lines of a unit, columns a layer may have, lines between units; the best first."""

_FOLDED = ((4, 3, 1), (3, 3, 1), (3, 2, 1), (1, 1, 0))
"""The same for folded layers."""

_LEAST_SHOWN = 6  # units of a folded layer with maps

Unit = tuple[int, int]
"""Layer 0 … depth and the index of the unit in it."""


class UnitBox(NamedTuple):
    """The cells of a unit; ``number`` is -1 for a mark that counts ``folded`` units."""

    layer: int
    number: int
    x: int
    y: int
    width: int
    height: int
    folded: int = 0

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell is inside the box."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    @property
    def unit(self) -> Unit:
        return self.layer, self.number


class DiagramLayout(NamedTuple):
    """The boxes by layer, and the columns (start, stop) of each layer."""

    boxes: tuple[tuple[UnitBox, ...], ...]
    spans: tuple[tuple[int, int], ...]

    def unit_at(self, x: int, y: int) -> Unit | None:
        """Return the unit at a cell, if any."""
        found = (b for layer in self.boxes for b in layer if b.number >= 0 and b.holds(x, y))
        box = next(found, None)
        return box.unit if box else None

    @property
    def lines(self) -> int:
        """Height of every box in lines."""
        return self.boxes[0][0].height


class _Shape(NamedTuple):
    """``lines`` and ``widths`` of boxes, and by layer its units (-1: folded) and columns."""

    lines: int
    widths: tuple[int, ...]
    numbers: tuple[tuple[int, ...], ...]
    columns: tuple[int, ...]

    @property
    def spans(self) -> list[int]:
        return [w * k + (k - 1) for w, k in zip(self.widths, self.columns, strict=True)]


def lay_out_diagram(
    sizes: Sequence[int],
    labels: Sequence[int],
    width: int,
    height: int,
    mapped: bool,
    cursor: Unit | None,
    block: bool = False,
) -> DiagramLayout | None:
    """Lay out layers of ``sizes`` in ``width`` × ``height`` cells; None if they do not fit.

    ``labels`` are the widths of the layers' names, ``mapped`` is whether units hold maps.
    The cursor's unit is never folded. With ``block``, all inputs are one box.
    """
    if height < 2:
        return None
    seen = (1, *sizes[1:]) if block else sizes
    shape = _shape(seen, labels, width, height, mapped, cursor)
    if shape is None:
        return None
    if block:
        shape = shape._replace(numbers=((-1,), *shape.numbers[1:]))
    spans = shape.spans
    gap = (width - sum(spans)) / max(1, len(sizes) - 1)
    starts = [round(sum(spans[:i]) + i * gap) for i in range(len(sizes))]
    boxes = tuple(_boxes(shape, i, start, height, sizes[i]) for i, start in enumerate(starts))
    reach = tuple((start, start + span) for start, span in zip(starts, spans, strict=True))
    return DiagramLayout(boxes, reach)


def _shape(
    sizes: Sequence[int],
    labels: Sequence[int],
    width: int,
    height: int,
    mapped: bool,
    cursor: Unit | None,
) -> _Shape | None:
    for lines, most, between in _TRIES if mapped else _TRIES[-2:]:
        widths = _widths(labels, lines, mapped)
        columns = tuple(_columns(size, lines, between, height) for size in sizes)
        numbers = tuple(tuple(range(size)) for size in sizes)
        shape = _Shape(lines, widths, numbers, columns)
        if max(columns) <= most and _fits(shape, width):
            return shape
    for lines, most, between in _FOLDED if mapped else _FOLDED[-1:]:
        widths = _widths(labels, lines, mapped)
        room = (lines, most, between, height)
        folded = [_fold(i, size, room, cursor) for i, size in enumerate(sizes)]
        shape = _Shape(lines, widths, *(tuple(part) for part in zip(*folded, strict=True)))
        least = _LEAST_SHOWN if lines > 1 else 1
        if _fits(shape, width) and all(len(n) > least or -1 not in n for n in shape.numbers):
            return shape
    return None


def _widths(labels: Sequence[int], lines: int, mapped: bool) -> tuple[int, ...]:
    least = max(_NODE, 2 * lines) if mapped else _NODE
    return tuple(max(least, label) for label in labels)


def _fits(shape: _Shape, width: int) -> bool:
    gap = max(_LEAST_GAP, _GAP_OF_BOX * min(shape.widths)) if shape.lines > 2 else _LEAST_GAP
    return sum(shape.spans) + gap * (len(shape.widths) - 1) <= width


def _columns(size: int, lines: int, between: int, height: int) -> int:
    """Return the number of columns a layer needs."""
    rows = (height + between) // (lines + between)
    if size <= rows:
        return 1
    if not rows:
        return _TOO_MANY
    # In two staggered columns, a few boxes may touch.
    apart = 2 * (height - lines) / (size - 1)
    return 2 if apart >= lines + between / 2 else max(3, -(-size // rows))


def _fold(
    layer: int, size: int, room: tuple[int, int, int, int], cursor: Unit | None
) -> tuple[tuple[int, ...], int]:
    """Return the units of a layer to show (-1: folded units), and the number of columns.

    ``room`` holds the lines of a box, the most columns, the lines between, and all lines.
    """
    lines, most, between, height = room

    def columns(count: int) -> int:
        return _columns(count, lines, between, height)

    if columns(size) <= most:
        return tuple(range(size)), columns(size)
    places = next((n for n in range(size, 2, -1) if columns(n) <= most), 1)
    at = cursor[1] if cursor and cursor[0] == layer else -1
    head = places // 2
    tail = places - 1 - head
    if at < head or at >= size - tail:
        return (*range(head), -1, *range(size - tail, size)), columns(places)
    inner = places - 2
    first = max(1, min(at - inner // 2, size - 1 - inner))
    return (-1, *range(first, first + inner), -1), columns(places)


def _boxes(shape: _Shape, layer: int, start: int, height: int, size: int) -> tuple[UnitBox, ...]:
    numbers, columns = shape.numbers[layer], shape.columns[layer]
    width, lines = shape.widths[layer], shape.lines
    hidden = _hidden(numbers, size)
    boxes = []
    rows = -(-len(numbers) // columns)
    close = lines > 1 and rows > 1 and height < rows * (lines + 1)
    for place, number in enumerate(numbers):
        if columns == 2 and len(numbers) > 2:
            y = int(place * (height - lines) / (len(numbers) - 1))
        elif columns > 1 or close:
            y = int(place // columns * (height - lines) / max(1, rows - 1))
        else:
            y = int((place + 0.5) * height / rows - lines / 2)
        x = start + (place % columns) * (width + 1)
        y = max(0, min(y, height - lines))
        boxes.append(UnitBox(layer, number, x, y, width, lines, hidden[place]))
    return tuple(boxes)


def _hidden(numbers: Sequence[int], size: int) -> list[int]:
    """Return the number of folded units at each position."""
    hidden = [0] * len(numbers)
    ends = [-1, *numbers, size]
    for place, number in enumerate(numbers):
        if number < 0:
            before, after = ends[place], ends[place + 2]
            hidden[place] = after - before - 1
    return hidden
