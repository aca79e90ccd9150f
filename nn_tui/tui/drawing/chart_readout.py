"""Rows with the name and value of each curve: at the crosshair, or instead of a chart."""

from collections.abc import Sequence

from textual.strip import Strip

from nn_tui.tui.drawing.chart_series import ChartContent, ChartCurve
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import Palette

_GAP = 2
_VALUE = 9
_NOTHING = "-"


def draw_readout(
    content: ChartContent, crosshair: int | None, width: int, most: int, palette: Palette
) -> list[Strip]:
    """Return at most ``most`` rows, the run's own curves first.

    With a crosshair, its epoch comes first.
    """
    if not content.curves:
        return []
    entries = [_entry(content, group, crosshair, palette) for group in _groups(content.curves)]
    if crosshair is not None:
        entries.insert(0, _epoch(content, crosshair, palette))
    return [row.strip(width) for row in _flowed(entries, width, most, palette)]


def _epoch(content: ChartContent, crosshair: int, palette: Palette) -> RowBuilder:
    """The epoch in a constant width, so that values keep their position."""
    last = max((float(c.points.last[-1]) for c in content.curves if len(c.points)), default=0)
    width = len(f"{max(round(last), crosshair):,}")
    return RowBuilder(palette.strong).add(f"at epoch {crosshair:,}".ljust(len("at epoch ") + width))


def _groups(curves: Sequence[ChartCurve]) -> list[list[ChartCurve]]:
    groups: list[list[ChartCurve]] = []
    for curve in curves:
        if not curve.label:
            continue
        if not curve.minor or not groups:
            groups.append([])
        groups[-1].append(curve)
    return groups


def _entry(
    content: ChartContent, group: Sequence[ChartCurve], crosshair: int | None, palette: Palette
) -> RowBuilder:
    row = RowBuilder(palette.muted)
    values = [_value(content, curve, crosshair) for curve in group]
    if set(values) == {_NOTHING}:
        group = group[:1]
    for curve, value in zip(group, values, strict=False):
        label = "" if curve.minor else curve.label
        row.add("╍ " if curve.dashed else "━ ", curve.ink).add(label, curve.ink)
        row.add(" " if label else "")
        row.add(f"{value:<{_VALUE}}", palette.strong if curve.own else palette.muted)
    return row


def _value(content: ChartContent, curve: ChartCurve, crosshair: int | None) -> str:
    if crosshair is None:
        return _NOTHING if curve.latest is None else content.show(curve.latest)
    found = curve.points.at(crosshair)
    if found is None:
        return _NOTHING
    low, high = (content.show(value) for value in found)
    return low if low == high else f"{low}…{high}"


def _flowed(
    entries: Sequence[RowBuilder], width: int, most: int, palette: Palette
) -> list[RowBuilder]:
    """Arrange entries in rows; the last one counts those left out."""
    rows = [RowBuilder(palette.muted)]
    for number, entry in enumerate(entries):
        left = len(entries) - number
        row = rows[-1]
        rest = _GAP + len(f"+{left}") if len(rows) == most and left > 1 else 0
        if not row.width or row.width + _GAP + entry.width + rest <= width:
            row.to(row.width + _GAP if row.width else 0).extend(entry)
        elif len(rows) < most:
            rows.append(RowBuilder(palette.muted).extend(entry))
        else:
            more = f"+{left} more"
            row.to(row.width + _GAP).add(more if row.width + len(more) <= width else f"+{left}")
            break
    return rows
