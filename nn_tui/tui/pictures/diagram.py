"""The network as units in columns, with edges that carry the weights.

An edge's colour is its weight's sign and size, its thickness the size; the strongest
are drawn last. Where a layer has more units than lines, the middle ones are folded.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from nn_tui.nn.architecture import Architecture
from nn_tui.tui.pictures.braille import Dots
from nn_tui.tui.pictures.matrix import unit_names
from nn_tui.tui.strips import Row, fit, paragraph
from nn_tui.tui.theme import Palette

Array = NDArray[Any]

_NODE = 6
_WIDEST_NODE = 14
_LABELS_LOOKED_AT = 40
_LEAST_GAP = 4
_MOST_EDGES = 250


@dataclass(frozen=True)
class _Unit:
    """A drawn unit; ``index`` is -1 for the mark of folded ones."""

    index: int
    label: str
    line: int


@dataclass(frozen=True)
class Names:
    """What inputs and, where they are classes, outputs are called."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def draw_diagram(
    network: Architecture,
    named: dict[str, Array],
    names: Names,
    width: int,
    height: int,
    palette: Palette,
) -> list[Strip]:
    """Inputs on the left, outputs on the right; ``named`` are the weights and biases."""
    layers = network.depth + 1
    sizes = [_NODE] * layers
    for end, labels in ((0, names.inputs), (-1, names.outputs)):
        longest = max(map(len, labels[:_LABELS_LOOKED_AT]), default=0) + 2
        sizes[end] = max(_NODE, min(longest, _WIDEST_NODE, width // (2 * layers)))
    gap = (width - sum(sizes)) // max(1, layers - 1)
    if gap < _LEAST_GAP or height < 3:
        shape = "-".join(str(size) for size in network.sizes)
        return paragraph(f"{shape}: z zooms, so that the diagram has room", width, palette.muted)
    columns = [_place(network, i, names, height - 1) for i in range(layers)]
    spare = width - sum(sizes)
    starts = [sum(sizes[:i]) + round(i * spare / (layers - 1)) for i in range(layers)]
    dots = Dots(width, height - 1)
    for i in range(network.depth):
        ends = (starts[i] + sizes[i], starts[i + 1])
        _draw_edges(dots, named[f"W{i}"], columns[i], columns[i + 1], ends, palette)
    heading = Row(palette.muted)
    for i, start in enumerate(starts):
        title = _layer_title(network, i)
        if i == layers - 1 and i:
            heading.to(width - len(title)).add(title)
        else:
            heading.to(start).left(title, min(len(title), sizes[i] + gap - 1))
    strips = [heading.strip(width)]
    for line in range(height - 1):
        row = Row(palette.text)
        for i, start in enumerate(starts):
            dots.add_to(row, line, row.width, start)
            units = [unit for unit in columns[i] if unit.line == line]
            if units:
                _draw_unit(row, units[0], sizes[i], named.get(f"b{i - 1}"), palette)
            else:
                dots.add_to(row, line, start, start + sizes[i])
        strips.append(row.strip(width))
    return strips


def _layer_title(network: Architecture, i: int) -> str:
    if i == 0:
        return "l0"
    return f"l{i} {network.activation_of(i)}"


def _place(network: Architecture, layer: int, names: Names, height: int) -> list[_Unit]:
    size = network.sizes[layer]
    labels = names.inputs if layer == 0 else unit_names(layer, size, network.depth, names.outputs)
    if size <= height:
        indices = list(range(size))
    else:
        shown = max(1, height - 1)
        first = (shown + 1) // 2
        indices = [*range(first), -1, *range(size - (shown - first), size)]
    units = []
    for place, index in enumerate(indices):
        label = f"⋮ {size - len(indices) + 1}" if index < 0 else labels[index]
        units.append(_Unit(index, label, int((place + 0.5) * height / len(indices))))
    return units


def _draw_unit(row: Row, unit: _Unit, width: int, biases: Array | None, palette: Palette) -> None:
    if unit.index < 0:
        row.add(fit(unit.label, width).center(width), palette.muted)
        return
    bias = float(biases[unit.index]) if biases is not None else 0.0
    scale = float(np.abs(biases).max()) if biases is not None else 1.0
    share = 0.7 * bias / scale if scale and np.isfinite(bias) else 0.0
    text = fit(unit.label, width - 2).strip().center(width)
    row.add(text, palette.unit(share))


def _draw_edges(
    dots: Dots,
    weights: Array,
    sources: list[_Unit],
    targets: list[_Unit],
    ends: tuple[int, int],
    palette: Palette,
) -> None:
    largest = float(np.abs(weights[np.isfinite(weights)]).max(initial=0.0))
    edges = [
        (float(weights[a.index, b.index]), a, b)
        for a in sources
        for b in targets
        if a.index >= 0 and b.index >= 0
    ]
    edges.sort(key=lambda edge: abs(edge[0]))
    for weight, a, b in edges[-_MOST_EDGES:]:
        share = weight / largest if largest else 0.0
        thickness = 1 + (abs(share) > 0.35) + (abs(share) > 0.7)
        start, stop = 2 * ends[0], 2 * ends[1] - 1
        ink = palette.inked(share)
        dots.line(start, 4 * a.line + 1, stop, 4 * b.line + 1, thickness, ink)
