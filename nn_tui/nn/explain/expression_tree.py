"""Expression trees that can be written with names, with numbers, and evaluated.

A term can be written with any number of digits and evaluated from just those digits, so
that the displayed arithmetic can be checked.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

ALL_DIGITS = 17
"""With this many digits, a number is written so that reading it restores the value."""


def significant_digits(value: float, digits: int = 3) -> str:
    """Format ``value`` with about ``digits`` decimals, or significant digits if it is small.

    A number that is not rounded is written without trailing zeros: ``0.5``, ``1``.
    """
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    if digits >= ALL_DIGITS:
        return _strip_zeros(repr(float(value)))
    text = _round_decimals(value, digits)
    return _strip_zeros(text) if float(text) == value else text


def _round_decimals(value: float, digits: int) -> str:
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-3 or size >= 1e5:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        return f"{mantissa}e{int(exponent)}"
    if size >= 1000:
        return f"{value:.{max(1, digits - 2)}f}"
    extra = max(0, -1 - math.floor(math.log10(size)))
    return f"{value:.{digits + extra}f}"


def _strip_zeros(text: str) -> str:
    mantissa, e, exponent = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return mantissa + e + (str(int(exponent)) if e else "")


COMPARISON, SUM, PRODUCT, POWER, ATOM = range(5)
"""Operator precedences, from loose to tight."""


class TextPiece(NamedTuple):
    """Text; ``value`` is the number that it shows, if any, for its color."""

    text: str
    value: float | None = None


Pieces = tuple[TextPiece, ...]


def text_of(pieces: Sequence[TextPiece]) -> str:
    """Join pieces."""
    return "".join(piece.text for piece in pieces)


class Term(ABC):
    """A node; ``pieces(None)`` writes it with names, ``pieces(n)`` with ``n`` digits."""

    @property
    def precedence(self) -> int:
        """The operator precedence, which decides on parentheses."""
        return ATOM

    @abstractmethod
    def pieces(self, digits: int | None) -> Pieces:
        """Return the term as text."""

    @abstractmethod
    def evaluate(self, digits: int | None) -> Any:
        """Return the value, from numbers rounded as in ``pieces``; None: exact numbers."""

    @property
    def operands(self) -> "tuple[Term, ...]":
        """The operands that can be evaluated before the term itself."""
        return ()

    def with_operands(self, operands: "Sequence[Term]") -> "Term":
        """Return the term with other operands."""
        return self


@dataclass(frozen=True)
class Literal(Term):
    """A number in the code, such as the ``1`` of ``1 - l2``."""

    code: str
    value: float

    def pieces(self, digits: int | None) -> Pieces:
        return (TextPiece(self.code),)

    def evaluate(self, digits: int | None) -> Any:
        return self.value


@dataclass(frozen=True)
class NumberTerm(Term):
    """An element of an array, ``l0[0,2]``, or a named number, ``learning_rate``.

    A vector of elements can only be evaluated.
    """

    name: str
    value: Any

    def pieces(self, digits: int | None) -> Pieces:
        return (
            TextPiece(
                self.name if digits is None else significant_digits(self.value, digits), self.value
            ),
        )

    def evaluate(self, digits: int | None) -> Any:
        return self.value if digits is None else float(significant_digits(self.value, digits))


@dataclass(frozen=True)
class ElidedTerms(Term):
    """The omitted terms of a long sum or list: their number and combined value."""

    count: int
    value: float

    def pieces(self, digits: int | None) -> Pieces:
        if digits is None:
            return (TextPiece(f"[{self.count:,} more]"),)
        number = TextPiece(significant_digits(self.value, digits), self.value)
        return (TextPiece(f"[{self.count:,} more: "), number, TextPiece("]"))

    def evaluate(self, digits: int | None) -> Any:
        return self.value if digits is None else float(significant_digits(self.value, digits))


@dataclass(frozen=True)
class Operation(Term):
    """A binary operation; ``function`` evaluates it."""

    sign: str
    operator_precedence: int
    function: Callable[[Any, Any], Any]
    left: Term
    right: Term

    @property
    def precedence(self) -> int:
        return self.operator_precedence

    def pieces(self, digits: int | None) -> Pieces:
        left, right = self.left.pieces(digits), self.right.pieces(digits)
        loose = self.left.precedence < self.precedence
        negative = (
            _starts_negative(left) and isinstance(self.left, NumberTerm) and self.precedence > SUM
        )
        if loose or negative:
            left = _parenthesized(left)
        # Also in products: the grouping of factors affects the last bits.
        same = self.right.precedence == self.precedence and self.sign != " + "
        if self.right.precedence < self.precedence or same or _starts_negative(right):
            right = _parenthesized(right)
        return (*left, TextPiece(self.sign), *right)

    def evaluate(self, digits: int | None) -> Any:
        return self.function(self.left.evaluate(digits), self.right.evaluate(digits))

    @property
    def operands(self) -> tuple[Term, ...]:
        return self.left, self.right

    def with_operands(self, operands: Sequence[Term]) -> Term:
        left, right = operands
        return replace(self, left=left, right=right)


@dataclass(frozen=True)
class Negative(Term):
    """The negative of a term."""

    of: Term

    @property
    def precedence(self) -> int:
        return PRODUCT

    def pieces(self, digits: int | None) -> Pieces:
        of = self.of.pieces(digits)
        if self.of.precedence <= PRODUCT or _starts_negative(of):
            of = _parenthesized(of)
        return (TextPiece("-"), *of)

    def evaluate(self, digits: int | None) -> Any:
        return -self.of.evaluate(digits)


@dataclass(frozen=True)
class CallTerm(Term):
    """A function call, including ``max(…)`` of many terms."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[Term, ...]

    def pieces(self, digits: int | None) -> Pieces:
        inside = _joined([a.pieces(digits) for a in self.arguments], ", ")
        return (TextPiece(f"{self.name}("), *inside, TextPiece(")"))

    def evaluate(self, digits: int | None) -> Any:
        return self.function(*(argument.evaluate(digits) for argument in self.arguments))

    @property
    def operands(self) -> tuple[Term, ...]:
        return self.arguments

    def with_operands(self, operands: Sequence[Term]) -> Term:
        return replace(self, arguments=tuple(operands))


@dataclass(frozen=True)
class SumTerm(Term):
    """The sum of terms."""

    of: tuple[Term, ...]

    @property
    def precedence(self) -> int:
        return SUM if len(self.of) > 1 else self.of[0].precedence

    def pieces(self, digits: int | None) -> Pieces:
        parts = [term.pieces(digits) for term in self.of]
        tail = (_parenthesized(p) if _starts_negative(p) else p for p in parts[1:])
        return tuple(_joined([parts[0], *tail], " + "))

    def evaluate(self, digits: int | None) -> Any:
        return sum(term.evaluate(digits) for term in self.of)


def evaluate_operands(term: Term) -> tuple[Term, list[tuple[Term, float]]]:
    """Return the term with compound operands evaluated, and those operands with their values.

    ``sigmoid(x·w + …)`` becomes ``sigmoid(-0.206)``. Without compound operands, return the
    term itself and an empty list.
    """
    compound: list[tuple[Term, float]] = []
    operands: list[Term] = []
    for operand in term.operands:
        if isinstance(operand, Literal | NumberTerm | ElidedTerms):
            operands.append(operand)
        else:
            value = float(operand.evaluate(None))
            compound.append((operand, value))
            operands.append(NumberTerm("", value))
    return (term.with_operands(operands), compound) if compound else (term, [])


def _joined(parts: Sequence[Pieces], between: str) -> Iterator[TextPiece]:
    for i, part in enumerate(parts):
        if i:
            yield TextPiece(between)
        yield from part


def _parenthesized(pieces: Pieces) -> Pieces:
    return (TextPiece("("), *pieces, TextPiece(")"))


def _starts_negative(pieces: Pieces) -> bool:
    return pieces[0].text.startswith("-")
