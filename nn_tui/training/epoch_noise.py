"""The random numbers that the updates of an epoch read: for dropout and for noisy inputs."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.statements import random_inputs
from nn_tui.types import Array

STREAM = 1
"""Added to seed and epoch, so that the stream is not that of the order of the samples."""


class EpochNoise:
    """``arrays`` (samples, columns) by name, as ``random_inputs`` names them.

    The numbers of an epoch are drawn from its own stream, seeded by ``seed`` and the epoch's
    number alone, for all samples in the order of the batches.
    """

    def __init__(
        self,
        network: Architecture,
        rule: LearningRule,
        samples: int,
        seed: Sequence[int],
        dtype: DTypeLike,
    ) -> None:
        self._seed = [*seed]
        sizes = random_inputs(network, rule)
        self.arrays = {name: np.zeros((samples, size), dtype) for name, size in sizes.items()}

    def draw(self, epoch: int) -> None:
        """Fill the arrays for ``epoch``, 1 for the first."""
        random = np.random.default_rng([*self._seed, epoch, STREAM])
        for name, array in self.arrays.items():
            normal = name.endswith("_noise")
            array[...] = (
                random.standard_normal(array.shape) if normal else random.random(array.shape)
            )

    def first(self, epoch: int, rows: int) -> dict[str, Array]:
        """Copies of the first ``rows`` of ``epoch``; the arrays stay as they are."""
        kept = {name: array.copy() for name, array in self.arrays.items()}
        self.draw(epoch)
        drawn = {name: array[:rows].copy() for name, array in self.arrays.items()}
        for name, array in kept.items():
            self.arrays[name][...] = array
        return drawn
