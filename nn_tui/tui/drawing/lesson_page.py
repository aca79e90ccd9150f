"""The page of a lesson that is open: its text, a prediction or hints, the goal and the stars.

Words in backticks are keys.
"""

from collections.abc import Callable, Iterator, Sequence
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
_ABOVE, _BELOW = "↑ more", "↓ more"
_MARK_WIDTH = len(_BELOW) + 1


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


def draw_lesson(
    lesson: "OpenLesson", cursor: int, area: DrawArea, scrolled: int = 0
) -> list[Strip]:
    """Draw the open page; ``cursor`` is the choice under the cursor of a prediction.

    In a wide area the fields lie beside each other, in a narrow one below each other with the
    goal in the last lines. A field with more lines than there is room for starts ``scrolled``
    lines later, at most so that its last line is visible, and is marked.
    """
    width, height, palette = area
    page = _PageFields(lesson, cursor, palette)
    fields, goal = _fields(page, width, height)
    room = max(0, height - len(goal))
    shown = [(_visible(field, room, scrolled, palette), field.width) for field in fields]
    strips = _beside(shown, room, palette) + [row.strip(width) for row in goal]
    return padded(strips, width, height, palette.text)


def most_scrolled(lesson: "OpenLesson", area: DrawArea) -> int:
    """By how many lines ``draw_lesson`` can be scrolled; 0 if all of the page is visible."""
    width, height, palette = area
    fields, goal = _fields(_PageFields(lesson, 0, palette), width, height)
    room = max(0, height - len(goal))
    return max(0, *(len(_rows(field, room)) - room for field in fields)) if room else 0


class _Field(NamedTuple):
    """``rows`` makes the rows of a field for a width; ``width`` is what it has.

    The row that ``focus`` counts from the end, from 1, is visible in any case; 0 is none.
    """

    rows: Callable[[int], list[RowBuilder]]
    width: int
    focus: Callable[[int], int] | None = None


def _fields(page: "_PageFields", width: int, height: int) -> tuple[list[_Field], list[RowBuilder]]:
    """The fields beside each other, and the rows of the goal where it lies below them."""
    if width >= THREE_FIELDS:
        side = (width - _GOAL_WIDTH - 2 * len(_APART)) * 2 // 5
        text = width - _GOAL_WIDTH - side - 2 * len(_APART)
        goal = _Field(page.goal, _GOAL_WIDTH)
        return [_Field(page.text, text), _Field(page.side, side, page.focus), goal], []
    if width >= TWO_FIELDS:
        side = (width - len(_APART)) // 2 if page.has_choices else _GOAL_WIDTH
        text = width - side - len(_APART)
        if page.has_choices:
            return [_Field(page.text, text), _Field(page.side, side, page.focus)], []
        return [_Field(page.all, text), _Field(page.goal, side)], []
    goal_rows = page.goal(width)[: max(1, height // 3)]
    room = height - len(goal_rows)

    def spaced(wide: int) -> list[RowBuilder]:
        text, side = page.text(wide), page.side(wide)
        return [*text, *[RowBuilder(page.base)] * (len(text) + len(side) < room), *side]

    return [_Field(spaced, width, page.focus)], goal_rows


def _rows(field: _Field, room: int) -> list[RowBuilder]:
    """The rows of a field; narrower, with room for a mark, if there are more than ``room``."""
    rows = field.rows(field.width)
    return rows if len(rows) <= room else field.rows(max(1, field.width - _MARK_WIDTH))


def _visible(field: _Field, room: int, scrolled: int, palette: Palette) -> list[RowBuilder]:
    """The rows of a field from ``scrolled`` on, with marks where there are more."""
    rows = _rows(field, room)
    if len(rows) <= room or not room:
        return rows[:room]
    if field.focus is not None and (back := field.focus(max(1, field.width - _MARK_WIDTH))):
        scrolled = max(scrolled, len(rows) - back - room + 1)
    first = min(scrolled, len(rows) - room)
    seen = rows[first : first + room]
    if first:
        seen[0] = _marked(seen[0], _ABOVE, field.width, palette)
    if first + room < len(rows):
        seen[-1] = _marked(seen[-1], _BELOW, field.width, palette)
    return seen


def _marked(row: RowBuilder, mark: str, width: int, palette: Palette) -> RowBuilder:
    """A row with a mark at its end."""
    made = RowBuilder(row.base).extend(row)
    return made.to(width - len(mark)).add(mark, palette.accented)


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
        self.base = palette.text
        self.has_choices = bool(lesson.page.choices)

    def text(self, width: int) -> list[RowBuilder]:
        """The text of the page."""
        return wrapped(self._lesson.text, width, self._palette.text, self._palette)

    def all(self, width: int) -> list[RowBuilder]:
        """The text, and below it what else ``side`` has."""
        return [*self.text(width), *self.side(width)]

    def side(self, width: int) -> list[RowBuilder]:
        """The choices or the answer of a prediction; or the hints that are open."""
        lesson, palette = self._lesson, self._palette
        if self.has_choices:
            return self._prediction(width)
        if lesson.hints:
            rows = []
            for number, hint in enumerate(lesson.hints, 1):
                style = palette.accented if number == len(lesson.hints) else palette.muted
                rows += wrapped(f"{number}. {hint}", width, style, palette)
            return rows
        page, given = lesson.prediction or (None, None)
        if lesson.page.kind == "see" and page is not None and given is not None:
            return self._answer(given, width)
        return []

    def focus(self, width: int) -> int:
        """The last row of the choice under the cursor, from the end of ``side``; 0 if none."""
        lesson = self._lesson
        if not self.has_choices or lesson.prediction is None or lesson.prediction[1] is not None:
            return 0
        after = lesson.page.choices[self._cursor + 1 :]
        lines = (wrapped(c.text, width - len(_CURSOR), self.base, self._palette) for c in after)
        return 1 + sum(map(len, lines))

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
