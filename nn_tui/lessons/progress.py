"""A learner's progress: a JSON file in the state folder, with an entry for every lesson begun."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, NamedTuple

from nn_tui.errors import InputError
from nn_tui.fileio import read_text, replace_file
from nn_tui.lessons.errors import LessonError
from nn_tui.lessons.lesson import Lesson
from nn_tui.text import make_printable

FILE = "lessons.json"
_MOST_BYTES = 4_000_000
_MOST_LESSONS = 1000
_MOST_SEEDS = 50
MOST_EARLIER = 64
"""Earlier runs of a lesson that are kept, the newest of them."""
_VERSION = 1


class EarlierRun(NamedTuple):
    """A run of a lesson whose goal is about several: keys that differ from the lesson's recipe.

    ``values`` are the measures that the goal reads, ``edits`` the numbers of edits by kind.
    """

    changes: Mapping[str, Any]
    values: Mapping[str, float | None]
    edits: Mapping[str, int]


@dataclass(frozen=True)
class LessonProgress:
    """How far a learner has come in a lesson.

    ``page`` counts from 0. ``answers`` are the choices given to predictions, and ``hints`` the
    numbers of hints opened, both by page. ``seeds`` are the weight seeds that reached the goal.
    ``trained_first`` are predictions answered after training. ``run`` is the id of its saved run,
    or empty; ``earlier`` are runs before it.
    """

    page: int = 0
    answers: tuple[tuple[int, int], ...] = ()
    hints: tuple[tuple[int, int], ...] = ()
    seeds: tuple[int | str, ...] = ()
    trained_first: tuple[int, ...] = ()
    run: str = ""
    earlier: tuple[EarlierRun, ...] = ()

    @property
    def reached(self) -> bool:
        """Whether the goal was ever reached."""
        return bool(self.seeds)

    def stars(self, lesson: Lesson) -> int:
        """One for each weight seed that reached the goal, at most those of the lesson."""
        return min(len(self.seeds), lesson.stars)

    def with_seed(self, seed: int | str) -> "LessonProgress":
        """The goal reached from a weight seed."""
        if seed in self.seeds or len(self.seeds) >= _MOST_SEEDS:
            return self
        return replace(self, seeds=(*self.seeds, seed))

    def with_answer(self, page: int, choice: int, trained: bool) -> "LessonProgress":
        """The first answer to the prediction of a page; a later one changes nothing."""
        if page in dict(self.answers):
            return self
        late = (*self.trained_first, page) if trained else self.trained_first
        return replace(self, answers=(*self.answers, (page, choice)), trained_first=late)

    def with_hint(self, page: int, most: int) -> "LessonProgress":
        """One more hint of a page, of ``most``."""
        hints = dict(self.hints)
        hints[page] = min(most, hints.get(page, 0) + 1)
        return replace(self, hints=tuple(sorted(hints.items())))


def progress_key(lesson: Lesson, course: Path) -> str:
    """What the progress of a lesson is kept under: its name, or its path outside ``course``."""
    return lesson.name if lesson.path.parent == course else str(lesson.path.absolute())


def read_progress(state: Path) -> dict[str, LessonProgress]:
    """The progress by key; empty at first. Raises LessonError for a damaged file."""
    path = state / FILE
    if not path.exists():
        return {}
    try:
        values = json.loads(read_text(path, _MOST_BYTES))
        if values["version"] != _VERSION:
            raise ValueError
        return {str(key): _entry(entry) for key, entry in values["lessons"].items()}
    except InputError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise LessonError(
            f"{make_printable(str(path))} is damaged, or of a later version of nn-tui; "
            "move it away to start over"
        ) from None


def save_progress(state: Path, key: str, progress: LessonProgress) -> None:
    """Replace the progress of one lesson, and keep that of all others. Raises InputError."""
    lessons = read_progress(state)
    lessons.pop(key, None)
    lessons[key] = progress  # the newest last
    kept = dict(list(lessons.items())[-_MOST_LESSONS:])
    content = {"version": _VERSION, "lessons": {k: asdict(entry) for k, entry in kept.items()}}
    data = json.dumps(content, indent=1).encode()

    def write(file: IO[bytes]) -> None:
        file.write(data)

    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(state / FILE, write)


def _entry(values: Mapping[str, Any]) -> LessonProgress:
    """The progress read from JSON. Raises ValueError or TypeError for anything else."""
    return LessonProgress(
        page=_whole(values["page"]),
        answers=_pairs(values["answers"]),
        hints=_pairs(values["hints"]),
        seeds=tuple(_seed(seed) for seed in values["seeds"])[:_MOST_SEEDS],
        trained_first=tuple(map(_whole, values["trained_first"])),
        run=make_printable(str(values["run"]))[:200],
        earlier=tuple(map(_earlier, values.get("earlier", ())))[-MOST_EARLIER:],
    )


def _earlier(values: Any) -> EarlierRun:
    changes, measures, edits = values
    if not all(isinstance(value, int | float | None) for value in dict(measures).values()):
        raise ValueError
    return EarlierRun(dict(changes), dict(measures), {k: _whole(v) for k, v in edits.items()})


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 10_000:
        raise ValueError
    return value


def _pairs(values: Iterable[Any]) -> tuple[tuple[int, int], ...]:
    return tuple((_whole(first), _whole(second)) for first, second in values)


def _seed(value: Any) -> int | str:
    if type(value) is int:
        return value
    if isinstance(value, str):
        return make_printable(value)[:100]
    raise ValueError
