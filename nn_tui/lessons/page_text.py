"""Texts of lessons: with figures of the run in braces, and keys in backticks."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nn_tui.lessons.errors import LessonError
from nn_tui.lessons.expressions import CheckExpression, Scope, parse_check
from nn_tui.lessons.measures import MEASURES

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_KEY = re.compile(r"`([^`]+)`")
_MOST_FIGURES = 12
MISSING = "–"


def format_figure(value: Any) -> str:
    """A value of a run as text: whole numbers with commas, others with three digits."""
    match value:
        case None:
            return MISSING
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}" if abs(value) < 10**15 else f"{float(value):.3g}"
        case float():
            return _format_number(value)
        case tuple():
            # Numbers side by side have the same number of decimals.
            alike = all(isinstance(part, float) for part in value)
            return " ".join(f"{p:.3f}" if alike else format_figure(p) for p in value) or "none"
    return str(value)


def _format_number(value: float) -> str:
    if value != value:
        return MISSING
    if value == int(value) if abs(value) < 1e15 else False:
        return f"{int(value):,}"
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.3g}"


@dataclass(frozen=True, eq=False)
class PageText:
    """A text whose ``parts`` are strings and figures."""

    parts: tuple[str | CheckExpression, ...]

    def filled(self, scope: Scope, key_name: Callable[[str], str] = str) -> str:
        """The text with its figures; ``key_name`` gives the key of a binding in backticks.

        A figure that is not known yet is a dash. Raises LessonError.
        """
        return "".join(
            format_figure(part.evaluate(scope))
            if isinstance(part, CheckExpression)
            else _KEY.sub(lambda found: key_name(found[1]), part)
            for part in self.parts
        )

    def without_figures(self, key_name: Callable[[str], str] = str) -> str:
        """The text with a dash for each figure, where there is no run yet."""
        return "".join(
            _KEY.sub(lambda found: key_name(found[1]), part) if isinstance(part, str) else MISSING
            for part in self.parts
        )

    def is_known(self, scope: Scope) -> bool:
        """Whether all of its figures are known by now. Raises LessonError."""
        figures = (part for part in self.parts if isinstance(part, CheckExpression))
        return all(figure.evaluate(scope) is not None for figure in figures)

    @property
    def is_of_a_trained_run(self) -> bool:
        """Whether it quotes what training leads to: an epoch, a loss, predictions."""
        figures = (part for part in self.parts if isinstance(part, CheckExpression))
        return any(f.now or any(MEASURES[word].recorded for word in f.words) for f in figures)

    @property
    def bindings(self) -> list[str]:
        """The ids of the bindings whose keys it names."""
        words = (part for part in self.parts if isinstance(part, str))
        return [found for part in words for found in _KEY.findall(part)]


def parse_text(text: str) -> PageText:
    """Read a text; line breaks become spaces. Raises LessonError for what is wrong in braces."""
    parts: list[str | CheckExpression] = []
    text, at = " ".join(text.split()), 0
    for found in _PART.finditer(text):
        parts.append(text[at : found.start()])
        at = found.end()
        if found[0] in ("{{", "}}"):
            parts.append(found[0][0])
        elif found[1] is None:
            raise LessonError(f"a single {found[0]} in the text; write {found[0] * 2} for itself")
        else:
            parts.append(parse_check(found[1]))
    parts.append(text[at:])
    if sum(isinstance(part, CheckExpression) for part in parts) > _MOST_FIGURES:
        raise LessonError(f"the text has more than {_MOST_FIGURES} figures")
    return PageText(tuple(part for part in parts if part != ""))
