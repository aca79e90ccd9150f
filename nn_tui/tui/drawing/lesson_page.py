"""The page of a lesson that is open: its text, a prediction or hints, the goal and the stars.

Words in backticks are keys.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text, padded
from nn_tui.tui.theme import Palette

if TYPE_CHECKING:  # most sessions open no lesson: start-up time
    from nn_tui.lessons.goal import ConditionStatus
    from nn_tui.lessons.open_lesson import OpenLesson

THREE_FIELDS, TWO_FIELDS = 136, 96
"""Widths from which text, prediction or hints, and goal lie beside each other, or two of them."""
FOLDED_LINES = 2
"""Lines of ``draw_folded``."""
_GOAL_WIDTH = 40
_APART = " │ "
_MARKS = {"done": "✓", "open": "●", "ahead": "○"}
_CURSOR, _NO_CURSOR = "▸ ", "  "


class Stepper(NamedTuple):
    """The kinds of pages in a row, with a mark each, for the upper border."""

    text: str
    here: str
    """The part of ``text`` that is the open page's."""


def stepper(lesson: "OpenLesson") -> Stepper:
    """The steps of a lesson and which of them is open."""
    steps = [f"{_MARKS[mark.state]} {mark.kind}" for mark in lesson.steps]
    here = next((f"● {mark.kind}" for mark in lesson.steps if mark.state == "open"), "")
    return Stepper(" ".join(steps), here)


def draw_lesson(lesson: "OpenLesson", cursor: int, area: DrawArea) -> list[Strip]:
    """Draw the open page; ``cursor`` is the choice under the cursor of a prediction.

    In a wide area the fields lie beside each other, in a narrow one below each other with the
    goal in the last lines.
    """
    width, height, palette = area
    page = _PageFields(lesson, cursor, palette)
    if width >= THREE_FIELDS:
        side = (width - _GOAL_WIDTH - 2 * len(_APART)) * 2 // 5
        text = width - _GOAL_WIDTH - side - 2 * len(_APART)
        fields = [
            (page.text(text), text),
            (page.side(side), side),
            (page.goal(_GOAL_WIDTH), _GOAL_WIDTH),
        ]
        return _beside(fields, height, palette)
    if width >= TWO_FIELDS:
        if page.has_choices:
            side = (width - len(_APART)) // 2
            second = page.side(side)
        else:
            side = _GOAL_WIDTH
            second = page.goal(side)
        text = width - side - len(_APART)
        first = page.text(text)
        if not page.has_choices:
            first += _last(page.side(text), height - len(first))
        return _beside([(first, text), (second, side)], height, palette)
    goal = page.goal(width)[: max(1, height // 3)]
    rows = [*page.text(width)]
    side_rows = page.side(width)
    room = height - len(goal) - len(rows)
    spare = [RowBuilder(palette.text)] * (room > len(side_rows))
    rows += [*spare, *side_rows][: max(0, room)]
    rows += [RowBuilder(palette.text)] * (height - len(goal) - len(rows))
    return padded(
        [row.strip(width) for row in (*rows[: height - len(goal)], *goal)],
        width,
        height,
        palette.text,
    )


def draw_folded(lesson: "OpenLesson", keys: str, area: DrawArea) -> list[Strip]:
    """The beginning of the page's text and the goal, in ``FOLDED_LINES`` lines.

    ``keys`` tell how to open the page, with the keys in backticks.
    """
    width, _, palette = area
    page = _PageFields(lesson, 0, palette)
    text, *rest = page.text(width - 4)
    line = RowBuilder(palette.text).add(" ").extend(text).add(" …" if rest else "", palette.muted)
    goal = RowBuilder(palette.text).add(" ").extend(page.summary(width))
    words = [*_words(keys, palette.muted, palette)]
    length = sum(cell_len(word) for word, _ in words)
    if goal.width + 3 + length <= width:
        goal.to(width - 1 - length)
        for word, style in words:
            goal.add(word, style)
    return [line.strip(width), goal.strip(width)]


class _PageFields:
    """The fields of a page as rows of any width."""

    def __init__(self, lesson: "OpenLesson", cursor: int, palette: Palette) -> None:
        self._lesson, self._cursor, self._palette = lesson, cursor, palette
        self.has_choices = bool(lesson.page.choices)

    def text(self, width: int) -> list[RowBuilder]:
        """The text of the page."""
        return wrapped(self._lesson.text, width, self._palette.text, self._palette)

    def side(self, width: int) -> list[RowBuilder]:
        """The choices or the answer of a prediction; or the hints that are open."""
        lesson, palette = self._lesson, self._palette
        if self.has_choices:
            return self._prediction(width)
        if lesson.hints:
            rows = []  # the newest first: it is the one that was asked for
            for number, hint in reversed([*enumerate(lesson.hints, 1)]):
                style = palette.accented if number == len(lesson.hints) else palette.muted
                rows += wrapped(f"{number}. {hint}", width, style, palette)
            return rows
        page, given = lesson.prediction or (None, None)
        if lesson.page.kind == "see" and page is not None and given is not None:
            return self._answer(given, width)
        return []

    def _prediction(self, width: int) -> list[RowBuilder]:
        lesson, palette = self._lesson, self._palette
        assert lesson.prediction is not None
        _, given = lesson.prediction
        if given is not None:
            return self._answer(given, width)
        rows = []
        for number, choice in enumerate(lesson.page.choices):
            here = number == self._cursor
            style = palette.chosen if here else palette.text
            lines = wrapped(choice.text, width - len(_CURSOR), style, palette)
            for i, line in enumerate(lines):
                mark = _CURSOR if here and not i else _NO_CURSOR
                rows.append(RowBuilder(palette.text).add(mark, palette.accented).extend(line))
        return rows

    def _answer(self, given: int, width: int) -> list[RowBuilder]:
        lesson, palette = self._lesson, self._palette
        assert lesson.prediction is not None
        page, _ = lesson.prediction
        choice = page.choices[min(given, len(page.choices) - 1)]
        mark, style = ("✓ ", palette.accented) if choice.right else ("✗ ", palette.bad)
        row = RowBuilder(palette.text).add(mark, style)
        row.add(fit_text(choice.text, min(cell_len(choice.text), width - 2)), palette.strong)
        return [row, *wrapped(lesson.reply(choice), width, palette.text, palette)]

    def goal(self, width: int) -> list[RowBuilder]:
        """The goal in words on the first page, else its figures; the stars; what breaks it."""
        lesson, palette = self._lesson, self._palette
        head = RowBuilder(palette.text).add("goal  ", palette.accented)
        head.add(_spaced(lesson.stars), palette.accented if "★" in lesson.stars else palette.muted)
        status = lesson.goal
        if status is None or (lesson.page_number == 0 and not status.reached):
            return [head, *wrapped(lesson.lesson.goal, width, palette.text, palette)]
        rows = [head]
        for condition in status.conditions:
            rows += self._condition(condition, width)
        for refusal in status.refusals:
            rows += wrapped(refusal, width, palette.bad, palette)
        if status.since is not None:
            since = f"held since epoch {status.since:,}"
            rows.append(RowBuilder(palette.text).add(since, palette.muted))
        elif status.first is not None:
            first = f"reached at epoch {status.first:,}"
            rows.append(RowBuilder(palette.text).add(first, palette.muted))
        return rows

    def summary(self, width: int) -> RowBuilder:
        """The first condition of the goal and the stars in a line."""
        lesson, palette = self._lesson, self._palette
        row = RowBuilder(palette.text).add("goal  ", palette.accented)
        status = lesson.goal
        if status is not None:
            failed = [c for c in status.conditions if not c.holds]
            (line, *_) = self._condition((failed or status.conditions)[0], width, brief=True)
            row.extend(line).add("  ")
        return row.add(_spaced(lesson.stars), palette.muted)

    def _condition(
        self, condition: "ConditionStatus", width: int, brief: bool = False
    ) -> list[RowBuilder]:
        palette = self._palette
        mark, style = ("✓", palette.accented) if condition.holds else ("✗", palette.bad)
        if not condition.limit:
            rows = wrapped(condition.label, width - 2, palette.text, palette)
            rows[-1].add(f" {mark}", style)
            return rows
        row = RowBuilder(palette.text).add(f"{condition.label} ")
        row.add(condition.value, palette.strong).add(" → ", palette.muted)
        row.add(condition.limit).add(f" {mark}", style)
        if condition.progress is None or brief or condition.holds:
            return [row]
        done = round(condition.progress * width)
        bar = RowBuilder(palette.text).add("━" * done, palette.accented)
        return [row, bar.add("─" * (width - done), palette.faint)]


def wrapped(text: str, width: int, style: Style, palette: Palette) -> list[RowBuilder]:
    """``text`` in rows of at most ``width`` cells, with its keys in their own style."""
    rows = [RowBuilder(style)]
    word: list[tuple[str, Style]] = []
    for piece, look in (*_words(text, style, palette), (" ", style)):
        parts = piece.split(" ")
        for i, part in enumerate(parts):
            if part:
                word.append((part, look))
            if i < len(parts) - 1 and word:
                length = sum(cell_len(t) for t, _ in word)
                row = rows[-1]
                if row.width and row.width + 1 + length > width:
                    rows.append(row := RowBuilder(style))
                row.add(" " if row.width else "")
                for t, own in word:
                    row.add(t, own)
                word = []
    return rows


def _words(text: str, style: Style, palette: Palette) -> Iterator[tuple[str, Style]]:
    """The parts of a text: every second one is a key."""
    for number, part in enumerate(text.split("`")):
        if part:
            yield part, palette.key if number % 2 else style


def _spaced(stars: str) -> str:
    """Stars with a space behind each: terminals differ in their width."""
    return " ".join(stars)


def _last(rows: list[RowBuilder], room: int) -> list[RowBuilder]:
    """As many of the rows, from the first, as there is room for."""
    return rows[: max(0, room)]


def _beside(
    fields: Sequence[tuple[list[RowBuilder], int]], height: int, palette: Palette
) -> list[Strip]:
    """Fields of a width each, with a line between them."""
    strips = []
    for line in range(height):
        row = RowBuilder(palette.text)
        end = 0
        for number, (rows, width) in enumerate(fields):
            if number:
                row.to(end).add(_APART, palette.faint)
                end += len(_APART)
            if line < len(rows):
                row.extend(rows[line])
            end += width
        strips.append(row.strip(end))
    return strips
