"""Choices: one name out of several, or yes and no."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nn_tui.kinds.kind import FieldType, Value
from nn_tui.text import did_you_mean

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "mse": ("half_squared_error",),
    "squared_error": ("half_squared_error",),
    "l2_loss": ("half_squared_error",),
    "mae": ("absolute_error",),
    "l1_loss": ("absolute_error",),
    "bce": ("binary_cross_entropy",),
    "log_loss": ("binary_cross_entropy",),
    "nll": ("cross_entropy",),
    "categorical_cross_entropy": ("cross_entropy",),
    "identity": ("linear",),
    "logistic": ("sigmoid",),
    "silu": ("swish",),
    "sin": ("sine",),
    "gd": ("sgd",),
    "gradient_descent": ("sgd",),
    "nag": ("nesterov",),
    "glorot": ("xavier",),
    "kaiming": ("he",),
    "zscore": ("standard",),
    "standardize": ("standard",),
    "float": ("float64",),
    "double": ("float64",),
    "single": ("float32",),
    "average": ("mean",),
    "weight_decay": ("l2",),
    "ridge": ("l2",),
    "lasso": ("l1",),
}
"""Names of choices, by the words that may be meant for them."""


@dataclass(frozen=True)
class ChoiceField(FieldType):
    """One of the names of a registry, which is read when it is needed."""

    registry: Callable[[], Iterable[str]]

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(self.registry())

    def help_of(self, name: str) -> str:
        """The registry's line of help for one of its names, if it has any."""
        registry = self.registry()
        entry: Any = registry[name] if isinstance(registry, Mapping) else ""
        return entry if isinstance(entry, str) else str(entry.help)

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return "one of " + ", ".join(self.choices)

    def parse(self, text: str) -> Value:
        return self.check(text.strip())

    def check(self, value: object) -> Value:
        if value in self.choices:
            return value
        hint = did_you_mean(str(value), self.choices, synonyms=_SYNONYMS)
        raise ValueError(f"it must be {self.allowed}{hint and f' ({hint})'}")


@dataclass(frozen=True)
class FlagField(FieldType):
    """Yes or no."""

    allowed: str = "true or false"

    def parse(self, text: str) -> Value:
        word = text.strip().lower()
        if word in ("true", "yes", "on", "1"):
            return True
        if word in ("false", "no", "off", "0"):
            return False
        raise self.refuse()

    def check(self, value: object) -> Value:
        if not isinstance(value, bool):
            raise self.refuse()
        return value

    def show(self, value: Value) -> str:
        return "true" if value else "false"
