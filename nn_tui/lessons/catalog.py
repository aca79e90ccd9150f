"""The lessons that are shipped, and those of a folder or file."""

import os
from collections.abc import Sequence
from pathlib import Path

from nn_tui.fileio import list_files, reason
from nn_tui.lessons.errors import LessonError
from nn_tui.lessons.lesson import Lesson
from nn_tui.lessons.parsing import SUFFIX, read_lesson
from nn_tui.spelling import did_you_mean
from nn_tui.text import make_printable, quoted

COURSE = Path(__file__).parent / "course"
"""The folder of the shipped lessons."""
FIRST_MINUTE = Path(__file__).parent / "first_minute.toml"
"""Four pages about any experiment, which the first start shows; no lesson of the course."""


def course_files() -> list[Path]:
    """The files of the shipped lessons, in the order of the course."""
    return lesson_files(COURSE)


def lesson_files(folder: Path) -> list[Path]:
    """The lesson files of a folder, by name. Raises LessonError if there are none."""
    files = [file.path for file in list_files(folder, (SUFFIX,))]
    if not files:
        raise LessonError(f"{make_printable(str(folder))} has no lesson files ({SUFFIX})")
    return files


def find_files(name: str | None) -> list[Path]:
    """The lesson files meant by a folder, a file, or the number or name of a shipped lesson.

    All shipped lessons for None. Raises LessonError.
    """
    if name is None:
        return course_files()
    if "://" in name:
        raise LessonError(
            f"{quoted(name, 60)} is a web address; nn-tui downloads nothing. Save the file, then "
            "nn-tui learn FILE"
        )
    path = Path(os.path.expanduser(name))
    try:
        if path.is_dir():
            return lesson_files(path)
    except (OSError, ValueError) as error:
        raise LessonError(f"cannot read {quoted(name)}: {reason(error)}") from None
    if path.suffix.lower() == SUFFIX:
        return [path]
    return [shipped_lesson(name).path]


def shipped_lesson(name: str) -> Lesson:
    """The shipped lesson with a number or name. Raises LessonError."""
    lessons = read_lessons(course_files())
    word = name.strip().lower()
    for lesson in lessons:
        if word in (lesson.name, lesson.path.stem) or (
            word.isdecimal() and len(word) < 5 and int(word) == lesson.number
        ):
            return lesson
    hint = did_you_mean(word, [lesson.name for lesson in lessons], "nn-tui learn lists them")
    raise LessonError(f"{quoted(name)} is no lesson, nor a folder or file; {hint}")


def read_lessons(files: Sequence[Path]) -> list[Lesson]:
    """The lessons of files, in their order. Raises InputError for the first that is invalid."""
    return [read_lesson(file) for file in files]
