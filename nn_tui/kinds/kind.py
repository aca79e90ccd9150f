"""What all kinds of values have in common.

A kind turns text typed by a person (``parse``) and values found in TOML (``check``)
into the field's value, or raises ValueError with the second half of a sentence:
what is allowed.
"""

from abc import ABC, abstractmethod
from typing import Any

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
