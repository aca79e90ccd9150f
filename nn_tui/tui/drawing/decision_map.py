"""A network's predictions over the plane of two inputs, with the samples on it."""

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
from nn_tui.tui.drawing import map_legend
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.braille import braille_glyphs
from nn_tui.tui.drawing.class_marks import class_colour, class_texture
from nn_tui.tui.drawing.colour_scale import (
    SMALLEST,
    Scale,
    target_scale,
    unit_scale,
    without_rounding,
)
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
from nn_tui.tui.drawing.sample_marks import sample_marks
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.theme import Palette, mix
from nn_tui.types import Array

_BANDS = 8  # about how many contour bands span the scale
_FEW_BANDS = 4  # in a small map, where more lines would hide it
_LARGE = 40  # cells across of a map that is not small
_INK = 0.7  # opacity of a line


def contour_interval(scale: Scale, bands: int = _BANDS) -> float:
    """Return the round interval between two contour lines, with about so many ``bands``."""
    about = max(scale.high - scale.low, SMALLEST) / bands
    power = 10.0 ** np.floor(np.log10(about))
    return float(next(power * step for step in (5.0, 2.5, 2.0, 1.0) if power * step <= about * 1.1))


def contour_bands(heights: Array, scale: Scale, count: int = _BANDS) -> Array:
    """Return the contour band (whole number) of each of ``heights``, clipped beyond the scale."""
    reach = scale.high - scale.low
    seen = np.nan_to_num(heights, nan=scale.middle)
    seen = np.clip(seen, scale.low - reach, scale.high + reach)
    # The quotient overflows where the interval is tiny compared to the heights.
    with np.errstate(over="ignore"):
        bands: Array = np.floor(bounded(seen / contour_interval(scale, count)))
    return bands


def quantized(heights: Array, scale: Scale) -> Array:
    """Replace each of ``heights`` with the middle of its contour band."""
    return bounded((contour_bands(heights, scale) + 0.5) * contour_interval(scale))


def boundary_lines(bands: Array, palette: Palette) -> Marks:
    """Return lines where the integers ``bands`` (4 * lines, 2 * width) change, one per dot."""
    ends = np.zeros(bands.shape, bool)
    ends[:, :-1] |= bands[:, 1:] != bands[:, :-1]
    ends[:-1] |= bands[1:] != bands[:-1]
    colour = "" if palette.ansi else mix(palette.background, palette.foreground, _INK)
    style = Style(dim=True) if palette.ansi else palette.text
    return {place: PixelMark(glyph, colour, style) for place, glyph in braille_glyphs(ends).items()}


def upsampled(values: Array) -> Array:
    """Interpolate pixels (2 * lines, width) to dots (4 * lines, 2 * width)."""
    return _twice(_twice(np.nan_to_num(values)).T).T


def _twice(values: Array) -> Array:
    """Double the number of rows by linear interpolation."""
    with np.errstate(all="ignore"):
        above = np.vstack([values[:1], values[:-1]])
        below = np.vstack([values[1:], values[-1:]])
        rows = np.empty((2 * len(values), values.shape[1]))
        rows[0::2] = 0.75 * values + 0.25 * above
        rows[1::2] = 0.75 * values + 0.25 * below
    return rows


EvaluateLayers = Callable[[Array], list[Array]]
"""From raw inputs (points, raw columns) to layers 0 … depth, each (points, units)."""

MapKind = Literal["boundary", "classes", "contour"]

_CONFIDENCE_LEVELS = 8  # shades of a class, from undecided to confident
_MOST_WORK = 15e6  # multiplications per picture; beyond that, pixels are larger
_LARGEST_PIXEL = 8
_LEAST_FOR_CONTOURS = 20  # cells across; in less they hide the map
_NO_ROWS = np.empty(0, int)
_LEGEND_ROOM = (20, 6)
_CELLS_A_SAMPLE = {"boundary": 2, "classes": 2, "contour": 10}
"""Cells per sample shown, so that the map stays visible."""


class MapStyle(NamedTuple):
    """Whether values are discretized, and which samples are shown."""

    discrete: bool = False
    subset: SampleSubset = "all"


def map_kind(snapshot: Snapshot) -> MapKind:
    """Return the kind of map: one decision boundary, several, or contours of a quantity."""
    count = len(snapshot.dataset.class_names)
    return "contour" if not count else "boundary" if count == 2 else "classes"


def draw_decision_map(
    snapshot: Snapshot,
    evaluate: EvaluateLayers,
    plane: Plane,
    style: MapStyle,
    area: DrawArea,
    legend: bool = True,
) -> list[Strip]:
    """Return the map of the (first) output, with a ``legend`` where it fits."""
    width, height, palette = area
    kind, names = map_kind(snapshot), snapshot.dataset.class_names
    rule = snapshot.dataset.decision_rule(snapshot.network.output)
    lines = height - (legend and _has_legend(width, height))
    rows, step = _samples_on(snapshot, style, width * lines)
    outputs, of_samples = _over(
        plane, lambda raw: evaluate(raw)[-1], snapshot.network, width, 2 * lines, rows
    )
    wrong = None
    if rule is not None and kind != "contour":
        predicted = rule.decide(of_samples)
        wrong = (predicted != UNDECIDED) & (predicted != snapshot.dataset.class_numbers(rows))
    inks = signed_inks(palette)
    lines_on: Marks = {}
    if rule is None or kind == "contour":
        scale = target_scale(snapshot)
        heights = snapshot.dataset.decode(outputs)[..., 0]
        shown = quantized(heights, scale) if style.discrete else heights
        codes = signed_codes(scale.shares(shown))
        bands = _BANDS if style.discrete or width >= _LARGE else _FEW_BANDS
        if not style.discrete and width >= _LEAST_FOR_CONTOURS:
            levels = contour_bands(upsampled(heights), scale, bands)
            lines_on = boundary_lines(levels, palette)
        interval = f"{contour_interval(scale, bands):g}"
        what = "colour" if style.discrete else "contour"
        parts = [
            map_legend.scale_part(scale, inks, width // 3, palette),
            [(f"{what} interval {interval}", palette.muted)],
        ]
    elif kind == "classes":
        codes = class_codes(outputs, rule, style.discrete)
        inks = class_inks(len(names), palette)
        lines_on = _between_classes(outputs, rule, palette)
        parts = map_legend.class_parts(names, palette)
    else:
        margins = rule.margins(outputs)
        codes = signed_codes(np.sign(margins) if style.discrete else margins)
        lines_on = boundary_lines(upsampled(margins) > 0, palette)
        parts = map_legend.class_parts(names, palette)
    picture = _Picture(codes, inks, lines_on, parts)
    samples = _Samples(rows, step, wrong)
    return _put_together(snapshot, plane, style, picture, samples, height, palette)


def draw_unit_map(
    snapshot: Snapshot,
    evaluate: EvaluateLayers,
    plane: Plane,
    style: MapStyle,
    unit: tuple[int, int],
    area: DrawArea,
) -> list[Strip]:
    """Return the activation of one unit (layer, number) over the two inputs."""
    width, height, palette = area
    layer, number = unit
    lines = height - _has_legend(width, height)
    values, _ = _over(
        plane, lambda raw: evaluate(raw)[layer][:, [number]], snapshot.network, width, 2 * lines
    )
    values = values[..., 0]
    scale = unit_scale(snapshot, layer, number, values)
    shares = scale.shares(values)
    if layer == snapshot.network.depth:
        scale = target_scale(snapshot, number)
    codes = signed_codes(np.sign(without_rounding(shares)) if style.discrete else shares)
    inks = signed_inks(palette)
    picture = _Picture(codes, inks, {}, [map_legend.scale_part(scale, inks, width // 3, palette)])
    samples = _Samples(*_samples_on(snapshot, style, width * lines), None)
    return _put_together(snapshot, plane, style, picture, samples, height, palette)


@dataclass(frozen=True, eq=False)
class _Picture:
    """Pixels, the lines on them, and the parts of the legend."""

    codes: Array
    inks: tuple[Ink, ...]
    lines: Marks
    parts: list[map_legend.LegendPart]


class _Samples(NamedTuple):
    """The ``rows`` shown, every ``step``-th, and which of them are ``wrong``, if it is known."""

    rows: Array
    step: int
    wrong: Array | None


def _samples_on(snapshot: Snapshot, style: MapStyle, cells: int) -> tuple[Array, int]:
    """Return the rows of the samples on a map of so many cells, and the sampling step."""
    most = max(1, cells // _CELLS_A_SAMPLE[map_kind(snapshot)])
    return shown_rows(snapshot.dataset, style.subset, most)


def _put_together(
    snapshot: Snapshot,
    plane: Plane,
    style: MapStyle,
    picture: _Picture,
    samples: _Samples,
    height: int,
    palette: Palette,
) -> list[Strip]:
    codes = picture.codes
    lines, width = len(codes) // 2, codes.shape[1]
    area = DrawArea(width, lines, palette)
    marks = sample_marks(snapshot, plane, samples.rows, samples.wrong, area)
    strips = draw_pixels(codes, picture.inks, {**picture.lines, **marks}, palette)
    if lines < height:
        parts = [
            *picture.parts,
            *map_legend.wrong_parts(
                samples.wrong is not None and bool(samples.wrong.any()), palette
            ),
            *map_legend.sample_parts(snapshot.dataset, style.subset, samples.step, palette),
        ]
        strips.append(map_legend.draw_legend(parts, width, palette).strip(width))
    return strips


def _between_classes(outputs: Array, rule: DecisionRule, palette: Palette) -> Marks:
    """Return the boundaries between predicted classes."""
    finest = np.stack([upsampled(outputs[..., k]) for k in range(outputs.shape[-1])], axis=-1)
    return boundary_lines(rule.decide(finest), palette)


def class_codes(outputs: Array, rule: DecisionRule, discrete: bool) -> Array:
    """Return indices into ``class_inks`` for ``outputs`` (rows, columns, classes).

    The class is that of the largest output; its confidence grows with the distance to the
    second largest.
    """
    known = np.nan_to_num(outputs, nan=0.0)
    order = np.partition(known, -2, axis=-1)
    with np.errstate(all="ignore"):
        ahead = order[..., -1] - order[..., -2]
        confidence = np.ones_like(ahead) if discrete else ahead / (rule.high - rule.low)
    confidence[rule.decide(known) == UNDECIDED] = 0.0
    levels = np.rint(np.clip(np.nan_to_num(confidence), 0, 1) * _CONFIDENCE_LEVELS).astype(int)
    codes: Array = known.argmax(axis=-1) * (_CONFIDENCE_LEVELS + 1) + levels
    return codes


@lru_cache(maxsize=64)
def class_inks(count: int, palette: Palette) -> tuple[Ink, ...]:
    """Return the colours of each class, from undecided to confident."""
    return tuple(
        _class_ink(number, count, level / _CONFIDENCE_LEVELS, palette)
        for number in range(count)
        for level in range(_CONFIDENCE_LEVELS + 1)
    )


def _class_ink(number: int, count: int, confidence: float, palette: Palette) -> Ink:
    colour = class_colour(number, count, palette)
    if palette.ansi:
        return Ink("", class_texture(number) if confidence > 0.25 else " ", Style(color=colour))
    return Ink(mix(palette.background, colour, confidence * STRENGTH), "▀", palette.text)


def _over(
    plane: Plane,
    evaluate: Callable[[Array], Array],
    network: Architecture,
    width: int,
    height: int,
    rows: Array = _NO_ROWS,
) -> tuple[Array, Array]:
    """Call ``evaluate`` at every pixel and for the samples ``rows``, at once.

    Returns (height, width, units) and (rows, units).
    """
    size = _pixel_size(network, width * height)
    across, down = -(-width // size), -(-height // size)
    places = plane.places(across, down)
    if len(rows):
        places = np.concatenate([places, plane.dataset.raw_inputs[rows]])
    both = evaluate(places)
    outputs = both[: across * down].reshape(down, across, -1)
    if size > 1:
        outputs = outputs.repeat(size, axis=0).repeat(size, axis=1)[:height, :width]
    return outputs, both[across * down :]


def _pixel_size(network: Architecture, places: int) -> int:
    size = 1
    while size < _LARGEST_PIXEL and places / size**2 * network.parameter_count > _MOST_WORK:
        size *= 2
    return size


def _has_legend(width: int, height: int) -> int:
    return int(width >= _LEGEND_ROOM[0] and height >= _LEGEND_ROOM[1])
