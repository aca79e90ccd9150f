"""One sample on its way through the network: activations forward, then deltas backward."""

from collections.abc import Callable, Sequence

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.tui.drawing.colour_scale import reach
from nn_tui.tui.drawing.diagram_canvas import DiagramCanvas
from nn_tui.tui.drawing.diagram_edges import draw_edges
from nn_tui.tui.drawing.diagram_layout import DiagramLayout, UnitBox, lay_out_diagram
from nn_tui.tui.drawing.diagram_units import UnitName, draw_unit, fold_mark
from nn_tui.tui.drawing.network_diagram import UnitNames
from nn_tui.tui.drawing.numbers import format_signed
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, paragraph
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_UNKNOWN = "·"
_VALUE = 6
_LEAST_HEIGHT = 4


class SampleWay:
    """What the executed lines of a step have computed for the sample in row ``row``.

    ``activations`` and ``deltas`` are those of each layer, (units,), or None if their line has
    not been executed; ``active`` is the layer whose line was executed last, or None.
    """

    def __init__(self, walk: StepDebugger, row: int) -> None:
        network, arrays = walk.step.state.network, walk.step.arrays
        written = {line.writes for line in walk.lines[: walk.position]}
        layers = range(network.depth + 1)

        def of(name: str) -> Array | None:
            return arrays[name][row] if name in written else None

        self.network = network
        self.activations = [arrays["l0"][row], *(of(f"l{i}") for i in layers[1:])]
        self.deltas = [None, *(of(f"l{i}_delta") for i in layers[1:])]
        self.backward = any(delta is not None for delta in self.deltas)
        last = walk.line.writes if walk.position else ""
        self.active = next(
            (i for i in layers if last in (f"z{i}", f"l{i}", f"l{i}_error", f"l{i}_delta")), None
        )
        self._weights = [arrays[f"W{i}"] for i in range(network.depth)]

    def edges(self, layer: int) -> Array:
        """What the edges (sources, targets) from ``layer`` to the next carry.

        Forward it is activation · weight, backward delta · weight; 0 before that is computed.
        """
        weights = self._weights[layer]
        delta, source = self.deltas[layer + 1], self.activations[layer]
        with np.errstate(all="ignore"):
            if delta is not None:
                return np.asarray(weights * delta)
            if self.activations[layer + 1] is not None and source is not None:
                return np.asarray(weights * source[:, None])
        return np.zeros_like(weights)


def draw_sample_path(
    walk: StepDebugger, row: int, names: UnitNames, sample: str, area: DrawArea
) -> list[Strip]:
    """Return the diagram with the values of the sample in that row of the batch.

    ``sample`` is its name. The layer of the line executed last has its heading accented.
    """
    width, height, palette = area
    way = SampleWay(walk, row)
    found = _lay_out(way, names, width, height - 2) if height >= _LEAST_HEIGHT else None
    if found is None:
        shape = "-".join(str(size) for size in way.network.sizes)
        return paragraph(f"{shape}: no room for the diagram", width, palette.muted)[:height]
    layout, texts = found
    canvas = DiagramCanvas(width, height - 2)
    for layer in range(way.network.depth):
        sides = layout.boxes[layer], layout.boxes[layer + 1]
        draw_edges(canvas.dots, way.edges(layer), None, sides, None, palette)
    for layer, boxes in enumerate(layout.boxes):
        for box in boxes:
            canvas.put(box.x, box.y, _unit(way, layer, box, texts, palette))
    heading = _heading(way, layout, width, palette)
    return [heading, *canvas.strips(palette), _meaning(way, sample, width, palette)]


def _unit(
    way: SampleWay, layer: int, box: UnitBox, texts: Sequence[Sequence[str]], palette: Palette
) -> list[Strip]:
    if box.number < 0:
        return fold_mark(box, palette)
    return draw_unit(
        box,
        UnitName(texts[layer][box.number], _style(way, layer, box.number, palette)),
        None,
        palette,
    )


def _style(way: SampleWay, layer: int, number: int, palette: Palette) -> Style:
    """The colour of a unit's delta or, before there is one, of its activation."""
    values = way.deltas[layer] if way.deltas[layer] is not None else way.activations[layer]
    if values is None:
        return palette.muted
    share = float(np.nan_to_num(values[number])) / reach(values)
    return Style(bold=True) if palette.ansi else palette.unit(share)


def _lay_out(
    way: SampleWay, names: UnitNames, width: int, height: int
) -> tuple[DiagramLayout, list[list[str]]] | None:
    """The longest texts of the units that fit, and where they are."""
    wordings: Sequence[Callable[[str, str, str], str]] = (
        lambda name, value, delta: f"{name} {value}" + (f" δ{delta}" if delta else ""),
        lambda name, value, delta: f"{name} δ{delta}" if delta else f"{name} {value}",
        lambda name, value, delta: f"δ{delta}" if delta else value,
    )
    sizes = way.network.sizes
    for word in wordings:
        texts = []
        for layer in range(len(sizes)):
            named = names.of_layer(way.network, layer)
            values, deltas = way.activations[layer], way.deltas[layer]
            texts.append(
                [
                    word(name, _text(values, k) or _UNKNOWN.rjust(_VALUE), _text(deltas, k))
                    for k, name in enumerate(named)
                ]
            )
        wide = [max(len(text) for text in layer) for layer in texts]
        layout = lay_out_diagram(sizes, wide, width, height, False, None)
        if layout is not None:
            return layout, texts
    return None


def _text(values: Array | None, number: int) -> str:
    return "" if values is None else format_signed(float(values[number]), _VALUE)


def _heading(way: SampleWay, layout: DiagramLayout, width: int, palette: Palette) -> Strip:
    row = RowBuilder(palette.muted)
    starts = [span[0] for span in layout.spans]
    for i, (start, after) in enumerate(zip(starts, [*starts[1:], width + 1], strict=True)):
        title = f"l{i} {way.network.activation_of(i)}" if i else "l0"
        ink = palette.key if i == way.active else palette.muted
        row.to(max(row.width, min(start, width - len(title))))
        row.add(title[: max(0, after - start - 1)], ink)
    return row.strip(width)


def _meaning(way: SampleWay, sample: str, width: int, palette: Palette) -> Strip:
    kind, parts = "forward", "activations; edges carry activation · weight"
    if way.backward:
        kind, parts = "backward", "deltas δ; edges carry delta · weight"
    wordings = (f"sample {sample} {kind}: {parts}", f"sample {sample} {kind}", sample)
    text = next((words for words in wordings if len(words) <= width), "")
    return RowBuilder(palette.muted).add(text).strip(width)
