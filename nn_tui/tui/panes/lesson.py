"""Pane 6: the open lesson, a strip below the others."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from nn_tui.tui.drawing.lesson_page import (
    FOLDED_LINES,
    draw_folded,
    draw_lesson,
    most_scrolled,
    stepper,
)
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.keymap import movement_bindings
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.panes.pane_title import Legend, legend_width

if TYPE_CHECKING:  # most sessions open no lesson: start-up time
    from nn_tui.lessons.open_lesson import OpenLesson

_GO = {"explain": "explain"}
"""The binding that leads to what a page speaks of, where it is no pane."""
_GAP = "  "
_KEY = "bold $accent"
_ARROWS = "↑ ↓"


class LessonPane(Pane):
    """The open page of a lesson. Without a lesson it is hidden."""

    HELP = """
    ## Lesson

    A goal on the experiment, a prediction before it, and the reason after it. `lesson.next`
    turns the page, or gives the prediction under the cursor, once and for good; all other keys
    work as always, and the figures of the page are those of the run. `lesson.hint` opens a hint.
    The goal is ticked the moment it holds. A star is for a weight seed that reached it:
    `new-weights` draws another.

    `go-lesson` leads here from any pane, and lists the lessons where none is open. Leaving a
    lesson keeps its run and its page; it continues there.
    """
    NUMBER = 6
    TITLE = "Lesson"
    DEFAULT_CSS = """
    LessonPane { display: none; height: auto; }
    LessonPane.-folded { border: none; border-top: round $foreground 25%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "next page", id="lesson.next", tooltip="Next page"),
        Binding("enter", "answer", "answer", id="lesson.next", tooltip="Give the prediction"),
        Binding(
            "enter",
            "next_lesson",
            "next lesson",
            id="lesson.next",
            tooltip="After the last page: the next lesson",
        ),
        Binding("backspace", "turn(-1)", "page back", id="lesson.back", tooltip="Page back"),
        Binding("a", "hint", "hint", id="lesson.hint", tooltip="Open the next hint"),
        *movement_bindings("lesson", {"up": "move(-1)", "down": "move(1)"}),
        Binding("escape", "leave", "leave", id="lesson.leave", tooltip="Leave the lesson"),
    ]

    class Changed(Message):
        """The learner turned a page, gave a prediction or opened a hint."""

    class Leave(Message):
        """Request to leave the lesson."""

    class NextLesson(Message):
        """Request to open the lesson after this one."""

    def __init__(self) -> None:
        super().__init__()
        self.lesson: OpenLesson | None = None
        """The open lesson; set by ``show``."""
        self._cursor = self._scrolled = 0
        self._page_size = (0, 0)
        self.next_title = ""
        """What the lesson after this one is called, or empty."""

    def show(self, lesson: "OpenLesson | None", next_title: str = "") -> None:
        """Show a lesson, or none; ``next_title`` is the title of the one after it, or empty."""
        self.lesson, self.next_title = lesson, next_title
        self._cursor = self._scrolled = 0
        number = lesson.lesson.number if lesson is not None else 0
        title = lesson.lesson.title if lesson is not None else ""
        self.name_view(f"{number} {title}" if number else title)
        self.repaint()

    def fold(self, folded: bool) -> None:
        """Show two lines of the page only, as in a low window without the focus."""
        self.set_class(folded, "-folded")

    @property
    def asks(self) -> bool:
        """Whether the open page waits for a prediction."""
        lesson = self.lesson
        if lesson is None or not lesson.page.choices or lesson.prediction is None:
            return False
        return lesson.prediction[1] is None

    @property
    def at_end(self) -> bool:
        """Whether the open page is the last."""
        lesson = self.lesson
        return lesson is not None and lesson.page_number == len(lesson.lesson.pages) - 1

    # Drawing

    def legend(self, room: int) -> Legend:
        if self.lesson is None:
            return ()
        steps = stepper(self.lesson)
        text = steps.text if legend_width(steps.text) <= room else steps.here
        return ((text, ""),)

    def info(self) -> str:
        if self.lesson is None:
            return ""
        names = self.app.key_names
        if self.asks:
            return f"choose what you expect, then {names['lesson.next']}; an answer is final"
        return "the lesson; all keys of the laboratory work as always"

    def lay_out(self, width: int, height: int) -> None:
        lesson = self.lesson
        if lesson is None:
            return
        self._page_size = (width, height)
        place = f"page {lesson.page_number + 1} of {len(lesson.lesson.pages)}"
        here = [(self.app.key_names["go-lesson"], "to the lesson")]
        keys = self._keys() if self.has_focus else here
        pieces = [piece for key, what in keys for piece in ((key, _KEY), f" {what}{_GAP}")]
        self.note(Content.assemble(*pieces, _GAP, place))

    def _keys(self) -> list[tuple[str, str]]:
        """The keys of the page, each with what it does."""
        lesson, names = self.lesson, self.app.key_names
        assert lesson is not None
        enter = names["lesson.next"]
        if self.asks:
            keys = [(_ARROWS, "choose"), (enter, "answer")]
        elif not self.at_end:
            keys = [(enter, "next page")]
        else:
            keys = [(enter, self.next_title)] if self.next_title else []
        if self._most_scrolled and not self.asks:
            keys.insert(0, (_ARROWS, "scroll"))
        hints = len(lesson.page.hints)
        if lesson.hints_left:
            opens = hints - lesson.hints_left + 1
            keys.append((names["lesson.hint"], f"hint {opens} of {hints}"))
        if lesson.page.pane and not self.asks:
            keys += self.keys_to_place(lesson.page.pane)
        return keys

    def keys_to_place(self, pane: str) -> list[tuple[str, str]]:
        """The key that leads to what a page is about, with its name."""
        return [(self.app.key_names[_GO.get(pane, f"go-{pane}")], pane.capitalize())]

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.lesson is None:
            return []
        area = DrawArea(width, height, self.palette)
        if height <= FOLDED_LINES:
            return draw_folded(self.lesson, f"`{self.app.key_names['go-lesson']}` opens", area)
        return draw_lesson(self.lesson, self._cursor, area, self._scrolled)

    @property
    def _most_scrolled(self) -> int:
        """By how many lines the page can be scrolled at its present size."""
        width, height = self._page_size
        if self.lesson is None or height <= FOLDED_LINES:
            return 0
        return most_scrolled(self.lesson, DrawArea(width, height, self.palette))

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """``enter`` answers, turns the page, or opens the next lesson."""
        if action == "answer":
            return self.asks
        if action == "next":
            return not self.asks and not self.at_end
        if action == "next_lesson":
            return self.at_end and not self.asks
        return True

    def is_action_useful(self, action: str) -> bool:
        """Whether there is a page, a hint or a lesson for it."""
        lesson = self.lesson
        if lesson is None:
            return False
        if action == "hint":
            return lesson.hints_left > 0
        if action == "turn(-1)":
            return lesson.page_number > 0
        if action == "next_lesson":
            return bool(self.next_title) and bool(self.check_action(action, ()))
        return bool(self.check_action(action, ()))

    def action_move(self, choices: int) -> None:
        """Move the cursor to another choice of a prediction; else scroll."""
        if self.lesson is not None and self.asks:
            most = len(self.lesson.page.choices) - 1
            self._cursor = max(0, min(most, self._cursor + choices))
        else:
            self._scrolled = max(0, min(self._most_scrolled, self._scrolled + choices))
        self.repaint()

    def action_answer(self) -> None:
        """Give the prediction under the cursor."""
        if self.lesson is not None and self.asks:
            self.lesson.answer(self._cursor)
            self._scrolled = 0
            self._changed()

    def action_next(self) -> None:
        """Turn the page."""
        self.action_turn(1)

    def action_turn(self, pages: int) -> None:
        """Turn pages."""
        if self.lesson is not None:
            self.lesson.turn(pages)
            self._cursor = self._scrolled = 0
            self._changed()

    def action_next_lesson(self) -> None:
        """Ask for the next lesson."""
        if self.next_title:
            self.post_message(self.NextLesson())

    def action_hint(self) -> None:
        """Open the next hint of the page."""
        if self.lesson is None:
            return
        if not self.lesson.page.hints:
            self.app.show_message("this page has no hints")
        elif not self.lesson.hints_left:
            self.app.show_message("all hints of this page are open")
        else:
            self.lesson.open_hint()
            self._scrolled = self._most_scrolled  # the newest is the last
            self._changed()

    def action_leave(self) -> None:
        """Ask to leave the lesson."""
        self.post_message(self.Leave())

    def _changed(self) -> None:
        self.repaint()
        self.refresh_bindings()
        self.app.show_message()
        self.post_message(self.Changed())
