"""A run cut into stretches of epochs that are all made by the same step."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.recipe.recipe import Recipe
from nn_tui.training import model_builder as plan
from nn_tui.training.edit_effects import apply_edit
from nn_tui.training.edits import Edit, PruneEdit
from nn_tui.training.run import Run
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class SegmentSetting:
    """What a run is carried out by at a moment."""

    recipe: Recipe
    dataset: Dataset
    pruned: bool = False
    """Whether a weight was cut off by hand."""

    @cached_property
    def network(self) -> Architecture:
        return plan.build_architecture(self.recipe, self.dataset)

    @cached_property
    def method(self) -> LearningRule:
        return replace(plan.build_learning_rule(self.recipe), pruned=self.pruned)

    @cached_property
    def targets(self) -> Array:
        """The targets (samples, outputs) as the network should meet them."""
        return plan.targets(self.recipe, self.dataset, self.network)

    @property
    def samples(self) -> int:
        """How many are trained with."""
        return self.dataset.train_count

    @property
    def batch(self) -> int:
        """Samples per update; all of them where an epoch is one update."""
        training = self.recipe.training
        size = training.batch_size
        if isinstance(size, str) or (size > self.samples and training.partial_batch == "keep"):
            return self.samples
        return size

    @property
    def batched(self) -> bool:
        """Whether an epoch is more than one update with everything."""
        return self.batch != self.samples

    @property
    def carries(self) -> bool:
        """Whether a short last batch waits for the next epoch."""
        return self.method.carry and not self.idle and self.samples % self.batch > 0

    @property
    def idle(self) -> bool:
        """Whether samples never fill a batch, so that nothing is trained."""
        return self.batch > self.samples

    @property
    def batches(self) -> tuple[int | str, str, bool]:
        """What the recipe says of them."""
        training = self.recipe.training
        return training.batch_size, training.partial_batch, training.shuffle

    def same_step(self, other: "SegmentSetting") -> bool:
        """Whether the same lines go over the same batches."""
        mine, theirs = ((s.network, s.method, s.batches) for s in (self, other))
        return mine == theirs

    def after(self, edit: Edit) -> "SegmentSetting":
        """What ``edit`` makes of it."""
        recipe, dataset = apply_edit(edit, self.recipe, self.dataset, self.network)
        return SegmentSetting(recipe, dataset, self.pruned or isinstance(edit, PruneEdit))


@dataclass(frozen=True, eq=False)
class SettingChange:
    """An edit, and the settings on either side of it."""

    edit: Edit
    before: SegmentSetting
    after: SegmentSetting


@dataclass(eq=False)
class Segment:
    """Epochs after ``first`` up to ``last``, all by the step of ``setting``.

    ``opening`` are the changes before it begins, ``within`` those on its way.
    """

    first: int
    last: int
    setting: SegmentSetting
    opening: list[SettingChange] = field(default_factory=list)
    within: list[SettingChange] = field(default_factory=list)

    @property
    def end(self) -> SegmentSetting:
        """What the run is carried out by when the stretch is done."""
        return self.within[-1].after if self.within else self.setting


def segments(run: Run, epoch: int) -> Iterator[Segment]:
    """The run from its start to ``epoch``, in order; the last may be of no epochs."""
    now = SegmentSetting(run.recipe, run.dataset)
    open_ = Segment(0, epoch, now)
    for edit in run.until(epoch).edits:
        change = SettingChange(edit, now, now.after(edit))
        now = change.after
        if edit.epoch == open_.first:
            open_.opening.append(change)
            open_.setting = now
        elif edit.epoch == epoch or not now.same_step(change.before):
            # What was changed after the same epoch goes before the new loop too.
            same = [c for c in open_.within if c.edit.epoch == edit.epoch]
            open_.within = open_.within[: len(open_.within) - len(same)]
            open_.last = edit.epoch
            yield open_
            open_ = Segment(edit.epoch, epoch, now, [*same, change])
        else:
            open_.within.append(change)
    yield open_
