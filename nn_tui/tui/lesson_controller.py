"""Opens lessons in the laboratory, follows their runs, and keeps the learner's progress."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from nn_tui.errors import InputError
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.lessons.catalog import COURSE, FIRST_MINUTE, course_files
from nn_tui.lessons.lesson import Lesson
from nn_tui.lessons.open_lesson import OpenLesson
from nn_tui.lessons.parsing import read_lesson
from nn_tui.lessons.progress import (
    LessonProgress,
    progress_key,
    read_progress,
    save_progress,
)
from nn_tui.recipe.recipe import Recipe
from nn_tui.text import make_printable
from nn_tui.training.branches import RunBranch
from nn_tui.training.run import Run
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.trainer import Trainer
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.pane_layout import LESSON, PANES
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.panes.lesson import LessonPane
from nn_tui.tui.screens.explain_keys import EXPLAIN_BINDINGS
from nn_tui.tui.screens.lessons import LessonEntry, LessonsScreen
from nn_tui.tui.window_layout import WindowLayout


class LessonController:
    """Connects the lesson in ``pane`` with the session of ``app``.

    ``state`` is the folder of the learner's progress, or None to keep none. ``files`` are the
    lessons of the course, in their order.
    """

    def __init__(
        self,
        app: BaseApp,
        layout: WindowLayout,
        pane: LessonPane,
        state: Path | None,
        files: Sequence[Path] = (),
    ) -> None:
        self.pane = pane
        self._app, self._layout, self._state = app, layout, state
        self._files = [*files] or course_files()
        self._preset: Recipe | None = None
        """The preset of the lesson's runs; None for a lesson about any run."""
        self._runs = _RunCounter()
        self._run: Run | None = None
        """The run that was observed last."""
        self._saved: LessonProgress | None = None
        """The progress as it was saved last."""
        self._saving = False
        self._replica_seeds: tuple[object, ...] = ()
        self._told_running = False
        """Whether the goal was reached while training continued: its end has another message."""

    @property
    def lesson(self) -> OpenLesson | None:
        """The open lesson."""
        return self.pane.lesson

    # Opening and leaving

    def show_list(self) -> None:
        """List the lessons."""
        self._app.push_screen(LessonsScreen(self._entries, self.open_file))

    def _entries(self) -> list[LessonEntry]:
        """The lessons with the progress of each; reads files. Raises InputError."""
        known = read_progress(self._state) if self._state is not None else {}
        latest = next(reversed(known), "")
        lessons = [(progress_key(e, COURSE), e) for e in map(read_lesson, self._files)]
        return [LessonEntry(e, known.get(key), key == latest) for key, e in lessons]

    def open_file(self, path: Path, fresh: bool = False) -> None:
        """Open the lesson of a file where it was left, or from its start if ``fresh``."""
        self._app.run_in_background(self._open(path, fresh))

    async def _open(self, path: Path, fresh: bool) -> None:
        session = self._app.session
        try:
            await self._put_away(self.lesson)
            lesson = await asyncio.to_thread(read_lesson, path)
            progress, folder = await asyncio.to_thread(self.progress_of, lesson, fresh)
        except InputError as error:
            self._app.show_message(make_printable(str(error)), bad=True)
            return
        before, refused = session.timeline.run, session.worker.refused
        if folder is not None:
            session.reopen(folder)
        else:
            session.open_recipe(lesson.name, lesson.recipe)
        await session.settled()
        replaced = session.timeline.run is not before
        if session.worker.refused == refused and (replaced or folder is not None):
            self.attach(lesson, progress)

    def progress_of(
        self, lesson: Lesson, fresh: bool = False
    ) -> tuple[LessonProgress, RunFolder | None]:
        """The progress in a lesson and its saved run; reads files. Raises InputError.

        ``fresh`` keeps the stars only.
        """
        if self._state is None:
            return LessonProgress(), None
        known = read_progress(self._state).get(progress_key(lesson, COURSE), LessonProgress())
        if fresh:
            return LessonProgress(seeds=known.seeds), None
        saver = self._app.session.saver
        return known, saver.store.find(known.run) if saver is not None and known.run else None

    def attach(self, lesson: Lesson, progress: LessonProgress) -> None:
        """Show a lesson whose run is open."""
        self._preset = self._app.session.preset
        self._saved = progress
        self._app.session.restrict(lesson.refusal)
        self._begin(OpenLesson(lesson, progress, self._key_name))
        if self.lesson is None:
            return
        if not progress.page and not lesson.pages[0].field:  # not where another lesson has led
            self._app.query_one(HyperparametersPane).stand_on("training.learning_rate")
        words = "" if progress.page else f"{lesson.goal} "
        self._app.show_message(f"{words}`run` trains".replace("`run`", self._key_name("run")[1:-1]))

    def begin_first_minute(self) -> None:
        """Show the four pages of the first minute, on the run that is open."""
        lesson = read_lesson(FIRST_MINUTE)
        self._preset = None
        self._app.session.restrict(lambda key: "")
        self._begin(OpenLesson(lesson, key_name=self._key_name))

    def _begin(self, lesson: OpenLesson) -> None:
        self._runs = _RunCounter()
        self._replica_seeds, self._told_running = (), False
        following = self._following(lesson.lesson)
        self.pane.show(lesson, _label(following) if following is not None else "")
        if self._app.snapshot is not None:
            self.observe(self._app.snapshot)
            if self.lesson is None:  # its goal cannot be judged
                return
            self.pane.repaint()  # with the figures of the run
        self._layout.unzoom()
        self._show_page()
        self._app.action_pane(LESSON)

    def _following(self, lesson: Lesson) -> Path | None:
        """The file of the lesson after this one."""
        if lesson.path not in self._files:
            return self._files[0] if lesson.path == FIRST_MINUTE else None
        after = self._files[self._files.index(lesson.path) + 1 :]
        return after[0] if after else None

    def open_next(self) -> None:
        """Open the lesson after the open one."""
        if self.lesson is not None and (path := self._following(self.lesson.lesson)) is not None:
            self.open_file(path)

    def leave(self) -> None:
        """Leave the lesson, or the zoom; the run stays open."""
        if self._layout.zoomed:
            self._layout.unzoom()
        elif self.lesson is not None:
            self._app.session.pause()
            self._app.run_in_background(self._put_away(self.lesson))
            again = self._app.key_names.with_key_names("`go-lesson` lists the lessons")
            if self._preset is None:
                again = f"{again}; {self._app.key_names['palette']} finds the first minute again"
            else:
                again = f"lesson left; {again}, and it continues there"
            self._close()
            self._app.show_message(again)

    def _close(self) -> None:
        """Hide the pane; its page's pane gets the focus if it had it."""
        focused = self._layout.active == LESSON
        about = self._page_pane
        self.pane.show(None)
        self._app.session.restrict(lambda key: "")
        if focused:
            self._app.action_pane(about)
        self._app.update_layout()
        self._app.refresh_bindings()

    # The page

    @property
    def _page_pane(self) -> str:
        pane = self.lesson.page.pane if self.lesson is not None else ""
        return pane if pane in PANES else "network"

    def page_changed(self) -> None:
        """Show what the page is about, and save the progress."""
        self._show_page()
        self._save_soon()

    def _show_page(self) -> None:
        assert self.lesson is not None
        if field := self.lesson.page.field:
            self._app.query_one(HyperparametersPane).stand_on(field)
        self._layout.reveal(self._page_pane)
        self._app.update_layout()

    def switch(self) -> None:
        """Focus the lesson, from it the pane of its page; without a lesson list them."""
        if self.lesson is None:
            self.show_list()
        else:
            here = self._layout.active == LESSON
            self._app.action_pane(self._page_pane if here else LESSON)

    def _key_name(self, name: str) -> str:
        """The key of a binding between backticks; a name that is none stays."""
        names = self._app.key_names.also(EXPLAIN_BINDINGS)
        return names.with_key_names(f"`{name}`", "`")

    # The run

    def observe(self, snapshot: Snapshot) -> None:
        """Judge the goal on a new state of the run; leave the lesson if the run is another's."""
        lesson, session = self.lesson, self._app.session
        if lesson is None:
            return
        if self._preset is not None and session.preset != self._preset:
            name = lesson.lesson.title
            self._app.run_in_background(self._remember_run(lesson, self._run))
            self._close()
            again = self._app.key_names["go-lesson"]
            self._app.show_message(f"the lesson {name} is left, for another run; {again} lists it")
            return
        self._run = session.timeline.run
        number = self._runs.number(session.timeline.branch, session.trainer)
        try:
            reached = lesson.observe(number, snapshot)
        except InputError as error:
            self._close()
            self._app.show_message(make_printable(str(error)), bad=True)
            return
        ended = self._told_running and not session.running
        if reached or (ended and lesson.goal is not None and lesson.goal.reached):
            self._tell_reached(lesson, snapshot)
        self._told_running = session.running and (reached or self._told_running)
        if snapshot.replicas is not None and not session.running:
            self._app.run_in_background(self._observe_replicas(lesson, number, snapshot))
        if lesson.progress is not self._saved:
            self._save_soon()

    async def _observe_replicas(self, lesson: OpenLesson, number: int, shown: Snapshot) -> None:
        """Judge the goal on every replica of a paused run."""
        results = shown.replicas.results if shown.replicas is not None else ()
        state = (number, *((result.seed, result.epoch) for result in results))
        if state == self._replica_seeds:
            return
        self._replica_seeds = state
        snapshots = await asyncio.to_thread(self._app.session.timeline.replica_snapshots)
        if lesson is not self.lesson:
            return
        reached = [lesson.observe((number, i), one) for i, one in enumerate(snapshots)]
        lesson.observe(number, shown)
        if any(reached):
            self._tell_reached(lesson, shown)
            self._save_soon()
        self.pane.repaint()

    def _tell_reached(self, lesson: OpenLesson, snapshot: Snapshot) -> None:
        """Say that the goal is reached, and what gives the next star.

        The message about a divergence stays; the page has the tick.
        """
        if snapshot.diverged:
            return
        missing = lesson.lesson.stars - lesson.progress.stars(lesson.lesson)
        text = "✓ goal reached"
        if lesson.lesson.stars > 1:
            text += f" with weight seed {snapshot.recipe.network.seed}"
        if missing > 0:
            text += "; `new-weights` and `run` try other weights, for the next star"
        text += "; `go-lesson` is the lesson" if self._layout.active != LESSON else ""
        self._app.show_message(self._app.key_names.with_key_names(text))

    # Progress

    def _save_soon(self) -> None:
        """Save the progress from a thread; one thread at a time."""
        if self._preset is None or self._state is None or self._saving:
            return
        self._saving = True
        self._app.run_in_background(self._save_changes())

    async def _save_changes(self) -> None:
        try:
            while self.lesson is not None and self.lesson.progress is not self._saved:
                lesson = self.lesson
                self._saved = lesson.progress
                await asyncio.to_thread(self._save, lesson)
        except (InputError, OSError) as error:
            self._app.show_message(f"progress is not saved: {make_printable(str(error))}", bad=True)
        finally:
            self._saving = False

    def _save(self, lesson: OpenLesson) -> None:
        if self._state is not None:
            save_progress(self._state, progress_key(lesson.lesson, COURSE), lesson.progress)

    async def _put_away(self, lesson: OpenLesson | None) -> None:
        """Keep the run of a lesson, to continue there; what follows is another run's."""
        if lesson is not None and self._preset is not None:
            await asyncio.to_thread(self._keep_run, lesson, True)

    async def _remember_run(self, lesson: OpenLesson, run: Run | None) -> None:
        """Save the progress with the id of a run that is no longer open."""
        saver = self._app.session.saver
        folder = saver.folder_of(run) if saver is not None and run is not None else None
        if folder is not None:
            lesson.keep(folder.id)
            with suppress(InputError, OSError):
                await asyncio.to_thread(self._save, lesson)

    def keep_run(self) -> None:
        """Save the run of the open lesson, and the progress with its id; writes files."""
        if self.lesson is not None and self._preset is not None:
            self._keep_run(self.lesson, False)

    def _keep_run(self, lesson: OpenLesson, let_go: bool) -> None:
        session = self._app.session
        saver, run = session.saver, session.timeline.run
        untouched = (
            run.recipe == lesson.lesson.recipe and not run.edits and not session.trainer.epoch
        )
        id = ""
        try:
            if saver is not None and not untouched:
                id = saver.keep(session.timeline, let_go).id
            lesson.keep(id)
            self._save(lesson)
        except (InputError, OSError):
            return  # the banner or the message at the exit tells that nothing can be saved


class _RunCounter:
    """Numbers the runs of a lesson: a restart, new weights, and a change of the past make one."""

    def __init__(self) -> None:
        self._number = 0
        self._branch: RunBranch | None = None
        self._trainer: Trainer | None = None

    def number(self, branch: RunBranch, trainer: Trainer) -> int:
        """The number of the run that is at ``branch`` now."""
        before = self._branch
        if before is not None and branch is not before:
            continues = trainer is self._trainer and before.continued
            self._number += not continues
        self._branch, self._trainer = branch, trainer
        return self._number


def _label(path: Path) -> str:
    """What the key to the next lesson says: its number or name."""
    number = path.stem.partition("-")[0]
    return f"lesson {int(number)}" if number.isdecimal() else path.stem
