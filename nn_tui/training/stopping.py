"""Stopping a run by itself: at its target loss, or after epochs without a lower loss."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from nn_tui.recipe.recipe import Recipe
from nn_tui.training.curve import Curve
from nn_tui.types import Array


class TargetLossCheck:
    """Checks whether the training loss is below the recipe's ``stop_loss``.

    It is ``enabled`` until a run that it stopped is continued. Losses are (epochs,).
    """

    def __init__(self) -> None:
        self.enabled = True

    def restore(self, train: Array, recipe: Recipe) -> None:
        """Continue a run whose loss is ``train`` now."""
        self.enabled = not _falls_below(train, recipe)

    def reached(self, train: Array, recipe: Recipe) -> bool:
        """Whether any of the losses is below the target loss."""
        return self.enabled and _falls_below(train, recipe)


def _falls_below(train: Array, recipe: Recipe) -> bool:
    limit = recipe.training.stop_loss
    return not isinstance(limit, str) and bool((train < limit).any())


def stopped(epoch: int, train: Array, recipe: Recipe) -> str:
    """The loss after ``epoch``, in ``train``, is below the recipe's ``stop_loss``."""
    return (
        f"epoch {epoch:,}: the training loss is {train[0]:.6g}, below "
        f"training.stop_loss = {recipe.training.stop_loss:g}"
    )


def monitored(parts: Collection[str]) -> str:
    """The part of the dataset whose loss tells the best epoch.

    That is the validation set, without one the test set, without both the training set.
    """
    return next(part for part in ("validation", "test", "train") if part in parts)


class BestEpoch(NamedTuple):
    """The first epoch with the lowest loss of the ``monitored`` part."""

    epoch: int
    loss: float


class PatienceCheck:
    """Keeps the ``best`` epoch; checks whether it is ``patience`` epochs ago (0: never).

    Epochs are counted from the best one, or from a later change or continuation of the run.
    Losses are those of the monitored part, (epochs,). Early stopping: Prechelt, Early
    stopping – but when?, 1998; with a strictly lower loss as in Keras.
    """

    def __init__(self) -> None:
        self.best: BestEpoch | None = None
        self._since = 0

    def append(self, epochs: Array, losses: Array) -> None:
        """Add evaluated epochs, ascending, one or more."""
        lowest = int(losses.argmin())
        if self.best is None or losses[lowest] < self.best.loss:
            self.best = BestEpoch(int(epochs[lowest]), float(losses[lowest]))

    def restart(self, epoch: int, comparable: bool = True) -> None:
        """Count from ``epoch``; without ``comparable``, later losses have no best one yet."""
        self._since = epoch
        if not comparable:
            self.best = None

    def restore(self, best: BestEpoch | None, curve: Curve, part: str, last_edit: int) -> None:
        """Continue a run with this ``best`` epoch, edited at ``last_edit``.

        Runs saved before there was a best epoch have it from their ``curve`` since the edit.
        """
        self._since = last_edit
        self.best = _best_of(curve, part, last_edit) if best is None else best

    def reached(self, epoch: int, patience: int) -> bool:
        """Whether the run is to stop after ``epoch``."""
        return 0 < patience <= epoch - self._counted_from

    def would_reach(self, epochs: Array, losses: Array, patience: int) -> bool:
        """Whether the run is to stop at any of the next evaluated epochs."""
        if not (patience and len(losses)):
            return False
        lowest = np.inf if self.best is None else self.best.loss
        before = np.minimum.accumulate(np.concatenate([[lowest], losses[:-1]]))
        lower = np.where(losses < before, epochs, self._counted_from)
        return bool((epochs - np.maximum.accumulate(lower) >= patience).any())

    @property
    def _counted_from(self) -> int:
        return self._since if self.best is None else max(self._since, self.best.epoch)


def _best_of(curve: Curve, part: str, since: int) -> BestEpoch | None:
    """The best epoch after ``since``; the first epoch of a point that covers several."""
    later = curve.first > since if since else curve.first >= 0
    losses = np.where(later, curve.band(f"{part}_loss").low, np.nan)
    if not np.isfinite(losses).any():
        return None
    lowest = int(np.nanargmin(losses))
    return BestEpoch(int(curve.first[lowest]), float(losses[lowest]))


_NAMES = {"train": "training"}


def stopped_early(epoch: int, part: str, patience: int, best: BestEpoch | None) -> str:
    """The loss of ``part`` was not lower for ``patience`` epochs before ``epoch``."""
    epochs = "1 epoch" if patience == 1 else f"{patience:,} epochs"
    where = "" if best is None else f"; best at epoch {best.epoch:,}"
    return f"stopped at epoch {epoch:,}: no lower {_NAMES.get(part, part)} loss for {epochs}{where}"


class StopCheck:
    """Both checks of a run; ``enabled`` is false while neither may stop it.

    ``parts`` are those of its dataset. Losses are by part, each (epochs,).
    """

    def __init__(self, parts: Collection[str]) -> None:
        self.enabled = True
        self.part = monitored(parts)
        self._target_loss = TargetLossCheck()
        self._patience = PatienceCheck()

    @property
    def best(self) -> BestEpoch | None:
        """The best epoch so far; None before the first loss that is comparable."""
        return self._patience.best

    def append(self, epochs: Array, losses: Mapping[str, Array]) -> None:
        """Add evaluated epochs, ascending, one or more."""
        self._patience.append(epochs, losses[self.part])

    def would_stop(self, epochs: Array, losses: Mapping[str, Array], recipe: Recipe) -> bool:
        """Whether any of the next evaluated epochs would stop the run."""
        return self.enabled and (
            self._target_loss.reached(losses["train"], recipe)
            or self._patience.would_reach(epochs, losses[self.part], recipe.training.patience)
        )

    def stopped(self, epoch: int, losses: Mapping[str, Array], recipe: Recipe) -> str:
        """Why the run stops after ``epoch``, which was added, or empty."""
        train, patience = losses["train"], recipe.training.patience
        if not (self.enabled and len(train)):
            return ""
        if self._target_loss.reached(train, recipe):
            return stopped(epoch, train, recipe)
        if self._patience.reached(epoch, patience):
            return stopped_early(epoch, self.part, patience, self.best)
        return ""

    def resume(self, epoch: int, recipe: Recipe) -> None:
        """Train on after ``epoch``, evaluated last; beyond its stop, a run counts from it."""
        if self.enabled and self._patience.reached(epoch, recipe.training.patience):
            self._patience.restart(epoch)

    def clear(self, epoch: int, recipe: Recipe) -> None:
        """Continue a run that was stopped at ``epoch``."""
        if not self._patience.reached(epoch, recipe.training.patience):
            self._target_loss.enabled = False
        self._patience.restart(epoch)

    def expect_edit(self, epoch: int, stop_changed: bool, comparable: bool) -> None:
        """Count from an edit at ``epoch``; see ``EpochRunner.expect_edit``."""
        if stop_changed:
            self._target_loss.enabled = True
        self._patience.restart(epoch, comparable)

    def restore(
        self,
        best: BestEpoch | None,
        curve: Curve,
        last_edit: int,
        train: Array,
        recipe: Recipe,
    ) -> None:
        """Continue a run whose training loss is ``train`` now; see ``PatienceCheck.restore``."""
        self._target_loss.restore(train, recipe)
        self._patience.restore(best, curve, self.part, last_edit)
