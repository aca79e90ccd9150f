"""Half-block pictures of many values, two to a cell, fast enough for any window.

A value is a *level* here: a whole number, 0 … ``2 * STEPS`` from the deepest orange to
the deepest blue, or one of the four below.
"""

from functools import lru_cache

import numpy as np
from rich.style import Style

from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import STEPS, Palette, mix
from nn_tui.types import Array

NOT_A_NUMBER = 2 * STEPS + 1
PRUNED = 2 * STEPS + 2
ABSENT = 2 * STEPS + 3
CURSOR = 2 * STEPS + 4
_KINDS = 2 * STEPS + 5


def brightness_levels(values: Array, scale: float, living: Array | None = None) -> Array:
    """The levels of ``values``, of which ``scale`` is the deepest blue; an array of their shape."""
    with np.errstate(all="ignore"):
        shares = np.nan_to_num(np.clip(values / scale, -1, 1))
    made: Array = np.rint(shares * STEPS).astype(np.int64) + STEPS
    made[np.isnan(values)] = NOT_A_NUMBER
    if living is not None:
        made[~living] = PRUNED
    return made


def brightness_rows(made: Array, palette: Palette) -> list[RowBuilder]:
    """A line for every two rows of levels (rows, columns)."""
    if len(made) % 2:
        made = np.vstack([made, np.full((1, made.shape[1]), ABSENT)])
    pairs = made[::2] * _KINDS + made[1::2]
    table = _table(palette)
    rows = []
    for line in pairs.tolist():
        row = RowBuilder(palette.text)
        for pair in line:
            known = table.get(pair)
            if known is None:
                known = table[pair] = _cell(pair // _KINDS, pair % _KINDS, palette)
            row.add(*known)
        rows.append(row)
    return rows


@lru_cache(maxsize=4)
def _table(palette: Palette) -> dict[int, tuple[str, Style]]:
    """What was drawn already: the glyph and style of a pair of levels."""
    return {}


def _cell(top: int, bottom: int, palette: Palette) -> tuple[str, Style]:
    both = (top, bottom)
    if NOT_A_NUMBER in both:
        return "?", palette.cursor if CURSOR in both else palette.bad
    if all(level in (PRUNED, ABSENT) for level in both):
        return ("×" if PRUNED in both else " "), palette.muted
    a, b = (_value(level) for level in both)
    if CURSOR not in both:
        return palette.pixels(a, b)
    if palette.ansi:
        return "█", Style(bold=True)
    ink = palette.foreground if top == CURSOR else palette.colour(a)
    paper = palette.foreground if bottom == CURSOR else palette.colour(b)
    return palette.halves(ink, paper)


def _value(level: int) -> float:
    return (level - STEPS) / STEPS if level <= 2 * STEPS else 0.0


def grey_rows(values: Array, palette: Palette) -> list[RowBuilder]:
    """A line for every two rows of ``values`` (rows, columns), 0 as the paper and 1 as the ink."""
    if len(values) % 2:
        values = np.vstack([values, np.zeros((1, values.shape[1]))])
    shades = np.rint(np.clip(np.nan_to_num(values), 0, 1) * STEPS).astype(np.int64)
    rows = []
    for tops, bottoms in zip(shades[::2].tolist(), shades[1::2].tolist(), strict=True):
        row = RowBuilder(palette.text)
        for top, bottom in zip(tops, bottoms, strict=True):
            row.add(*_grey(palette, top, bottom))
        rows.append(row)
    return rows


@lru_cache(maxsize=2048)
def _grey(palette: Palette, top: int, bottom: int) -> tuple[str, Style]:
    if palette.ansi:
        return " ░▒▓█"[round((top + bottom) / 2 / STEPS * 4)], palette.text
    ink, paper = (mix(palette.background, palette.foreground, x / STEPS) for x in (top, bottom))
    return palette.halves(ink, paper)
