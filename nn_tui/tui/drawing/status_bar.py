"""The status line: state, experiment, epoch, losses, accuracy and speed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from rich.style import Style
from textual.strip import Strip

from nn_tui.text import percent
from nn_tui.training.baseline import baseline_of, decisive_part
from nn_tui.training.model_builder import rate_at
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.numbers import format_loss, format_rate
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text
from nn_tui.tui.theme import Palette


class Status(NamedTuple):
    """What the status line shows besides the snapshot; ``scores`` are those of a regression."""

    name: str
    running: bool
    finished: bool
    scores: Mapping[str, float | None] = MappingProxyType({})
    sweep: str = ""
    """How many trials of a running sweep are trained, as in ``87/126``."""


def draw_status(snapshot: Snapshot, status: Status, width: int, palette: Palette) -> Strip:
    """Draw state and experiment on the left, the numbers on the right, each at its place.

    The accuracy is followed by that of the most frequent class, in brackets; it is grey where it
    is not higher. A line without room leaves out the word for that baseline, the speed, the
    baseline itself, the accuracy, the number of epochs to train and the test loss, in this order,
    then parts of the description; epoch and loss stay.
    """
    glyph, word, style = _state(snapshot, status, palette)
    least = f" {glyph} {word:<8} {status.name}  {_sizes(snapshot)}"
    numbers = _Numbers(snapshot, status, palette)
    while numbers.dropped < len(_DROPPED) and len(least) + 2 + numbers.row.width >= width:
        numbers = numbers.without_one()
    right = numbers.row
    if right.width + 4 > width:
        return (
            RowBuilder(palette.strong).add(fit_text(_narrow(snapshot, width), width)).strip(width)
        )
    left = RowBuilder(palette.text).add(f" {glyph} ", style)
    room = width - right.width - 3  # two blanks between, and one at the end
    if left.width + len(word) <= room:
        left.add(f"{word:<8} "[: room - left.width], style)
    room -= left.width
    if room >= min(len(status.name), _LEAST_NAME):
        left.add(fit_text(status.name, min(room, len(status.name))), palette.strong)
        room -= len(status.name)
        badge = _badge(snapshot, status.sweep, room)
        if badge:
            left.add("  ").add(badge, palette.cursor)
        left.add(_description(snapshot, room - len(badge) - 2 * bool(badge)), palette.muted)
    return left.to(width - right.width - 1).extend(right).strip(width)


_DROPPED = ("word", "speed", "baseline", "accuracy", "epochs", "test")
"""What a line without room leaves out, first things first."""
_LEAST_NAME = 8
"""Cells in which a longer name is worth shortening."""
_GAP = "  "


class _Numbers(NamedTuple):
    """The right part of the line, without the first ``dropped`` of ``_DROPPED``."""

    snapshot: Snapshot
    status: Status
    palette: Palette
    dropped: int = 0

    def without_one(self) -> "_Numbers":
        return self._replace(dropped=self.dropped + 1)

    @property
    def row(self) -> RowBuilder:
        snapshot, palette = self.snapshot, self.palette
        shown = _DROPPED[self.dropped :]
        target = f"{snapshot.recipe.training.epochs:,}"
        epoch = f"{snapshot.epoch:,}"
        row = RowBuilder(palette.text).add(" " * (len(target) - len(epoch)))
        row.add("epoch ", palette.muted).add(epoch, palette.strong)
        if "epochs" in shown and snapshot.epoch <= snapshot.recipe.training.epochs:
            row.add(f"/{target}", palette.muted)
        row.add(f"{_GAP}loss ", palette.muted)
        row.add(f"{format_loss(snapshot.train_loss):>{_LOSS}}", palette.strong)
        if "test" in shown and snapshot.test_loss is not None:
            row.add(_GAP).add("test ", palette.test)
            row.add(f"{format_loss(snapshot.test_loss):>{_LOSS}}", palette.test + _BOLD)
        if "accuracy" in shown and snapshot.classifies:
            row.add(f"{_GAP}accuracy ", palette.muted)
            least = baseline_of(snapshot.dataset, snapshot.network.output).accuracy
            row.add(_accuracies(snapshot), _score_style(_judged_accuracy(snapshot), least, palette))
            if "baseline" in shown and least is not None:
                word = "baseline " if "word" in shown else ""
                row.add(f" ({word}{_tenths(least)})", palette.muted)
        elif "accuracy" in shown and not snapshot.classifies:
            r2 = self.status.scores.get("r2")
            row.add(f"{_GAP}R² ", palette.muted)
            text = "–" if r2 is None else f"{r2:.3f}" if r2 > -100 else f"{r2:.1e}"
            row.add(f"{text:>{_R2}}", _score_style(r2, 0.0, palette))
        if "speed" in shown:
            row.add(f"{_GAP}{speed_text(snapshot, self.status):>{_SPEED}}", palette.muted)
        return row


_LOSS, _SPEED, _PERCENT, _R2 = 8, 10, 4, 6
"""Widths of a loss, a speed, an accuracy without its sign, and R²."""
_BOLD = Style(bold=True)


def _judged_accuracy(snapshot: Snapshot) -> float | None:
    """The accuracy of the part that the baseline is evaluated on."""
    part = decisive_part(snapshot.dataset.parts)
    return snapshot.metrics.get(f"{part}_accuracy", snapshot.train_accuracy)


def _score_style(value: float | None, least: float | None, palette: Palette) -> Style:
    """The style of a score: grey where it is not above the baseline."""
    better = value is not None and (least is None or value > least)
    return palette.text if better else palette.muted


def _tenths(fraction: float | None) -> str:
    return percent(fraction).removesuffix(" %")


def _accuracies(snapshot: Snapshot) -> str:
    """The accuracies of training and test set, as in ``99.6 /  100 %``."""
    fractions = [snapshot.train_accuracy]
    if snapshot.test_loss is not None:
        fractions.append(snapshot.test_accuracy)
    return " / ".join(f"{_tenths(f):>{_PERCENT}}" for f in fractions) + " %"


def draw_compact_status(snapshot: Snapshot, area: DrawArea) -> list[Strip]:
    """Draw epoch and loss for a tiny window, on two lines if necessary."""
    width, height, palette = area
    words = [_narrow(snapshot, width)]
    if height > 1 and "loss" not in words[0]:
        parts = (("epoch", f"{snapshot.epoch:,}"), ("loss", _short(snapshot)))
        whole = [f"{name} {value}" for name, value in parts]
        words = [w if len(w) <= width else v for w, (_, v) in zip(whole, parts, strict=True)]
    return [RowBuilder(palette.strong).add(fit_text(word, width)).strip(width) for word in words]


def _narrow(snapshot: Snapshot, width: int) -> str:
    """Return the longest form of epoch and loss that fits, or the shortest."""
    epoch, value = f"{snapshot.epoch:,}", format_loss(snapshot.train_loss)
    ways = (f"epoch {epoch} loss {value}", f"{epoch} loss {value}", f"{epoch} {_short(snapshot)}")
    return next((way for way in ways if len(way) <= width), ways[-1])


def _short(snapshot: Snapshot) -> str:
    return f"{snapshot.train_loss:.3g}"


def _sizes(snapshot: Snapshot) -> str:
    """The layer sizes, as in ``3-4-1``."""
    return "-".join(str(size) for size in snapshot.network.sizes)


def _description(snapshot: Snapshot, room: int) -> str:
    """Describe how what is trained, as in ``3-4-1 sigmoid · sgd 1 · batch 25``.

    Return the longest form that fits into ``room`` cells, behind two blanks, or nothing.
    """
    training = snapshot.recipe.training
    parts = [f"{_sizes(snapshot)} {snapshot.network.activation_text}".strip()]
    rate = rate_at(snapshot.recipe, snapshot.epoch + 1)
    digits = "g" if training.schedule == "constant" else ".3g"
    parts.append(f"{training.optimizer} {rate:{digits}}")
    if training.batch_size != "all":
        parts.append(f"batch {training.batch_size}")
    ways = [" · ".join(parts[:count]) for count in range(len(parts), 0, -1)]
    ways.append(_sizes(snapshot))
    return next((_GAP + way for way in ways if len(_GAP + way) <= room), "")


def _badge(snapshot: Snapshot, sweep: str, room: int) -> str:
    """Return which replica is shown and a sweep's progress, in the longest form for ``room``."""
    replicas = snapshot.replicas
    ways = [""] if replicas is None else []
    if replicas is not None:
        seed = f" seed {replicas.shown_seed}"
        ways = [f"{seed} of {replicas.seeds} ", f"{seed} "]
    if sweep:
        beside = "·" if replicas is not None else ""
        ways = [*(f"{way}{beside} sweep {sweep} " for way in ways), f" sweep {sweep} ", *ways]
    return next((way for way in ways if len(_GAP + way) <= room), "")


def speed_text(snapshot: Snapshot, status: Status) -> str:
    """Return the measured speed, or the chosen pace in epochs per second."""
    pace = snapshot.recipe.view.pace
    if pace:
        return f"{pace:,.0f}/s"
    return format_rate(snapshot.epochs_per_second) if status.running else "full speed"


def _state(snapshot: Snapshot, status: Status, palette: Palette) -> tuple[str, str, Style]:
    """Glyph and word, without a hue of their own: only an error has one."""
    if snapshot.diverged:
        return "✗", "diverged", palette.bad
    if status.running:
        return "▶", "running", palette.text
    if status.finished and snapshot.rising:
        return "▲", "rising", palette.strong
    if status.finished:
        return "✓", "done", palette.text
    return "‖", "paused" if snapshot.epoch else "ready", palette.text
