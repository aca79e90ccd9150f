"""A small map in each unit of the diagram: what it says over two inputs, or looks for.

Where the inputs are the pixels of a picture, a unit of the first layer shows its weights
as a picture instead.
"""

from collections.abc import Mapping

import numpy as np
from textual.strip import Strip

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.color_scale import reach, unit_scale, without_rounding
from nn_tui.tui.drawing.decision_map import EvaluateLayers
from nn_tui.tui.drawing.diagram_layout import DiagramLayout, Unit
from nn_tui.tui.drawing.pixels import pixel_rows, signed_codes, signed_inks
from nn_tui.tui.drawing.plane import Plane
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, blank
from nn_tui.types import Array

UnitMaps = Mapping[Unit, Array]
"""Numbers into ``signed_inks`` (2 * lines, width) of the units whose boxes hold a map."""


def unit_maps(
    snapshot: Snapshot,
    ask: EvaluateLayers,
    plane: Plane,
    plan: DiagramLayout,
    discrete: bool = False,
) -> UnitMaps:
    """What each unit of the plan says over the two inputs of ``plane``."""
    boxes = [box for layer in plan.boxes for box in layer if box.number >= 0]
    width, height = max(box.width for box in boxes), 2 * plan.lines
    layers = ask(plane.places(width, height))
    maps = {}
    for box in boxes:
        values = layers[box.layer][:, box.number].reshape(height, width)
        columns = np.arange(box.width) * width // box.width
        shares = unit_scale(snapshot, *box.unit, values).shares(values[:, columns])
        maps[box.unit] = signed_codes(np.sign(without_rounding(shares)) if discrete else shares)
    return maps


def shows_weights(snapshot: Snapshot) -> bool:
    """Whether the first layer's weights are pictures, as where the inputs are their pixels."""
    picture = snapshot.dataset.picture
    return picture is not None and picture[0] * picture[1] == snapshot.network.sizes[0]


def weight_maps(snapshot: Snapshot, plan: DiagramLayout) -> UnitMaps:
    """The weights of each unit of the first layer as a picture, on a scale of its own."""
    return {
        box.unit: weight_codes(snapshot, box.number, box.width, 2 * box.height)
        for box in plan.boxes[1]
        if box.number >= 0
    }


def draw_unit_weights(snapshot: Snapshot, number: int, area: DrawArea) -> list[Strip]:
    """The weights of one unit of the first layer as large as they fit, pixels square."""
    width, height, palette = area
    assert snapshot.dataset.picture is not None
    rows, columns = snapshot.dataset.picture
    size = max(1, min(width // columns, 2 * height // rows))
    lines = (size * rows + 1) // 2
    codes = weight_codes(snapshot, number, min(width, size * columns), 2 * min(lines, height))
    left = RowBuilder(palette.text).to((width - codes.shape[1]) // 2)
    drawn = pixel_rows(codes, signed_inks(palette, 1.0), {}, palette)
    above = [blank(width, palette.text)] * ((height - len(drawn)) // 2)
    return above + [RowBuilder(palette.text).extend(left).extend(row).strip(width) for row in drawn]


def weight_codes(snapshot: Snapshot, number: int, width: int, height: int) -> Array:
    """The weights of a unit of the first layer as a picture of ``width`` x ``height`` pixels."""
    assert snapshot.dataset.picture is not None
    rows, columns = snapshot.dataset.picture
    weights = snapshot.weights["W0"][:, number].reshape(rows, columns)
    y = (np.arange(height) * rows) // height
    x = (np.arange(width) * columns) // width
    return signed_codes(weights[np.ix_(y, x)] / reach(weights))
