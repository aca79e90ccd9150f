"""An expression with its numbers in it: written in names, written in numbers, worked out.

A term can be written with any number of digits, and worked out from just the digits
written. So whether what stands there adds up can be asked of what stands there.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

ALL_DIGITS = 17
"""From so many digits on, a number is written so that reading it gives it back."""


def significant_digits(value: float, digits: int = 3) -> str:
    """``value`` to about ``digits`` digits: decimals, or significant ones where it is small.

    A number that this does not round is written without needless zeros: ``0.5``, ``1``.
    """
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    if digits >= ALL_DIGITS:
        return _short(repr(float(value)))
    text = _rounded(value, digits)
    return _short(text) if float(text) == value else text


def _rounded(value: float, digits: int) -> str:
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


def _short(text: str) -> str:
    mantissa, e, exponent = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return mantissa + e + (str(int(exponent)) if e else "")


COMPARISON, SUM, PRODUCT, POWER, ATOM = range(5)
"""How tightly the parts of a term hold together."""


class TextPiece(NamedTuple):
    """Some text; ``value`` where it is a number of an array, for its colour."""

    text: str
    value: float | None = None


Pieces = tuple[TextPiece, ...]


def text_of(pieces: Sequence[TextPiece]) -> str:
    """The pieces as one text."""
    return "".join(piece.text for piece in pieces)


class Term(ABC):
    """``pieces(None)`` writes it in names, ``pieces(n)`` in numbers of ``n`` digits."""

    @property
    def strength(self) -> int:
        """How tightly it holds together: parentheses go around what is looser."""
        return ATOM

    @abstractmethod
    def pieces(self, digits: int | None) -> Pieces:
        """What it says, piece by piece."""

    @abstractmethod
    def work_out(self, digits: int | None) -> Any:
        """The value, from numbers as ``pieces`` writes them; from the exact ones with None."""

    @property
    def operands(self) -> "tuple[Term, ...]":
        """What it is made of, where that can be worked out before the term itself."""
        return ()

    def with_operands(self, operands: "Sequence[Term]") -> "Term":
        """The same, made of others."""
        return self


@dataclass(frozen=True)
class Literal(Term):
    """A number that the line itself says, such as the ``1`` of ``1 - l2``."""

    code: str
    value: float

    def pieces(self, digits: int | None) -> Pieces:
        return (TextPiece(self.code),)

    def work_out(self, digits: int | None) -> Any:
        return self.value


@dataclass(frozen=True)
class NumberTerm(Term):
    """An element of an array, ``l0[0,2]``, or a number with a name, ``learning_rate``.

    A vector of elements can only be worked out.
    """

    name: str
    value: Any

    def pieces(self, digits: int | None) -> Pieces:
        return (
            TextPiece(
                self.name if digits is None else significant_digits(self.value, digits), self.value
            ),
        )

    def work_out(self, digits: int | None) -> Any:
        return self.value if digits is None else float(significant_digits(self.value, digits))


@dataclass(frozen=True)
class ElidedTerms(Term):
    """What is left out of a long sum (or of a long list): how many terms, and their worth."""

    count: int
    value: float

    def pieces(self, digits: int | None) -> Pieces:
        if digits is None:
            return (TextPiece(f"[{self.count:,} more]"),)
        number = TextPiece(significant_digits(self.value, digits), self.value)
        return (TextPiece(f"[{self.count:,} more: "), number, TextPiece("]"))

    def work_out(self, digits: int | None) -> Any:
        return self.value if digits is None else float(significant_digits(self.value, digits))


@dataclass(frozen=True)
class Operation(Term):
    """Two terms with a sign between them; ``work`` is what the sign does."""

    sign: str
    tightness: int
    work: Callable[[Any, Any], Any]
    left: Term
    right: Term

    @property
    def strength(self) -> int:
        return self.tightness

    def pieces(self, digits: int | None) -> Pieces:
        left, right = self.left.pieces(digits), self.right.pieces(digits)
        loose = self.left.strength < self.strength
        negative = _negative(left) and isinstance(self.left, NumberTerm) and self.strength > SUM
        if loose or negative:
            left = _enclosed(left)
        # Also of a product: how the line groups its factors decides the last bits.
        same = self.right.strength == self.strength and self.sign != " + "
        if self.right.strength < self.strength or same or _negative(right):
            right = _enclosed(right)
        return (*left, TextPiece(self.sign), *right)

    def work_out(self, digits: int | None) -> Any:
        return self.work(self.left.work_out(digits), self.right.work_out(digits))

    @property
    def operands(self) -> tuple[Term, ...]:
        return self.left, self.right

    def with_operands(self, operands: Sequence[Term]) -> Term:
        left, right = operands
        return replace(self, left=left, right=right)


@dataclass(frozen=True)
class Negative(Term):
    """Minus a term."""

    of: Term

    @property
    def strength(self) -> int:
        return PRODUCT

    def pieces(self, digits: int | None) -> Pieces:
        of = self.of.pieces(digits)
        if self.of.strength <= PRODUCT or _negative(of):
            of = _enclosed(of)
        return (TextPiece("-"), *of)

    def work_out(self, digits: int | None) -> Any:
        return -self.of.work_out(digits)


@dataclass(frozen=True)
class CallTerm(Term):
    """A function by its name; ``max(…)`` of many is one too."""

    name: str
    work: Callable[..., Any]
    arguments: tuple[Term, ...]

    def pieces(self, digits: int | None) -> Pieces:
        inside = _joined([a.pieces(digits) for a in self.arguments], ", ")
        return (TextPiece(f"{self.name}("), *inside, TextPiece(")"))

    def work_out(self, digits: int | None) -> Any:
        return self.work(*(argument.work_out(digits) for argument in self.arguments))

    @property
    def operands(self) -> tuple[Term, ...]:
        return self.arguments

    def with_operands(self, operands: Sequence[Term]) -> Term:
        return replace(self, arguments=tuple(operands))


@dataclass(frozen=True)
class SumTerm(Term):
    """Terms added up."""

    of: tuple[Term, ...]

    @property
    def strength(self) -> int:
        return SUM if len(self.of) > 1 else self.of[0].strength

    def pieces(self, digits: int | None) -> Pieces:
        parts = [term.pieces(digits) for term in self.of]
        tail = (_enclosed(p) if _negative(p) else p for p in parts[1:])
        return tuple(_joined([parts[0], *tail], " + "))

    def work_out(self, digits: int | None) -> Any:
        return sum(term.work_out(digits) for term in self.of)


def partly_worked_out(term: Term) -> tuple[Term, list[tuple[Term, float]]]:
    """The term with every compound operand as one number, and those operands with theirs.

    ``sigmoid(x·w + …)`` becomes ``sigmoid(-0.206)``. Where no operand is compound, the term
    itself and an empty list.
    """
    compound: list[tuple[Term, float]] = []
    operands: list[Term] = []
    for operand in term.operands:
        if isinstance(operand, Literal | NumberTerm | ElidedTerms):
            operands.append(operand)
        else:
            value = float(operand.work_out(None))
            compound.append((operand, value))
            operands.append(NumberTerm("", value))
    return (term.with_operands(operands), compound) if compound else (term, [])


def _joined(parts: Sequence[Pieces], between: str) -> Iterator[TextPiece]:
    for i, part in enumerate(parts):
        if i:
            yield TextPiece(between)
        yield from part


def _enclosed(pieces: Pieces) -> Pieces:
    return (TextPiece("("), *pieces, TextPiece(")"))


def _negative(pieces: Pieces) -> bool:
    return pieces[0].text.startswith("-")
