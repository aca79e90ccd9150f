"""All scores of a network: of every part of the data, beside the baseline, and by class."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.text import percent
from nn_tui.training.scores import SCORES, ClassScores, ScoreTable, format_score
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, squeezed
from nn_tui.tui.theme import Palette

_LOWER_IS_BETTER = ("log_loss", "rmse", "mae")
_WIDEST_CLASS = 18
_GAP = 2
_ROOMY = 46
_SHORT = {"balanced_accuracy": "balanced acc."}

Cell = tuple[str, Style]


def draw_scores(table: ScoreTable, area: DrawArea) -> list[Strip]:
    """Draw the ``table``: a row for each score, then one for each class, worst classes first.

    A score of the part that the baseline is evaluated on is grey where it is not better.
    """
    width, height, palette = area
    parts = {
        part: table.of(part) for part in ("test", "validation", "train") if part in table.parts
    }
    first, *others = ((part, palette.test if part == "test" else palette.muted) for part in parts)
    rows: list[list[Cell]] = [[("", palette.muted), first, ("baseline", palette.muted), *others]]
    for name, score in SCORES.items():
        least = table.baseline[name]
        if least is None and all(part[name] is None for part in parts.values()):
            continue
        label = score.label if width >= _ROOMY else _SHORT.get(name, score.label)
        cells: list[Cell] = [(label, palette.text)]
        for part, values in parts.items():
            value = values[name]
            better = is_better(name, value, least)
            style = palette.strong if part == table.decisive_part and better else palette.muted
            cells.append((format_score(name, value), style))
        cells.insert(2, (format_score(name, least), palette.muted))
        rows.append(cells)
    strips = [*_aligned(rows, width, palette)]
    classes = table.classes_of(table.decisive_part)
    if classes and height - len(strips) >= 4:
        strips.append(RowBuilder(palette.text).strip(width))
        room = height - len(strips) - 1
        strips += _aligned(_class_rows(table.decisive_part, classes, room, palette), width, palette)
    return strips[:height]


def is_better(name: str, value: float | None, least: float | None) -> bool:
    """Whether a score is better than the baseline's."""
    if value is None or least is None:
        return value is not None
    return value < least if name in _LOWER_IS_BETTER else value > least


def _class_rows(
    part: str, classes: Sequence[ClassScores], room: int, palette: Palette
) -> list[list[Cell]]:
    heading = [f"{part} set", "precision", "recall", "samples"]
    rows: list[list[Cell]] = [[(text, palette.muted) for text in heading]]
    worst = sorted(classes, key=lambda entry: entry.f1 or 0.0)
    for entry in worst if len(worst) <= room else worst[: room - 1]:
        shares = ("–" if v is None else percent(v) for v in (entry.precision, entry.recall))
        cells = [(squeezed(entry.name, _WIDEST_CLASS), palette.text)]
        cells += [(text, palette.strong) for text in shares]
        rows.append([*cells, (f"{entry.samples:,}", palette.muted)])
    if len(worst) > room:
        rows.append([(f"{len(worst) - room + 1:,} more", palette.muted)])
    return rows


def _aligned(rows: Sequence[Sequence[Cell]], width: int, palette: Palette) -> Iterator[Strip]:
    """Rows with their first cell on the left, the others on the right of their columns."""
    count = max(map(len, rows))
    widths = [max(cell_len(row[i][0]) for row in rows if i < len(row)) for i in range(count)]
    gap = _GAP
    while count > 2 and 1 + sum(widths[:count]) + gap * (count - 1) > width:
        # The third column is the baseline: rather than leave it out, columns move together.
        gap, count = (1, count) if count == 3 and gap > 1 else (gap, count - 1)
    for (label, style), *cells in rows:
        row = RowBuilder(palette.text).add(" ").left(label, widths[0], style)
        for (text, ink), cell in zip(cells[: count - 1], widths[1:], strict=False):
            row.add(" " * gap).right(text, cell, ink)
        yield row.strip(width)
