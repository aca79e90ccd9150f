"""The scores of every evaluated epoch, for those who ask for more than the recorded metrics."""

from collections.abc import Mapping, Sequence

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.nn.activations import UNITS
from nn_tui.training.baseline import constant_prediction, decisive_part
from nn_tui.training.score_formulas import score_names, scores_of
from nn_tui.types import Array

_RECORDED = ("accuracy", "mae")
"""Scores that every run records: the metrics ``accuracy`` and ``error``."""


class EpochScores:
    """The scores of a network with the activation ``output`` on each part of ``dataset``."""

    def __init__(self, dataset: Dataset, output: str) -> None:
        self._dataset = dataset
        self._rule = dataset.decision_rule(output)
        self._probable = UNITS[output].range == (0.0, 1.0)
        targets = dataset.output_targets(output)
        self._targets = {part: targets[rows] for part, rows in dataset.parts.items()}
        names = score_names(self._rule, self._probable)
        self._names = tuple(name for name in names if name not in _RECORDED)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of ``of``: ``train_r2``, ``test_r2`` and so on."""
        return tuple(f"{part}_{name}" for name in self._names for part in self._targets)

    def of(self, predictions: Sequence[Array]) -> Mapping[str, Array]:
        """The scores by column, each (epochs,); NaN where undefined.

        ``predictions`` (epochs, samples, outputs) are those of the parts, as the network makes
        them.
        """
        values: dict[str, Array] = {}
        for (part, targets), made in zip(self._targets.items(), predictions, strict=True):
            found = self._scores(self._dataset.decode(made.astype(np.float64)), targets)
            values |= {f"{part}_{name}": found[name] for name in self._names}
        return values

    def baseline(self) -> dict[str, float]:
        """The scores of the best constant prediction, as ``baseline_NAME``."""
        constant = constant_prediction(self._targets["train"], self._rule)
        judged = self._targets[decisive_part(self._targets)]
        found = self._scores(np.broadcast_to(constant, (1, *judged.shape)), judged)
        return {f"baseline_{name}": float(found[name][0]) for name in self._names}

    def _scores(self, predictions: Array, targets: Array) -> Mapping[str, Array]:
        if not len(targets):
            return dict.fromkeys(self._names, np.full(len(predictions), np.nan))
        return scores_of(predictions, targets, self._rule, self._probable)
