"""``nn-tui learn``: lessons on the screen; their list and proof, an example for teachers."""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from nn_tui.commands.open import (
    ScreenStart,
    add_screen_options,
    is_first_start,
    open_screen,
)
from nn_tui.commands.options import add_force, add_state_dir
from nn_tui.errors import UsageError

if TYPE_CHECKING:
    from nn_tui.lessons.lesson import Lesson
    from nn_tui.lessons.progress import LessonProgress

_DONE, _BAD_INPUT = 0, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add LESSON, what to do with it, and the state folder."""
    parser.add_argument(
        "lesson",
        nargs="?",
        metavar="LESSON|FOLDER",
        help="the number or name of a lesson, a lesson file (.toml), or a folder of them; "
        "default: the course",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="print the lessons and your progress")
    what.add_argument(
        "--check",
        action="store_true",
        help="prove lessons: naive settings fail, solutions reach the goal",
    )
    what.add_argument("--new", metavar="FILE", help="write an example of a lesson, with comments")
    what.add_argument(
        "--report",
        choices=("csv", "json"),
        help="print your progress in every lesson",
    )
    add_force(parser)
    add_state_dir(parser)
    add_screen_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Open a lesson on the screen, or do what the options say; return the exit code.

    Raises InputError.
    """
    if arguments.new is not None:
        return _write_example(arguments)
    if arguments.force:
        raise UsageError("--force overwrites the file of --new; it does nothing without it")
    from nn_tui.lessons.catalog import find_files, read_lessons

    if not (arguments.check or arguments.report or arguments.list):
        return _open(arguments)
    lessons = read_lessons(find_files(arguments.lesson))
    if arguments.check:
        return _check(lessons)
    progress = _progress(lessons, arguments.state_dir)
    if arguments.report:
        _report(lessons, progress, arguments.report)
    else:
        _list(lessons, progress)
    return _DONE


def _open(arguments: argparse.Namespace) -> int:
    """Open the screen with a lesson, or with the list of several."""

    def start() -> ScreenStart:
        from nn_tui.commands.opened_session import open_lesson, open_session
        from nn_tui.lessons.catalog import course_files, find_files, read_lessons
        from nn_tui.lessons.course_start import CourseStart

        files = find_files(arguments.lesson)
        is_first_start(arguments)  # it is none any more: the lesson itself is the first minute
        if len(files) > 1 or arguments.lesson is None:
            read_lessons(files)  # a file that is wrong is refused before the screen opens
            arguments.experiment, arguments.set, arguments.weights = None, [], None
            session = open_session(arguments)
            return ScreenStart(
                session, CourseStart(session.saver.store.path.parent, tuple(files), lists=True)
            )
        lessons = read_lessons(files)
        (progress,) = _progress(lessons, arguments.state_dir)
        session = open_lesson(arguments, lessons[0], progress)
        known = course_files()
        course = CourseStart(
            session.saver.store.path.parent,
            tuple(known if files[0] in known else files),
            (lessons[0], progress),
        )
        return ScreenStart(session, course)

    return open_screen(arguments, start, "learn --list")


def _write_example(arguments: argparse.Namespace) -> int:
    if arguments.lesson is not None:
        raise UsageError("--new writes an example; name its file only, without a lesson")
    from nn_tui import lessons
    from nn_tui.fileio import check_new, replace_file
    from nn_tui.text import make_printable

    path = Path(arguments.new)
    if path.suffix != ".toml":
        raise UsageError(f"--new {make_printable(arguments.new)} must end in .toml")
    check_new(path, arguments.force)
    data = (Path(lessons.__file__).parent / "example.toml").read_bytes()

    def write(file: IO[bytes]) -> None:
        file.write(data)

    replace_file(path, write)
    shown = make_printable(str(path))
    print(f"wrote {shown}; prove it: nn-tui learn --check {shown}")
    return _DONE


def _progress(lessons: Sequence["Lesson"], state_dir: str | None) -> list["LessonProgress"]:
    from nn_tui.lessons.catalog import COURSE
    from nn_tui.lessons.progress import LessonProgress, progress_key, read_progress
    from nn_tui.paths import state_dir as state_folder

    known = read_progress(state_folder(state_dir))
    return [known.get(progress_key(lesson, COURSE), LessonProgress()) for lesson in lessons]


def _list(lessons: Sequence["Lesson"], progress: Sequence["LessonProgress"]) -> None:
    width = max(len(lesson.title) for lesson in lessons)
    for lesson, own in zip(lessons, progress, strict=True):
        number = f"{lesson.number}" if lesson.number else ""
        stars = "★" * own.stars(lesson) + "☆" * (lesson.stars - own.stars(lesson))
        print(
            f"{number:>3}  {lesson.title.ljust(width)}  {'✓' if own.reached else ' '} "
            f"{stars.ljust(3)}  {lesson.summary}"
        )
    done = sum(own.reached for own in progress)
    total = sum(own.stars(lesson) for lesson, own in zip(lessons, progress, strict=True))
    print(f"\n{done} of {len(lessons)} done, {total} star{'' if total == 1 else 's'}")


def _report(lessons: Sequence["Lesson"], progress: Sequence["LessonProgress"], form: str) -> None:
    """Print a row or object for each lesson."""
    rows = [_row(lesson, own) for lesson, own in zip(lessons, progress, strict=True)]
    if form == "json":
        print(json.dumps(rows, indent=1))
        return
    writer = csv.DictWriter(sys.stdout, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: " ".join(map(str, v)) if k == "seeds" else v for k, v in row.items()})


def _row(lesson: "Lesson", own: "LessonProgress") -> dict[str, Any]:
    predictions = {i: page for i, page in enumerate(lesson.pages) if page.choices}
    answers = {i: choice for i, choice in own.answers if i in predictions}
    right = sum(
        choice < len(predictions[i].choices) and predictions[i].choices[choice].right
        for i, choice in answers.items()
    )
    return {
        "lesson": lesson.name,
        "number": lesson.number or None,
        "title": lesson.title,
        "done": own.reached,
        "stars": own.stars(lesson),
        "of_stars": lesson.stars,
        "seeds": list(own.seeds),
        "page": min(own.page + 1, len(lesson.pages)),
        "pages": len(lesson.pages),
        "predictions": len(predictions),
        "answered": len(answers),
        "right": right,
        "hints": sum(count for _, count in own.hints),
    }


def _check(lessons: Sequence["Lesson"]) -> int:
    """Prove lessons in parallel, and print a line for each trial as soon as its turn comes."""
    from nn_tui.commands.console import print_message
    from nn_tui.lessons.parallel_proof import prove_all
    from nn_tui.text import make_printable

    wide = max(len(_name(lesson)) for lesson in lessons)
    trials = [trial.name for lesson in lessons for trial in (*lesson.naive, *lesson.solutions)]
    width = max(map(len, trials))
    wrong = 0
    for lesson, result in prove_all(lessons):
        tried = f"{len(result.reached)}/{len(result.trial.seeds)}"
        kind = "solution" if result.is_solution else "naive"
        mark = "✓" if result.as_expected else "✗"
        line = (
            f"{mark} {_name(lesson).ljust(wide)}  {kind:8}  {result.trial.name.ljust(width)}  "
            f"{tried:>5}  {result.figures}"
        )
        print(line.rstrip(), flush=True)
        if not result.as_expected:
            wrong += 1
            print_message(f"{make_printable(lesson.path.name)}: {_failure(result)}")
    print(f"\n{len(trials) - wrong} of {len(trials)} trials as they should be")
    return _BAD_INPUT if wrong else _DONE


def _name(lesson: "Lesson") -> str:
    return f"{lesson.number:>2} {lesson.name}" if lesson.number else lesson.name


def _failure(result: Any) -> str:
    if result.problem:
        return f"{result.trial.name}: {result.problem}"
    seeds = result.reached
    if result.is_solution:
        missed = [seed for seed in result.trial.seeds if seed not in seeds]
        return f"{result.trial.name} does not reach the goal from seed {_listed(missed)}"
    return f"{result.trial.name} should fail, but reaches the goal from seed {_listed(seeds)}"


def _listed(seeds: Sequence[int]) -> str:
    return ", ".join(map(str, seeds))
