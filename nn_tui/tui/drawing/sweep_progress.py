"""The line above the results of a sweep: what is varied, and how far it is."""

from typing import NamedTuple

from textual.strip import Strip

from nn_tui.text import brief, duration, make_printable
from nn_tui.trials.sweep_results import SweepResults
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import Palette

_BAR = 24
_WIDTH_FOR_BAR = 110


class SweepState(NamedTuple):
    """What is shown of a sweep besides its results; ``where`` says where trials run."""

    running: bool
    where: str
    seconds_left: float | None = None


def draw_sweep_progress(
    results: SweepResults, state: SweepState, width: int, palette: Palette
) -> Strip:
    """Draw state, experiment and size on the left, progress and time on the right."""
    plan, done = results.plan, len(results.outcomes)
    complete = done >= plan.count
    mark, word = (
        ("▶", "sweeping") if state.running else ("✓", "swept") if complete else ("‖", "paused")
    )
    right = RowBuilder(palette.text).add(f"{done:,}", palette.strong)
    right.add(f" of {plan.count:,} trials", palette.muted)
    if state.running:
        left = state.seconds_left
        right.add(f" · {state.where}", palette.muted)
        right.add(f" · {duration(left)} left" if left is not None else " · starting", palette.muted)
    right.add(" ")
    row = RowBuilder(palette.text).add(f" {mark} {word}  ")
    row.add(brief(make_printable(plan.name)), palette.strong)
    settings = plan.count // max(1, plan.seeds * max(1, plan.folds))
    keys = f"{len(plan.keys)} key{'s'[: len(plan.keys) != 1]}"
    seeds = f" × {plan.seeds} seeds" if plan.seeds > 1 else ""
    kind = "random settings" if plan.random else "settings"
    about = f"  {keys} · {settings:,} {kind}{seeds}"
    epochs = "" if "training.epochs" in plan.keys else f" · {plan.base.training.epochs:,} epochs"
    for text in (f"{about}{epochs}", about, ""):
        if row.width + len(text) + 2 + right.width <= width:
            row.add(text, palette.muted)
            break
    room = width - row.width - right.width
    if width >= _WIDTH_FOR_BAR and room > _BAR + 4 and not complete:
        filled = round(_BAR * done / max(1, plan.count))
        row.to(row.width + (room - _BAR) // 2)
        row.add("━" * filled, palette.accented).add("─" * (_BAR - filled), palette.faint)
    return row.to(width - right.width).extend(right).strip(width)
