"""The line below the data: sizes of training and test set, and how well they are predicted."""

from textual.strip import Strip

from nn_tui.text import percent
from nn_tui.training.metrics import METRICS
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.numbers import format_error
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import Palette

_ERROR = "mean |y - ŷ|"
_ABBREVIATIONS = {_ERROR: f"{METRICS['error'].short_label} "}


def draw_data_summary(snapshot: Snapshot, width: int, palette: Palette) -> Strip:
    """Return accuracy (of classes) and mean absolute error of the training and test set.

    Where not all fit, the error is left out first.
    """
    dataset = snapshot.dataset
    errors = [format_error(snapshot.metrics.get(f"{part}_error")) for part in ("train", "test")]
    figures = {_ERROR: errors}
    if snapshot.classifies:
        accuracies = [percent(part) for part in (snapshot.train_accuracy, snapshot.test_accuracy)]
        figures = {"accuracy": accuracies, **figures}
    if not dataset.test_count:
        row = RowBuilder(palette.muted).add(f"{dataset.samples:,} samples")
        return _with_more(row, [f"{name} {train}" for name, (train, _) in figures.items()], width)
    (name, (train, test)), *rest = figures.items()
    counts = f"{dataset.train_count:,} train", f"{dataset.test_count:,} test"
    for before, after in (
        (f"{name}: {counts[0]} {train}, ", f" {counts[1]} {test}"),
        (f"{name} {train} train, ", f" {test} test"),
        (f"{_ABBREVIATIONS.get(name, '')}{train} train, ", f" {test} test"),
        (f"{_ABBREVIATIONS.get(name, '')}{train}, ", f" {test}"),
    ):
        row = RowBuilder(palette.muted).add(before).add("t", palette.test).add(after)
        if row.width <= width:
            break
    return _with_more(row, [f"{name} {a} train, {b} test" for name, (a, b) in rest], width)


def _with_more(row: RowBuilder, texts: list[str], width: int) -> Strip:
    for text in texts:
        if row.width + len(text) + 3 <= width:
            row.add(f" · {text}")
    return row.strip(width)
