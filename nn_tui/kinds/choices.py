"""Choices: one name out of several, or yes and no."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nn_tui.kinds.kind import Kind, Value


@dataclass(frozen=True)
class Choice(Kind):
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
        close = difflib.get_close_matches(str(value), self.choices, 1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise ValueError(f"it must be {self.allowed}{hint}")


@dataclass(frozen=True)
class Flag(Kind):
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
