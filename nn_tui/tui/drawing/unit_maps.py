"""Small maps inside the units of the diagram: activations over two inputs.

If the inputs are the pixels of an image, a unit of the first layer can show its weights as an
image.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from textual.strip import Strip

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.colour_scale import saturation, unit_scale, without_rounding
from nn_tui.tui.drawing.decision_map import EvaluateLayers
from nn_tui.tui.drawing.diagram_layout import Unit, UnitBox
from nn_tui.tui.drawing.pixels import pixel_rows, signed_codes, signed_inks
from nn_tui.tui.drawing.plane import Plane
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, blank
from nn_tui.types import Array

UnitMaps = Mapping[Unit, Array]
"""Indices into ``signed_inks`` (2 * lines, width) of the units with a map."""

_SAMPLED = 2
"""A pixel is the mean over so many points across and down, so that steep units have no steps."""


def unit_maps(
    snapshot: Snapshot,
    evaluate: EvaluateLayers,
    plane: Plane,
    boxes: Sequence[UnitBox],
    discrete: bool = False,
) -> UnitMaps:
    """Return the activations of the unit of each box over the inputs of ``plane``."""
    sizes = sorted({(box.map_width, 2 * box.height) for box in boxes})
    if not sizes:
        return {}
    fine = [(_SAMPLED * width, _SAMPLED * height) for width, height in sizes]
    layers = evaluate(np.vstack([plane.places(*size) for size in fine]))
    ends = np.cumsum([width * height for width, height in fine]).tolist()
    parts = {
        size: slice(end - width * height, end)
        for size, (width, height), end in zip(sizes, fine, ends, strict=True)
    }
    groups: dict[tuple[int, int, int], list[int]] = {}
    for box in boxes:
        groups.setdefault((box.layer, box.map_width, 2 * box.height), []).append(box.number)
    maps = {}
    for (layer, width, height), numbers in groups.items():
        points = layers[layer][parts[width, height]][:, numbers]
        shares = np.empty(points.shape)
        for k, number in enumerate(numbers):
            scale = unit_scale(snapshot, layer, number, points[:, k])
            shares[:, k] = scale.shares(points[:, k])
        if discrete:
            shares = np.sign(without_rounding(shares))
        areas = np.nan_to_num(shares).reshape(height, _SAMPLED, width, _SAMPLED, len(numbers))
        pixels = areas.mean((1, 3))
        codes = signed_codes(np.sign(pixels) if discrete else pixels)
        maps.update({(layer, n): codes[..., k] for k, n in enumerate(numbers)})
    return maps


def shows_weights(snapshot: Snapshot) -> bool:
    """Whether the inputs are pixels, so that weights of the first layer form images."""
    picture = snapshot.dataset.picture
    return picture is not None and picture[0] * picture[1] == snapshot.network.sizes[0]


def draw_unit_weights(snapshot: Snapshot, number: int, area: DrawArea) -> list[Strip]:
    """Draw the weights of a unit of the first layer with square pixels, as large as they fit."""
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
    """Return the weights of a unit of the first layer as ``width`` × ``height`` pixels."""
    assert snapshot.dataset.picture is not None
    rows, columns = snapshot.dataset.picture
    weights = snapshot.weights["W0"][:, number].reshape(rows, columns)
    y = (np.arange(height) * rows) // height
    x = (np.arange(width) * columns) // width
    return signed_codes(weights[np.ix_(y, x)] / saturation(weights))
