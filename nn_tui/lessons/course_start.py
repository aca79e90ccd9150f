"""Which lessons a session of the screen can open, and what it begins with."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # most starts open no lesson: start-up time
    from nn_tui.lessons.lesson import Lesson
    from nn_tui.lessons.progress import LessonProgress


class CourseStart(NamedTuple):
    """The lessons that can be opened, and what to begin with.

    ``state`` is the folder of the learner's progress, or None to keep none; ``files`` are the
    lessons, by default the shipped course. ``lesson`` is open already, with the progress in it;
    else the lessons are listed first, if ``lists``.
    """

    state: Path | None = None
    files: tuple[Path, ...] = ()
    lesson: "tuple[Lesson, LessonProgress] | None" = None
    lists: bool = False
