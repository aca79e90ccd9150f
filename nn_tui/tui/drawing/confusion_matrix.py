"""The confusion matrix: rows are actual classes, columns predicted ones."""

from dataclasses import dataclass

import numpy as np
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED, DecisionRule
from nn_tui.text import percent
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.pixels import pixel_rows, signed_codes, signed_inks
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text, paragraph
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_MOST_WORK = 30e6  # multiplications per picture
_SAMPLES = (200, 4000)  # fewest and most samples evaluated


@dataclass(frozen=True, eq=False)
class ConfusionCounts:
    """``counts`` (classes, classes): rows are actual classes, columns predicted ones.

    ``subset`` is ``test`` or ``training``, with ``samples`` samples in total; ``undecided``
    samples have no predicted class. ``accuracy`` is None where those make it meaningless.
    """

    counts: Array
    classes: tuple[str, ...]
    subset: str
    samples: int
    undecided: int
    accuracy: float | None

    @property
    def evaluated(self) -> int:
        """Number of samples evaluated."""
        return int(self.counts.sum()) + self.undecided

    @property
    def most_frequent_errors(self) -> tuple[int, list[tuple[int, int]]]:
        """Count of the most frequent error, and all its pairs (actual, predicted)."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        most = int(wrong.max())
        return most, [(int(a), int(b)) for a, b in np.argwhere(wrong == most)] if most else []


def count_confusion(
    outputs: Array, targets: Array, rule: DecisionRule, subset: str, samples: int
) -> ConfusionCounts:
    """Count ``outputs`` against encoded ``targets``, both (rows, outputs)."""
    predicted, actual = rule.decide(outputs), rule.decide(targets)
    decided = predicted != UNDECIDED
    count = len(rule.names)
    pairs = actual[decided] * count + predicted[decided]
    counts = np.bincount(pairs, minlength=count * count).reshape(count, count)
    accuracy = float(rule.accuracy(outputs, targets))
    return ConfusionCounts(
        counts,
        rule.names,
        subset,
        samples,
        int((~decided).sum()),
        None if np.isnan(accuracy) else accuracy,
    )


def evaluated_set(dataset: Dataset, tests: bool) -> str:
    """The set that is evaluated: ``test`` if it is asked for and not empty, else ``training``."""
    return "test" if tests and dataset.test_count else "training"


def evaluate_confusion(snapshot: Snapshot, forward: ForwardPass, tests: bool) -> ConfusionCounts:
    """Count the test or training samples; of a large set, every k-th."""
    dataset, network = snapshot.dataset, snapshot.network
    rule = dataset.decision_rule(network.output)
    assert rule is not None
    subset = evaluated_set(dataset, tests)
    tested = dataset.test_start, dataset.samples
    first, stop = tested if subset == "test" else (0, dataset.train_count)
    fewest, most = _SAMPLES
    most = max(fewest, min(most, int(_MOST_WORK / network.parameter_count)))
    rows = slice(first, stop, -(-(stop - first) // most))
    outputs = forward.predictions(snapshot, dataset.inputs[rows])
    targets = dataset.encoded(network.output, rows)
    return count_confusion(outputs, targets, rule, subset, stop - first)


_LEAST_LABEL, _WIDEST_LABEL = 3, 14
_CELL = (3, 11)
_TALLEST = 3
_ROOM = 12
_CORNERS = ("actual ╲ predicted", "act. ╲ pred.", "act╲pred")
_LEAST_FILL = 0.25  # so that a single error is visible


def draw_confusion(counts: ConfusionCounts, area: DrawArea) -> list[Strip]:
    """Return the matrix as numbers, or as pixels where they do not fit, and its summary."""
    width, height, palette = area
    if width < _ROOM or height < 3:
        return [_summary(counts, width, palette).strip(width)][:height]
    corner, label = _corner(counts, width)
    footer = _footer(counts, width, palette)
    lines = height - len(footer) - 1
    cell = min(_CELL[1], (width - label) // len(counts.classes))
    digits = len(str(counts.counts.max())) + 1
    if cell >= max(_CELL[0], digits) and lines >= len(counts.classes) + 1:
        strips = _numbers(counts, corner, label, cell, lines, width, palette)
    else:
        strips = _pixels(counts, width, lines, palette)
    blank = RowBuilder(palette.text).strip(width)
    strips += [blank] * (height - len(footer) - len(strips))
    return [*strips, *footer]


def _corner(counts: ConfusionCounts, width: int) -> tuple[str, int]:
    """The longest text for the corner that leaves the cells their width, and the label width."""
    longest = max(map(len, counts.classes))
    names = min(_WIDEST_LABEL, longest, max(_LEAST_LABEL, width // 5)) + 2
    widest = min(_CELL[1], (width - names) // len(counts.classes))
    for corner in _CORNERS:
        label = max(names, len(corner) + 1)
        if (width - label) // len(counts.classes) >= widest:
            return corner, label
    return "", names


def _numbers(
    counts: ConfusionCounts,
    corner: str,
    label: int,
    cell: int,
    lines: int,
    width: int,
    palette: Palette,
) -> list[Strip]:
    tall = max(1, min(_TALLEST, (lines - 1) // len(counts.classes)))
    heading = RowBuilder(palette.muted).add(corner).to(label)
    for name in counts.classes:
        heading.add(fit_text(name, min(len(name), cell - 1)).strip().center(cell))
    strips = [heading.strip(width)]
    rows = np.maximum(counts.counts.sum(axis=1), 1)
    for number, name in enumerate(counts.classes):
        for line in range(tall):
            middle = line == (tall - 1) // 2
            row = (
                RowBuilder(palette.text)
                .left(name if middle else "", label - 1, palette.muted)
                .to(label)
            )
            for other, count in enumerate(counts.counts[number].tolist()):
                share = max(_LEAST_FILL, count / rows[number])
                value = share if number == other else -share
                text = f"{count:,}" if count or number == other else "·"
                style = palette.filled(0.75 * value) if count else palette.faint
                row.add(text.center(cell) if middle else " " * cell, style)
            strips.append(row.strip(width))
    return strips


def _pixels(counts: ConfusionCounts, width: int, lines: int, palette: Palette) -> list[Strip]:
    """One pixel per class; classes that do not fit are left out and counted."""
    count = len(counts.classes)
    zoom = max(1, min(width // count, 2 * (lines - 1) // count))
    shares = -counts.counts / np.maximum(counts.counts.sum(axis=1, keepdims=True), 1)
    shares[np.diag_indices(count)] *= -1
    codes = signed_codes(shares).repeat(zoom, axis=0).repeat(zoom, axis=1)
    room = 2 * (lines - 1)
    blank = signed_codes(np.zeros((len(codes) % 2, codes.shape[1])))
    codes = np.vstack([codes, blank])[:room, :width]
    shown = min(count, room // zoom, width // zoom)
    words = f"{count} classes, actual ↓ predicted →"
    if shown < count:
        words = f"{shown} of {count} classes; zoom in"
    heading = RowBuilder(palette.muted).add(fit_text(words, min(len(words), width)))
    rows = pixel_rows(codes, signed_inks(palette, 1.0), {}, palette)
    return [row.strip(width) for row in (heading, *rows)]


def _footer(counts: ConfusionCounts, width: int, palette: Palette) -> list[Strip]:
    strips = [_summary(counts, width, palette).strip(width)]
    return [*strips, paragraph(_mistakes(counts, width), width, palette.muted)[0]]


def _mistakes(counts: ConfusionCounts, width: int) -> str:
    """The most frequent error, or as many equally frequent ones as fit."""
    count, pairs = counts.most_frequent_errors
    if not pairs:
        return "" if counts.undecided else "no errors"
    times = "once" if count == 1 else f"{count:,} times"
    tied = f"{times} each" if len(pairs) > 1 else times
    named = [f"{counts.classes[a]} as {counts.classes[b]}" for a, b in pairs]
    for shown in range(len(named), 0, -1):
        more = f" and {len(named) - shown:,} more" if shown < len(named) else ""
        words = f"most often confused, {tied}: {', '.join(named[:shown])}{more}"
        if len(words) <= width:
            break
    return words


def _summary(counts: ConfusionCounts, width: int, palette: Palette) -> RowBuilder:
    row = RowBuilder(palette.muted).add(f"accuracy {percent(counts.accuracy)}", palette.text)
    evaluated, right = counts.evaluated, int(np.trace(counts.counts))
    details = [f" · {right:,} of {evaluated:,} {counts.subset} samples"]
    if evaluated < counts.samples:
        details.append(f" (subset of {counts.samples:,})")
    if counts.undecided:
        details.append(f" · {counts.undecided:,} undecided")
    for text in details:
        if row.width + len(text) <= width:
            row.add(text)
    return row
