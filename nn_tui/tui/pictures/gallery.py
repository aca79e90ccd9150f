"""The incoming weights of hidden units as the pictures they are, one of them large."""

from dataclasses import dataclass

import numpy as np
from textual.strip import Strip

from nn_tui.tui.pictures.matrix import Matrix
from nn_tui.tui.pictures.numbers import fixed, signed
from nn_tui.tui.pictures.pixels import levels, pixel_rows
from nn_tui.tui.strips import Row
from nn_tui.tui.theme import Palette

_MOST_ZOOM = 4
_LARGE_SHARE = 0.4  # of the width, for the large picture
_THUMBNAIL = 12  # pixels across, at most
_GAP = 2


@dataclass(frozen=True)
class Gallery:
    """The large picture on the left, thumbnails from ``left`` on, each with its name below.

    ``zoom`` is how many cells a pixel of the large one is wide, ``thin`` that every so
    manieth pixel of a thumbnail shows; a thumbnail takes ``across`` x ``down`` cells.
    """

    units: int
    zoom: int
    skip: int
    thin: int
    left: int
    across: int
    down: int
    columns: int
    lines: int
    first: int

    @property
    def shown(self) -> range:
        """The units whose thumbnails are in sight."""
        return range(self.first, min(self.units, self.first + self.columns * self.lines))

    def note(self) -> str:
        """Which of the units are in sight."""
        if len(self.shown) in (0, self.units):
            return f"{self.units} units"
        return f"units {self.shown[0] + 1}-{self.shown[-1] + 1} of {self.units}"

    def unit_at(self, x: int, y: int) -> int | None:
        """The unit whose thumbnail is at a cell of the screen."""
        column, line = (x - self.left) // self.across, y // self.down
        inside = 0 <= column < self.columns and 0 <= line < self.lines
        unit = self.first + line * self.columns + column
        return unit if inside and unit in self.shown else None


def lay_out_gallery(
    picture: tuple[int, int], units: int, width: int, height: int, unit: int, first: int
) -> Gallery:
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
    across, lines_each = -(-wide // thin) + 1, (-(-high // thin) + 1) // 2
    down = lines_each + 1
    columns, lines = max(0, (width - left + 1) // across), height // down
    shown = columns * lines
    if shown:
        line, top = unit // columns, first // columns
        top = min(max(top, line - lines + 1), line)
        first = max(0, min(top, -(-units // columns) - lines)) * columns
    return Gallery(units, zoom, skip, thin, left, across, down, columns, lines, first)


def draw_gallery(
    matrix: Matrix,
    outgoing: Matrix | None,
    picture: tuple[int, int],
    gallery: Gallery,
    unit: int,
    marked: bool,
    width: int,
    height: int,
    palette: Palette,
) -> list[Strip]:
    """``matrix`` leads from the pixels to the units, ``outgoing`` on from them.

    Every picture has its own scale, so that faint ones too can be seen.
    """
    rows = _picture(matrix, picture, unit, gallery.skip, palette, gallery.zoom)
    rows += _facts(matrix, outgoing, unit, palette)
    rows = [*rows[:height], *(Row(palette.text) for _ in range(height - len(rows)))]
    for place, shown in enumerate(gallery.shown):
        line, column = divmod(place, gallery.columns)
        x, y = gallery.left + column * gallery.across, line * gallery.down
        for row, made in zip(
            rows[y:], _picture(matrix, picture, shown, gallery.thin, palette), strict=False
        ):
            row.to(x).extend(made)
        style = palette.cursor if shown == unit and marked else palette.muted
        if shown == unit and not marked:
            style = palette.strong
        rows[y + gallery.down - 1].to(x).left(matrix.columns[shown], gallery.across - 1, style)
    return [row.strip(width) for row in rows]


def _picture(
    matrix: Matrix,
    picture: tuple[int, int],
    unit: int,
    skip: int,
    palette: Palette,
    zoom: int = 1,
) -> list[Row]:
    values = matrix.weights[:, unit].reshape(picture)[::skip, ::skip]
    living = None if matrix.living is None else matrix.living[:, unit].reshape(picture)
    finite = values[np.isfinite(values)]
    scale = max(float(np.abs(finite).max()) if finite.size else 0.0, 1e-300)
    made = levels(values, scale, None if living is None else living[::skip, ::skip])
    return pixel_rows(made.repeat(zoom, axis=0).repeat(zoom, axis=1), palette)


def _facts(matrix: Matrix, outgoing: Matrix | None, unit: int, palette: Palette) -> list[Row]:
    """The unit's name, bias, and where it leads to, strongest first."""
    rows = [Row(palette.heading).add(matrix.columns[unit])]
    if matrix.biases is not None:
        rows.append(Row(palette.muted).add(f"bias {signed(float(matrix.biases[unit]))}"))
    with np.errstate(all="ignore"):
        norm = float(np.linalg.norm(matrix.weights[:, unit]))
    rows.append(Row(palette.muted).add(f"‖·‖  {fixed(norm)}"))
    if outgoing is None:
        return rows
    weights = outgoing.weights[unit]
    largest = max(float(np.abs(np.nan_to_num(outgoing.weights)).max()), 1e-300)
    rows.append(Row(palette.muted).add("leads to"))
    for k in np.argsort(-np.abs(weights), kind="stable")[:20]:
        row = Row(palette.muted).left(outgoing.columns[k], 6)
        value = float(weights[k])
        shade = float(np.clip(value / largest, -1, 1))
        rows.append(row.add(signed(value), palette.inked((shade + np.sign(shade)) / 2)))
    return rows
