"""Types of recipe values: how each is parsed from text, checked and shown."""

import csv
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nn_tui.recipe.synonyms import CHOICES
from nn_tui.spelling import did_you_mean
from nn_tui.text import make_printable

Value = Any


class FieldType(ABC):
    """Base class of all types; ``allowed`` completes the sentence "it must be …"."""

    allowed: str

    @abstractmethod
    def parse(self, text: str) -> Value:
        """Return the value of a typed text.

        Raises ValueError, whose message says what is allowed.
        """

    @abstractmethod
    def check(self, value: object) -> Value:
        """Return the value read from a TOML file. Raises ValueError like ``parse``."""

    def show(self, value: Value) -> str:
        """Return the value as text that ``parse`` reads."""
        return str(value)

    def not_allowed(self) -> ValueError:
        """Return the error for a value that is not allowed."""
        return ValueError(f"it must be {self.allowed}")


@dataclass(frozen=True)
class NumberField(FieldType):
    """A finite number within bounds; ``above`` excludes the lower bound.

    ``word`` is an additional allowed value, such as ``none``. ``finest`` is the smallest
    positive value that stepping reaches; typed values may be smaller.
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
            raise self.not_allowed() from None
        return self.check(value)

    def check(self, value: object) -> Value:
        if self.word and value == self.word:
            return self.word
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.not_allowed()
        try:
            number = float(value)
        except OverflowError:
            raise self.not_allowed() from None
        too_low = number <= self.low if self.above else number < self.low
        if not math.isfinite(number) or too_low or number > self.high:
            raise self.not_allowed()
        return number

    def show(self, value: Value) -> str:
        return str(value) if isinstance(value, str) else f"{value:.12g}"


@dataclass(frozen=True)
class IntegerField(FieldType):
    """An integer within bounds; ``word`` is an additional allowed value, such as ``all``."""

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
            raise self.not_allowed()
        return self.check(int(plain))

    def check(self, value: object) -> Value:
        if self.word and value == self.word:
            return self.word
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.not_allowed()
        if not self.low <= value <= self.high:
            raise self.not_allowed()
        return value


MOST_LAYERS = 50


@dataclass(frozen=True)
class LayerSizes(FieldType):
    """Units per hidden layer, from the input side; possibly empty."""

    most_layers: int
    most_units: int

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return (
            f"comma-separated layer sizes, up to {self.most_layers} of 1 to "
            f"{self.most_units:,}, or none"
        )

    def parse(self, text: str) -> Value:
        plain = text.strip().removeprefix("[").removesuffix("]").strip()
        if plain.lower() in ("", "none"):
            return ()
        parts = [part.strip() for part in plain.split(",")]
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
            raise self.not_allowed()
        return self.check([int(part) for part in parts])

    def check(self, value: object) -> Value:
        if not isinstance(value, list | tuple) or len(value) > self.most_layers:
            raise self.not_allowed()
        for size in value:
            if isinstance(size, bool) or not isinstance(size, int):
                raise self.not_allowed()
            if not 1 <= size <= self.most_units:
                raise self.not_allowed()
        return tuple(value)

    def show(self, value: Value) -> str:
        return ", ".join(str(size) for size in value) or "none"


_LONGEST_SEED = 100


@dataclass(frozen=True)
class SeedField(FieldType):
    """An integer, or a string that seeds TensorFlow Playground's random numbers."""

    most: int = 2**32 - 1

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return f'a whole number from 0 to {self.most:,}, or a string: 0.605 or "7"'

    def parse(self, text: str) -> Value:
        plain = text.strip()
        if len(plain) > 2 and plain[0] == plain[-1] == '"':
            return self.check(plain[1:-1])
        if plain.isascii() and plain.isdigit() and len(plain) < 19:
            return self.check(int(plain))
        if plain.startswith("-") or not plain:
            raise self.not_allowed()
        return self.check(plain)

    def check(self, value: object) -> Value:
        if isinstance(value, str) and len(value) > _LONGEST_SEED:
            raise ValueError(f"it must be a string of at most {_LONGEST_SEED} characters")
        if isinstance(value, str) and value and value.isprintable():
            return value
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= self.most:
            raise self.not_allowed()
        return value

    def show(self, value: Value) -> str:
        return f'"{value}"' if isinstance(value, str) and value.isdigit() else str(value)


@dataclass(frozen=True)
class ChoiceField(FieldType):
    """One of the names of a registry, looked up on every access."""

    registry: Callable[[], Iterable[str]]

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(self.registry())

    def help_of(self, name: str) -> str:
        """Return the registry's help for a name; empty where it has none."""
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
        hint = did_you_mean(str(value), self.choices, synonyms=CHOICES)
        raise ValueError(f"it must be {self.allowed}{hint and f' ({hint})'}")


_FUNCTION_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


@dataclass(frozen=True)
class ActivationsField(ChoiceField):
    """A name of the registry or of a function of the recipe, or a tuple of several.

    Whether there is such a function is known only with the recipe, and checked with it.
    """

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return f"{super().allowed}, a function of the recipe, or a list of them"

    def parse(self, text: str) -> Value:
        plain = text.strip().removeprefix("[").removesuffix("]")
        names = [name.strip(" \"'") for name in plain.split(",")]
        return self.check(names[0] if len(names) == 1 else names)

    def check(self, value: object) -> Value:
        if isinstance(value, str) and value in self.choices:
            return value
        names = value if isinstance(value, list | tuple) else [value]
        if not 0 < len(names) <= MOST_LAYERS:
            raise self.not_allowed()
        for name in names:
            if not isinstance(name, str) or not _FUNCTION_NAME.fullmatch(name):
                raise self.not_allowed()
        return tuple(names) if isinstance(value, list | tuple) else value

    def show(self, value: Value) -> str:
        return value if isinstance(value, str) else ", ".join(value)


@dataclass(frozen=True)
class FlagField(FieldType):
    """A boolean."""

    allowed: str = "true or false"

    def parse(self, text: str) -> Value:
        word = text.strip().lower()
        if word in ("true", "yes", "on", "1"):
            return True
        if word in ("false", "no", "off", "0"):
            return False
        raise self.not_allowed()

    def check(self, value: object) -> Value:
        if not isinstance(value, bool):
            raise self.not_allowed()
        return value

    def show(self, value: Value) -> str:
        return "true" if value else "false"


@dataclass(frozen=True)
class TextField(FieldType):
    """A non-empty text no longer than a file path can be."""

    allowed: str = "a name"
    most: int = 4096

    def parse(self, text: str) -> Value:
        return self.check(text.strip())

    def check(self, value: object) -> Value:
        if not isinstance(value, str) or not 0 < len(value) <= self.most:
            raise self.not_allowed()
        return value

    def show(self, value: Value) -> str:
        return make_printable(value)


@dataclass(frozen=True)
class NameList(FieldType):
    """Names in order, made printable like a dataset's; ``nothing`` is the empty list."""

    what: str
    nothing: str

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return f"{self.what} separated by commas, or {self.nothing}"

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
            raise self.not_allowed()
        if not all(isinstance(name, str) and name for name in value):
            raise self.not_allowed()
        return tuple(make_printable(name) for name in value)

    def show(self, value: Value) -> str:
        return ", ".join(map(_quoted, value)) or self.nothing


_MOST_CLASSES, _HEAVIEST = 10_000, 1e6


@dataclass(frozen=True)
class ClassWeightsField(FieldType):
    """Weights of classes: none, balanced, a number for each, or ``name:weight`` for some."""

    allowed: str = "none, balanced, a number per class (1, 5), or class:weight"

    def parse(self, text: str) -> Value:
        word = text.strip().lower()
        if word in _WEIGHTINGS:
            return word
        entries = [part.strip() for part in next(csv.reader([text], skipinitialspace=True), [])]
        try:
            return self.check([float(entry) for entry in entries])
        except ValueError:
            return self.check(entries)

    def check(self, value: object) -> Value:
        if isinstance(value, str) and value in _WEIGHTINGS:
            return value
        if not isinstance(value, list | tuple) or not 0 < len(value) <= _MOST_CLASSES:
            raise self.not_allowed()
        if all(isinstance(entry, str) for entry in value):
            return tuple(map(self._named, value))
        return tuple(map(self._weight, value))

    def show(self, value: Value) -> str:
        if isinstance(value, str):
            return value
        return ", ".join(_quoted(e) if isinstance(e, str) else f"{e:.12g}" for e in value)

    def _named(self, entry: str) -> str:
        name, colon, text = entry.rpartition(":")
        try:
            weight = self._weight(float(text))
        except ValueError:
            raise self.not_allowed() from None
        if not colon or not name.strip():
            raise self.not_allowed()
        return f"{make_printable(name.strip())}:{weight:.12g}"

    def _weight(self, entry: object) -> float:
        if isinstance(entry, bool) or not isinstance(entry, int | float):
            raise self.not_allowed()
        if not 0 < entry <= _HEAVIEST:  # also excludes NaN
            raise self.not_allowed()
        return float(entry)


_WEIGHTINGS = ("none", "balanced")


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if "," in name or '"' in name else name
