"""The line at the top: what is running, where it is, how well it does."""

from dataclasses import dataclass

from rich.style import Style
from textual.strip import Strip

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.pictures.numbers import loss, rate
from nn_tui.tui.strips import Row, fit
from nn_tui.tui.theme import Palette


@dataclass(frozen=True)
class Status:
    """What the line says besides the snapshot."""

    name: str
    running: bool
    finished: bool


def draw_status(snapshot: Snapshot, status: Status, width: int, palette: Palette) -> Strip:
    """State and experiment on the left, epoch, loss and speed on the right.

    Epoch and loss always show; the rest yields as the line gets narrow.
    """
    epoch, value = f"epoch {snapshot.epoch:,}", f"loss {loss(snapshot.train_loss)}"
    right = Row(palette.text)
    right.add(f"{epoch:>13}", palette.strong).add("  ").add(f"{value:<15}", palette.strong)
    speed = pace_text(snapshot, status)
    if width >= 60:
        right.add(f"{speed:>9} ", palette.muted)
    if right.width + 3 > width:
        narrow = f"{epoch} {value}"
        narrow = narrow if len(narrow) <= width else f"{snapshot.epoch:,} {value}"
        return Row(palette.strong).add(fit(narrow, width)).strip(width)
    left = Row(palette.text)
    glyph, word, style = _state(snapshot, status, palette)
    left.add(f" {glyph} ", style)
    if left.width + 9 + right.width < width:
        left.add(f"{word:<9}", style)
    room = width - left.width - right.width - 1
    if room > 6:
        left.add(fit(f"{status.name}  ", min(room, len(status.name) + 2)), palette.strong)
        left.add(fit(description(snapshot), max(0, room - len(status.name) - 2)), palette.muted)
    left.to(width - right.width)
    return left.extend(right).strip(width)


def description(snapshot: Snapshot) -> str:
    """The network and how it learns, as in ``3-4-1 sigmoid · sgd 1``."""
    sizes = "-".join(str(size) for size in snapshot.network.sizes)
    training = snapshot.recipe.training
    activation = snapshot.network.activation if snapshot.network.depth > 1 else ""
    parts = f"{sizes} {activation}".strip()
    return f"{parts} · {training.optimizer} {training.learning_rate:g}"


def pace_text(snapshot: Snapshot, status: Status) -> str:
    """The speed that is, or the pace that will be."""
    pace = snapshot.recipe.view.pace
    if pace:
        return f"{pace:,.0f}/s"
    return rate(snapshot.epochs_per_second) if status.running else "full speed"


def _state(snapshot: Snapshot, status: Status, palette: Palette) -> tuple[str, str, Style]:
    if snapshot.diverged:
        return "✗", "diverged", palette.bad
    if status.running:
        return "▶", "running", palette.good
    if status.finished:
        return "✓", "done", palette.good
    return "‖", "paused" if snapshot.epoch else "ready", palette.caution
