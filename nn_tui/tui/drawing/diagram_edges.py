"""Edges of a network diagram: a weight's sign and magnitude as a line between two units.

Blue and solid is positive, orange and dashed negative; the largest are thick and drawn last.
A pruned weight is dotted.
"""

from collections.abc import Sequence

import numpy as np
from rich.style import Style

from nn_tui.tui.drawing.braille import BrailleCanvas
from nn_tui.tui.drawing.colour_scale import saturation, without_rounding
from nn_tui.tui.drawing.diagram_layout import Unit, UnitBox
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_EDGES_A_LINE = 3  # more edges between two layers are reduced to the largest


def draw_edges(
    dots: BrailleCanvas,
    weights: Array,
    alive: Array | None,
    layers: tuple[Sequence[UnitBox], Sequence[UnitBox]],
    cursor: Unit | None,
    palette: Palette,
) -> None:
    """Draw ``weights`` (sources, targets) between the boxes of two ``layers``.

    ``alive`` is False where a weight is pruned. With a ``cursor``, edges that do not touch
    its unit are grey and behind the others.
    """
    sources, targets = ([box for box in layer if box.number >= 0] for layer in layers)
    if not sources or not targets:
        return
    shown = np.ix_([box.number for box in sources], [box.number for box in targets])
    with np.errstate(all="ignore"):
        shares = np.clip(
            np.nan_to_num(without_rounding(weights[shown]) / saturation(weights)), -1, 1
        )
    cut = np.zeros(shares.shape, bool) if alive is None else ~alive[shown]
    near = np.ones(shares.shape, bool)
    if cursor is not None:
        near = _touches(sources, cursor)[:, None] | _touches(targets, cursor)[None, :]
    rank = np.where(cut, -1.0, np.abs(shares)) + 2.0 * (near & (cursor is not None))
    most = max(_EDGES_A_LINE * dots.height, int(near.sum()) if cursor is not None else 0)
    order = np.argsort(rank, axis=None, kind="stable")[-most:]
    start = np.array([(2 * (b.x + b.width), 4 * b.y + 2 * b.height - 1) for b in sources])
    stop = np.array([(2 * b.x - 1, 4 * b.y + 2 * b.height - 1) for b in targets])
    a, b = np.unravel_index(order, shares.shape)
    size = np.abs(shares[a, b])
    thick = np.where(near[a, b], 1 + (size > 0.35) + (size > 0.7), 1)
    styles = [
        _style(share, is_near, is_cut, palette)
        for share, is_near, is_cut in zip(
            shares[a, b].tolist(), near[a, b].tolist(), cut[a, b].tolist(), strict=True
        )
    ]
    dashed = near[a, b] & (shares[a, b] < 0)
    dots.lines(np.hstack([start[a], stop[b]]), np.where(cut[a, b], 0, thick), styles, dashed)


def _style(share: float, near: bool, cut: bool, palette: Palette) -> Style:
    if cut:
        return palette.muted
    return palette.inked(share) if near and share else palette.faint


def _touches(boxes: Sequence[UnitBox], cursor: Unit) -> Array:
    return np.array([box.unit == cursor for box in boxes])
