"""The losses of replicas as a strip, the lowest first, and what they have in common."""

import math

from rich.style import Style
from textual.strip import Strip

from nn_tui.training.replica_results import ReplicaResults
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, blank
from nn_tui.tui.theme import Palette

_HEIGHT_FOR_SUMMARY, _HEIGHT_FOR_TWO = 10, 13
"""Heights of the pane from which a row has the summary, and from which the strip has two rows."""
_GAP = 1


def strip_height(replicas: ReplicaResults, width: int, height: int) -> int:
    """Return the rows that summary and strip take of a pane of that size."""
    if height < _HEIGHT_FOR_SUMMARY:
        return 1
    cells = len(replicas.results)
    two = height >= _HEIGHT_FOR_TWO and cells > _columns(replicas, width)
    return 3 if two else 2


def draw_seeds(replicas: ReplicaResults, area: DrawArea) -> list[Strip]:
    """Draw the summary above the sorted losses; with a single row only the losses.

    ``✓`` is below the target loss, ``✗`` diverged. The seed in the panes is highlighted and
    always visible; of many, the strip says how many are before and after those in it.
    """
    width, height, palette = area
    rows = [] if height == 1 else [_summary(replicas, width, palette)]
    lines = max(1, height - 1)
    across = _columns(replicas, width)
    if across * lines < len(replicas.order):
        return [*rows, *_short_rows(replicas, width, lines, palette)]
    for line in range(lines):
        row = RowBuilder(palette.muted)
        for index in replicas.order[line * across : (line + 1) * across]:
            row.add(_cell(replicas, index), _style(replicas, index, palette)).add(" " * _GAP)
        rows.append(row.strip(width) if row.width else blank(width, palette.text))
    return rows


def _short_rows(replicas: ReplicaResults, width: int, lines: int, palette: Palette) -> list[Strip]:
    """The seeds without their losses, except for the one shown; of too many, those around it."""
    order = replicas.order
    at, count = order.index(replicas.shown), len(order)
    texts = [_seed(replicas, index) for index in order]
    texts[at] = _cell(replicas, replicas.shown)
    size = len(_seed(replicas, 0)) + _GAP
    # A row may end before a cell that does not fit into its rest.
    room = lines * width - (lines - 1) * len(texts[at]) - len(texts[at])
    first, last = 0, count
    if (count - 1) * size > room:
        shown = 1 + max(0, room - 2 * len(f"‹ {count} ")) // size
        first = min(max(0, at - shown // 2), count - shown)
        last = first + shown
    cells = [(texts[i], _style(replicas, order[i], palette)) for i in range(first, last)]
    if first:
        cells.insert(0, (f"‹ {first}", palette.muted))
    if last < count:
        cells.append((f"{count - last} ›", palette.muted))
    rows = [RowBuilder(palette.muted)]
    for text, style in cells:
        if rows[-1].width + len(text) > width and len(rows) < lines:
            rows.append(RowBuilder(palette.muted))
        rows[-1].add(text, style).add(" " * _GAP)
    rows += [RowBuilder(palette.muted)] * (lines - len(rows))
    return [row.strip(width) for row in rows]


def _columns(replicas: ReplicaResults, width: int) -> int:
    """How many seeds fit beside each other."""
    return max(1, (width + _GAP) // (_size(replicas) + _GAP))


def _size(replicas: ReplicaResults) -> int:
    return len(_cell(replicas, len(replicas.results) - 1))


def _cell(replicas: ReplicaResults, index: int) -> str:
    """A mark, the seed, and its loss, in a constant width."""
    return f"{_seed(replicas, index)} {_short(replicas.results[index].loss):>7} "


def _seed(replicas: ReplicaResults, index: int) -> str:
    """A mark and the seed, in a constant width."""
    result = replicas.results[index]
    mark = "✗" if result.diverged else "✓" if replicas.is_below_target(index) else " "
    return f"{mark}{result.seed:>{len(str(replicas.results[-1].seed))}}"


def _short(loss: float) -> str:
    """A loss in at most seven cells."""
    if not math.isfinite(loss):
        return "–"
    if loss >= 1e5 or 0 < loss < 1e-5:
        return f"{loss:.1e}"
    if loss >= 1000:
        return f"{loss:,.0f}"
    return f"{loss:.3g}" if loss >= 1e-3 else f"{loss:.5f}"


def _style(replicas: ReplicaResults, index: int, palette: Palette) -> Style:
    if index == replicas.shown:
        return palette.cursor
    if replicas.results[index].diverged:
        return palette.bad
    return palette.text if replicas.is_below_target(index) else palette.muted


def _summary(replicas: ReplicaResults, width: int, palette: Palette) -> Strip:
    """What the seeds have in common; without anything, how far apart they are."""
    count = len(replicas.results)
    row = RowBuilder(palette.muted).add(f"{count} seeds", palette.strong)
    row.add(", training loss: ")
    row.add(replicas.summary or replicas.spread, palette.strong)
    return row.strip(width)
