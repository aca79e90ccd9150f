"""The training loss over a plane as coloured levels, with the run's path on it."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.order_statistics import percentile
from nn_tui.training.loss_plane import Landscape
from nn_tui.tui.drawing.braille import braille_glyphs
from nn_tui.tui.drawing.numbers import format_loss
from nn_tui.tui.drawing.pixels import Ink, PixelMark, draw_pixels
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.tui.drawing.value_axis import prefers_log
from nn_tui.tui.theme import Palette, mix
from nn_tui.types import Array

_MOST_LEVELS = 9
_RAMP = " ░▒▓█"
"""Glyphs of levels without colours of their own, the highest loss first."""
_LADDERS = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
_DECADES = (1, 2, 3, 5, 10, 20, 50, 100)
_STEPS = (1.0, 2.0, 2.5, 5.0)
_HEADING, _LEGEND, _FOOT = 9, 5, 16
"""Least heights with a heading, with the levels, and with the meaning of the marks."""
_MOST_LABELS = 5


class LandscapeLayout(NamedTuple):
    """Lines of the heading and of what is below, and the height of the picture."""

    top: int
    lines: int
    legend: bool
    foot: bool


def lay_out_landscape(height: int) -> LandscapeLayout:
    """Divide ``height`` lines."""
    top, legend, foot = int(height >= _HEADING), height >= _LEGEND, height >= _FOOT
    return LandscapeLayout(top, max(1, height - top - legend - foot), legend, foot)


def loss_levels(losses: Array, most: int = _MOST_LEVELS) -> list[float]:
    """Return round values, ascending, that divide the finite ``losses`` into up to ``most`` levels.

    They are on a logarithmic scale where the largest loss is many times the smallest.
    """
    known = losses[np.abs(losses) < 1e300]
    if not len(known):
        return []
    low, high = float(known.min()), percentile(known.astype(np.float64), 97)
    if not high - low > 1e-12 * abs(high):
        return []
    if prefers_log(low, high, False):
        return _log_levels(low, high, most)
    power = math.floor(math.log10(high - low)) - 2
    for exponent in range(power, power + 4):
        for factor in _STEPS:
            step = factor * 10.0**exponent
            first, last = math.floor(low / step) + 1, math.ceil(high / step) - 1
            if last - first + 1 < most:
                return [k * step for k in range(first, last + 1)]
    return []


def _log_levels(low: float, high: float, most: int) -> list[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for decades in _DECADES:
        for factors in _LADDERS if decades == 1 else ((1.0,),):
            powers = range(first - first % decades, min(last, 307) + 1, decades)
            found = [f * 10.0**power for power in powers for f in factors]
            found = [level for level in found if low < level < high]
            if len(found) < most:
                return found
    return []


def draw_landscape(
    made: Landscape, cursor: tuple[int, int] | None, foot: str, area: DrawArea
) -> list[Strip]:
    """Return the picture; ``cursor`` is a line and a column of it, or None.

    ``foot`` is the text below, in place of the meaning of the marks.
    """
    width, height, palette = area
    layout = lay_out_landscape(height)
    levels = loss_levels(made.losses, len(_RAMP) if palette.ansi else _MOST_LEVELS)
    inks = _inks(len(levels) + 1, palette)
    codes = np.searchsorted(np.array(levels), np.nan_to_num(made.losses, nan=np.inf), "right")
    codes = codes[: 2 * layout.lines]
    with np.errstate(all="ignore"):
        marks = _marks(made, codes, inks, palette, labelled=cursor is None)
    if cursor is not None:
        marks[cursor] = _mark("+", cursor, codes, inks, palette)
    strips = draw_pixels(codes, inks, marks, palette)
    rows = [strip.adjust_cell_length(width, palette.text) for strip in strips]
    if layout.top:
        rows.insert(0, RowBuilder(palette.muted).add(_heading(made, width)).strip(width))
    if foot:
        rows.append(RowBuilder(palette.text).left(foot, width).strip(width))
    elif layout.legend:
        rows.append(_legend(levels, inks, width, palette))
    if layout.foot:
        words = "○ start  ● now" if foot else _meaning(made, width)
        rows.append(RowBuilder(palette.muted).left(words, width).strip(width))
    return rows[:height]


def _heading(made: Landscape, width: int) -> str:
    across, up = made.plane.names
    if made.plane.shares is None:
        wordings: Sequence[str] = (
            f"training loss over {across} → and {up} ↑, all other weights as they are now",
            f"{across} → and {up} ↑, others as they are",
            f"{across} → {up} ↑",
        )
    else:
        first, second = (f"{100 * share:.1f} %" for share in made.plane.shares)
        wordings = (
            f"training loss over the two main directions of the path: {first} → and {second} ↑ "
            "of its variance",
            f"main directions of the path: {first} → and {second} ↑ of its variance",
            f"path: {first} → and {second} ↑ of its variance",
            f"path: {first} → {second} ↑",
        )
    return next((words for words in wordings if cell_len(words) <= width), "")


def _meaning(made: Landscape, width: int) -> str:
    parts = ["○ start", "● now"]
    if made.plane.shares is not None:
        outside = max(0.0, 1 - sum(made.plane.shares))
        parts.append(f"{100 * outside:.1f} % of the path's variance is outside this plane")
        parts.append("the loss is exact at ●")
    else:
        parts.append("the path is seen from above: its other weights differed")
    while len(parts) > 2 and cell_len("  ".join(parts)) > width:
        parts.pop()
    return "  ".join(parts)


def _inks(count: int, palette: Palette) -> list[Ink]:
    """Return the colours of ``count`` levels, the lowest loss first, in the fullest colour."""
    return [_ink(1 - k / max(1, count - 1), palette) for k in range(count)]


def _ink(share: float, palette: Palette) -> Ink:
    if palette.ansi:
        glyph = _RAMP[round(share * (len(_RAMP) - 1))]
        return Ink("", glyph, palette.accented)
    full = mix(palette.accent, palette.foreground, 0.75)
    dark = mix(palette.background, palette.accent, 0.1)
    middle = mix(palette.background, palette.accent, 0.8)
    colour = mix(dark, middle, share / 0.75) if share <= 0.75 else mix(middle, full, 4 * share - 3)
    return Ink(colour, "▀", palette.text)


def _legend(levels: Sequence[float], inks: Sequence[Ink], width: int, palette: Palette) -> Strip:
    """The levels as coloured cells, each with the loss up to which it goes."""
    texts = [f" <{_short(level)} " for level in levels]
    texts.append(f" ≥{_short(levels[-1])} " if levels else " all losses are alike ")
    row = RowBuilder(palette.muted)
    if sum(map(cell_len, texts)) > width:
        texts = [f"{_short(level)} " for level in levels] + ["more"]
    for text, ink in zip(texts, inks, strict=True):
        if row.width + cell_len(text) > width:
            break
        if palette.ansi:
            row.add(ink.glyph, ink.style).add(text)
        else:
            row.add(text, palette.on(ink.colour))
    return row.strip(width)


def _short(level: float) -> str:
    text = f"{level:.3g}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")


def _mark(
    glyph: str, place: tuple[int, int], codes: Array, inks: Sequence[Ink], palette: Palette
) -> PixelMark:
    """A mark legible on the cell at ``place``."""
    if palette.ansi:
        return PixelMark(glyph, "", palette.strong)
    top, bottom = (inks[int(codes[2 * place[0] + k, place[1]])].colour for k in (0, 1))
    return PixelMark(glyph, palette.ink_on(mix(top, bottom, 0.5)), palette.strong)


def _marks(
    made: Landscape, codes: Array, inks: Sequence[Ink], palette: Palette, labelled: bool
) -> dict[tuple[int, int], PixelMark]:
    """The path as dots, its start and end, and some epochs, ``labelled`` or not."""
    lines, columns = len(codes) // 2, codes.shape[1]
    glyphs: dict[tuple[int, int], str] = braille_glyphs(_path_dots(made, lines, columns))
    where = made.pixels(made.points)
    cells = np.column_stack([where[:, 1] // 2, where[:, 0] // 1])
    taken: set[tuple[int, int]] = set()
    for index, (glyph, label) in _labels(made).items():
        if not np.isfinite(cells[index]).all():
            continue
        line, column = (int(value) for value in np.clip(cells[index], -9, 10**6))
        if not (0 <= line < lines and 0 <= column < columns):
            continue
        room = {(line, column + k) for k in range(-1, len(label) + 3)}
        if glyph != "•" or not room & taken:
            glyphs[line, column] = glyph
            if labelled and column + 2 + len(label) <= columns and not room & taken:
                glyphs |= {(line, column + 2 + k): letter for k, letter in enumerate(label)}
            taken |= room | {(line + off, at) for off in (-1, 1) for _, at in room}
    return {place: _mark(glyph, place, codes, inks, palette) for place, glyph in glyphs.items()}


def _labels(made: Landscape) -> dict[int, tuple[str, str]]:
    """Mark and text by index of a point of the path; the most important ones first."""
    epochs, last = made.path.epochs, len(made.path.epochs) - 1
    found = {last: ("●", f"{int(epochs[-1]):,}")}
    if last:
        found[0] = ("○", "")
    power = 10 ** max(0, len(str(int(epochs[-1]))) - 1)
    rounds = (factor * p for p in (power, power // 10) for factor in (5, 2, 1) if p)
    for epoch in rounds:
        at = int(np.searchsorted(epochs, epoch))
        if 0 < at < last and abs(int(epochs[at]) - epoch) <= epoch / 20:
            found.setdefault(at, ("•", f"{int(epochs[at]):,}"))
        if len(found) >= _MOST_LABELS + 2:
            break
    return found


def _path_dots(made: Landscape, lines: int, columns: int) -> Array:
    """The path in dots (4 * lines, 2 * columns)."""
    dots = np.zeros((4 * lines, 2 * columns), bool)
    points = made.pixels(made.points) * 2
    points = points[np.isfinite(points).all(axis=1)]
    steps = np.abs(np.diff(points, axis=0)).max(axis=1, initial=0.0)
    for start, stop, step in zip(points[:-1], points[1:], steps, strict=True):
        count = int(min(4 * (lines + columns), math.ceil(step))) + 1
        x, y = np.floor(np.linspace(start, stop, count + 1)).clip(-1, 10**6).T.astype(int)
        inside = (x >= 0) & (x < 2 * columns) & (y >= 0) & (y < 4 * lines)
        dots[y[inside], x[inside]] = True
    return dots


def nearest_epoch(made: Landscape, line: int, column: int) -> int:
    """The epoch of the path nearest to a cell."""
    with np.errstate(all="ignore"):
        distances = np.hypot(*(made.points - np.array(made.place(2 * line, column))).T)
    nearest = int(np.nanargmin(distances)) if np.isfinite(distances).any() else 0
    return int(made.path.epochs[nearest])


def describe_point(made: Landscape, line: int, column: int, room: int) -> str:
    """Describe in ``room`` cells the loss at a cell, and the point of the path nearest to it."""
    rows = made.losses[2 * line : 2 * line + 2, column]
    epoch = nearest_epoch(made, line, column)
    known = float(made.snapshot.losses.value("train_loss", epoch)[0])
    loss = "computing" if np.isnan(rows[0]) else f"loss {format_loss(float(rows[0]))}"
    run = "" if math.isnan(known) else f", loss {format_loss(known)}"
    wordings = (
        f"{loss} here; nearest on the path: epoch {epoch:,}{run}",
        f"{loss}; nearest: epoch {epoch:,}{run}",
        f"{loss}; nearest: epoch {epoch:,}",
    )
    return next((words for words in wordings if len(words) <= room), wordings[-1])
