"""Below the list of a table's columns: one column's values, and what will be trained."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.raw_columns import INDICATOR, groups_of, sources_of
from nn_tui.data.readers.date_formats import date_text
from nn_tui.data.table_column import TableColumn
from nn_tui.recipe.data_summary import input_columns, split_summary, target_summary
from nn_tui.text import percent
from nn_tui.training.baseline import baseline_of
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.numbers import format_datum, format_fixed
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text, squeezed
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_BARS = " ▁▂▃▄▅▆▇█"
_ASCII_BARS = "    #####"
_WIDEST_HISTOGRAM = 60
_LEAST_CELL, _WIDEST_CELL = 9, 16


class ColumnValues(NamedTuple):
    """Known values of a column: numbers (values,), or the number of samples of each category."""

    numbers: Array | None = None
    counts: tuple[tuple[str, int], ...] = ()


def column_values(dataset: Dataset, column: TableColumn) -> ColumnValues | None:
    """The values of a column of the table; None of one that the dataset does not have."""
    name = column.name
    if name in dataset.target_names:
        if dataset.class_names and len(dataset.target_names) == 1:
            counts = np.bincount(dataset.class_numbers(), minlength=len(dataset.class_names))
            return ColumnValues(
                counts=tuple(zip(dataset.class_names, counts.tolist(), strict=True))
            )
        return ColumnValues(dataset.targets[:, dataset.target_names.index(name)])
    names, raw = dataset.raw_names, dataset.raw_inputs
    places = groups_of(sources_of(names, dataset.table)).get(name)
    if not places:
        return None
    if name in names:
        values = raw[:, names.index(name)]
        if name + INDICATOR in names:
            values = values[raw[:, names.index(name + INDICATOR)] == 0]
        return ColumnValues(values[np.isfinite(values)])
    encoded = [place for place in places if names[place] != name + INDICATOR]
    found = ((names[p].removeprefix(f"{name}="), int(raw[:, p].sum())) for p in encoded)
    return ColumnValues(counts=tuple(found))


def draw_details(
    snapshot: Snapshot, column: TableColumn, changed: bool, area: DrawArea
) -> list[Strip]:
    """Draw the values of ``column``, what is trained, and the first samples.

    ``changed`` is whether other columns are chosen than the dataset has; it is then said that
    the rest is shown once they are accepted.
    """
    (width, height, palette), dataset = area, snapshot.dataset
    bars = 4 if height >= 18 else 3 if height >= 13 else 2
    rows = [_rule(column.name, "the column under the cursor", area)]
    rows += _values(dataset, column, bars, width, palette)
    rows += [_rule("what will be trained", "", area)]
    if changed:
        text = "the file is read with the changed columns once they are accepted"
        return [*rows, _line([(text, palette.muted)], width, palette)]
    rows += _trained(snapshot, width, palette)
    if height - len(rows) >= 3:
        rows += [_rule("first training samples as the network sees them", "", area)]
        rows += _samples(snapshot, height - len(rows), width, palette)
    return rows


def _rule(title: str, beside: str, area: DrawArea) -> Strip:
    row = RowBuilder(area.palette.muted).add(" ").add(title, area.palette.accented).add(" ")
    if beside:
        row.add(f"{beside} ")
    return row.add(("-" if area.palette.ascii else "─") * (area.width - row.width - 1)).strip(
        area.width
    )


def _line(parts: Sequence[tuple[str, Style]], width: int, palette: Palette) -> Strip:
    row = RowBuilder(palette.text).add("  ")
    for text, style in parts:
        row.add(fit_text(text, min(cell_len(text), width - row.width)), style)
    return row.strip(width)


def _values(
    dataset: Dataset, column: TableColumn, bars: int, width: int, palette: Palette
) -> list[Strip]:
    """Bars of the values of a column, in ``bars`` rows and one below for their range."""
    values = column_values(dataset, column)
    beside = f"{column.missing:,} of {dataset.samples:,} missing" if column.missing else ""
    if values is None:
        reason = f" ({column.reason})" if column.reason else ""
        lines = [[(f"left out{reason}; its values are not loaded", palette.muted)]]
        if column.example:
            lines.append([("such as ", palette.muted), (column.example, palette.text)])
        drawn = [_line(line, width, palette) for line in lines[: bars + 1]]
    elif values.numbers is None:
        drawn = [*_category_bars(values, bars + 1, width, palette)]
    else:
        drawn = [*_histogram(values.numbers, column, bars, width, palette, beside)]
        beside = ""
    if beside:
        drawn = [*drawn[:bars], _line([(beside, palette.accented)], width, palette)]
    return drawn + [_line([], width, palette)] * (bars + 1 - len(drawn))


def _histogram(
    numbers: Array,
    column: TableColumn,
    bars: int,
    width: int,
    palette: Palette,
    beside: str,
) -> Iterator[Strip]:
    across = min(_WIDEST_HISTOGRAM, width - 4 - (len(beside) + 3 if beside else 0))
    if not len(numbers) or across < 10:
        yield _line([("no values" if not len(numbers) else "", palette.muted)], width, palette)
        return
    low, high = float(numbers.min()), float(numbers.max())
    if low == high:
        yield _line([(f"all are {_shown(low, column)}", palette.muted)], width, palette)
        return
    whole = bool((numbers == np.rint(numbers)).all()) and high - low < across
    bins = int(high - low) + 1 if whole else min(across, 8 + round(2 * len(numbers) ** 0.5))
    each = across // bins
    ends = (low - 0.5, high + 0.5) if whole else (low, high)
    # NumPy multiplies the range, which then may overflow; a power of 2 changes no bin.
    scale = 2.0**-64 if max(abs(low), abs(high)) > 1e280 else 1.0
    scaled = (ends[0] * scale, ends[1] * scale)
    counts = np.repeat(np.histogram(numbers * scale, bins, scaled)[0], each)
    eighths = np.ceil(counts / counts.max() * 8 * bars).astype(int)
    glyphs = _ASCII_BARS if palette.ascii else _BARS
    for level in range(bars - 1, -1, -1):
        text = "".join(glyphs[int(min(8, max(0, e - 8 * level)))] for e in eighths)
        row = RowBuilder(palette.text).add("  ").add(text, palette.inked(1.0))
        if level == bars - 1 and beside:
            row.add("   ").add(beside, palette.accented)
        yield row.strip(width)
    middle = f"median {_shown(float(np.median(numbers)), column)}"
    left, right = _shown(low, column), _shown(high, column)
    span = len(counts)
    gap = span - len(left) - len(right)
    middle = middle.center(gap) if gap >= len(middle) + 2 else " " * max(1, gap)
    yield _line([(f"{left}{middle}{right}", palette.muted)], width, palette)


def _shown(value: float, column: TableColumn) -> str:
    return date_text(value) if column.kind == "date" else format_datum(value, 10).strip()


def _category_bars(
    values: ColumnValues, rows: int, width: int, palette: Palette
) -> Iterator[Strip]:
    """A bar for each of the most frequent categories."""
    counts = sorted(values.counts, key=lambda pair: -pair[1])
    shown = counts[: rows if len(counts) <= rows else rows - 1]
    most = max((count for _, count in shown), default=1) or 1
    name = min(16, max((cell_len(text) for text, _ in shown), default=1))
    digits = max((len(f"{count:,}") for _, count in shown), default=1)
    room = min(_WIDEST_HISTOGRAM, width - name - digits - 6)
    for text, count in shown:
        row = RowBuilder(palette.text).add("  ").left(squeezed(text, name), name).add(" ")
        row.right(f"{count:,}", digits, palette.muted).add(" ")
        bar = ("#" if palette.ascii else "█") * max(0, round(room * count / most))
        yield row.add(bar, palette.inked(1.0)).strip(width)
    if len(counts) > len(shown):
        yield _line([(f"and {len(counts) - len(shown):,} more", palette.muted)], width, palette)


def _trained(snapshot: Snapshot, width: int, palette: Palette) -> Iterator[Strip]:
    """Inputs and target, split, and the baseline."""
    dataset = snapshot.dataset
    count = dataset.inputs.shape[1]
    inputs = f"{count:,} input{'s' if count != 1 else ''}"
    made = f" from {joined_names(input_columns(dataset), 8)}"
    target = f"  →  {target_summary(dataset)}"
    room = max(0, width - 3 - len(inputs) - cell_len(target))
    made = fit_text(made, min(cell_len(made), room))
    yield _line(
        [(inputs, palette.strong), (made, palette.muted), (target, palette.strong)], width, palette
    )
    yield _line([(split_summary(snapshot.recipe, dataset), palette.text)], width, palette)
    least = baseline_of(dataset, snapshot.network.output)
    if least.accuracy is not None:
        told = percent(least.accuracy), "by always predicting the most frequent class"
    elif least.rmse is not None:
        told = f"RMSE {least.rmse:,.4g}", "by always predicting the mean"
    else:
        return
    parts = [
        ("to beat: ", palette.muted),
        (told[0], palette.strong),
        (f" {told[1]}", palette.muted),
    ]
    yield _line(parts, width, palette)


def _samples(snapshot: Snapshot, height: int, width: int, palette: Palette) -> Iterator[Strip]:
    """A heading and the first rows of inputs and targets as they are trained."""
    dataset = snapshot.dataset
    rows = slice(0, max(0, min(height - 1, dataset.train_count)))
    targets = dataset.encoded(snapshot.network.output, rows)
    names = dataset.target_names
    if len(names) != targets.shape[1]:
        names = dataset.classes or tuple(f"y{n}" for n in range(1, targets.shape[1] + 1))
    columns = [*zip(dataset.input_names, dataset.inputs[rows].T, strict=True)]
    outputs = [*zip(names, targets.T, strict=True)]
    cells = [min(_WIDEST_CELL, max(_LEAST_CELL, cell_len(n) + 2)) for n, _ in (*columns, *outputs)]
    room, at_the_end = width - 10, sum(cells[len(columns) :])
    fitting = len(columns)
    while fitting and sum(cells[:fitting]) + at_the_end > room:
        fitting -= 1
    hidden = len(columns) - fitting
    heading = RowBuilder(palette.muted)
    for (name, _), cell in zip(columns[:fitting], cells, strict=False):
        heading.add("  ").right(squeezed(name, cell - 2), cell - 2)
    heading.add(f"  +{hidden:,}" if hidden else "")
    aside = heading.width
    for (name, _), cell in zip(outputs, cells[len(columns) :], strict=True):
        heading.add("  ").right(squeezed(name, cell - 2), cell - 2, palette.text)
    yield heading.strip(width)
    for number in range(len(targets)):
        row = RowBuilder(palette.text)
        for (_, values), cell in zip(columns[:fitting], cells, strict=False):
            _value(row, float(values[number]), cell, palette)
        row.to(aside)
        for (_, values), cell in zip(outputs, cells[len(columns) :], strict=True):
            _value(row, float(values[number]), cell, palette)
        yield row.strip(width)


def _value(row: RowBuilder, value: float, cell: int, palette: Palette) -> None:
    text = f"{value:.0f}" if value in (0, 1) else format_fixed(value, 7).strip()
    style = palette.inked(float(np.clip(value, -1, 1))) if value else palette.muted
    row.add("  ").right(text, cell - 2, style)
