"""Half-block pixels, two per cell, with marks on them.

Pixels are indices into a list of inks. As there are few inks, few cells change from one
picture to the next, and equal neighbours form one segment.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import STEPS, Palette, mix
from nn_tui.types import Array

SHADES = 10
"""Shades on each side of zero; few, because each change of shade is sent."""

STRENGTH = 0.6
"""Opacity of pixels, so that marks on them stay visible."""

_RAISED, _RAISED_STRENGTH = 0.09, 0.9


class Ink(NamedTuple):
    """Colour of a pixel; ``glyph`` and ``style`` of its cell in an ANSI theme."""

    colour: str
    glyph: str
    style: Style


class PixelMark(NamedTuple):
    """A mark on a cell, in a colour; ``style`` is used in an ANSI theme."""

    glyph: str
    colour: str
    style: Style


Marks = Mapping[tuple[int, int], PixelMark]
"""Marks by line and column."""


def draw_pixels(codes: Array, inks: Sequence[Ink], marks: Marks, palette: Palette) -> list[Strip]:
    """Draw ``codes`` (2 * lines, width), indices into ``inks``.

    In an ANSI theme, a cell shows the later ink of its two.
    """
    width = codes.shape[1]
    return [row.strip(width) for row in pixel_rows(codes, inks, marks, palette)]


def pixel_rows(
    codes: Array, inks: Sequence[Ink], marks: Marks, palette: Palette
) -> list[RowBuilder]:
    """Like ``draw_pixels``, but return rows for use in other rows."""
    pairs = codes[0::2] * len(inks) + codes[1::2]
    placed = [(place, mark) for place, mark in marks.items() if _inside(place, pairs)]
    shown = pairs.copy()
    for number, (place, _) in enumerate(placed):
        shown[place] = -1 - number
    rows, base = [], palette.text
    known: dict[int, tuple[str, Style]] = {}
    for line in shown.tolist():
        row = RowBuilder(base)
        for pair, run in groupby(line):
            if pair < 0:
                place, mark = placed[-1 - pair]
                top, bottom = divmod(int(pairs[place]), len(inks))
                row.add(*_mark_cell(mark, inks[top].colour, inks[bottom].colour, palette.ansi))
                continue
            if pair not in known:
                known[pair] = _pair_cell(inks, pair, palette)
            glyph, style = known[pair]
            row.add(glyph * len(list(run)), style)
        rows.append(row)
    return rows


def _pair_cell(inks: Sequence[Ink], pair: int, palette: Palette) -> tuple[str, Style]:
    top, bottom = divmod(pair, len(inks))
    if palette.ansi:
        ink = inks[max(top, bottom)]
        return ink.glyph, ink.style
    return palette.halves(inks[top].colour, inks[bottom].colour)


def signed_codes(values: Array) -> Array:
    """Return the indices of ``values`` -1 … 1 into ``signed_inks``; NaN counts as 0."""
    with np.errstate(all="ignore"):
        steps = np.rint(np.clip(np.nan_to_num(values, nan=0.0), -1, 1) * SHADES)
    codes: Array = steps.astype(int) + SHADES
    return codes


@lru_cache(maxsize=64)
def signed_inks(palette: Palette, strength: float = STRENGTH) -> tuple[Ink, ...]:
    """Return ``2 * SHADES + 1`` inks from orange through the background to blue."""
    return tuple(
        _signed_ink(step / SHADES, palette, strength) for step in range(-SHADES, SHADES + 1)
    )


@lru_cache(maxsize=64)
def raised_inks(palette: Palette) -> tuple[Ink, ...]:
    """Like ``signed_inks``, for maps whose neutral colour differs from the background."""
    if palette.ansi:
        return signed_inks(palette)
    ground = mix(palette.background, palette.foreground, _RAISED)
    poles = [palette.negative] * SHADES + [palette.positive] * (SHADES + 1)
    return tuple(
        Ink(mix(ground, pole, _RAISED_STRENGTH * abs(step) / SHADES), "▀", palette.text)
        for step, pole in zip(range(-SHADES, SHADES + 1), poles, strict=True)
    )


def _signed_ink(value: float, palette: Palette, strength: float) -> Ink:
    if not palette.ansi:
        return Ink(palette.colour(value * strength), "▀", palette.text)
    ramp = " ░▒▓" if value > 0 else " -=≡"  # tells the sign without colours too
    return Ink("", ramp[round(abs(value) * 3)], Style(color="blue" if value > 0 else "yellow"))


def _inside(place: tuple[int, int], pairs: Array) -> bool:
    return 0 <= place[0] < len(pairs) and 0 <= place[1] < len(pairs[0])


def _mark_cell(mark: PixelMark, top: str, bottom: str, ansi: bool) -> tuple[str, Style]:
    if ansi:
        return mark.glyph, mark.style
    return mark.glyph, _mark_style(mark.colour, mix(top, bottom, 0.5))


@lru_cache(maxsize=4096)
def _mark_style(ink: str, paper: str) -> Style:
    return Style(color=ink, bgcolor=paper, bold=True)


NOT_A_NUMBER = 2 * STEPS + 1
PRUNED = 2 * STEPS + 2
ABSENT = 2 * STEPS + 3
CURSOR = 2 * STEPS + 4
_LEVELS = 2 * STEPS + 5


def brightness_levels(values: Array, scale: float, mask: Array | None = None) -> Array:
    """Return the levels of ``values`` (any shape); ``scale`` is the magnitude of full colour."""
    with np.errstate(all="ignore"):
        shares = np.nan_to_num(np.clip(values / scale, -1, 1))
    levels: Array = np.rint(shares * STEPS).astype(np.int64) + STEPS
    levels[np.isnan(values)] = NOT_A_NUMBER
    if mask is not None:
        levels[~mask] = PRUNED
    return levels


def brightness_rows(levels: Array, palette: Palette) -> list[RowBuilder]:
    """Return a line for every two rows of ``levels`` (rows, columns)."""
    if len(levels) % 2:
        levels = np.vstack([levels, np.full((1, levels.shape[1]), ABSENT)])
    pairs = levels[::2] * _LEVELS + levels[1::2]
    table = _table(palette)
    rows = []
    for line in pairs.tolist():
        row = RowBuilder(palette.text)
        for pair, run in groupby(line):
            known = table.get(pair)
            if known is None:
                known = table[pair] = _cell(pair // _LEVELS, pair % _LEVELS, palette)
            glyph, style = known
            row.add(glyph * len(list(run)), style)
        rows.append(row)
    return rows


@lru_cache(maxsize=4)
def _table(palette: Palette) -> dict[int, tuple[str, Style]]:
    """Cache of the glyph and style of each pair of levels."""
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
    """Return a line for every two rows of ``values`` (rows, columns) from 0 to 1."""
    if len(values) % 2:
        values = np.vstack([values, np.zeros((1, values.shape[1]))])
    shades = np.rint(np.clip(np.nan_to_num(values), 0, 1) * STEPS).astype(np.uint8)
    return list(_shaded_rows(shades.tobytes(), shades.shape[1], palette))


@lru_cache(maxsize=512)
def _shaded_rows(shades: bytes, width: int, palette: Palette) -> tuple[RowBuilder, ...]:
    """Draw rows of ``width`` shades; cached, as images stay while a network is trained."""
    rows = []
    for start in range(0, len(shades), 2 * width):
        row = RowBuilder(palette.text)
        middle, end = start + width, start + 2 * width
        for top, bottom in zip(shades[start:middle], shades[middle:end], strict=True):
            row.add(*_grey(palette, top, bottom))
        rows.append(row)
    return tuple(rows)


@lru_cache(maxsize=2048)
def _grey(palette: Palette, top: int, bottom: int) -> tuple[str, Style]:
    if palette.ansi:
        return " ░▒▓█"[round((top + bottom) / 2 / STEPS * 4)], palette.text
    ink, paper = (mix(palette.background, palette.foreground, x / STEPS) for x in (top, bottom))
    return palette.halves(ink, paper)
