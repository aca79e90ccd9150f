"""The chosen unit of a diagram, enlarged: its map, its bias and its largest outgoing weights."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from textual.strip import Strip

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.diagram_layout import Unit, UnitBox
from nn_tui.tui.drawing.diagram_units import STRONGEST, short_unit_names, tinted
from nn_tui.tui.drawing.numbers import format_signed
from nn_tui.tui.drawing.pixels import draw_pixels, raised_inks
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.types import Array

_WEIGHTS = 3  # outgoing weights that a map leaves room for
_DIGITS = 5  # cells of a number


class DetailNames(NamedTuple):
    """Names of the units of the layer before, of the unit itself, and of the layer behind."""

    before: Sequence[str]
    own: str
    behind: Sequence[str]


def map_of_detail(room: UnitBox, own: UnitBox, outgoing: int) -> UnitBox | None:
    """Return the part of ``room`` for a map; None where it is no larger than the ``own`` one."""
    lines = min(room.width // 2, room.height - 2 - min(outgoing, _WEIGHTS))
    small = lines <= own.height or room.width <= own.map_width
    return None if small else room._replace(y=room.y + 1, height=lines)


def draw_unit_detail(
    snapshot: Snapshot, unit: Unit, names: DetailNames, codes: Array | None, area: DrawArea
) -> list[Strip]:
    """Draw the map of a unit, its bias and its outgoing weights.

    Of weights the largest are drawn, as many as fit; without a map (``codes``) those that
    come in are among them.
    """
    width, height, palette = area
    layer, number = unit
    heading = RowBuilder(palette.muted).add(names.own[:width], palette.chosen)
    activation = f" {snapshot.network.activation_of(layer)}" if layer else ""
    if heading.width + len(activation) <= width:
        heading.add(activation)
    strips = [heading.strip(width)]
    if codes is not None:
        strips += draw_pixels(codes, raised_inks(palette), {}, palette)
    room = height - len(strips)
    bias = snapshot.weights.get(f"b{layer - 1}")
    biases = [("b", float(bias[number]))] if bias is not None else []
    outgoing: list[tuple[str, float]] = []
    if layer < snapshot.network.depth:
        labels = short_unit_names(names.behind, width - _DIGITS - 1)
        outgoing = _largest(snapshot.weights[f"W{layer}"][number], [f"→{n}" for n in labels])
    incoming: list[tuple[str, float]] = []
    if layer and codes is None:
        labels = short_unit_names(names.before, width - _DIGITS - 1)
        incoming = _largest(snapshot.weights[f"W{layer - 1}"][:, number], [f"{n}→" for n in labels])
        incoming = incoming[: max(0, room - len(biases) - min(len(outgoing), _WEIGHTS))]
    for name, value in [*incoming, *biases, *outgoing][:room]:
        row = RowBuilder(palette.muted).left(name, width - _DIGITS)
        shown = round(value, 2)  # rounding errors have no sign, and no colour
        ink = palette.text if name == "b" else tinted(np.sign(shown) * STRONGEST, palette)
        strips.append(row.add(format_signed(shown, _DIGITS), ink).strip(width))
    return strips[:height]


def _largest(weights: Array, names: Sequence[str]) -> list[tuple[str, float]]:
    """Return names and weights, the largest magnitudes first."""
    order = np.argsort(-np.abs(np.nan_to_num(weights)), kind="stable").tolist()
    return [(names[k], float(weights[k])) for k in order]
