"""Incoming weights of hidden units as images on one scale, one of them enlarged."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from textual.strip import Strip

from nn_tui.tui.drawing.colour_scale import saturation, without_rounding
from nn_tui.tui.drawing.image_grid import ImageGrid, lay_out_grid
from nn_tui.tui.drawing.matrix import Matrix
from nn_tui.tui.drawing.numbers import format_fixed, format_signed
from nn_tui.tui.drawing.pixels import brightness_levels, brightness_rows
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.tui.theme import Palette

_MOST_ZOOM = 4
_LARGE_SHARE = 0.4  # of the width, for the enlarged image
_THUMBNAIL = 12  # pixels across, at most
_FACTS = 13
"""Width of the facts below the enlarged image."""
_GAP = 2


class WeightImages(NamedTuple):
    """Named thumbnails in a grid, where there is room beside an enlarged image.

    ``zoom`` is the width of a pixel of the enlarged image in cells, 0 without one. Images
    that are too large are subsampled by ``skip`` (enlarged) and ``thin`` (thumbnails). Below
    the grid is a ``caption`` if a line is free.
    """

    grid: ImageGrid
    zoom: int
    skip: int
    thin: int
    caption: bool

    def describe(self, matrix: Matrix, room: int) -> str:
        """Describe in ``room`` cells which units are visible, and the scale of their images."""
        shown, count = self.grid.shown, self.grid.count
        units = f"{count} units"
        if 0 < len(shown) < count:
            units = f"units {shown[0] + 1}-{shown[-1] + 1} of {count}"
        scale = f"±{format_fixed(saturation(matrix.weights), 6).strip()}"
        return _first_fitting((f"{units} · one scale, {scale}", f"{units} · {scale}", scale), room)

    def note(self, matrix: Matrix, unit: int, room: int) -> str:
        """Describe a unit in ``room`` cells, and the grid if nothing below it does."""
        name, facts = matrix.columns[unit], _measures(matrix, unit)
        texts = ["  ".join((name, *facts)), "  ".join((name, *facts[:1])), name]
        if not self.caption:
            texts = [f"{name} · {self.describe(matrix, room - len(name) - 3)}", *texts]
        return _first_fitting(texts, room)


def _first_fitting(texts: Sequence[str], room: int) -> str:
    """Return the first text of at most ``room`` cells, or the last one."""
    return next((text for text in texts if len(text) <= room), texts[-1])


def lay_out_weight_images(
    picture: tuple[int, int], units: int, width: int, height: int, unit: int, first: int
) -> WeightImages:
    """Lay out the images; ``first`` stays the first thumbnail if ``unit`` is visible."""
    high, wide = picture
    fitting = (
        zoom
        for zoom in range(_MOST_ZOOM, 1, -1)
        if wide * zoom <= width * _LARGE_SHARE and -(-high * zoom // 2) <= height - 3
    )
    zoom = next(fitting, 0)
    skip = max(1, -(-wide // max(1, width)), -(-high // max(2, 2 * (height - 1))))
    left = max(_FACTS, -(-wide // skip) * zoom) + _GAP if zoom else 0
    thin = max(-(-wide // _THUMBNAIL), skip)
    cell = -(-wide // thin) + 1, (-(-high // thin) + 1) // 2 + 1
    grid = lay_out_grid(units, left, cell, (width, height), unit, first)
    used = -(-len(grid.shown) // max(1, grid.columns)) * grid.down
    return WeightImages(grid, zoom, skip, thin, caption=used < height)


def draw_weight_images(
    matrix: Matrix,
    outgoing: Matrix | None,
    picture: tuple[int, int],
    gallery: WeightImages,
    unit: int,
    marked: bool,
    area: DrawArea,
) -> list[Strip]:
    """Draw the columns of ``matrix`` as images; ``outgoing`` are the weights of the next layer.

    All images have the same colour scale, so that the units can be compared.
    """
    width, height, palette = area
    scale = saturation(matrix.weights)
    rows = []
    if gallery.zoom:
        rows += _picture(matrix, picture, unit, scale, gallery.skip, palette, gallery.zoom)
        rows += _facts(matrix, outgoing, unit, gallery.grid.left - _GAP, palette)
    rows = [*rows[:height], *(RowBuilder(palette.text) for _ in range(height - len(rows)))]
    for shown in gallery.grid.shown:
        x, y = gallery.grid.corner(shown)
        thumbnail = _picture(matrix, picture, shown, scale, gallery.thin, palette)
        style = palette.cursor if shown == unit and marked else palette.muted
        if shown == unit and not marked:
            style = palette.strong
        thumbnail.append(RowBuilder(style).left(matrix.columns[shown], gallery.grid.across - 1))
        for row, made in zip(rows[y:], thumbnail, strict=False):
            row.to(x).extend(made)
    if gallery.caption:
        left = gallery.grid.left
        caption = gallery.describe(matrix, width - left)
        rows[-1].to(left).add(caption, palette.muted)
    return [row.strip(width) for row in rows]


def _picture(
    matrix: Matrix,
    picture: tuple[int, int],
    unit: int,
    scale: float,
    skip: int,
    palette: Palette,
    zoom: int = 1,
) -> list[RowBuilder]:
    values = matrix.weights[:, unit].reshape(picture)[::skip, ::skip]
    mask = None if matrix.masks is None else matrix.masks[:, unit].reshape(picture)
    made = brightness_levels(values, scale, None if mask is None else mask[::skip, ::skip])
    return brightness_rows(made.repeat(zoom, axis=0).repeat(zoom, axis=1), palette)


def _facts(
    matrix: Matrix, outgoing: Matrix | None, unit: int, room: int, palette: Palette
) -> list[RowBuilder]:
    """Return the unit's name, bias, norm and outgoing weights, largest first."""
    rows = [RowBuilder(palette.accented).add(matrix.columns[unit])]
    rows += [RowBuilder(palette.muted).add(text) for text in _measures(matrix, unit)]
    if outgoing is None:
        return rows
    names, values = outgoing.row_of(unit)
    weights = without_rounding(values)
    largest = saturation(outgoing.weights)
    title = "outgoing weights" if room >= len("outgoing weights") else "outgoing"
    rows.append(RowBuilder(palette.muted).add(title))
    for k in np.argsort(-np.abs(weights), kind="stable")[:20]:
        row = RowBuilder(palette.muted).left(names[k], 6)
        value = float(weights[k])
        shade = float(np.clip(value / largest, -1, 1))
        ink = palette.inked((shade + np.sign(shade)) / 2) if value else palette.muted
        rows.append(row.add(format_signed(value), ink))
    return rows


def _measures(matrix: Matrix, unit: int) -> list[str]:
    """Return the bias of a unit, if it has one, and the norm of its weights."""
    with np.errstate(all="ignore"):
        norm = f"norm {format_fixed(float(np.linalg.norm(matrix.weights[:, unit])), 6)}"
    if matrix.biases is None:
        return [norm]
    return [f"bias {format_signed(float(matrix.biases[unit]), 6)}", norm]
