"""Why training pauses by itself."""

from nn_tui.training.replica_group import ReplicaGroup
from nn_tui.training.stopping import monitored
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from nn_tui.tui.session.listener import SessionMessage


def pause_message(timeline: Timeline, goal: int = 0) -> SessionMessage | None:
    """Why training pauses here, or None; a ``goal`` of 0 is none."""
    if timeline.group is not None:
        return _of_replicas(timeline.group, goal)
    trainer = timeline.trainer
    if trainer.diverged:
        advice = f"`halve` goes back to the best epoch and sets {trainer.smaller_rate:g}"
        return SessionMessage(trainer.diverged, advice, bad=True)
    if trainer.blank:
        return SessionMessage(f"{trainer.blank} is blank", "`explain` writes it")
    if trainer.stopped:
        return SessionMessage(trainer.stopped, "`run` continues")
    if 0 < goal <= trainer.epoch:
        text = f"Finished {trainer.epoch:,} epochs"
        if trainer.rising:
            text += f"; {trainer.rising}"
        from nn_tui.training.scores import remark  # at the end of a run: start-up time

        poor = remark(trainer.snapshot())
        if poor:
            return SessionMessage(f"{text}; {poor}", "", bad=True)
        advice = f"`run` continues for {trainer.recipe.training.epochs:,} more"
        if overfitted := _overfitted(trainer):
            text, advice = f"{text}; {overfitted}", f"`best` goes there; {advice}"
        return SessionMessage(text, advice, bad=bool(trainer.rising))
    return None


_MUCH_HIGHER = 1.25
"""Final loss relative to the lowest one from which training was too long."""


def _overfitted(trainer: Trainer) -> str:
    """Say when the loss of the samples held out was much lower than now, or nothing."""
    part, best = monitored(trainer.dataset.parts), trainer.best
    if part == "train" or best is None or trainer.rising:
        return ""
    now = trainer.runner.last_evaluation()
    loss = now.validation_loss if part == "validation" else now.test_loss
    if loss is None or not loss > _MUCH_HIGHER * best.loss:
        return ""
    return f"overfitting: the {part} loss was lowest at epoch {best.epoch:,}"


def _of_replicas(group: ReplicaGroup, goal: int) -> SessionMessage | None:
    """As ``pause_message``: all replicas have diverged, reached the target loss, or the goal."""
    count = len(group.members)
    if not group.training:
        rate = group.trainer.smaller_rate
        advice = f"`halve` goes back to the best epoch and sets {rate:g}"
        return SessionMessage(f"all {count} seeds diverged", advice, bad=True)
    if group.stops_at_target and group.below_target:
        target = group.recipe.training.stop_loss
        text = f"epoch {group.epoch:,}: the training loss of every seed is below {target:g}"
        return SessionMessage(text, "`run` continues")
    if 0 < goal <= group.epoch:
        text = f"Finished {group.epoch:,} epochs of {count} seeds"
        summary = group.results().summary
        return SessionMessage(
            f"{text}: {summary}" if summary else text, "`next-seed` shows the next one"
        )
    return None
