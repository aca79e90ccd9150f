"""The incoming weights of hidden units as the pictures they are, one of them large."""

from typing import NamedTuple

import numpy as np
from textual.strip import Strip

from nn_tui.tui.drawing.color_scale import reach, without_rounding
from nn_tui.tui.drawing.image_grid import ImageGrid, lay_out_grid
from nn_tui.tui.drawing.matrix import Matrix
from nn_tui.tui.drawing.numbers import format_fixed, format_signed
from nn_tui.tui.drawing.pixels import brightness_levels, brightness_rows
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.tui.theme import Palette

_MOST_ZOOM = 4
_LARGE_SHARE = 0.4  # of the width, for the large picture
_THUMBNAIL = 12  # pixels across, at most
_GAP = 2


class WeightImages(NamedTuple):
    """The large picture on the left, thumbnails in a grid beside it, each with its name below.

    ``zoom`` is how many cells a pixel of the large one is wide; where pictures are too
    large, only every so manieth pixel shows, ``skip`` of the large and ``thin`` of the
    small ones.
    """

    grid: ImageGrid
    zoom: int
    skip: int
    thin: int

    def note(self) -> str:
        """Which of the units are in sight."""
        shown, count = self.grid.shown, self.grid.count
        if len(shown) in (0, count):
            return f"{count} units"
        return f"units {shown[0] + 1}-{shown[-1] + 1} of {count}"


def lay_out_weight_images(
    picture: tuple[int, int], units: int, width: int, height: int, unit: int, first: int
) -> WeightImages:
    """Room for everything; ``first`` is the first thumbnail if ``unit`` is in sight then."""
    high, wide = picture
    zoom = next(
        (
            zoom
            for zoom in range(_MOST_ZOOM, 1, -1)
            if wide * zoom <= width * _LARGE_SHARE and -(-high * zoom // 2) <= height - 3
        ),
        1,
    )
    skip = max(1, -(-wide // max(1, width)), -(-high // max(2, 2 * (height - 1))))
    left = -(-wide // skip) * zoom + _GAP
    thin = -(-wide // _THUMBNAIL)
    cell = -(-wide // thin) + 1, (-(-high // thin) + 1) // 2 + 1
    return WeightImages(
        lay_out_grid(units, left, cell, (width, height), unit, first), zoom, skip, thin
    )


def draw_weight_images(
    matrix: Matrix,
    outgoing: Matrix | None,
    picture: tuple[int, int],
    gallery: WeightImages,
    unit: int,
    marked: bool,
    area: DrawArea,
) -> list[Strip]:
    """``matrix`` leads from the pixels to the units, ``outgoing`` on from them.

    Every picture has its own scale, so that faint ones too can be seen.
    """
    width, height, palette = area
    rows = _picture(matrix, picture, unit, gallery.skip, palette, gallery.zoom)
    rows += _facts(matrix, outgoing, unit, palette)
    rows = [*rows[:height], *(RowBuilder(palette.text) for _ in range(height - len(rows)))]
    for shown in gallery.grid.shown:
        x, y = gallery.grid.corner(shown)
        thumbnail = _picture(matrix, picture, shown, gallery.thin, palette)
        style = palette.cursor if shown == unit and marked else palette.muted
        if shown == unit and not marked:
            style = palette.strong
        thumbnail.append(RowBuilder(style).left(matrix.columns[shown], gallery.grid.across - 1))
        for row, made in zip(rows[y:], thumbnail, strict=False):
            row.to(x).extend(made)
    return [row.strip(width) for row in rows]


def _picture(
    matrix: Matrix,
    picture: tuple[int, int],
    unit: int,
    skip: int,
    palette: Palette,
    zoom: int = 1,
) -> list[RowBuilder]:
    values = matrix.weights[:, unit].reshape(picture)[::skip, ::skip]
    living = None if matrix.masks is None else matrix.masks[:, unit].reshape(picture)
    made = brightness_levels(
        values, reach(values), None if living is None else living[::skip, ::skip]
    )
    return brightness_rows(made.repeat(zoom, axis=0).repeat(zoom, axis=1), palette)


def _facts(
    matrix: Matrix, outgoing: Matrix | None, unit: int, palette: Palette
) -> list[RowBuilder]:
    """The unit's name, bias, and where it leads to, strongest first."""
    rows = [RowBuilder(palette.heading).add(matrix.columns[unit])]
    if matrix.biases is not None:
        rows.append(
            RowBuilder(palette.muted).add(f"bias {format_signed(float(matrix.biases[unit]))}")
        )
    with np.errstate(all="ignore"):
        norm = float(np.linalg.norm(matrix.weights[:, unit]))
    rows.append(RowBuilder(palette.muted).add(f"‖·‖  {format_fixed(norm)}"))
    if outgoing is None:
        return rows
    weights = without_rounding(outgoing.weights[unit])
    largest = reach(outgoing.weights)
    rows.append(RowBuilder(palette.muted).add("leads to"))
    for k in np.argsort(-np.abs(weights), kind="stable")[:20]:
        row = RowBuilder(palette.muted).left(outgoing.columns[k], 6)
        value = float(weights[k])
        shade = float(np.clip(value / largest, -1, 1))
        ink = palette.inked((shade + np.sign(shade)) / 2) if value else palette.muted
        rows.append(row.add(format_signed(value), ink))
    return rows
