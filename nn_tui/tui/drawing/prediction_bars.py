"""A prediction in the target's words and units: a number, or a bar for each class."""

import math
from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.data.decision_rule import UNDECIDED, DecisionRule
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.class_marks import class_ink, class_sign
from nn_tui.tui.drawing.numbers import format_error, format_fixed
from nn_tui.tui.drawing.short_names import short_names, shortened
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.types import Array

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_SHARE = 7
"""Cells of ``100.0 %``."""
_LONGEST_BAR = 40
_WIDEST = 14


def prediction_height(snapshot: Snapshot) -> int:
    """The lines of a prediction without a limit: a heading, a line for each class or target."""
    rule = snapshot.dataset.decision_rule(snapshot.network.output)
    if rule is None:
        return 2 + int(snapshot.dataset.targets.shape[1])
    return 1 + (len(rule.names) or snapshot.network.sizes[-1])


def draw_prediction(snapshot: Snapshot, outputs: Array, area: DrawArea) -> list[Strip]:
    """Draw the prediction ``outputs`` (outputs,), in the units of the target.

    Of many classes those with the largest outputs are shown, in their order.
    """
    rule = snapshot.dataset.decision_rule(snapshot.network.output)
    if rule is None:
        return _numbers(snapshot, outputs, area)
    return _classes(snapshot, rule, outputs, area)


def predicted_words(snapshot: Snapshot, outputs: Array) -> str:
    """The prediction in a few words: the target's name, and the class or the number."""
    dataset = snapshot.dataset
    rule = dataset.decision_rule(snapshot.network.output)
    name = _target_names(snapshot)[0]
    if rule is not None and rule.names:
        number = int(rule.decide(outputs))
        return f"{name} = {'undecided' if number == UNDECIDED else rule.names[number]}"
    return f"{name} = {_number(float(outputs[0]))}"


def draw_nearest(snapshot: Snapshot, samples: Sequence[int], area: DrawArea) -> list[Strip]:
    """List ``samples``, those nearest to the inputs, with their targets."""
    width, height, palette = area
    dataset = snapshot.dataset
    if not samples or height < 2:
        return []
    heading = RowBuilder(palette.muted).add("nearest training samples").strip(width)
    count = len(dataset.class_names)
    line = RowBuilder(palette.text)
    lines = []
    for sample in samples:
        number, style = f"#{sample + 1}", palette.muted
        if count:
            of_class = int(dataset.class_numbers(slice(sample, sample + 1))[0])
            names = short_names(dataset).classes or dataset.class_names
            text, style = names[of_class], class_ink(of_class, count, palette)
        else:
            text = _number(float(dataset.targets[sample, 0]))
        gap = 2 if line.width else 0
        if line.width and line.width + gap + len(number) + 1 + cell_len(text) > width:
            lines.append(line.strip(width))
            line, gap = RowBuilder(palette.text), 0
        line.add(" " * gap).add(number, palette.faint).add(" ").add(text, style)
    return [heading, *lines, line.strip(width)][:height]


def _numbers(snapshot: Snapshot, outputs: Array, area: DrawArea) -> list[Strip]:
    width, height, palette = area
    names = _target_names(snapshot)
    labels = shortened(tuple(names), _WIDEST)
    widest = max(cell_len(labels[name]) for name in names)
    row = RowBuilder(palette.muted).add("prediction")
    strips = [row.strip(width)]
    for name, value in zip(names, outputs.tolist(), strict=True):
        row = RowBuilder(palette.text).left(labels[name], widest, palette.muted)
        row.add("  ").add(_number(value), palette.strong)
        strips.append(row.strip(width))
    part, error = "test", snapshot.test_error
    if error is None:
        part, error = "training", snapshot.train_error
    if not math.isnan(error):
        told = f"±{_error_text(error)}"
        where = f"mean |y - ŷ|, {part} set"
        row = RowBuilder(palette.muted).to(widest + 1).add(told)
        if row.width + len(where) + 3 <= width:
            row.add(f"  {where}", palette.faint)
        strips.append(row.strip(width))
    return strips[:height] if height > 1 else strips[1:2]


def _error_text(error: float) -> str:
    return f"{error:,.0f}" if error >= 1000 else format_error(error)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return format_fixed(value).strip()
    return f"{value:,.0f}" if 10_000 <= abs(value) < 1e12 else f"{value:.5g}"


def _classes(snapshot: Snapshot, rule: DecisionRule, outputs: Array, area: DrawArea) -> list[Strip]:
    width, height, palette = area
    short = short_names(snapshot.dataset).classes
    full = rule.names or tuple(_target_names(snapshot))
    names = [short[k] if len(short) == len(full) else full[k] for k in range(len(full))]
    values, count = outputs.tolist(), len(names)
    predicted = UNDECIDED
    if rule.names:
        predicted = int(rule.decide(outputs))
        if len(values) == 1:
            values = [rule.low + rule.high - values[0], values[0]]
    probable = rule.low == 0
    heading = RowBuilder(palette.muted).add(f"{_target_names(snapshot)[0]}  ")
    if rule.names:
        said = "undecided" if predicted == UNDECIDED else full[predicted]
        style = palette.strong
        if predicted != UNDECIDED:
            style = class_ink(predicted, count, palette) + Style(bold=True)
            heading.add(f"{class_sign(predicted, count)} ", style)
        heading.add(said, style)
    strips = [heading.strip(width)]
    shown = _largest(values, max(0, height - 1), predicted)
    widest = min(_WIDEST, max((cell_len(names[k]) for k in shown), default=0))
    room = max(0, min(_LONGEST_BAR, width - widest - _SHARE - 3))
    for k in shown:
        style = class_ink(k, count, palette) if rule.names else palette.text
        row = RowBuilder(palette.text)
        row.left(names[k], widest, palette.strong if k == predicted else palette.muted).add(" ")
        share = (values[k] - rule.low) / (rule.high - rule.low)
        row.add(_bar(share, room), style).add(" ")
        text = f"{100 * values[k]:.1f} %" if probable else format_fixed(values[k], 6).strip()
        if not math.isfinite(values[k]):
            text = format_fixed(values[k]).strip()
        row.right(text, _SHARE, palette.strong if k == predicted else palette.muted)
        strips.append(row.strip(width))
    return strips[:height]


def _largest(values: list[float], most: int, predicted: int) -> list[int]:
    """The classes to show in their order: all, or those with the largest outputs."""
    order = np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable").tolist()
    return sorted(order[:most])


def _bar(share: float, width: int) -> str:
    share = min(1.0, max(0.0, share)) if share == share else 0.0
    eighths = round(8 * width * share)
    bar = "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
    return bar.ljust(width)


def _target_names(snapshot: Snapshot) -> list[str]:
    dataset = snapshot.dataset
    count = dataset.targets.shape[1]
    if len(dataset.target_names) == count:
        return [*dataset.target_names]
    return ["y"] if count == 1 else [f"y{k + 1}" for k in range(count)]
