"""Why training pauses by itself, in the words that a person reads."""

from typing import NamedTuple

from nn_tui.training.trainer import Trainer
from nn_tui.tui.keymap import KeyNames


class PauseReason(NamedTuple):
    """What is said of it, and whether that is bad news."""

    sentence: str
    bad: bool


def pause_reason(trainer: Trainer, goal: int, keys: KeyNames) -> PauseReason | None:
    """Why training will not go on from where it stands, if so; a ``goal`` of 0 is none."""
    if trainer.diverged:
        way_out = f"{keys['halve']} goes back and sets {trainer.smaller_rate:g}"
        return PauseReason(f"{trainer.diverged} ({way_out})", True)
    if trainer.stopped:
        return PauseReason(f"{trainer.stopped}; {keys['run']} goes on", False)
    if 0 < goal <= trainer.epoch:
        go_on = f"{keys['run']} trains {trainer.recipe.training.epochs:,} more"
        rising = f"; {trainer.rising}" if trainer.rising else ""
        return PauseReason(f"{trainer.epoch:,} epochs are done{rising}; {go_on}", bool(rising))
    return None
