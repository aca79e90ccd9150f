"""Class weights: the loss of each sample is multiplied by the weight of its class.

The mean loss is 1/n Σ w L over the n samples, as with ``class_weight`` in Keras; ``balanced``
weights are those of scikit-learn's ``compute_class_weight``, n / (classes · n_class) (King and
Zeng, Logistic regression in rare events data, 2001). Their mean over the training samples
is 1, so that the learning rate keeps its meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.types import Array


@dataclass(frozen=True)
class ClassWeights:
    """``values`` by class; ``low`` and ``high`` are the targets of other and of this class.

    With a single output, there are two classes.
    """

    values: tuple[float, ...]
    low: float
    high: float
    outputs: int

    @property
    def scalars(self) -> dict[str, float]:
        """The numbers that ``code`` reads, of a single output."""
        named = {f"class_weight_{number}": value for number, value in enumerate(self.values)}
        return named if self.outputs == 1 else {}

    @property
    def arrays(self) -> dict[str, Array]:
        """The column (classes, 1) that ``code`` reads, of several outputs."""
        return {} if self.outputs == 1 else {"class_weight": np.array(self.values)[:, None]}

    @property
    def code(self) -> str:
        """The weight of each sample, (samples, 1), from the targets ``y``."""
        size = self.high - self.low
        divided = f" / {size:.17g}" if size != 1 else ""
        above = "y" if self.low == 0 else f"(y {'+' if self.low < 0 else '-'} {abs(self.low):.17g})"
        if self.outputs > 1:
            return f"{above} @ class_weight{divided}"
        code = f"({self.high:.17g} - y) * class_weight_0 + {above} * class_weight_1"
        return f"({code}){divided}" if divided else code


def balanced_weights(counts: Sequence[int]) -> tuple[float, ...]:
    """The weights of classes with so many samples; 1 for a class without any."""
    present = sum(count > 0 for count in counts)
    total = sum(counts)
    return tuple(total / (present * count) if count else 1.0 for count in counts)
