"""Scores as tables of text."""

from collections.abc import Iterator, Mapping, Sequence

from nn_tui.text import brief, percent
from nn_tui.training.scores import SCORES, ClassScores, Scores, format_score

_MOST_CLASSES = 12


def score_lines(parts: Mapping[str, Scores]) -> Iterator[str]:
    """Lines of a table of scores, with a column for each of ``parts`` that has any."""
    columns = [name for name, part in parts.items() if any(v is not None for v in part.values())]
    rows = [("", *columns)]
    for name, score in SCORES.items():
        if any(part[name] is not None for part in parts.values()):
            rows.append((score.label, *(format_score(name, parts[c][name]) for c in columns)))
    if len(rows) > 1:
        yield from aligned(rows)


def class_lines(title: str, classes: Sequence[ClassScores]) -> Iterator[str]:
    """Lines of precision and recall of each class; of many classes, those with the lowest F1."""
    if not classes:
        return
    rows: list[tuple[str, ...]] = [(title, "precision", "recall", "samples")]
    worst = sorted(range(len(classes)), key=lambda number: classes[number].f1 or 0.0)
    worst = worst[:_MOST_CLASSES]
    for number in sorted(worst):
        entry = classes[number]
        shares = (percent(v) if v is not None else "–" for v in (entry.precision, entry.recall))
        rows.append((f"  {brief(entry.name)}", *shares, f"{entry.samples:,}"))
    yield from aligned(rows)
    if len(classes) > len(worst):
        yield f"    the other {len(classes) - len(worst):,} classes have a higher F1"


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The rows with their first cell on the left and the others on the right of their column."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for label, *cells in rows:
        numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join((f"  {label.ljust(widths[0])}", *numbers))
