"""Diagram of the network: units in columns, weights as edges.

Where they fit, units hold a small map; the output of a network with one output can be a
picture, and the chosen unit is shown enlarged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.nn.architecture import Architecture
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.diagram_canvas import DiagramCanvas
from nn_tui.tui.drawing.diagram_edges import draw_edges
from nn_tui.tui.drawing.diagram_layout import DiagramLayout, Unit, lay_out_diagram
from nn_tui.tui.drawing.diagram_units import draw_unit, fold_mark, name_unit, named_picture
from nn_tui.tui.drawing.matrix import unit_names
from nn_tui.tui.drawing.numbers import format_signed
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, paragraph
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_NAMES_LOOKED_AT = 40
_LONGEST_NAMES = (10, 8, 6, 4, 2)
"""Cells of the names of inputs and outputs; shorter where units would have no maps."""


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


class UnitPictures(NamedTuple):
    """What units hold: small ``maps``, and where the layout has room for them the output's
    picture and the chosen unit enlarged."""

    maps: Mapping[Unit, Array] = MappingProxyType({})
    result: Sequence[Strip] = ()
    detail: Sequence[Strip] = ()


def lay_out_network(
    diagram: NetworkDiagram,
    width: int,
    height: int,
    mapped: bool,
    cursor: Unit | None,
    result: bool = False,
    detail: bool = False,
) -> DiagramLayout | None:
    """Lay out the units, below a line of titles; None if they do not fit.

    ``mapped`` is whether units hold maps, ``result`` whether a single output is a picture,
    ``detail`` whether the cursor's unit is shown enlarged where there is room.
    """
    network = diagram.network
    single_input = network.sizes[0] == 1
    by_layer = [diagram.names.of_layer(network, i) for i in range(len(network.sizes))]
    plan = None
    for longest in _LONGEST_NAMES:
        names = [
            len(str(len(named))) if mapped and 0 < layer < network.depth else _cells(named, longest)
            for layer, named in enumerate(by_layer)
        ]
        plan = lay_out_diagram(
            network.sizes, names, width, height - 1, mapped, cursor, result, detail, single_input
        )
        if plan is not None and (plan.mapped or not mapped):
            break
    return plan


def _cells(names: Sequence[str], most: int) -> int:
    return min(most, max(map(cell_len, names[:_NAMES_LOOKED_AT]), default=0))


def draw_diagram(
    diagram: NetworkDiagram,
    layout: DiagramLayout | None,
    pictures: UnitPictures,
    cursor: Unit | None,
    area: DrawArea,
    edges_of: Unit | None = None,
) -> list[Strip]:
    """Draw inputs on the left, outputs on the right, and mark the unit of the ``cursor``.

    Of the edges, only those of the unit ``edges_of`` have colours; with None, all have.
    """
    width, height, palette = area
    network = diagram.network
    if layout is None:
        shape = "-".join(str(size) for size in network.sizes)
        return paragraph(f"{shape}: zoom the pane to see the diagram", width, palette.muted)
    canvas = DiagramCanvas(width, height - 1)
    for layer, boxes in enumerate(layout.boxes[:-1]):
        name = f"W{layer}"
        sides = boxes, layout.boxes[layer + 1]
        alive = diagram.masks.get(name)
        draw_edges(canvas.dots, diagram.parameters[name], alive, sides, edges_of, palette)
    for layer, boxes in enumerate(layout.boxes):
        names = diagram.names.of_layer(network, layer)
        biases = diagram.parameters.get(f"b{layer - 1}")
        for box in boxes:
            if box.number < 0:
                canvas.put(box.x, box.y, fold_mark(box, palette))
                continue
            named = name_unit(box, names, biases, box.unit == cursor, palette)
            if layout.result and layer == network.depth:
                canvas.put(box.x, box.y, named_picture(pictures.result, named))
            else:
                canvas.put(
                    box.x, box.y, draw_unit(box, named, pictures.maps.get(box.unit), palette)
                )
    if layout.detail is not None:
        canvas.put(layout.detail.x, layout.detail.y, pictures.detail)
    heading = _heading(network, layout, width, palette).strip(width)
    return [heading, *canvas.strips(palette)]


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
            row.to(start).add(title[: max(0, after - start - 1)])
    return row


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
