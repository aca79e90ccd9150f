"""A line that is edited: whether it fits, and the names in reach with their shapes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from textual.strip import Strip

from nn_tui.nn.line_check import LineScope
from nn_tui.nn.line_grammar import BINARY, UNARY, Shape, shape_text
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, paragraph

_WORD = re.compile(r"(np\.)?[A-Za-z_]\w*$|np\.$")
_FUNCTIONS = (*(f"np.{name}" for name in (*UNARY, *BINARY, "clip", "vdot")),)


def draw_line_edit(
    target: str, scope: LineScope, problem: str, incomplete: bool, area: DrawArea
) -> list[Strip]:
    """Draw the verdict on the text typed so far, then what a line may read."""
    width, height, palette = area
    if not problem:
        rows = paragraph(
            "✓ It fits; the arrays show its result. enter takes it.", width, palette.accented
        )
    else:
        style = palette.muted if incomplete else palette.bad
        rows = paragraph(f"{'not complete yet: ' if incomplete else '✗ '}{problem}", width, style)
    if scope.wanted is not None:
        rows += paragraph(f"{target} must be {shape_text(scope.wanted)}.", width, palette.text)
    rows += _listed("in reach", _shapes(scope.names), width, palette.text, area)
    helpers = [*_FUNCTIONS, *(f"{name}()" for name in scope.functions), ".T", ".sum()", ".max()"]
    rows += _listed("functions", helpers, width, palette.muted, area)
    return rows[:height]


def _shapes(names: Mapping[str, Shape]) -> list[str]:
    arrays = [f"{n} {_short(s)}" for n, s in names.items() if s != "number"]
    return [*arrays, *(n for n, s in names.items() if s == "number")]


def _short(shape: Shape) -> str:
    return f"({','.join(map(str, shape))})" if shape != "number" else ""


def _listed(title: str, words: list[str], width: int, style: object, area: DrawArea) -> list[Strip]:
    palette = area.palette
    indent = len(title) + 1
    rows = [RowBuilder(palette.text).add(title, palette.accented).to(indent)]
    for word in words:
        if rows[-1].width + len(word) > width and rows[-1].width > indent:
            rows.append(RowBuilder(palette.text).to(indent))
        rows[-1].add(f"{word}  ", palette.muted if title == "functions" else palette.text)
    return [row.strip(width) for row in rows]


@dataclass(frozen=True)
class NameChoice:
    """One of the ``names`` that begin with the word that was typed at column ``start``."""

    start: int
    names: tuple[str, ...]
    number: int

    @property
    def name(self) -> str:
        return self.names[self.number]

    def next(self, direction: int) -> "NameChoice":
        """The choice of the next name, or the previous one, round and round."""
        return replace(self, number=(self.number + direction) % len(self.names))


def name_choice(text: str, cursor: int, scope: LineScope, direction: int) -> NameChoice | None:
    """The first name, or the last, that begins with the word in front of the cursor."""
    found = _WORD.search(text[:cursor])
    start = cursor if found is None else found.start()
    word = text[start:cursor]
    names = tuple(
        name for name in (*scope.names, *scope.functions, *_FUNCTIONS) if name.startswith(word)
    )
    others = tuple(name for name in names if name != word)
    if not others:
        return None
    return NameChoice(start, others, 0 if direction > 0 else len(others) - 1)


def completion(text: str, cursor: int, scope: LineScope) -> str:
    """What completes the name in front of the cursor: the rest that all candidates share."""
    found = _WORD.search(text[:cursor])
    if found is None:
        return ""
    word = found[0]
    names = [*scope.names, *scope.functions, *_FUNCTIONS]
    candidates = [name for name in names if name.startswith(word) and name != word]
    if not candidates or word in names:
        return ""
    shared = candidates[0]
    for name in candidates[1:]:
        while not name.startswith(shared):
            shared = shared[:-1]
    return shared[len(word) :]
