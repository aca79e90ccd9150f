"""The status line: state, experiment, epoch, loss and speed."""

from typing import NamedTuple

from rich.style import Style
from textual.strip import Strip

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.numbers import format_loss, format_rate
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text
from nn_tui.tui.theme import Palette


class Status(NamedTuple):
    """What the status line shows besides the snapshot."""

    name: str
    running: bool
    finished: bool


def draw_status(snapshot: Snapshot, status: Status, width: int, palette: Palette) -> Strip:
    """Draw state and experiment on the left, epoch, loss and speed on the right.

    In a narrow line, everything but epoch and loss is left out or shortened.
    """
    epoch, value = f"epoch {snapshot.epoch:,}", f"loss {format_loss(snapshot.train_loss)}"
    right = RowBuilder(palette.text)
    right.add(f"{epoch:>13}", palette.strong).add("  ").add(f"{value:<15}", palette.strong)
    speed = speed_text(snapshot, status)
    if width >= 60:
        right.add(f"{speed:>9} ", palette.muted)
    if right.width + 3 > width:
        return (
            RowBuilder(palette.strong).add(fit_text(_narrow(snapshot, width), width)).strip(width)
        )
    left = RowBuilder(palette.text)
    glyph, word, style = _state(snapshot, status, palette)
    left.add(f" {glyph} ", style)
    if left.width + 9 + right.width < width:
        left.add(f"{word:<9}", style)
    room = width - left.width - right.width - 1
    if room > 6:
        left.add(fit_text(f"{status.name}  ", min(room, len(status.name) + 2)), palette.strong)
        left.add(_description(snapshot, max(0, room - len(status.name) - 2)), palette.muted)
    left.to(width - right.width)
    return left.extend(right).strip(width)


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


def _description(snapshot: Snapshot, room: int) -> str:
    """Describe network and optimizer, as in ``3-4-1 sigmoid · sgd 1``, in ``room`` cells.

    Return the longest form that fits, or the truncated layer sizes.
    """
    sizes = "-".join(str(size) for size in snapshot.network.sizes)
    training = snapshot.recipe.training
    activation = snapshot.network.activation if snapshot.network.depth > 1 else ""
    parts = f"{sizes} {activation}".strip()
    how = f"{training.optimizer} {training.learning_rate:g}"
    ways = f"{parts} · {how}", f"{sizes} · {how}"
    return next((way for way in ways if len(way) <= room), fit_text(sizes, room))


def speed_text(snapshot: Snapshot, status: Status) -> str:
    """Return the measured speed, or the chosen pace in epochs per second."""
    pace = snapshot.recipe.view.pace
    if pace:
        return f"{pace:,.0f}/s"
    return format_rate(snapshot.epochs_per_second) if status.running else "full speed"


def _state(snapshot: Snapshot, status: Status, palette: Palette) -> tuple[str, str, Style]:
    if snapshot.diverged:
        return "✗", "diverged", palette.bad
    if status.running:
        return "▶", "running", palette.caution if snapshot.rising else palette.good
    if status.finished and snapshot.rising:
        return "▲", "rising", palette.caution
    if status.finished:
        return "✓", "done", palette.good
    return "‖", "paused" if snapshot.epoch else "ready", palette.caution
