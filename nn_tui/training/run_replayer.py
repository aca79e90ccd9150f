"""A trainer that follows a run: its edits when their time comes, any epoch of it again.

What was trained is near some keyframe, and is trained again from there to the last bit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nn_tui.errors import InputError
from nn_tui.nn.architecture import views
from nn_tui.training.edits import Edit
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.keyframes import Keyframes, is_prefix
from nn_tui.training.model_builder import build_architecture
from nn_tui.training.run import Run
from nn_tui.training.trainer import Trainer

_SLICE = 0.05


class RunReplayer:
    """Between calls it is at a moment of ``run``, at first at ``keyframe`` or in epoch 0.

    ``halfway`` is how far the epoch after the keyframe had come. ``corrupted`` is true after
    training or an edit broke off by an error of the program's; what ``trainer`` holds is then
    no moment of the run until ``repair``. Raises what ``Trainer`` raises where a run cannot be
    had.
    """

    def __init__(
        self, run: Run, keyframe: Keyframe | None = None, halfway: PartialEpochState | None = None
    ) -> None:
        self.run = run
        self.corrupted = False
        self.trainer = _trainer(run)
        self._keyframes = Keyframes(self.trainer)
        if keyframe is not None:
            self.trainer.restore(keyframe)
            self._keyframes.keep(self.trainer)
        self._make_edits()
        if keyframe is not None and halfway is not None and self.trainer.edits == keyframe.edits:
            self._enter_epoch(halfway)

    @property
    def whole(self) -> bool:
        """Whether the trainer is at a moment that can be gone on from."""
        return self.trainer.position[1] is not None and not self.corrupted

    def run_for(
        self, seconds: float, last_epoch: int | None, interrupted: Callable[[], bool]
    ) -> None:
        """Train as ``Trainer.run_for`` does; the edits of the run are made on the way."""
        upcoming = self._upcoming()
        with self._corrupted_by_errors():
            if upcoming is None:
                self.trainer.run_for(seconds, last_epoch, interrupted)
            else:
                goal = upcoming.epoch if last_epoch is None else min(last_epoch, upcoming.epoch)
                self.trainer.run_for(seconds, goal, interrupted)
                self._make_edits()
        self._keyframes.offer(self.trainer)

    def edit(self, edit: Edit) -> None:
        """Follow another run from here on, the one that ``edit`` makes of this one.

        Raises what ``Trainer.apply`` raises, and changes nothing.
        """
        if self.trainer.at_rest:
            self._keyframes.keep(self.trainer)
        with self._corrupted_by_errors():
            self.trainer.apply(edit)
        self.run = self.run.with_edit(edit)

    def go_to(self, run: Run, epoch: int, cancelled: Callable[[], bool]) -> None:
        """Be at ``epoch`` of ``run``, which starts as this one does, and follow that.

        Where this is ``cancelled``, one stands where training again left off.
        """
        self.run = run
        with self._corrupted_by_errors():
            self._train_to(epoch, cancelled)

    def repair(self) -> None:
        """Replace a corrupted trainer by another, at the last moment kept."""
        frame = self._keyframes.nearest(self.trainer.epoch, self.run.edits)
        trainer = _trainer(self.run)
        trainer.set_view(self.trainer.recipe.view)
        trainer.restore(frame)
        self.trainer, self.corrupted = trainer, False
        self._make_edits()

    # Inside

    @contextmanager
    def _corrupted_by_errors(self) -> Iterator[None]:
        try:
            yield
        except InputError:
            raise  # a sentence for the person; nothing was changed
        except BaseException:
            self.corrupted = True
            raise

    def _upcoming(self) -> Edit | None:
        """The next edit of the run that is not made yet."""
        edits = self.run.edits
        made = len(self.trainer.edits)
        return edits[made] if made < len(edits) else None

    def _make_edits(self) -> None:
        """Make the edits whose time has come."""
        while (edit := self._upcoming()) and self.trainer.at_rest:
            if edit.epoch > self.trainer.epoch:
                return
            self.trainer.apply(edit)

    def _enter_epoch(self, halfway: PartialEpochState) -> None:
        """Be within the next epoch, with the edits that were asked for there."""
        self.trainer.enter(halfway)
        while (edit := self._upcoming()) and edit.epoch == self.trainer.edit_epoch:
            self.trainer.apply(edit)

    def _train_to(self, epoch: int, cancelled: Callable[[], bool]) -> None:
        """Be at ``epoch`` of the run, from the nearest moment kept."""
        edits = self.run.until(epoch).edits
        if not self._near(epoch, edits):
            self.trainer.restore(self._keyframes.nearest(epoch, edits))
        self._make_edits()
        while self.trainer.epoch < epoch and not (cancelled() or self.trainer.diverged):
            upcoming = self._upcoming()
            goal = epoch if upcoming is None else min(epoch, upcoming.epoch)
            self.trainer.replay(goal, _SLICE)
            self._make_edits()
            self._keyframes.offer(self.trainer)

    def _near(self, epoch: int, edits: tuple[Edit, ...]) -> bool:
        """Whether the trainer can go on from where it stands, and no keyframe is closer."""
        here, made = self.trainer.epoch, self.trainer.edits
        if not self.trainer.at_rest or here > epoch or not is_prefix(here, made, edits):
            return False
        return self._keyframes.nearest(epoch, edits).epoch <= here


def _trainer(run: Run) -> Trainer:
    named = None
    if run.start is not None:
        named = views(run.start, build_architecture(run.recipe, run.dataset))
    return Trainer(run.recipe, run.dataset, named)
