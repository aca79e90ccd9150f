"""The history of a run's epochs, and those who are told of each."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from nn_tui.training.history import LossHistory
from nn_tui.training.snapshot import EpochMetrics, last_metrics
from nn_tui.training.training_loop import Losses, TrainingLoop
from nn_tui.types import Array

Scoring = Callable[[Sequence[Array]], Mapping[str, Array]]
"""Scores by column, each (epochs,), of predictions (epochs, samples, outputs) of each part."""

Listener = Callable[[Array, Mapping[str, Array]], None]
"""Called with evaluated epochs and their losses of each part of the dataset, each (epochs,)."""


class EpochRecorder:
    """Records losses in ``history``, with metrics that are computed for many epochs at once.

    ``parts`` are the parts of the dataset, the columns of losses.
    """

    def __init__(self, history: LossHistory, parts: Sequence[str]) -> None:
        self.history = history
        self.listeners: list[Listener] = []
        self.scoring: Scoring | None = None
        """What the listeners are told besides metrics; it is not recorded."""
        self._parts = parts
        self._unsettled: list[tuple[Array, ...]] = []

    def append(self, epochs: Array, losses: Losses) -> None:
        """Keep the losses of evaluated epochs for ``settle``."""
        self._unsettled.append((epochs, *losses))

    def settle(self, loop: TrainingLoop) -> EpochMetrics | None:
        """Move what was kept into the history, with its metrics from ``loop``; tell the listeners.

        Returns the losses and metrics of the last epoch, None if nothing was kept.
        """
        if not self._unsettled:
            return None
        epochs, *losses = map(np.concatenate, zip(*self._unsettled, strict=True))
        self._unsettled.clear()
        scores = self.scoring(loop.kept_predictions) if self.scoring else {}
        metrics, parts = loop.collect(), self.by_part(tuple(losses))
        self.history.append(epochs, (*losses, *metrics))
        heard = parts | dict(zip(self.history.names[len(losses) :], metrics, strict=True))
        heard |= scores
        for listener in self.listeners:
            listener(epochs, heard)
        return last_metrics(epochs, parts, metrics)

    def by_part(self, losses: Losses) -> dict[str, Array]:
        """Losses by the part of the dataset that they are of."""
        return dict(zip(self._parts, losses, strict=True))
