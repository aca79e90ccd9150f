"""The rows above the curves: what each is called and its value, now or at the crosshair."""

from collections.abc import Sequence

from textual.strip import Strip

from nn_tui.tui.pictures.series import Series, Subject
from nn_tui.tui.strips import Row
from nn_tui.tui.theme import Palette

_BETWEEN = "   "
_VALUE = 9


def draw_legend(
    subject: Subject,
    crosshair: int | None,
    aside: str,
    width: int,
    most: int,
    palette: Palette,
) -> list[Strip]:
    """At most ``most`` rows; the run itself first, then what it is compared with.

    ``aside`` stands at the end of the last row if there is room.
    """
    entries = [_entry(subject, group, crosshair, palette) for group in _groups(subject.curves)]
    if crosshair is not None:
        entries.insert(0, Row(palette.muted).add(f"epoch {crosshair:,}", palette.strong))
    rows = _flowed(entries, width, most, palette)
    if aside and rows[-1].width + len(_BETWEEN) + len(aside) <= width:
        rows[-1].add(_BETWEEN).add(aside)
    return [row.strip(width) for row in rows]


def _groups(curves: Sequence[Series]) -> list[list[Series]]:
    groups: list[list[Series]] = []
    for curve in curves:
        if curve.label or not groups:
            groups.append([])
        groups[-1].append(curve)
    return sorted(groups, key=lambda group: not group[0].own)


def _entry(
    subject: Subject, group: Sequence[Series], crosshair: int | None, palette: Palette
) -> Row:
    first = group[0]
    values = " / ".join(_value(subject, curve, crosshair) for curve in group)
    row = Row(palette.muted).add("╍ " if first.dashed else "━ ", first.ink)
    row.add(f"{first.label} ", first.ink if first.own else palette.muted)
    return row.add(f"{values:<{_VALUE}}", palette.strong if first.own else palette.muted)


def _value(subject: Subject, curve: Series, crosshair: int | None) -> str:
    if crosshair is None:
        return "-" if curve.latest is None else subject.show(curve.latest)
    found = curve.points.at(crosshair)
    if found is None:
        return "-"
    low, high = (subject.show(value) for value in found)
    return low if low == high else f"{low}…{high}"


def _flowed(entries: Sequence[Row], width: int, most: int, palette: Palette) -> list[Row]:
    """Entries side by side and one below the other; the last tells how many are left out."""
    rows = [Row(palette.muted)]
    for number, entry in enumerate(entries):
        left = len(entries) - number
        more = f"+{left} more"
        row = rows[-1]
        last = len(rows) == most
        room = width - (len(_BETWEEN) + len(more) if last and left > 1 else 0)
        gap = len(_BETWEEN) if row.width else 0
        if row.width and row.width + gap + entry.width > room:
            if last:
                row.add(_BETWEEN + more if row.width + len(more) + gap <= width else "")
                break
            rows.append(Row(palette.muted))
            gap = 0
        rows[-1].add(" " * gap).extend(entry)
    return rows
