"""A recipe says everything an experiment starts from.

What its keys mean and may be is said in ``fields``; how it is read and written, in
``recipe_text``.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from nn_tui.errors import InputError


class RecipeError(InputError):
    """A sentence that names the key, the value and what is allowed."""


@dataclass(frozen=True)
class Data:
    """Where the samples come from."""

    source: str = "blog"
    target: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    scale: str = "none"
    missing: str = "refuse"
    samples: int = 500
    noise: float = 0.0
    seed: int | str = 0
    test_fraction: float | str = "auto"
    order: str = "auto"


@dataclass(frozen=True)
class Network:
    """What is trained."""

    hidden: tuple[int, ...] = (4,)
    activation: str = "sigmoid"
    output: str = "sigmoid"
    bias: bool = False
    init: str = "uniform"
    seed: int | str = 1
    dtype: str = "float64"


@dataclass(frozen=True)
class Training:
    """How it is trained."""

    loss: str = "half_squared_error"
    reduction: str = "sum"
    optimizer: str = "sgd"
    learning_rate: float = 1.0
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    penalty: str = "none"
    penalty_rate: float = 0.0
    batch_size: int | str = "all"
    partial_batch: str = "keep"
    shuffle: bool = False
    epochs: int = 50
    stop_loss: float | str = "none"
    evaluate_every: int = 1


@dataclass(frozen=True)
class View:
    """How it is watched; changes nothing in the numbers."""

    pace: float = 10.0


@dataclass(frozen=True)
class Recipe:
    """An experiment's starting point; the default is the blog's."""

    data: Data = field(default_factory=Data)
    network: Network = field(default_factory=Network)
    training: Training = field(default_factory=Training)
    view: View = field(default_factory=View)

    def __getitem__(self, key: str) -> Any:
        section, name = key.split(".")
        return getattr(getattr(self, section), name)

    def differences(self, other: "Recipe") -> tuple[tuple[str, Any], ...]:
        """The keys in which ``other`` is different, with their values there."""
        return tuple(
            (f"{section.name}.{entry.name}", value)
            for section in fields(other)
            for entry in fields(getattr(other, section.name))
            if (value := other[f"{section.name}.{entry.name}"])
            != self[f"{section.name}.{entry.name}"]
        )

    def with_value(self, key: str, value: Any) -> "Recipe":
        """A copy with one field changed; the value is not checked here."""
        section, name = key.split(".")
        changed = replace(getattr(self, section), **{name: value})
        return replace(self, **{section: changed})
