"""Division of a run into segments of epochs trained by the same step."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.recipe.recipe import Recipe
from nn_tui.training import model_builder
from nn_tui.training.edit_effects import apply_edit
from nn_tui.training.edits import Edit, PruneEdit
from nn_tui.training.loop_builder import build_rule
from nn_tui.training.run import Run
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class SegmentSetting:
    """Recipe and data of a run at some epoch."""

    recipe: Recipe
    dataset: Dataset
    pruned: bool = False
    """Whether a weight was pruned."""

    @cached_property
    def network(self) -> Architecture:
        return model_builder.build_architecture(self.recipe, self.dataset)

    @cached_property
    def method(self) -> LearningRule:
        return build_rule(self.recipe, self.dataset, self.network, self.pruned)

    @cached_property
    def targets(self) -> Array:
        """The targets (samples, outputs), encoded for the network's output."""
        return model_builder.targets(self.recipe, self.dataset, self.network)

    @property
    def samples(self) -> int:
        """Number of training samples."""
        return self.dataset.train_count

    @property
    def batch(self) -> int:
        """Samples per update; all training samples if an epoch is one update."""
        training = self.recipe.training
        size = training.batch_size
        if isinstance(size, str) or (size > self.samples and training.partial_batch == "keep"):
            return self.samples
        return size

    @property
    def batched(self) -> bool:
        """Whether there are mini-batches."""
        return self.batch != self.samples

    @property
    def carries(self) -> bool:
        """Whether an incomplete last batch is carried over to the next epoch."""
        return self.method.carry and not self.idle and self.samples % self.batch > 0

    @property
    def idle(self) -> bool:
        """Whether there are fewer samples than a batch, so that there are no updates."""
        return self.batch > self.samples

    @property
    def batches(self) -> tuple[int | str, str, bool]:
        """The recipe's settings of batches."""
        training = self.recipe.training
        return training.batch_size, training.partial_batch, training.shuffle

    def same_step(self, other: "SegmentSetting") -> bool:
        """Whether step and batches are the same."""
        mine, theirs = ((s.network, s.method, s.batches) for s in (self, other))
        return mine == theirs

    def after(self, edit: Edit) -> "SegmentSetting":
        """The setting after an edit."""
        recipe, dataset = apply_edit(edit, self.recipe, self.dataset, self.network)
        return SegmentSetting(recipe, dataset, self.pruned or isinstance(edit, PruneEdit))


@dataclass(frozen=True, eq=False)
class SettingChange:
    """An edit, and the settings before and after it."""

    edit: Edit
    before: SegmentSetting
    after: SegmentSetting


@dataclass(eq=False)
class Segment:
    """Epochs after ``first`` up to ``last``, trained by the step of ``setting``.

    ``opening`` are the changes before the first epoch, ``within`` later ones.
    """

    first: int
    last: int
    setting: SegmentSetting
    opening: list[SettingChange] = field(default_factory=list)
    within: list[SettingChange] = field(default_factory=list)

    @property
    def end(self) -> SegmentSetting:
        """The setting after the last epoch."""
        return self.within[-1].after if self.within else self.setting


def segments(run: Run, epoch: int) -> Iterator[Segment]:
    """The segments of a run up to ``epoch``; the last may be empty."""
    now = SegmentSetting(run.recipe, run.dataset)
    current = Segment(0, epoch, now)
    for edit in run.until(epoch).edits:
        change = SettingChange(edit, now, now.after(edit))
        now = change.after
        if edit.epoch == current.first:
            current.opening.append(change)
            current.setting = now
        elif edit.epoch == epoch or not now.same_step(change.before):
            # Earlier changes after the same epoch also go before the new loop.
            same = [c for c in current.within if c.edit.epoch == edit.epoch]
            current.within = current.within[: len(current.within) - len(same)]
            current.last = edit.epoch
            yield current
            current = Segment(edit.epoch, epoch, now, [*same, change])
        else:
            current.within.append(change)
    yield current
