"""The line below the data: sizes of training and test set, and how well they are predicted."""

from textual.strip import Strip

from nn_tui.text import percent
from nn_tui.training.baseline import baseline_of
from nn_tui.training.metrics import METRICS
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.numbers import format_error
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import Palette

_LARGE = 1000.0
_ERROR = "mean |y - ŷ|"
_ABBREVIATIONS = {_ERROR: f"{METRICS['error'].short_label} "}


def draw_data_summary(snapshot: Snapshot, width: int, palette: Palette) -> Strip:
    """Return accuracy (of classes) and mean absolute error of the training and test set.

    Each is followed in brackets by what always predicting the most frequent class, or the
    mean, gets. Where not all fit, the error is left out first, then that baseline.
    """
    dataset = snapshot.dataset
    errors = [short_error(snapshot.metrics.get(f"{part}_error")) for part in ("train", "test")]
    figures = {_ERROR: errors}
    least = baseline_of(dataset, snapshot.network.output)
    constant = f" (mean: {short_error(least.error)})" if least.error is not None else ""
    if snapshot.classifies:
        constant = f" (most frequent class: {percent(least.accuracy)})"
        accuracies = [percent(part) for part in (snapshot.train_accuracy, snapshot.test_accuracy)]
        figures = {"accuracy": accuracies, **figures}
    if not dataset.test_count:
        row = RowBuilder(palette.muted).add(f"{dataset.samples:,} samples")
        told = [f"{name} {train}" for name, (train, _) in figures.items()]
        if row.width + len(told[0] + constant) + 3 <= width:
            told[0] += constant
        return _with_more(row, told, width)
    (name, (train, test)), *rest = figures.items()
    counts = f"{dataset.train_count:,} train", f"{dataset.test_count:,} test"
    ways = (
        (f"{name}: {counts[0]} {train}, ", f" {counts[1]} {test}"),
        (f"{name} {train} train, ", f" {test} test"),
        (f"{_ABBREVIATIONS.get(name, '')}{train} train, ", f" {test} test"),
        (f"{_ABBREVIATIONS.get(name, '')}{train}, ", f" {test}"),
    )
    brief = constant.replace("most frequent class: ", "").replace("mean: ", "")
    for before, after in (
        *((before, after + told) for before, after in ways[:3] for told in (constant, brief)),
        *ways,
    ):
        row = RowBuilder(palette.muted).add(before).add("t", palette.test).add(after)
        if row.width <= width:
            break
    return _with_more(row, [f"{name} {a} train, {b} test" for name, (a, b) in rest], width)


def short_error(error: float | None) -> str:
    """An error with three decimals; a large one as a whole number."""
    if error is not None and _LARGE <= error < 1e7:
        return f"{error:,.0f}"
    return format_error(error)


def _with_more(row: RowBuilder, texts: list[str], width: int) -> Strip:
    for text in texts:
        if row.width + len(text) + 3 <= width:
            row.add(f" · {text}")
    return row.strip(width)
