"""Diagram of the network: units in columns, weights as edges.

The colour of an edge is its weight's sign and magnitude, its thickness the magnitude; the
largest are drawn last. A pruned weight is a dotted line. Where they fit, units hold a small
map, and their names have the colour of the bias.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.nn.architecture import Architecture
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.braille import BrailleCanvas
from nn_tui.tui.drawing.color_scale import reach, saturation, without_rounding
from nn_tui.tui.drawing.diagram_layout import DiagramLayout, Unit, UnitBox, lay_out_diagram
from nn_tui.tui.drawing.labels import distinct_labels
from nn_tui.tui.drawing.matrix import unit_names
from nn_tui.tui.drawing.numbers import format_signed
from nn_tui.tui.drawing.pixels import pixel_rows, raised_inks
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text, paragraph, squeezed
from nn_tui.tui.drawing.unit_maps import UnitMaps
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_NODE = 6
_WIDEST_NODE = 14
_LABELS_LOOKED_AT = 40
_EDGES_A_LINE = 3  # more edges between two layers are reduced to the largest
_LINES_FOR_NAME = 4  # of a unit with its full name; smaller ones show only the number
_ASIDE = 0.6  # opacity of edges that are not connected to the cursor's unit


class UnitNames(NamedTuple):
    """Names of the inputs and, for classes, of the outputs."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def of_layer(self, network: Architecture, layer: int) -> list[str]:
        """Return the names of the units of a layer."""
        if layer == 0:
            return list(self.inputs)
        return unit_names(layer, network.sizes[layer], network.depth, self.outputs)


@dataclass(frozen=True, eq=False)
class NetworkDiagram:
    """A network with its weights and biases; ``masks`` are False where one is pruned."""

    network: Architecture
    parameters: dict[str, Array]
    names: UnitNames
    masks: dict[str, Array] = field(default_factory=dict)
    picture: tuple[int, int] | None = None
    """Height and width if the inputs are pixels, drawn as one block."""


def lay_out_network(
    diagram: NetworkDiagram, width: int, height: int, mapped: bool, cursor: Unit | None
) -> DiagramLayout | None:
    """Lay out the units, below a line of titles; None if they do not fit."""
    sizes = diagram.network.sizes
    labels = [_NODE] * len(sizes)
    for end, names in ((0, diagram.names.inputs), (-1, diagram.names.outputs)):
        longest = max(map(len, names[:_LABELS_LOOKED_AT]), default=0) + 2
        labels[end] = max(_NODE, min(longest, _WIDEST_NODE, width // (2 * len(sizes))))
    return lay_out_diagram(
        sizes, labels, width, height - 1, mapped, cursor, diagram.picture is not None
    )


def draw_diagram(
    diagram: NetworkDiagram,
    layout: DiagramLayout | None,
    maps: UnitMaps,
    cursor: Unit | None,
    area: DrawArea,
) -> list[Strip]:
    """Draw inputs on the left, outputs on the right; highlight the edges of the cursor's unit."""
    width, height, palette = area
    network = diagram.network
    if layout is None:
        shape = "-".join(str(size) for size in network.sizes)
        return paragraph(f"{shape}: zoom the pane to see the diagram", width, palette.muted)
    dots = BrailleCanvas(width, height - 1)
    for layer in range(network.depth):
        _draw_edges(dots, diagram, layout, layer, cursor, palette)
    pieces: list[list[tuple[int, RowBuilder]]] = [[] for _ in range(height - 1)]
    for boxes in layout.boxes:
        labels = diagram.names.of_layer(network, boxes[0].layer)
        for box in boxes:
            rows = _box_rows(box, diagram, labels, maps.get(box.unit), box.unit == cursor, palette)
            for line, row in enumerate(rows, box.y):
                pieces[line].append((box.x, row))
    strips = [_heading(network, layout, width, palette).strip(width)]
    for line, beside in enumerate(pieces):
        row = RowBuilder(palette.text)
        for x, piece in sorted(beside, key=lambda entry: entry[0]):
            dots.add_to(row, line, row.width, x)
            row.extend(piece)
        dots.add_to(row, line, row.width, width)
        strips.append(row.strip(width))
    return strips


def _heading(
    network: Architecture, layout: DiagramLayout, width: int, palette: Palette
) -> RowBuilder:
    row = RowBuilder(palette.muted)
    starts = [span[0] for span in layout.spans]
    for i, (start, after) in enumerate(zip(starts, [*starts[1:], width + 1], strict=True)):
        title = f"l{i} {network.activation_of(i)}" if i else "l0"
        if i and i == len(starts) - 1:
            row.to(max(row.width, min(start, width - len(title)))).add(title)
        else:
            row.to(start).left(title, min(len(title), after - start - 1))
    return row


# Units


def _box_rows(
    box: UnitBox,
    diagram: NetworkDiagram,
    labels: list[str],
    codes: Array | None,
    marked: bool,
    palette: Palette,
) -> list[RowBuilder]:
    if box.number < 0:
        text = f"⋮ {box.folded:,}"
        if box.layer == 0 and diagram.picture:
            text = "×".join(map(str, diagram.picture))
        text = fit_text(text, min(len(text), box.width)).center(box.width)
        middle = (box.height - 1) // 2
        return [
            RowBuilder(palette.muted).add(text if line == middle else " " * box.width)
            for line in range(box.height)
        ]
    name = labels[box.number]
    if codes is not None and box.height < _LINES_FOR_NAME:
        name = name.rpartition(".")[2]
    mark = "▸" if marked else ""
    if box.layer == 0:  # names of inputs can be long
        name = distinct_labels(tuple(labels), box.width - len(mark))[box.number]
    label = mark + name
    style = palette.chosen if marked else palette.unit(_bias_share(diagram.parameters, box))
    if codes is None:
        text = squeezed(label, box.width).center(box.width)
        middle = (box.height - 1) // 2
        return [
            RowBuilder(palette.text).add(text if line == middle else " " * box.width, style)
            for line in range(box.height)
        ]
    inks = raised_inks(palette)
    top = RowBuilder(palette.text).add(squeezed(label, box.width), style)
    if top.width < box.width:
        top.extend(pixel_rows(codes[:2, top.width :], inks, {}, palette)[0])
    return [top, *pixel_rows(codes[2:], inks, {}, palette)]


def _bias_share(parameters: dict[str, Array], box: UnitBox) -> float:
    """Return the bias as -0.7 … 0.7, relative to the largest of its layer."""
    biases = parameters.get(f"b{box.layer - 1}")
    if biases is None:
        return 0.0
    bias = float(biases[box.number])
    return 0.7 * bias / reach(biases) if np.isfinite(bias) else 0.0


# Edges


def _draw_edges(
    dots: BrailleCanvas,
    diagram: NetworkDiagram,
    layout: DiagramLayout,
    layer: int,
    cursor: Unit | None,
    palette: Palette,
) -> None:
    sources = [box for box in layout.boxes[layer] if box.number >= 0]
    targets = [box for box in layout.boxes[layer + 1] if box.number >= 0]
    if not sources or not targets:
        return
    rows, columns = [b.number for b in sources], [b.number for b in targets]
    matrix = diagram.parameters[f"W{layer}"]
    edges = without_rounding(matrix[np.ix_(rows, columns)])
    with np.errstate(all="ignore"):
        shares = np.clip(np.nan_to_num(edges / saturation(matrix)), -1, 1)
    alive = diagram.masks.get(f"W{layer}")
    cut = np.zeros(shares.shape, bool) if alive is None else ~alive[np.ix_(rows, columns)]
    near = np.ones(shares.shape, bool)
    if cursor is not None:
        near = _touches(sources, cursor)[:, None] | _touches(targets, cursor)[None, :]
    rank = np.where(cut, -1.0, np.abs(shares)) + 2.0 * (near & (cursor is not None))
    most = max(_EDGES_A_LINE * dots.height, int(near.sum()) if cursor is not None else 0)
    order = np.argsort(rank, axis=None, kind="stable")[-most:]
    start = np.array([(2 * (b.x + b.width), 4 * b.y + 2 * b.height - 1) for b in sources])
    stop = np.array([(2 * b.x - 1, 4 * b.y + 2 * b.height - 1) for b in targets])
    a, b = np.unravel_index(order, shares.shape)
    ends = np.hstack([start[a], stop[b]])
    size = np.abs(shares[a, b])
    thick = np.where(near[a, b], 1 + (size > 0.35) + (size > 0.7), 1)
    styles = [
        _edge_style(share, is_near, is_cut, palette)
        for share, is_near, is_cut in zip(
            shares[a, b].tolist(), near[a, b].tolist(), cut[a, b].tolist(), strict=True
        )
    ]
    dots.lines(ends, np.where(cut[a, b], 0, thick), styles)


def _edge_style(share: float, near: bool, cut: bool, palette: Palette) -> Style:
    if cut:
        return palette.muted
    if not share:
        return palette.faint
    if near:
        return palette.inked(share)
    if palette.ansi:
        return palette.faint
    colour = palette.colour(max(abs(share), 0.35) * (1 if share >= 0 else -1))
    return palette.shade(colour, _ASIDE)


def _touches(boxes: list[UnitBox], cursor: Unit) -> Array:
    return np.array([box.unit == cursor for box in boxes])


def describe_unit(snapshot: Snapshot, names: UnitNames, unit: Unit) -> str:
    """Describe a unit: name, activation, bias, number of incoming and outgoing weights.

    The bias has two decimals: a border that changes is sent as a whole.
    """
    network, (layer, number) = snapshot.network, unit
    name = names.of_layer(network, layer)[number]
    parts = [name if name.startswith(f"l{layer}.") else f"{name} in l{layer}"]
    if layer:
        parts[0] += f" {network.activation_of(layer)}"
        bias = snapshot.weights.get(f"b{layer - 1}")
        if bias is not None:
            parts.append(f"bias {format_signed(round(float(bias[number]), 2), 5).strip()}")
    links = []
    if layer:
        links.append(f"in {_living(snapshot, layer - 1, (slice(None), number))}")
    if layer < network.depth:
        links.append(f"out {_living(snapshot, layer, (number, slice(None)))}")
    return " · ".join([*parts, " ".join(links)])


def _living(snapshot: Snapshot, matrix: int, part: tuple[int | slice, int | slice]) -> str:
    """Return the number of weights, and how many of them are pruned."""
    name = f"W{matrix}"
    count = len(snapshot.weights[name][part])
    living = snapshot.masks.get(name)
    cut = 0 if living is None else count - int(living[part].sum())
    return f"{count} ({cut} pruned)" if cut else f"{count}"
