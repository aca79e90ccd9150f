"""Recipe keys of changed lines (``lines.l1_delta``) and of helper functions (``functions.mish``).

Both sections have keys of their own choice. Whether a line fits into the step is known only
with the data, and checked by ``training.model_builder.check_lines``.
"""

import keyword
import re
from dataclasses import dataclass

from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.line_changes import AFTER
from nn_tui.nn.line_grammar import (
    MOST_CHARACTERS,
    LineError,
    check_expression,
    shape_text,
)
from nn_tui.recipe.field_types import FieldType, Value
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.text import make_printable

LINES, FUNCTIONS = "lines", "functions"
MOST_ENTRIES = 200
"""Changed lines, and functions, of a recipe."""
_MOST_ADDED = 20
_LINE_NAME = re.compile(r"(after )?[A-Za-z]\w{0,40}( [-+*/]=)?")
_FUNCTION_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_HELPERS = {entry.function.name for entry in ACTIVATIONS.values() if entry.function}
_RESERVED = {*ACTIVATIONS, *_HELPERS, "np", "look", "x", "n", "y", "ones", "loss", "softmax"}


@dataclass(frozen=True)
class LineField(FieldType):
    """The right side of a line, ``?`` for a blank, nothing to leave the line out."""

    allowed = "the right side of a line, such as l1_error * (l1 * (1 - l1))"

    def parse(self, text: str) -> Value:
        return self.check(text.strip())

    def check(self, value: object) -> Value:
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.not_allowed()
        if len(value) > MOST_CHARACTERS:
            raise ValueError(f"a line has at most {MOST_CHARACTERS} characters")
        if "\n" in value:
            raise ValueError("a line has no line break")
        if not (value.isascii() and value.isprintable()):
            raise ValueError("a line has the printable characters of ASCII only")
        return value.strip()

    def show(self, value: Value) -> str:
        return "as it was" if value is None else make_printable(value) or "left out"


@dataclass(frozen=True)
class AddedLinesField(FieldType):
    """A list of whole lines; typed, they are separated by semicolons."""

    allowed = f"a list of at most {_MOST_ADDED} lines, such as g = np.abs(l1_delta)"

    def parse(self, text: str) -> Value:
        return self.check([line for line in text.split(";") if line.strip()])

    def check(self, value: object) -> Value:
        if value is None:
            return None
        if not isinstance(value, list | tuple) or len(value) > _MOST_ADDED:
            raise self.not_allowed()
        return tuple(LineField().check(line) for line in value if line is not None) or None

    def show(self, value: Value) -> str:
        return "; ".join(map(make_printable, value or ())) or "none"


@dataclass(frozen=True)
class FunctionField(FieldType):
    """The body of a function of ``x``, which gives an array of the same shape."""

    allowed = "an expression in x, such as x * np.tanh(np.log1p(np.exp(x)))"

    def parse(self, text: str) -> Value:
        return self.check(text.strip())

    def check(self, value: object) -> Value:
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.not_allowed()
        try:
            made = check_expression(value, {"x": (5, 7)}, {})
            check_expression(value, {"x": (1000, 2)}, {}, 2000)  # none for each pair of samples
        except LineError as error:
            raise ValueError(f"at column {error.start + 1}, {error}") from None
        if made != (5, 7):
            raise ValueError(
                f"for an x of the shape (5, 7), this gives {shape_text(made)} instead of the same"
            )
        if value.strip("() ") == "x":
            raise ValueError("a function that gives x as it is has no effect")
        return value.strip()

    def show(self, value: Value) -> str:
        return make_printable(value or "none")


def find_line_field(key: str) -> Field | None:
    """The field of a key of both sections; None for any other key. Raises ValueError."""
    section, _, name = key.partition(".")
    if section == FUNCTIONS:
        if not _FUNCTION_NAME.fullmatch(name) or keyword.iskeyword(name) or name in _RESERVED:
            raise ValueError(
                f"{make_printable(name[:40])} cannot be the name of a function: small letters, no "
                "name that lines use already"
            )
        return Field(key, name, FunctionField(), "a helper function of x that lines call")
    if section != LINES:
        return None
    if not _LINE_NAME.fullmatch(name):
        raise ValueError(
            f"{make_printable(name[:40])!r} is not the name of a line, such as l1_delta, W1 += or "
            "after l1_error"
        )
    added = name.startswith(AFTER)
    help = "lines that are added" if added else "the line, in place of the step's own"
    return Field(key, f"line {name}", AddedLinesField() if added else LineField(), help, live=True)


def field_of(key: str) -> Field:
    """The field of a key, of the table or of these sections. Raises KeyError or ValueError."""
    return find_line_field(key) or FIELDS[key]
