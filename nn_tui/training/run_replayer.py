"""Replay a run: apply its edits at their epochs, and return to any epoch.

Earlier epochs are trained again from the nearest keyframe, bit for bit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nn_tui.errors import InputError
from nn_tui.nn.architecture import views
from nn_tui.recipe.recipe import Recipe, View
from nn_tui.training.edits import Edit
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.keyframes import ROOM, Keyframes, is_prefix
from nn_tui.training.model_builder import build_architecture
from nn_tui.training.run import Run
from nn_tui.training.trainer import Trainer
from nn_tui.types import Array

_SLICE = 0.05


class RunReplayer:
    """A trainer at an epoch of ``run``, initially at ``keyframe`` or epoch 0.

    ``partial`` is the unfinished epoch after the keyframe. ``corrupted`` is true after
    training or an edit failed with an internal error; the state of ``trainer`` is then
    invalid until ``repair``. Raises as ``Trainer`` does.
    """

    def __init__(
        self,
        run: Run,
        keyframe: Keyframe | None = None,
        partial: PartialEpochState | None = None,
        room: int = ROOM,
        stops: bool = True,
    ) -> None:
        """``room`` is that of its keyframes; without ``stops`` only a divergence ends the run."""
        self.run = run
        self.corrupted = False
        self._stops = stops
        self.trainer = self._new_trainer()
        self._keyframes = Keyframes(self.trainer, room)
        if keyframe is not None:
            self.trainer.restore(keyframe)
            self._keyframes.keep(self.trainer)
        self._apply_edits()
        if keyframe is not None and partial is not None and self.trainer.edits == keyframe.edits:
            self._enter_epoch(partial)

    @property
    def whole(self) -> bool:
        """Whether the trainer is in a state that training can continue from."""
        return self.trainer.position[1] is not None and not self.corrupted

    @property
    def recipe(self) -> Recipe:
        """The recipe now, edits included."""
        return self.trainer.recipe

    @property
    def epoch(self) -> int:
        """How many epochs are finished."""
        return self.trainer.epoch

    @property
    def reached(self) -> int:
        """The same; replicas of a run may differ."""
        return self.trainer.epoch

    @property
    def diverged(self) -> str:
        """Why training diverged, or empty."""
        return self.trainer.diverged

    @property
    def edit_epoch(self) -> int:
        """The last epoch without an edit that is made now."""
        return self.trainer.edit_epoch

    @property
    def position(self) -> tuple[int, int | None]:
        """The trainer's position."""
        return self.trainer.position

    def recorded_states(self) -> list[tuple[int, Array]]:
        """Epochs and parameters (parameter_count,) recorded of this run up to now, ascending."""
        epoch = self.trainer.epoch
        frames = self._keyframes.along(epoch, self.run.until(epoch).edits)
        kept = [(f.epoch, f.saved.arrays["parameters"]) for f in frames if f.epoch < epoch]
        return [*kept, (epoch, self.trainer.runner.loop.state.parameters.copy())]

    def settle(self, interrupted: Callable[[], bool]) -> None:
        """Let an edit be made now, as it may be at any time."""

    def set_view(self, view: View) -> None:
        """Set the view settings of the recipe."""
        self.trainer.set_view(view)

    def clear_stop(self) -> None:
        """Let a diverged or stopped run continue."""
        self.trainer.clear_stop()

    def run_for(
        self, seconds: float, last_epoch: int | None, interrupted: Callable[[], bool]
    ) -> None:
        """Train as ``Trainer.run_for`` does, and apply the run's edits at their epochs."""
        upcoming = self._upcoming()
        with self._corrupted_by_errors():
            if upcoming is None:
                self.trainer.run_for(seconds, last_epoch, interrupted)
            else:
                goal = upcoming.epoch if last_epoch is None else min(last_epoch, upcoming.epoch)
                self.trainer.run_for(seconds, goal, interrupted)
                self._apply_edits()
        self._keyframes.keep_if_due(self.trainer)

    def edit(self, edit: Edit) -> None:
        """Apply ``edit``, and continue with the run that has it.

        Raises as ``Trainer.apply`` does, and changes nothing then.
        """
        if self.trainer.at_rest:
            self._keyframes.keep(self.trainer)
        with self._corrupted_by_errors():
            self.trainer.apply(edit)
        self.run = self.run.with_edit(edit)

    def go_to(self, run: Run, epoch: int, cancelled: Callable[[], bool]) -> None:
        """Go to ``epoch`` of ``run``, which starts like this one, and continue with that.

        If ``cancelled``, it stays where the replay was interrupted.
        """
        self.run = run
        with self._corrupted_by_errors():
            self._train_to(epoch, cancelled)

    def repair(self) -> None:
        """Replace a corrupted trainer by a new one at the nearest keyframe."""
        frame = self._keyframes.nearest(self.trainer.epoch, self.run.edits)
        trainer = self._new_trainer()
        trainer.set_view(self.trainer.recipe.view)
        trainer.restore(frame)
        self.trainer, self.corrupted = trainer, False
        self._apply_edits()

    # Inside

    def _new_trainer(self) -> Trainer:
        run, named = self.run, None
        if run.start is not None:
            named = views(run.start, build_architecture(run.recipe, run.dataset))
        trainer = Trainer(run.recipe, run.dataset, named)
        trainer.runner.stop.enabled = self._stops
        return trainer

    @contextmanager
    def _corrupted_by_errors(self) -> Iterator[None]:
        try:
            yield
        except InputError:
            raise  # a message for the user; nothing was changed
        except BaseException:
            self.corrupted = True
            raise

    def _upcoming(self) -> Edit | None:
        """The next edit of the run that is not applied yet."""
        edits = self.run.edits
        made = len(self.trainer.edits)
        return edits[made] if made < len(edits) else None

    def _apply_edits(self) -> None:
        """Apply the edits of the current epoch."""
        while (edit := self._upcoming()) and self.trainer.at_rest:
            if edit.epoch > self.trainer.epoch:
                return
            self.trainer.apply(edit)

    def _enter_epoch(self, partial: PartialEpochState) -> None:
        """Restore the unfinished next epoch, and the edits that take effect at its end."""
        self.trainer.enter(partial)
        while (edit := self._upcoming()) and edit.epoch == self.trainer.edit_epoch:
            self.trainer.apply(edit)

    def _train_to(self, epoch: int, cancelled: Callable[[], bool]) -> None:
        """Go to ``epoch`` of the run from the nearest keyframe."""
        edits = self.run.until(epoch).edits
        if not self._near(epoch, edits):
            self.trainer.restore(self._keyframes.nearest(epoch, edits))
        self._apply_edits()
        while self.trainer.epoch < epoch and not (cancelled() or self.trainer.diverged):
            upcoming = self._upcoming()
            goal = epoch if upcoming is None else min(epoch, upcoming.epoch)
            self.trainer.replay(goal, _SLICE)
            self._apply_edits()
            self._keyframes.keep_if_due(self.trainer)

    def _near(self, epoch: int, edits: tuple[Edit, ...]) -> bool:
        """Whether the trainer can continue from its position, and no keyframe is closer."""
        current, edits_made = self.trainer.epoch, self.trainer.edits
        if not self.trainer.at_rest or current > epoch or not is_prefix(current, edits_made, edits):
            return False
        return self._keyframes.nearest(epoch, edits).epoch <= current
