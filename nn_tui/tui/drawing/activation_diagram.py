"""A network over pictures: a sample's picture, what its units answer, and the outputs.

Each hidden layer is a framed grid of activations. Edges lead from the units of the last one
that raise an output most; or from the chosen unit to all outputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.activation_layout import ActivationLayout, UnitGrid, lay_out_activations
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.braille import BrailleCanvas
from nn_tui.tui.drawing.colour_scale import reach, target_scale, unit_scale
from nn_tui.tui.drawing.diagram_canvas import DiagramCanvas
from nn_tui.tui.drawing.diagram_layout import Unit
from nn_tui.tui.drawing.diagram_units import fitting_names
from nn_tui.tui.drawing.matrix import unit_names
from nn_tui.tui.drawing.numbers import format_fixed, format_signed
from nn_tui.tui.drawing.pixels import (
    PixelMark,
    draw_pixels,
    grey_rows,
    signed_codes,
    signed_inks,
)
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, paragraph
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_CONTRIBUTORS = 8  # units whose contributions are marked and drawn
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_DIGITS = 6
_NEARLY_ZERO = 5e-4
_STRENGTH = 0.9


@dataclass(frozen=True, eq=False)
class ActivationDiagram:
    """The ``layers`` of activations, each (units,), for the pixels ``raw`` (raw columns,).

    ``sample`` is the sample they are of, None if they are no sample's.
    ``outputs`` are the names of the outputs.
    """

    snapshot: Snapshot
    raw: Array
    sample: int | None
    layers: Sequence[Array]
    outputs: tuple[str, ...]

    @property
    def pixels(self) -> Array:
        """The pixels (rows, columns), from 0 to 1."""
        dataset = self.snapshot.dataset
        assert dataset.picture is not None
        pixels = bounded(self.raw)
        low, high = float(pixels.min()), float(pixels.max())
        shares: Array = ((pixels - low) / ((high - low) or 1.0)).reshape(dataset.picture)
        return shares

    @property
    def predicted(self) -> int:
        """The largest output."""
        return int(np.nan_to_num(self.layers[-1], nan=-np.inf).argmax())

    def describe(self, unit: Unit) -> str:
        """Describe a unit: name, activation function, output, bias."""
        network, (layer, number) = self.snapshot.network, unit
        names = unit_names(layer, network.sizes[layer], network.depth, self.outputs)
        value = _number(float(self.layers[layer][number]), _DIGITS - 1).strip()
        said = f"{names[number]} in l{layer} {network.activation_of(layer)} · output {value}"
        bias = self.snapshot.weights.get(f"b{layer - 1}")
        if bias is None:
            return said
        return f"{said} · bias {format_signed(round(float(bias[number]), 2), 5).strip()}"

    def contributions(self, output: int) -> Array:
        """Return what each unit of the layer before adds to an output's weighted sum."""
        weights = self.snapshot.weights[f"W{len(self.layers) - 2}"][:, output]
        with np.errstate(all="ignore"):
            added: Array = np.nan_to_num(self.layers[-2] * weights)
        return added


def lay_out_activation_diagram(
    snapshot: Snapshot, outputs: Sequence[str], size: tuple[int, int], cursor: Unit
) -> ActivationLayout | None:
    """Lay out the diagram of a network over pictures; None if it does not fit."""
    assert snapshot.dataset.picture is not None
    sizes = snapshot.network.sizes
    longest = max(map(cell_len, outputs), default=1)
    chosen = cursor[1] if cursor[0] == len(sizes) - 1 else 0
    return lay_out_activations(sizes, snapshot.dataset.picture, longest, *size, chosen)


def draw_activations(
    diagram: ActivationDiagram,
    layout: ActivationLayout | None,
    cursor: Unit | None,
    area: DrawArea,
) -> list[Strip]:
    """Draw the picture, the grids and the outputs, with the unit of the ``cursor`` marked."""
    width, height, palette = area
    network = diagram.snapshot.network
    if layout is None:
        shape = "-".join(str(size) for size in network.sizes)
        return paragraph(f"{shape}: zoom the pane to see the diagram", width, palette.muted)
    output = cursor[1] if cursor and cursor[0] == network.depth else diagram.predicted
    best = np.array([], int)
    if layout.grids:
        added = diagram.contributions(output)
        best = np.argsort(-added, kind="stable")[:_CONTRIBUTORS]
        best = best[added[best] > 0]
    canvas = DiagramCanvas(width, height)
    _draw_funnels(canvas.dots, layout, palette)
    _draw_edges(canvas.dots, diagram, layout, best.tolist(), output, cursor, palette)
    if layout.titles:
        canvas.put(0, 0, [_heading(diagram, layout, width, palette)])
    canvas.put(*layout.picture[:2], _picture(diagram.pixels, layout, palette))
    for grid in layout.grids:
        marked = best.tolist() if grid is layout.grids[-1] else []
        chosen = cursor[1] if cursor and cursor[0] == grid.layer else -1
        canvas.put(grid.x, grid.y, _framed(diagram, grid, marked, chosen, palette))
    for number in layout.outputs.numbers:
        chosen_output = cursor == (network.depth, number)
        shown = _output(diagram, layout, number, chosen_output, palette)
        canvas.put(layout.outputs.x, layout.outputs.line(number), [shown])
    return canvas.strips(palette)


def _heading(
    diagram: ActivationDiagram, layout: ActivationLayout, width: int, palette: Palette
) -> Strip:
    network = diagram.snapshot.network
    shape = "×".join(map(str, diagram.snapshot.dataset.picture or ()))
    row = RowBuilder(palette.muted).add(f"l0 {shape}")
    for grid in layout.grids:
        row.to(max(row.width + 1, grid.x))
        row.add(f"l{grid.layer} {network.activation_of(grid.layer)}")
    title = f"l{network.depth} {network.activation_of(network.depth)}"
    row.to(max(row.width + 1, min(layout.outputs.x, width - len(title)))).add(title)
    return row.strip(width)


def _picture(pixels: Array, layout: ActivationLayout, palette: Palette) -> list[Strip]:
    _, _, width, high = layout.picture
    rows = np.arange(high) * len(pixels) // high
    columns = np.arange(width) * pixels.shape[1] // width
    drawn = grey_rows(pixels[np.ix_(rows, columns)], palette)
    return [row.strip(width) for row in drawn]


def _framed(
    diagram: ActivationDiagram,
    grid: UnitGrid,
    contributors: Sequence[int],
    chosen: int,
    palette: Palette,
) -> list[Strip]:
    values = diagram.layers[grid.layer]
    shares = np.zeros(grid.rows * grid.columns)
    shares[: grid.units] = unit_scale(diagram.snapshot, grid.layer, 0, values).shares(values)
    codes = signed_codes(shares.reshape(grid.columns, grid.rows).T)
    codes = codes.repeat(grid.high, axis=0).repeat(grid.across, axis=1)
    if len(codes) % 2:
        codes = np.vstack([codes, signed_codes(np.zeros((1, codes.shape[1])))])
    marks = {}
    for number in contributors:
        marks[_middle(grid, number)] = PixelMark("▪", palette.foreground, palette.strong)
    if chosen >= 0:
        line, column = _middle(grid, chosen)
        left = column - (grid.across > 1)
        for glyph, place in zip("[]" if grid.across > 1 else "▸", (left, column), strict=False):
            marks[line, place] = PixelMark(glyph, palette.accent, palette.chosen)
    side = RowBuilder(palette.faint).add("│").strip(1)
    inside = grid.width - 2
    return [
        RowBuilder(palette.faint).add("╭" + "─" * inside + "╮").strip(grid.width),
        *(
            Strip.join([side, row, side])
            for row in draw_pixels(codes, signed_inks(palette, _STRENGTH), marks, palette)
        ),
        RowBuilder(palette.faint).add("╰" + "─" * inside + "╯").strip(grid.width),
    ]


def _middle(grid: UnitGrid, number: int) -> tuple[int, int]:
    """Return line and column, inside the frame, of the middle of a unit."""
    x, y = grid.cell(number)
    return y - grid.y - 1 + (grid.high // 2 - 1) // 2, x - grid.x - 1 + grid.across // 2


def _output(
    diagram: ActivationDiagram,
    layout: ActivationLayout,
    number: int,
    chosen: bool,
    palette: Palette,
) -> Strip:
    room, value = layout.outputs, float(diagram.layers[-1][number])
    share = float(target_scale(diagram.snapshot, number).shares(np.array([value]))[0] + 1) / 2
    eighths = round(8 * room.bar * share) if share == share else 0
    bar = "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
    first = number == diagram.predicted
    ink = palette.strong if first else palette.muted
    name = fitting_names(diagram.outputs, room.name)[number] if diagram.outputs else "ŷ"
    row = RowBuilder(palette.text).right(name, room.name, palette.chosen if chosen else ink)
    row.add(" ").left(bar, room.bar, ink).add(" ")
    return row.add(_number(value), ink).strip(room.width)


def _number(value: float, digits: int = _DIGITS) -> str:
    """Format an output; one that is nearly 0 has no exponent, which would change all the time."""
    return format_fixed(0.0 if abs(value) < _NEARLY_ZERO else value, digits)


# Edges


def _draw_funnels(dots: BrailleCanvas, layout: ActivationLayout, palette: Palette) -> None:
    """Draw the outlines of the edges between the picture and the grids: there are too many."""
    x, y, width, high = layout.picture
    ends = [(x + width, y, (high + 1) // 2)]
    for grid in layout.grids:
        left, top, lines = ends[-1]
        for above in (0, 1):
            start = 2 * left + 1, 4 * (top + above * lines) - above
            stop = 2 * grid.x - 2, 4 * (grid.y + above * grid.lines) - above
            dots.line(*start, *stop, 1, palette.faint)
        ends.append((grid.x + grid.width, grid.y, grid.lines))


def _draw_edges(
    dots: BrailleCanvas,
    diagram: ActivationDiagram,
    layout: ActivationLayout,
    contributors: Sequence[int],
    output: int,
    cursor: Unit | None,
    palette: Palette,
) -> None:
    """Draw edges to an output from its contributors, or from the chosen unit to all."""
    if not layout.grids:
        return
    grid, outputs = layout.grids[-1], layout.outputs
    weights = diagram.snapshot.weights[f"W{grid.layer}"]
    if cursor is not None and cursor[0] == grid.layer:
        pairs = [(cursor[1], number) for number in outputs.numbers]
        sizes = np.array([weights[pair] for pair in pairs]) / reach(weights[cursor[1]])
    else:
        pairs = [(number, output) for number in contributors if output in outputs.numbers]
        added = diagram.contributions(output)
        sizes = np.array([added[a] * np.sign(weights[a, b]) for a, b in pairs]) / reach(added)
    sizes = np.clip(np.nan_to_num(sizes), -1, 1)
    order = np.argsort(np.abs(sizes), kind="stable").tolist()
    ends, thick, styles, dashed = [], [], [], []
    for a, b, size in [(*pairs[k], float(sizes[k])) for k in order]:
        line = grid.y + 1 + _middle(grid, a)[0]
        start = 2 * (grid.x + grid.width), 4 * line + 1
        ends.append((*start, 2 * outputs.x - 2, 4 * outputs.line(b) + 1))
        thick.append(1 + (abs(size) > 0.35) + (abs(size) > 0.7))
        styles.append(palette.inked(size))
        dashed.append(size < 0)
    dots.lines(np.array(ends).reshape(-1, 4), thick, styles, dashed)
