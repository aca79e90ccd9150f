"""The list of lessons, with the learner's progress in each."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nn_tui.errors import InputError
from nn_tui.lessons.lesson import Lesson
from nn_tui.lessons.progress import LessonProgress
from nn_tui.text import make_printable
from nn_tui.tui.dialogs.list_dialog import ListDialog, matching
from nn_tui.tui.drawing.strips import fit_text

_WIDTH, _FRAME = 84, 4
_LONGEST_TITLE = 34


class LessonEntry(NamedTuple):
    """A lesson and the progress in it; None if it was never begun."""

    lesson: Lesson
    progress: LessonProgress | None
    latest: bool = False
    """Whether it is the one that was worked on last."""

    @property
    def name(self) -> str:
        """Number and title."""
        return f"{self.lesson.number or ''} {self.lesson.title}".strip()

    @property
    def help(self) -> str:
        """What it shows."""
        return self.lesson.summary

    @property
    def mark(self) -> str:
        """Whether it was reached, or begun."""
        if self.progress is None:
            return " "
        return "✓" if self.progress.reached else "▸"

    @property
    def stars(self) -> str:
        """Its stars, a space behind each: terminals differ in their width."""
        won = self.progress.stars(self.lesson) if self.progress is not None else 0
        return " ".join("★" * won + "☆" * (self.lesson.stars - won))

    @property
    def description(self) -> str:
        """Its goal, and where it continues."""
        if self.progress is None or not (self.progress.page or self.progress.run):
            return self.lesson.goal
        pages = len(self.lesson.pages)
        return (
            f"left at page {min(self.progress.page + 1, pages)} of {pages}; enter continues there, "
            "ctrl+r begins again"
        )


class LessonsScreen(ListDialog):
    """Lessons by number; ``enter`` opens one.

    ``load`` reads the lessons, in a thread; ``open`` opens the one of a file, from its start if
    its second argument is true.
    """

    HELP_TITLE = "Lessons"
    HELP_TEXT = "The course: a tick for a goal reached, a star for each weight seed that did."
    DEFAULT_CSS = f"""
    LessonsScreen {{ align: center middle; }}
    LessonsScreen > .dialog {{ width: {_WIDTH}; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "fresh", "Begin again", show=False, priority=True),
    ]

    def __init__(
        self, load: Callable[[], list[LessonEntry]], open: Callable[[Path, bool], None]
    ) -> None:
        super().__init__(
            "Lessons", "enter opens, ctrl+r begins again, esc leaves", "type to filter"
        )
        self._load, self._open = load, open
        self._entries: list[LessonEntry] = []

    def on_mount(self) -> None:
        """Read the lessons."""
        self.show_message("reading the lessons …")
        self._read()

    @work(exit_on_error=False, exclusive=True)
    async def _read(self) -> None:
        try:
            self._entries = await asyncio.to_thread(self._load)
        except InputError as error:
            self.show_message(make_printable(str(error)), bad=True)
            return
        self.fill()

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self.fill()

    def fill(self) -> None:
        found = matching(self._entries, self._filter.value)
        if not self._filter.value.strip():
            found = self._entries
        width = min(_WIDTH, self.app.size.width) - _FRAME
        at = self._list.highlighted
        with self.prevent(OptionList.OptionHighlighted):
            self._list.clear_options()
            for entry in found:
                self._list.add_option(Option(_row(entry, width), id=str(entry.lesson.path)))
            if found:
                first = next((i for i, e in enumerate(found) if e.latest), 0)
                self._list.highlighted = min(at if at is not None else first, len(found) - 1)
        self._describe()

    def _describe(self) -> None:
        option = self._list.highlighted_option
        here = [e for e in self._entries if option and str(e.lesson.path) == option.id]
        if here:
            done = sum(entry.mark == "✓" for entry in self._entries)
            self.show_message(f"{here[0].description} · {done} of {len(self._entries)} done")
        elif self._entries:
            self.show_message("no matches")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Describe the lesson under the cursor."""
        event.stop()
        self._describe()

    def take(self, id: str) -> None:
        self.dismiss()
        self._open(Path(id), False)

    def action_fresh(self) -> None:
        """Open the lesson under the cursor from its first page, at epoch 0."""
        option = self._list.highlighted_option
        if option is not None and option.id is not None:
            self.dismiss()
            self._open(Path(option.id), True)


def _row(entry: LessonEntry, width: int) -> Text:
    """A lesson in ``width`` cells."""
    number = f"{entry.lesson.number:>3}" if entry.lesson.number else "   "
    line = Text(f"{number}  ", no_wrap=True, overflow="ellipsis")
    line.append(fit_text(entry.lesson.title, min(_LONGEST_TITLE, max(10, width // 2))))
    line.append(f" {entry.mark} {entry.stars:<5}  ")
    return line.append(entry.lesson.summary, "dim")
