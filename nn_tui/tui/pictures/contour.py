"""Lines of equal height over a landscape, thinner than its pixels: braille dots on its cells."""

import numpy as np
from rich.style import Style

from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.braille import glyphs
from nn_tui.tui.drawing.color_scale import SMALLEST, Scale
from nn_tui.tui.drawing.pixels import Marks, PixelMark
from nn_tui.tui.theme import Palette, mix
from nn_tui.types import Array

_BANDS = 8  # about so many heights from the lowest to the highest
_INK = 0.7  # how near to the ink of text a line is


def line_distance(scale: Scale) -> float:
    """A round difference of height between one line and the next."""
    about = max(scale.high - scale.low, SMALLEST) / _BANDS
    power = 10.0 ** np.floor(np.log10(about))
    return float(next(power * step for step in (5.0, 2.5, 2.0, 1.0) if power * step <= about * 1.1))


def contour_levels(heights: Array, scale: Scale) -> Array:
    """Which band, a whole number, each of ``heights`` is in; far beyond the scale all are one."""
    reach = scale.high - scale.low
    seen = np.nan_to_num(heights, nan=scale.middle)
    seen = np.clip(seen, scale.low - reach, scale.high + reach)
    # The quotient overflows where the distance is tiny beside the heights.
    with np.errstate(over="ignore"):
        bands: Array = np.floor(bounded(seen / line_distance(scale)))
    return bands


def banded(heights: Array, scale: Scale) -> Array:
    """The middle of the band that each of ``heights`` is in."""
    return bounded((contour_levels(heights, scale) + 0.5) * line_distance(scale))


def border_lines(sorts: Array, palette: Palette) -> Marks:
    """Lines where whole numbers ``sorts`` (4 * lines, 2 * width) change, one a dot."""
    ends = np.zeros(sorts.shape, bool)
    ends[:, :-1] |= sorts[:, 1:] != sorts[:, :-1]
    ends[:-1] |= sorts[1:] != sorts[:-1]
    colour = "" if palette.ansi else mix(palette.background, palette.foreground, _INK)
    style = Style(dim=True) if palette.ansi else palette.text
    return {place: PixelMark(glyph, colour, style) for place, glyph in glyphs(ends).items()}


def finer(values: Array) -> Array:
    """Pixels (2 * lines, width) as dots (4 * lines, 2 * width), with steps between them."""
    return _twice(_twice(np.nan_to_num(values)).T).T


def _twice(values: Array) -> Array:
    """Twice as many rows: those half way between one row and the next."""
    with np.errstate(all="ignore"):
        above = np.vstack([values[:1], values[:-1]])
        below = np.vstack([values[1:], values[-1:]])
        rows = np.empty((2 * len(values), values.shape[1]))
        rows[0::2] = 0.75 * values + 0.25 * above
        rows[1::2] = 0.75 * values + 0.25 * below
    return rows
