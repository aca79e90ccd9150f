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

_MOST_WORK = 30e6  # multiplications for a picture
_SAMPLES = (200, 4000)  # asked about at once, fewest and most


@dataclass(frozen=True, eq=False)
class ConfusionCounts:
    """``counts`` (classes, classes): rows are actual classes, columns predicted ones.

    They are of ``sort`` samples (test or training), of whom there are ``samples`` in all;
    ``undecided`` ones have no predicted class. ``accuracy`` is None where those make it luck.
    """

    counts: Array
    classes: tuple[str, ...]
    sort: str
    samples: int
    undecided: int
    accuracy: float | None

    @property
    def looked_at(self) -> int:
        """How many samples were asked about."""
        return int(self.counts.sum()) + self.undecided

    @property
    def worst(self) -> tuple[int, list[tuple[int, int]]]:
        """The most frequent mistake's count, and all pairs (actual, predicted) that have it."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        most = int(wrong.max())
        return most, [(int(a), int(b)) for a, b in np.argwhere(wrong == most)] if most else []


def count_confusion(
    said: Array, targets: Array, rule: DecisionRule, sort: str, samples: int
) -> ConfusionCounts:
    """Count what the network ``said`` for encoded ``targets``, both (rows, outputs)."""
    predicted, actual = rule.decide(said), rule.decide(targets)
    decided = predicted != UNDECIDED
    count = len(rule.names)
    pairs = actual[decided] * count + predicted[decided]
    counts = np.bincount(pairs, minlength=count * count).reshape(count, count)
    accuracy = float(rule.accuracy(said, targets))
    return ConfusionCounts(
        counts,
        rule.names,
        sort,
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
    sort = evaluated_set(dataset, tests)
    tested = dataset.train_count, dataset.samples
    first, stop = tested if sort == "test" else (0, dataset.train_count)
    fewest, most = _SAMPLES
    most = max(fewest, min(most, int(_MOST_WORK / network.parameter_count)))
    rows = slice(first, stop, -(-(stop - first) // most))
    said = forward.predictions(snapshot, dataset.inputs[rows])
    targets = dataset.encoded(network.output, rows)
    return count_confusion(said, targets, rule, sort, stop - first)


_LEAST_LABEL, _WIDEST_LABEL = 3, 14
_CELL = (3, 11)
_TALLEST = 3
_ROOM = 12
_CORNER = "is ╲ said"
_LEAST_FILL = 0.25  # so that a single mistake is seen


def draw_confusion(made: ConfusionCounts, area: DrawArea) -> list[Strip]:
    """The matrix, as numbers or where they do not fit as pixels, and what it comes to."""
    width, height, palette = area
    if width < _ROOM or height < 3:
        return [_summary(made, width, palette).strip(width)][:height]
    longest = max(len(_CORNER) - 1, *map(len, made.classes))
    label = min(_WIDEST_LABEL, longest, max(_LEAST_LABEL, width // 5)) + 2
    told = _told(made, width, palette)
    lines = height - len(told) - 1
    cell = min(_CELL[1], (width - label) // len(made.classes))
    digits = len(str(made.counts.max())) + 1
    if cell >= max(_CELL[0], digits) and lines >= len(made.classes) + 1:
        strips = _numbers(made, label, cell, lines, width, palette)
    else:
        strips = _pixels(made, width, lines, palette)
    blank = RowBuilder(palette.text).strip(width)
    strips += [blank] * (height - len(told) - len(strips))
    return [*strips, *told]


def _numbers(
    made: ConfusionCounts, label: int, cell: int, lines: int, width: int, palette: Palette
) -> list[Strip]:
    tall = max(1, min(_TALLEST, (lines - 1) // len(made.classes)))
    heading = RowBuilder(palette.muted).add(_CORNER if len(_CORNER) < label else "").to(label)
    for name in made.classes:
        heading.add(fit_text(name, min(len(name), cell - 1)).strip().center(cell))
    strips = [heading.strip(width)]
    rows = np.maximum(made.counts.sum(axis=1), 1)
    for number, name in enumerate(made.classes):
        for line in range(tall):
            middle = line == (tall - 1) // 2
            row = (
                RowBuilder(palette.text)
                .left(name if middle else "", label - 1, palette.muted)
                .to(label)
            )
            for other, count in enumerate(made.counts[number].tolist()):
                share = max(_LEAST_FILL, count / rows[number])
                value = share if number == other else -share
                text = f"{count:,}" if count or number == other else "·"
                style = palette.filled(0.75 * value) if count else palette.faint
                row.add(text.center(cell) if middle else " " * cell, style)
            strips.append(row.strip(width))
    return strips


def _pixels(made: ConfusionCounts, width: int, lines: int, palette: Palette) -> list[Strip]:
    """Every class a pixel; the classes without room are left out, and counted."""
    count = len(made.classes)
    zoom = max(1, min(width // count, 2 * (lines - 1) // count))
    shares = -made.counts / np.maximum(made.counts.sum(axis=1, keepdims=True), 1)
    shares[np.diag_indices(count)] *= -1
    codes = signed_codes(shares).repeat(zoom, axis=0).repeat(zoom, axis=1)
    room = 2 * (lines - 1)
    blank = signed_codes(np.zeros((len(codes) % 2, codes.shape[1])))
    codes = np.vstack([codes, blank])[:room, :width]
    shown = min(count, room // zoom, width // zoom)
    words = f"{count} classes, is ↓ said →"
    if shown < count:
        words = f"{shown} of {count} classes; zoom in"
    heading = RowBuilder(palette.muted).add(fit_text(words, min(len(words), width)))
    rows = pixel_rows(codes, signed_inks(palette, 1.0), {}, palette)
    return [row.strip(width) for row in (heading, *rows)]


def _told(made: ConfusionCounts, width: int, palette: Palette) -> list[Strip]:
    strips = [_summary(made, width, palette).strip(width)]
    return [*strips, paragraph(_mistakes(made, width), width, palette.muted)[0]]


def _mistakes(made: ConfusionCounts, width: int) -> str:
    """The most frequent mistake, or as many of those that are equally frequent as fit."""
    count, pairs = made.worst
    if not pairs:
        return "" if made.undecided else "no mistakes"
    times = "once" if count == 1 else f"{count:,} times"
    tied = f"{times} each" if len(pairs) > 1 else times
    named = [f"{made.classes[a]} as {made.classes[b]}" for a, b in pairs]
    for shown in range(len(named), 0, -1):
        more = f" and {len(named) - shown:,} more" if shown < len(named) else ""
        words = f"most often confused, {tied}: {', '.join(named[:shown])}{more}"
        if len(words) <= width:
            break
    return words


def _summary(made: ConfusionCounts, width: int, palette: Palette) -> RowBuilder:
    row = RowBuilder(palette.muted).add(f"accuracy {percent(made.accuracy)}", palette.text)
    looked, right = made.looked_at, int(np.trace(made.counts))
    details = [f" · {right:,} of {looked:,} {made.sort} samples"]
    if looked < made.samples:
        details.append(f", a share of {made.samples:,}")
    if made.undecided:
        details.append(f" · {made.undecided:,} undecided")
    for text in details:
        if row.width + len(text) <= width:
            row.add(text)
    return row
