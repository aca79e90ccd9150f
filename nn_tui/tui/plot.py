"""Line charts by plotext, as strips. The only module that knows plotext.

plotext has one figure for the whole process, so charts are drawn on the event loop's
thread only.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.ansi import AnsiDecoder
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

_DECODER = AnsiDecoder()


@dataclass(frozen=True)
class Line:
    """One curve; where ``y`` is not finite there is a gap. ``ink`` is the style's foreground."""

    x: Sequence[float]
    y: Sequence[float]
    ink: Style


@dataclass(frozen=True)
class Axes:
    """The ranges of x and y, and the values that get a tick with their labels."""

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_ticks: Sequence[tuple[float, str]]
    y_ticks: Sequence[tuple[float, str]]


def draw_chart(
    lines: Sequence[Line],
    axes: Axes,
    width: int,
    height: int,
    text: Style,
) -> list[Strip]:
    """The curves over labelled axes, in exactly ``width`` x ``height`` cells."""
    import plotext  # the first picture, at epoch 0, needs no chart

    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    plotext.theme("clear")
    plotext.xaxes(True, False)
    plotext.yaxes(True, False)
    for number, line in enumerate(lines):
        # Each curve has a colour number of its own; the inks are put in afterwards, so
        # that themes of every depth look right.
        heights = [_share(y, axes.y_range) for y in line.y]
        plotext.plot(list(line.x), heights, marker="braille", color=number + 1)
    plotext.xlim(*axes.x_range)
    plotext.ylim(0, 1)
    plotext.xticks([at for at, _ in axes.x_ticks], [label for _, label in axes.x_ticks])
    y_places = [_share(at, axes.y_range) for at, _ in axes.y_ticks]
    plotext.yticks(y_places, [label for _, label in axes.y_ticks])
    inks = {number + 1: line.ink for number, line in enumerate(lines)}
    rows = list(_DECODER.decode(plotext.build()))
    strips = []
    for row in rows[:height]:
        segments = [
            Segment(part, _restyled(style, inks, text))
            for part, style in _parts(row.plain, [(s.start, s.end, s.style) for s in row.spans])
        ]
        strips.append(Strip(segments).adjust_cell_length(width, text))
    return strips


def _share(y: float, y_range: tuple[float, float]) -> float:
    """How far up ``y`` is; plotext cannot place infinity, or numbers near the largest."""
    low, high = y_range
    return (y - low) / (high - low) if math.isfinite(y) else math.nan


def _parts(
    plain: str, spans: Sequence[tuple[int, int, str | Style]]
) -> list[tuple[str, Style | None]]:
    parts: list[tuple[str, Style | None]] = []
    at = 0
    for start, end, style in spans:
        if start > at:
            parts.append((plain[at:start], None))
        parts.append((plain[start:end], style if isinstance(style, Style) else None))
        at = end
    if at < len(plain):
        parts.append((plain[at:], None))
    return parts


def _restyled(style: Style | None, inks: dict[int, Style], text: Style) -> Style:
    number = style.color.number if style is not None and style.color is not None else None
    return inks.get(number, text) if number is not None else text
