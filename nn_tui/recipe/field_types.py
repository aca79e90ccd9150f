"""Numbers: any within bounds, whole ones, sizes of layers, seeds."""

import csv
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nn_tui.text import did_you_mean, make_printable

Value = Any


class FieldType(ABC):
    """The base of all kinds; ``allowed`` completes "… is not allowed; it must be"."""

    allowed: str

    @abstractmethod
    def parse(self, text: str) -> Value:
        """The value that a person typed."""

    @abstractmethod
    def check(self, value: object) -> Value:
        """The value that stood in a TOML file."""

    def show(self, value: Value) -> str:
        """The value as a person would type it."""
        return str(value)

    def refuse(self) -> ValueError:
        return ValueError(f"it must be {self.allowed}")


@dataclass(frozen=True)
class NumberField(FieldType):
    """A finite number within bounds; ``above`` excludes the lower bound itself.

    ``word`` is a value of its own, such as ``none``. What is above zero and below ``finest``
    is allowed, but nobody would step there.
    """

    low: float
    high: float
    above: bool = False
    word: str = ""
    finest: float = 1e-9

    @property
    def allowed(self) -> str:  # type: ignore[override]
        word = f"{self.word!r} or " if self.word else ""
        if self.above:
            return f"{word}a number above {self.low:g} and at most {self.high:g}"
        return f"{word}a number from {self.low:g} to {self.high:g}"

    def parse(self, text: str) -> Value:
        if self.word and text.strip().lower() == self.word:
            return self.word
        try:
            value = float(text)
        except ValueError:
            raise self.refuse() from None
        return self.check(value)

    def check(self, value: object) -> Value:
        if self.word and value == self.word:
            return self.word
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse()
        try:
            number = float(value)
        except OverflowError:
            raise self.refuse() from None
        too_low = number <= self.low if self.above else number < self.low
        if not math.isfinite(number) or too_low or number > self.high:
            raise self.refuse()
        return number

    def show(self, value: Value) -> str:
        return str(value) if isinstance(value, str) else f"{value:.12g}"


@dataclass(frozen=True)
class IntegerField(FieldType):
    """A whole number within bounds; ``word`` is a value of its own, such as ``all``."""

    low: int
    high: int
    word: str = ""

    @property
    def allowed(self) -> str:  # type: ignore[override]
        word = f"{self.word!r} or " if self.word else ""
        return f"{word}a whole number from {self.low:,} to {self.high:,}"

    def parse(self, text: str) -> Value:
        plain = text.strip().replace("_", "").replace(",", "")
        if self.word and plain.lower() == self.word:
            return self.word
        digits = plain[1:] if plain[:1] in ("+", "-") else plain
        if not digits.isascii() or not digits.isdigit() or len(plain) > 18:
            raise self.refuse()
        return self.check(int(plain))

    def check(self, value: object) -> Value:
        if self.word and value == self.word:
            return self.word
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse()
        if not self.low <= value <= self.high:
            raise self.refuse()
        return value


@dataclass(frozen=True)
class LayerSizes(FieldType):
    """Layer sizes, first hidden layer first; there may be none."""

    most_layers: int
    most_units: int

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return (
            f"layer sizes with commas, up to {self.most_layers} of 1 to "
            f"{self.most_units:,}, or none"
        )

    def parse(self, text: str) -> Value:
        plain = text.strip().removeprefix("[").removesuffix("]").strip()
        if plain.lower() in ("", "none"):
            return ()
        parts = [part.strip() for part in plain.split(",")]
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
            raise self.refuse()
        return self.check([int(part) for part in parts])

    def check(self, value: object) -> Value:
        if not isinstance(value, list | tuple) or len(value) > self.most_layers:
            raise self.refuse()
        for size in value:
            if isinstance(size, bool) or not isinstance(size, int):
                raise self.refuse()
            if not 1 <= size <= self.most_units:
                raise self.refuse()
        return tuple(value)

    def show(self, value: Value) -> str:
        return ", ".join(str(size) for size in value) or "none"


_LONGEST_SEED = 100


@dataclass(frozen=True)
class SeedField(FieldType):
    """A whole number, or a text that seeds TensorFlow Playground's random numbers."""

    most: int = 2**32 - 1

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return f'a whole number from 0 to {self.most:,}, or a text: 0.605 or "7"'

    def parse(self, text: str) -> Value:
        plain = text.strip()
        if len(plain) > 2 and plain[0] == plain[-1] == '"':
            return self.check(plain[1:-1])
        if plain.isascii() and plain.isdigit() and len(plain) < 19:
            return self.check(int(plain))
        if plain.startswith("-") or not plain:
            raise self.refuse()
        return self.check(plain)

    def check(self, value: object) -> Value:
        if isinstance(value, str) and len(value) > _LONGEST_SEED:
            raise ValueError(f"it must be a text of at most {_LONGEST_SEED} characters")
        if isinstance(value, str) and value and value.isprintable():
            return value
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= self.most:
            raise self.refuse()
        return value

    def show(self, value: Value) -> str:
        return f'"{value}"' if isinstance(value, str) and value.isdigit() else str(value)


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


@dataclass(frozen=True)
class TextField(FieldType):
    """Any text that is not empty and not longer than the name of a file can be."""

    allowed: str = "a name"
    most: int = 4096

    def parse(self, text: str) -> Value:
        return self.check(text.strip())

    def check(self, value: object) -> Value:
        if not isinstance(value, str) or not 0 < len(value) <= self.most:
            raise self.refuse()
        return value

    def show(self, value: Value) -> str:
        return make_printable(value)


@dataclass(frozen=True)
class NameList(FieldType):
    """Names in order, visible as a dataset's are; there may be none: that is ``nothing``."""

    what: str
    nothing: str

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return f"{self.what} with commas between them, or {self.nothing}"

    def parse(self, text: str) -> Value:
        if text.strip().lower() in ("", self.nothing):
            return ()
        return self.check(
            [name.strip() for name in next(csv.reader([text], skipinitialspace=True), [])]
        )

    def check(self, value: object) -> Value:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list | tuple) or len(value) > 10_000:
            raise self.refuse()
        if not all(isinstance(name, str) and name for name in value):
            raise self.refuse()
        return tuple(make_printable(name) for name in value)

    def show(self, value: Value) -> str:
        return ", ".join(map(_quoted, value)) or self.nothing


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if "," in name or '"' in name else name
