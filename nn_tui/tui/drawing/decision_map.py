"""What a network says everywhere on the plane of two inputs, with the samples on it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.data.decision_rule import UNDECIDED, DecisionRule
from nn_tui.nn.architecture import Architecture
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing import map_overlay as map_legend
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.braille import braille_glyphs
from nn_tui.tui.drawing.color_scale import (
    SMALLEST,
    Scale,
    target_scale,
    unit_scale,
    without_rounding,
)
from nn_tui.tui.drawing.map_overlay import sample_marks
from nn_tui.tui.drawing.pixels import (
    STRENGTH,
    Ink,
    Marks,
    PixelMark,
    draw_pixels,
    signed_codes,
    signed_inks,
)
from nn_tui.tui.drawing.plane import Plane, SampleSubset, shown_rows
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.theme import Palette, class_colour, class_texture, mix
from nn_tui.types import Array

_BANDS = 8  # about so many heights from the lowest to the highest
_INK = 0.7  # how near to the ink of text a line is


def contour_interval(scale: Scale) -> float:
    """A round difference of height between one line and the next."""
    about = max(scale.high - scale.low, SMALLEST) / _BANDS
    power = 10.0 ** np.floor(np.log10(about))
    return float(next(power * step for step in (5.0, 2.5, 2.0, 1.0) if power * step <= about * 1.1))


def contour_bands(heights: Array, scale: Scale) -> Array:
    """Which band, a whole number, each of ``heights`` is in; far beyond the scale all are one."""
    reach = scale.high - scale.low
    seen = np.nan_to_num(heights, nan=scale.middle)
    seen = np.clip(seen, scale.low - reach, scale.high + reach)
    # The quotient overflows where the distance is tiny beside the heights.
    with np.errstate(over="ignore"):
        bands: Array = np.floor(bounded(seen / contour_interval(scale)))
    return bands


def quantized(heights: Array, scale: Scale) -> Array:
    """The middle of the band that each of ``heights`` is in."""
    return bounded((contour_bands(heights, scale) + 0.5) * contour_interval(scale))


def boundary_lines(sorts: Array, palette: Palette) -> Marks:
    """Lines where whole numbers ``sorts`` (4 * lines, 2 * width) change, one a dot."""
    ends = np.zeros(sorts.shape, bool)
    ends[:, :-1] |= sorts[:, 1:] != sorts[:, :-1]
    ends[:-1] |= sorts[1:] != sorts[:-1]
    colour = "" if palette.ansi else mix(palette.background, palette.foreground, _INK)
    style = Style(dim=True) if palette.ansi else palette.text
    return {place: PixelMark(glyph, colour, style) for place, glyph in braille_glyphs(ends).items()}


def upsampled(values: Array) -> Array:
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


EvaluateLayers = Callable[[Array], list[Array]]
"""From raw inputs (places, raw columns) to the layers 0 … depth, each (places, units)."""

MapKind = Literal["boundary", "classes", "contour"]

_SURE = 8  # shades of a class, from undecided to sure
_MOST_WORK = 15e6  # multiplications for a picture; beyond that its pixels are larger
_LARGEST_PIXEL = 8
_LEGEND_ROOM = (20, 6)
_CELLS_A_SAMPLE = {"boundary": 2, "classes": 2, "contour": 10}
"""So many cells of the picture for each sample shown, that the ground can be seen."""


class MapStyle(NamedTuple):
    """Whether everything is told in few colours, and which samples are shown."""

    discrete: bool = False
    which: SampleSubset = "all"


def map_kind(snapshot: Snapshot) -> MapKind:
    """What there is to be seen over the inputs: a border, several, or heights."""
    count = len(snapshot.dataset.class_names)
    return "contour" if not count else "boundary" if count == 2 else "classes"


def draw_decision_map(
    snapshot: Snapshot,
    ask: EvaluateLayers,
    plane: Plane,
    look: MapStyle,
    area: DrawArea,
) -> list[Strip]:
    """What the output says (of several quantities the first), and a legend where it fits."""
    width, height, palette = area
    kind, names = map_kind(snapshot), snapshot.dataset.class_names
    rule = snapshot.dataset.decision_rule(snapshot.network.output)
    lines = height - _has_legend(width, height)
    said = _over(plane, lambda raw: ask(raw)[-1], snapshot.network, width, 2 * lines)
    inks = signed_inks(palette)
    lines_on: Marks = {}
    if rule is None or kind == "contour":
        scale = target_scale(snapshot)
        heights = said[..., 0]
        shown = quantized(heights, scale) if look.discrete else heights
        codes = signed_codes(scale.shares(shown))
        if not look.discrete:
            levels = contour_bands(upsampled(heights), scale)
            lines_on = boundary_lines(levels, palette)
        distance = f"{contour_interval(scale):g}"
        what = "a colour" if look.discrete else "a line"
        parts = [
            map_legend.scale_part(scale, inks, width // 3, palette),
            [(f"{what} every {distance}", palette.muted)],
        ]
    elif kind == "classes":
        codes = class_codes(said, rule, look.discrete)
        inks = class_inks(len(names), palette)
        lines_on = _between_classes(said, rule, palette)
        parts = map_legend.class_parts(names, palette)
    else:
        margins = rule.margins(said)
        codes = signed_codes(np.sign(margins) if look.discrete else margins)
        lines_on = boundary_lines(upsampled(margins) > 0, palette)
        parts = map_legend.class_parts(names, palette)
    picture = _Picture(codes, inks, lines_on, parts)
    return _put_together(snapshot, plane, look, picture, kind, height, palette)


def draw_unit_map(
    snapshot: Snapshot,
    ask: EvaluateLayers,
    plane: Plane,
    look: MapStyle,
    unit: tuple[int, int],
    area: DrawArea,
) -> list[Strip]:
    """What one unit (layer, number) says over the two inputs."""
    width, height, palette = area
    layer, number = unit
    lines = height - _has_legend(width, height)
    values = _over(
        plane, lambda raw: ask(raw)[layer][:, [number]], snapshot.network, width, 2 * lines
    )[..., 0]
    scale = unit_scale(snapshot, layer, number, values)
    shares = scale.shares(values)
    codes = signed_codes(np.sign(without_rounding(shares)) if look.discrete else shares)
    inks = signed_inks(palette)
    picture = _Picture(codes, inks, {}, [map_legend.scale_part(scale, inks, width // 3, palette)])
    return _put_together(snapshot, plane, look, picture, map_kind(snapshot), height, palette)


@dataclass(frozen=True, eq=False)
class _Picture:
    """Pixels, the lines on them, and what the legend says of both."""

    codes: Array
    inks: tuple[Ink, ...]
    lines: Marks
    parts: list[map_legend.LegendPart]


def _put_together(
    snapshot: Snapshot,
    plane: Plane,
    look: MapStyle,
    picture: _Picture,
    kind: MapKind,
    height: int,
    palette: Palette,
) -> list[Strip]:
    codes = picture.codes
    lines, width = len(codes) // 2, codes.shape[1]
    most = max(1, width * lines // _CELLS_A_SAMPLE[kind])
    rows, step = shown_rows(snapshot.dataset, look.which, most)
    marks = sample_marks(snapshot, plane, rows, DrawArea(width, lines, palette))
    strips = draw_pixels(codes, picture.inks, {**picture.lines, **marks}, palette)
    if lines < height:
        parts = [
            *picture.parts,
            *map_legend.sample_parts(snapshot.dataset, look.which, step, palette),
        ]
        strips.append(map_legend.draw_legend(parts, width, palette).strip(width))
    return strips


def _between_classes(said: Array, rule: DecisionRule, palette: Palette) -> Marks:
    """The lines at which one class gives way to another."""
    finest = np.stack([upsampled(said[..., k]) for k in range(said.shape[-1])], axis=-1)
    return boundary_lines(rule.decide(finest), palette)


def class_codes(said: Array, rule: DecisionRule, discrete: bool) -> Array:
    """Numbers into ``class_inks`` for outputs ``said`` (rows, columns, classes).

    The class is the largest output's; it is the surer, the further that is from the second.
    """
    known = np.nan_to_num(said, nan=0.0)
    order = np.partition(known, -2, axis=-1)
    with np.errstate(all="ignore"):
        ahead = order[..., -1] - order[..., -2]
        sure = np.ones_like(ahead) if discrete else ahead / (rule.high - rule.low)
    sure[rule.decide(known) == UNDECIDED] = 0.0
    levels = np.rint(np.clip(np.nan_to_num(sure), 0, 1) * _SURE).astype(int)
    codes: Array = known.argmax(axis=-1) * (_SURE + 1) + levels
    return codes


@lru_cache(maxsize=64)
def class_inks(count: int, palette: Palette) -> tuple[Ink, ...]:
    """For each class from undecided to sure."""
    return tuple(
        _class_ink(number, count, level / _SURE, palette)
        for number in range(count)
        for level in range(_SURE + 1)
    )


def _class_ink(number: int, count: int, sure: float, palette: Palette) -> Ink:
    colour = class_colour(number, count, palette)
    if palette.ansi:
        return Ink("", class_texture(number) if sure > 0.25 else " ", Style(color=colour))
    return Ink(mix(palette.background, colour, sure * STRENGTH), "▀", palette.text)


def _over(
    plane: Plane, ask: Callable[[Array], Array], network: Architecture, width: int, height: int
) -> Array:
    """What ``ask`` says at every pixel (height, width, units)."""
    size = _pixel_size(network, width * height)
    across, down = -(-width // size), -(-height // size)
    said = ask(plane.places(across, down)).reshape(down, across, -1)
    if size > 1:
        said = said.repeat(size, axis=0).repeat(size, axis=1)[:height, :width]
    return said


def _pixel_size(network: Architecture, places: int) -> int:
    size = 1
    while size < _LARGEST_PIXEL and places / size**2 * network.parameter_count > _MOST_WORK:
        size *= 2
    return size


def _has_legend(width: int, height: int) -> int:
    return int(width >= _LEGEND_ROOM[0] and height >= _LEGEND_ROOM[1])
