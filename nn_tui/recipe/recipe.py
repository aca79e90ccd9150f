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
    activation: str | tuple[str, ...] = "sigmoid"
    output: str = "sigmoid"
    bias: bool = False
    init: str = "uniform"
    seed: int | str = 1
    dropout: float = 0.0
    dtype: str = "float64"


@dataclass(frozen=True)
class Training:
    """Loss, optimizer, regularization, batches and stopping."""

    loss: str = "half_squared_error"
    reduction: str = "sum"
    class_weights: str | tuple[float | str, ...] = "none"
    label_smoothing: float = 0.0
    input_noise: float = 0.0
    optimizer: str = "sgd"
    learning_rate: float = 1.0
    schedule: str = "constant"
    schedule_epochs: int | str = "auto"
    warmup_epochs: int | str = "auto"
    decay_factor: float = 0.1
    final_rate: float = 0.0
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    rho: float | str = 0.9
    epsilon: float = 1e-8
    clip_norm: float | str = "none"
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


_FREE = ("lines", "functions")
"""Sections with keys of their own choice."""


@dataclass(frozen=True)
class Recipe:
    """The settings of an experiment; the defaults are the blog's.

    ``lines`` are changed lines of the step, by name (``nn.line_changes``), and ``functions``
    helper functions, by name, with their bodies: both sorted, with keys of their own choice.
    """

    data: Data = field(default_factory=Data)
    network: Network = field(default_factory=Network)
    training: Training = field(default_factory=Training)
    view: View = field(default_factory=View)
    lines: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    functions: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, key: str) -> Any:
        """The value of a key; None for a line or function that the recipe does not have."""
        section, name = key.split(".", 1)
        if section in _FREE:
            return dict(getattr(self, section)).get(name)
        return getattr(getattr(self, section), name)

    def differences(self, other: "Recipe") -> tuple[tuple[str, Any], ...]:
        """Return the keys whose values differ, with the values of ``other``."""
        keys = [
            f"{section.name}.{entry.name}"
            for section in fields(other)
            if section.name not in _FREE
            for entry in fields(getattr(other, section.name))
        ]
        for section in _FREE:
            names = {**dict(getattr(self, section)), **dict(getattr(other, section))}
            keys += [f"{section}.{name}" for name in sorted(names)]
        return tuple((key, value) for key in keys if (value := other[key]) != self[key])

    def with_value(self, key: str, value: Any) -> "Recipe":
        """Return a copy with one value changed; the value is not checked.

        A line or function whose value is None is taken out.
        """
        section, name = key.split(".", 1)
        if section in _FREE:
            values = {**dict(getattr(self, section)), name: value}
            kept = tuple(sorted((k, v) for k, v in values.items() if v is not None))
            if section == "lines":
                return replace(self, lines=kept)
            return replace(self, functions=kept)
        changed = replace(getattr(self, section), **{name: value})
        return replace(self, **{section: changed})
