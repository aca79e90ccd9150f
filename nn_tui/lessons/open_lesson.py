"""A lesson that a learner works on: its pages, answers, hints, goal and stars.

It knows no screen. Whoever shows it calls ``observe`` with every snapshot of the lesson's runs,
and saves ``progress`` when it changes.
"""

from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from nn_tui.lessons.errors import LessonError
from nn_tui.lessons.expressions import Scope
from nn_tui.lessons.goal import GoalStatus, goal_status, refusals_of
from nn_tui.lessons.lesson import AnswerChoice, Lesson, Page
from nn_tui.lessons.measures import LiveRun, PastRun, past_run
from nn_tui.lessons.page_text import PageText, parse_text
from nn_tui.lessons.progress import MOST_EARLIER, EarlierRun, LessonProgress
from nn_tui.recipe.parsing import check_value
from nn_tui.recipe.recipe import RecipeError
from nn_tui.training.snapshot import Snapshot

_TRAIN_FIRST = parse_text("""
First train the network: press `run`. This page tells what came of it, and so far there has been no
update.""")


class StepMark(NamedTuple):
    """A kind of page in the stepper above a lesson: behind the learner, open, or ahead."""

    kind: str
    state: str
    """``done``, ``open`` or ``ahead``."""


class OpenLesson:
    """A lesson and the learner's progress in it. ``key_name`` gives the key of a binding id."""

    def __init__(
        self,
        lesson: Lesson,
        progress: LessonProgress | None = None,
        key_name: Callable[[str], str] = str,
    ) -> None:
        self.lesson = lesson
        self.progress = progress or LessonProgress()
        self.goal: GoalStatus | None = None
        """The goal at the last snapshot; None before the first."""
        self._key_name = key_name
        self._run: LiveRun | None = None
        self._run_key: Hashable = None
        self._earlier: dict[Hashable, PastRun] = {}
        self._counts = True
        for number, run in enumerate(self.progress.earlier):
            with suppress(RecipeError):  # a key of another version
                self._earlier["saved", number] = self._restored(run)

    # The run

    def observe(self, run: Hashable, snapshot: Snapshot) -> bool:
        """Take the state of a run; return whether the goal was reached from a new weight seed.

        ``run`` identifies the run: an earlier one is replaced by another state of itself, and
        kept when another run is observed. Runs that changed what is fixed do not count, nor do
        those whose recipe changed while they were trained.
        Raises LessonError.
        """
        if self._run is not None and run != self._run_key and self._counts:
            self._keep(self._run_key, self._run)
        self._earlier.pop(run, None)
        self._run, self._run_key = LiveRun(snapshot), run
        self.goal = goal_status(self.lesson, snapshot, tuple(self._earlier.values()))
        self._counts = not self.goal.refusals
        if not self.goal.reached:
            return False
        before = self.progress
        self.progress = before.with_seed(snapshot.recipe.network.seed)
        return self.progress is not before

    def add_runs(self, runs: Iterable[tuple[Hashable, Snapshot]]) -> None:
        """Take further runs, such as those of many seeds, before the next ``observe``."""
        for key, snapshot in runs:
            run = LiveRun(snapshot)
            if not refusals_of(self.lesson, run):
                self._keep(key, run)

    def _keep(self, key: Hashable, run: LiveRun) -> None:
        self._earlier.pop(key, None)
        if not run.is_of_one_recipe:
            return
        self._earlier[key] = past_run(run, self.lesson.run_words)
        while len(self._earlier) > MOST_EARLIER:
            del self._earlier[next(iter(self._earlier))]

    def _restored(self, run: EarlierRun) -> PastRun:
        recipe = self.lesson.recipe
        for key, value in run.changes.items():
            recipe = recipe.with_value(key, check_value(key, value))
        return PastRun(recipe, run.values, run.edits)

    def keep(self, run: str) -> None:
        """Put the id of the saved run into ``progress``, and the runs before it if they count."""
        earlier = tuple(
            EarlierRun(dict(self.lesson.recipe.differences(past.recipe)), past.values, past.edits)
            for past in self._earlier.values()
        )
        kept = earlier if self.lesson.about_runs else ()
        self.progress = replace(self.progress, run=run, earlier=kept)

    def refusal(self, key: str) -> str:
        """Why ``key``, of the recipe, ``weights`` or ``data``, may not change; empty if it may."""
        return self.lesson.refusal(key)

    # Pages

    @property
    def page_number(self) -> int:
        """The number of the open page, from 0."""
        return min(self.progress.page, len(self.lesson.pages) - 1)

    @property
    def page(self) -> Page:
        """The open page."""
        return self.lesson.pages[self.page_number]

    def turn(self, by: int) -> None:
        """Turn ``by`` pages, to the first or last at most."""
        last = len(self.lesson.pages) - 1
        page = min(last, max(0, self.page_number + by))
        self.progress = replace(self.progress, page=page)

    @property
    def steps(self) -> list[StepMark]:
        """The kinds of the pages in a row, with the open one; equal neighbours are one step."""
        marks: list[StepMark] = []
        for number, page in enumerate(self.lesson.pages):
            here = self.page_number
            state = "done" if number < here else "open" if number == here else "ahead"
            if marks and marks[-1].kind == page.kind:
                both = {marks[-1].state, state}
                open_or = "open" if "open" in both or both == {"done", "ahead"} else state
                marks[-1] = StepMark(page.kind, open_or)
            else:
                marks.append(StepMark(page.kind, state))
        return marks

    @property
    def text(self) -> str:
        """The text of the open page, with the figures of the run and the names of keys.

        A page about what training led to waits for it.
        """
        page, run = self.page, self._run
        if (
            page.kind == "see"
            and page.text.is_of_a_trained_run
            and not (run is not None and run.snapshot.updated)
        ):
            return self._filled(_TRAIN_FIRST)
        return self._filled(page.text)

    @property
    def waits_for_figures(self) -> bool:
        """Whether the open page quotes a number that the run does not have yet."""
        try:
            return self._run is None or not self.page.text.is_known(self._scope)
        except LessonError:
            return False

    # Predictions

    @property
    def prediction(self) -> tuple[Page, int | None] | None:
        """The prediction that is shown, and the choice given to it.

        That of the open page, or the last one before it, which stands beside what is seen; None
        before the first.
        """
        for number in range(self.page_number, -1, -1):
            page = self.lesson.pages[number]
            if page.choices:
                return page, dict(self.progress.answers).get(number)
        return None

    def answer(self, choice: int) -> None:
        """Give the open page's prediction. The first answer stays.

        An answer after training is noted. Raises IndexError for no such choice.
        """
        _ = self.page.choices[choice]
        trained = self._run is not None and self._run.snapshot.updated
        self.progress = self.progress.with_answer(self.page_number, choice, trained)

    def reply(self, choice: AnswerChoice) -> str:
        """What is said to a choice."""
        return self._filled(choice.reply)

    # Hints

    @property
    def hints(self) -> list[str]:
        """The hints of the open page that are open."""
        count = dict(self.progress.hints).get(self.page_number, 0)
        return [self._filled(hint) for hint in self.page.hints[:count]]

    @property
    def hints_left(self) -> int:
        """How many hints of the open page are still closed."""
        return len(self.page.hints) - len(self.hints)

    def open_hint(self) -> None:
        """Open the next hint of the page; nothing after the last."""
        if self.hints_left:
            self.progress = self.progress.with_hint(self.page_number, len(self.page.hints))

    # Stars

    @property
    def stars(self) -> str:
        """A filled star for each weight seed that reached the goal, an empty one for the rest."""
        count = self.progress.stars(self.lesson)
        return "★" * count + "☆" * (self.lesson.stars - count)

    # Inside

    @property
    def _scope(self) -> Scope:
        assert self._run is not None
        return Scope.of(self._run, self._earlier.values())

    def _filled(self, text: PageText) -> str:
        if self._run is None:
            return text.without_figures(self._key_name)
        try:
            return text.filled(self._scope, self._key_name)
        except LessonError as error:  # only a run shows which types a figure has
            return f"This text cannot be shown: {error}"
