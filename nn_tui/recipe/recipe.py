"""The recipe: every setting that an experiment starts from, as immutable dataclasses.

``fields`` describes the keys and their values; ``parsing`` reads and writes recipes.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from nn_tui.errors import InputError


class RecipeError(InputError):
    """Invalid recipe; the message names the key, the value and the allowed values."""


@dataclass(frozen=True)
class Data:
    """The samples: source, columns, preprocessing, split."""

    source: str = "blog"
    header: str = "text"
    target: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    columns: str = "plain"
    categories: tuple[str, ...] = ()
    task: str = "by_loss"
    scale: str = "none"
    target_scale: str = "none"
    missing: str = "refuse"
    samples: int = 500
    noise: float = 0.0
    seed: int | str = 0
    test_fraction: float | str = "auto"
    validation_fraction: float = 0.0
    order: str = "auto"


@dataclass(frozen=True)
class Network:
    """The network's architecture and initialization."""

    hidden: tuple[int, ...] = (4,)
    activation: str = "sigmoid"
    output: str = "sigmoid"
    bias: bool = False
    init: str = "uniform"
    seed: int | str = 1
    dtype: str = "float64"


@dataclass(frozen=True)
class Training:
    """Loss, optimizer, regularization, batches and stopping."""

    loss: str = "half_squared_error"
    reduction: str = "sum"
    class_weights: str | tuple[float | str, ...] = "none"
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
    patience: int = 0
    restore_best: bool = False
    evaluate_every: int = 1
    replicas: int = 1


@dataclass(frozen=True)
class View:
    """Settings of the screen, without effect on the results."""

    pace: float = 10.0


@dataclass(frozen=True)
class Recipe:
    """The settings of an experiment; the defaults are the blog's."""

    data: Data = field(default_factory=Data)
    network: Network = field(default_factory=Network)
    training: Training = field(default_factory=Training)
    view: View = field(default_factory=View)

    def __getitem__(self, key: str) -> Any:
        section, name = key.split(".")
        return getattr(getattr(self, section), name)

    def differences(self, other: "Recipe") -> tuple[tuple[str, Any], ...]:
        """Return the keys whose values differ, with the values of ``other``."""
        return tuple(
            (f"{section.name}.{entry.name}", value)
            for section in fields(other)
            for entry in fields(getattr(other, section.name))
            if (value := other[f"{section.name}.{entry.name}"])
            != self[f"{section.name}.{entry.name}"]
        )

    def with_value(self, key: str, value: Any) -> "Recipe":
        """Return a copy with one value changed; the value is not checked."""
        section, name = key.split(".")
        changed = replace(getattr(self, section), **{name: value})
        return replace(self, **{section: changed})
