"""The layers of a network as a table of histograms and numbers: the health view."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.training.health_diagnosis import diagnose, is_bad
from nn_tui.training.layer_health import USUAL_RATIO, HealthReport, LayerHealth
from nn_tui.tui.drawing.numbers import format_datum
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, paragraph
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_BARS = " ▁▂▃▄▅▆▇█"
_HISTOGRAM = (5, 32)
"""Least and largest width of a histogram."""
_LEGIBLE = 12
"""Width of a histogram that goes before the columns that are not ``_ALWAYS`` there."""
_ALWAYS = ("saturated", "constant", "ratio")
_TRACK = 21
_LOWEST = -6.0
"""log10 of update to weight at the left end of the track; its right end is 0."""
_PARTS = ("saturated", "constant", "ratio", "norm", "spread", "gradients", "track")
"""Columns beside name and activations, the first ones in the narrowest table."""
_TITLES = {
    "saturated": "satur.",
    "constant": "const.",
    "ratio": "update",
    "norm": "‖∇‖",
    "spread": "spread",
    "track": "update/weights",
}
_NOTES = (
    ("spread", "standard deviation of a unit over the samples, mean of the units"),
    ("satur.", "share with a derivative below 5 % of the largest; of relu: zeros"),
    ("const.", "units that vary by less than 0.001 over all samples"),
    ("update", "log10 of ‖next update‖ / ‖weights‖; -3 is usual"),
)


class _Table(NamedTuple):
    """Which columns there are, and their widths; ``lines`` is the height of a layer's row."""

    parts: tuple[str, ...]
    name: int
    histogram: int
    constant: int
    lines: int
    first: int
    shown: int

    def width(self, part: str) -> int:
        fixed = {"saturated": 6, "ratio": 6, "norm": 7, "spread": 6, "track": _TRACK}
        if part == "gradients":
            return self.histogram
        return self.constant if part == "constant" else fixed[part]


def draw_health(report: HealthReport, chosen: int | None, area: DrawArea) -> list[Strip]:
    """Return the table, with the layer of index ``chosen`` marked if there is one."""
    width, height, palette = area
    sentence = diagnose(report)
    notes = paragraph(sentence, width, palette.strong) if sentence else []
    table = _lay_out(report, chosen or 0, width, height - len(notes))
    rows = [_heading(report, table, palette)]
    shown = report.layers[table.first : table.first + table.shown]
    depth = report.snapshot.network.depth
    for number, layer in enumerate(shown, table.first):
        rows += _layer(layer, number == chosen, depth, table, palette)
    strips = [row.strip(width) for row in rows[: max(0, height - len(notes))]]
    legend = [
        RowBuilder(palette.muted).add(f"{word:<7}", palette.text).add(text).strip(width)
        for word, text in _NOTES
        if len(text) + 7 <= width
    ]
    spare = height - len(strips) - len(notes) - bool(notes)
    if spare > len(legend):
        notes = [*notes, RowBuilder(palette.text).strip(width), *legend]
    if len(strips) + len(notes) < height:
        strips.append(RowBuilder(palette.text).strip(width))
    return [*strips, *notes][:height]


def describe_layer(report: HealthReport, chosen: int, room: int) -> str:
    """Describe the layer of index ``chosen`` in ``room`` cells."""
    layer = report.layers[min(chosen, len(report.layers) - 1)]
    parts = [f"{_name(layer, report)} {layer.units:,} unit{'s' if layer.units > 1 else ''}"]
    if layer.saturated is not None:
        parts.append(f"{100 * layer.saturated:.1f} % saturated")
    parts.append(f"{layer.constant:,} constant")
    if layer.gradient_norm is not None:
        parts.append(f"‖∇‖ {layer.gradient_norm:.3e}")
    if layer.ratio is not None:
        parts.append(f"update/weights {10**layer.ratio:.1e}")
    while len(parts) > 1 and len("  ".join(parts)) > room:
        parts.pop()
    return "  ".join(parts)


def _lay_out(report: HealthReport, chosen: int, width: int, height: int) -> _Table:
    layers = report.layers
    name = max(len(_name(layer, report)) for layer in layers)
    constant = max(6, *(len(_constant(layer)) for layer in layers))
    table = _Table((), name, _HISTOGRAM[0], constant, 1, 0, len(layers))
    for part in _PARTS:
        wider = table._replace(parts=(*table.parts, part))
        needed = wider if part in _ALWAYS else wider._replace(histogram=_LEGIBLE)
        if _width(needed) <= width:
            table = wider
    if "track" in table.parts:
        table = table._replace(parts=tuple(part for part in table.parts if part != "ratio"))
    flexible = 1 + ("gradients" in table.parts)
    spare = max(0, width - _width(table)) // flexible
    table = table._replace(histogram=min(_HISTOGRAM[1], _HISTOGRAM[0] + spare))
    room = max(1, height - 1)
    lines = max(1, min(3, room // len(layers)))
    count = min(len(layers), room)
    first = max(0, min(chosen - count // 2, len(layers) - count))
    return table._replace(lines=lines, first=first, shown=count)


def _width(table: _Table) -> int:
    return table.name + 1 + table.histogram + sum(1 + table.width(part) for part in table.parts)


def _heading(report: HealthReport, table: _Table, palette: Palette) -> RowBuilder:
    row = RowBuilder(palette.accented)
    ends = {(layer.low, layer.high) for layer in report.layers[:-1] or report.layers}
    titles = ["activations", ""]
    if len(ends) == 1:
        span = " … ".join(format_datum(end, 6) for end in next(iter(ends)))
        titles = [f"activations {span}", "activations", span, ""]
    title = next(title for title in titles if len(title) <= table.histogram)
    row.to(table.name + 1).left(title, table.histogram)
    for part in table.parts:
        row.add(" ")
        if part == "gradients":
            row.left(_gradient_title(report, table.histogram), table.histogram)
        elif part == "track":
            row.left(_TITLES[part], table.width(part))
        else:
            row.right(_TITLES[part], table.width(part))
    return row


def _gradient_title(report: HealthReport, room: int) -> str:
    if report.decades is None:
        return "|∇|"
    ends = "{} 1e{} … 1e{}"
    titles = (ends.format(word, *report.decades) for word in ("gradients", "|∇|"))
    return next((title for title in titles if len(title) <= room), "|∇|")


def _layer(
    layer: LayerHealth, chosen: bool, depth: int, table: _Table, palette: Palette
) -> list[RowBuilder]:
    """The lines of a layer: bars over one or two of them, numbers on the last."""
    bars = min(2, table.lines)
    bad = is_bad(layer, depth)
    activations = _bars(layer.activations, table.histogram, bars)
    gradients = _bars(layer.gradients, table.histogram, bars)
    rows = []
    for line in range(bars):
        last = line == bars - 1
        row = RowBuilder(palette.text)
        name = "ŷ" if layer.number == depth else f"l{layer.number}"
        row.left(name if last else "", table.name, palette.chosen if chosen and last else None)
        row.add(" ").add(activations[line], palette.inked(1.0))
        for part in table.parts:
            row.add(" ")
            if part == "gradients":
                row.add(gradients[line], palette.muted)
            elif not last:
                row.add(" " * table.width(part))
            elif part == "track":
                _add_track(row, layer.ratio, bad["ratio"], palette)
            else:
                style = palette.bad if bad.get(part) else None
                row.right(_text(layer, part), table.width(part), style)
        rows.append(row)
    return rows + [RowBuilder(palette.text)] * (table.lines - bars)


def _text(layer: LayerHealth, part: str) -> str:
    if part == "saturated":
        return "–" if layer.saturated is None else f"{100 * layer.saturated:.0f} %"
    if part == "constant":
        return _constant(layer)
    if part == "ratio":
        return _ratio(layer.ratio)
    if part == "norm":
        return "–" if layer.gradient_norm is None else f"{layer.gradient_norm:.1e}"
    small = 0 < layer.spread < 0.0001 or layer.spread >= 1000
    return f"{layer.spread:.0e}" if small else f"{layer.spread:.4f}"[:6]


def _constant(layer: LayerHealth) -> str:
    return f"{layer.constant}/{layer.units}"


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return "–"
    return "none" if math.isinf(ratio) else f"{ratio:.1f}"


def _add_track(row: RowBuilder, ratio: float | None, bad: bool, palette: Palette) -> None:
    """Append a line from -6 to 0 with the usual ratio and the layer's, and its number."""
    cells = _TRACK - 6
    place = _place(USUAL_RATIO, cells)
    track: list[tuple[str, Style]] = [("─", palette.faint)] * cells
    track[place] = ("┼", palette.accented)
    if ratio is not None:
        track[_place(ratio, cells)] = ("●", palette.bad if bad else palette.accented)
    for glyph, style in track:
        row.add(glyph, style)
    row.right(_ratio(ratio), 6, palette.bad if bad else None)


def _place(ratio: float, cells: int) -> int:
    share = (max(_LOWEST, min(0.0, ratio)) - _LOWEST) / -_LOWEST
    return round(share * (cells - 1))


def _name(layer: LayerHealth, report: HealthReport) -> str:
    return "ŷ" if layer.number == report.snapshot.network.depth else f"l{layer.number}"


def _bars(counts: Array, width: int, lines: int) -> Sequence[str]:
    """Return a histogram of ``counts`` (bins,) in ``width`` × ``lines`` cells, top line first.

    Neighbouring bins are joined; a bin that is not empty is at least an eighth high, and the
    highest ends below the bars of the layer above.
    """
    edges = np.arange(width + 1) * len(counts) // width
    sums = np.diff(np.concatenate([[0], np.cumsum(counts)])[edges])
    if width > len(counts):
        sums = counts[np.arange(width) * len(counts) // width]
    most = int(sums.max(initial=0))
    eighths = np.ceil(sums / max(1, most) * (8 * lines - 1 - lines)).astype(int)
    return [
        "".join(_BARS[max(0, min(8, e - 8 * level))] for e in eighths.tolist())
        for level in range(lines - 1, -1, -1)
    ]
