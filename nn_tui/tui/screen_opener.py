"""Opens the screens and dialogs that lie over the panes, and handles their results."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import CommandListItem, Provider, SimpleProvider
from textual.widget import AwaitMount

from nn_tui.data.typed_row import TypedRow
from nn_tui.files.runs.run_store import SavedRun
from nn_tui.training.edit_descriptions import describe_edit
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.help_screens import help_screens
from nn_tui.tui.panes.lesson import LessonPane
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.session.questions import Question
from nn_tui.tui.window_layout import WindowLayout

if TYPE_CHECKING:
    from nn_tui.nn.explain.stepper import StepDebugger
    from nn_tui.trials.plan import SweepPlan

_CANCEL = "cancel"


class ScreenOpener:
    """Opens screens over the panes of ``app``; most are imported when first opened."""

    def __init__(self, app: BaseApp, layout: WindowLayout) -> None:
        self._app = app
        self._layout = layout

    async def load_screens(self) -> None:
        """Import the screens in a thread, so that the first key for one opens it at once."""
        await asyncio.to_thread(help_screens)

    def palette(self) -> None:
        """Open the command palette, unless it is open."""
        from nn_tui.tui.command_palette import PaletteScreen

        if not isinstance(self._app.screen, PaletteScreen):
            self._app.push_screen(PaletteScreen())

    def search_commands(self, commands: Sequence[CommandListItem], placeholder: str) -> AwaitMount:
        """Open a palette with these ``commands`` only."""
        from nn_tui.tui.command_palette import PaletteScreen

        provider = cast(type[Provider], SimpleProvider(self._app.screen, list(commands)))
        return self._app.push_screen(PaletteScreen([provider], placeholder=placeholder))

    def explain(self, row: TypedRow | None = None) -> None:
        """Request the explanation of the next update, or of the prediction for a ``row``.

        Its screen opens once it is computed.
        """
        self._app.session.explain(row)

    def open_explanation(self, debugger: "StepDebugger", snapshot: Snapshot) -> None:
        """Step through an update or a prediction with ``debugger``, on a copy."""
        from nn_tui.tui.screens.explain import ExplainScreen

        if not isinstance(self._app.screen, ExplainScreen):
            self._app.push_screen(ExplainScreen(debugger, snapshot), self._after_explain)

    def _after_explain(self, train: bool | None) -> None:
        if train:
            self._app.session.train(1)

    def list_edits(self) -> None:
        """List the changes of this run; choosing one goes to the epoch before it."""
        from nn_tui.tui.dialogs.choose import Choice, ChoiceDialog

        run = self._app.session.position.run
        epochs = {
            f"{n} {describe_edit(edit, run.dataset)}": edit.epoch
            for n, edit in enumerate(run.edits, 1)
        }
        if not epochs:
            self._app.show_message("this run has no changes yet")
            return
        self._app.push_screen(
            ChoiceDialog(
                "Changes of this run",
                "enter goes to the epoch after which it was made",
                [Choice(name, f"after epoch {epoch:,}") for name, epoch in epochs.items()],
                lambda names: self._app.session.go_to(epochs[names[0]]),
                at=[*epochs][-1],
            )
        )

    def compare(self) -> None:
        """Pause, and compare this run with pinned and earlier ones."""
        from nn_tui.tui.screens.compare import CompareScreen

        self._app.session.running = False
        if self._app.snapshot is not None:
            self._app.push_screen(CompareScreen())

    def sweep(self, key: str) -> None:
        """Show the sweep of this session, or that kept with the run; else set one up.

        ``key`` is the hyperparameter that a new one is to vary, or empty.
        """
        from nn_tui.tui.screens.sweep import SweepScreen

        if self._app.snapshot is None:
            return
        board = self._app.session.sweeps
        saved = [] if board.results is not None else board.saved()
        if board.results is None and not saved:
            self._set_up_sweep(key, again=False)
            return
        if saved:
            board.open_saved(saved[0])
        self._app.push_screen(SweepScreen(partial(self._set_up_sweep, key)))

    def _set_up_sweep(self, key: str, again: bool) -> None:
        """Open the form, with the values of the sweep shown if ``again``."""
        from nn_tui.tui.drawing.sweep_form import SweepDraft
        from nn_tui.tui.screens.sweep_setup import SweepSetup, first_draft

        app = self._app
        session, snapshot = app.session, app.snapshot
        assert snapshot is not None
        results = session.sweeps.results
        draft, dataset = first_draft(session.name, session.requested_recipe, key), snapshot.dataset
        if again and results is not None:
            dataset = session.sweeps.dataset or dataset
            plan = results.plan
            draft = SweepDraft(plan.name, plan.base, plan.axes, plan.seeds, plan.random)
        measure = next(name for name in ("validation", "test", "train") if name in dataset.parts)
        app.push_screen(
            SweepSetup(draft, dataset, session.sweeps.where, f"{measure} loss"),
            partial(self._begin_sweep, again),
        )

    def _begin_sweep(self, again: bool, plan: "SweepPlan | None") -> None:
        from nn_tui.tui.screens.sweep import SweepScreen

        if plan is None:
            return
        self._app.session.sweeps.begin(plan, again)
        if not isinstance(self._app.screen, SweepScreen):
            self._app.push_screen(SweepScreen(partial(self._set_up_sweep, "")))

    def help(self) -> None:
        """Show all keys, the focused pane's first."""
        from nn_tui.tui.screens.help import HelpScreen
        from nn_tui.tui.screens.help_text import chapters, screen_chapters

        app = self._app
        panes = app.screen_stack[0].query(Pane)
        found = chapters(app, self._layout.focused_pane, panes, app.keymap, app.key_names)
        found += screen_chapters(help_screens(), app.keymap, app.key_names)
        app.push_screen(HelpScreen(found))

    def glossary(self) -> None:
        """Tell what is under the cursor of the focused pane; it stays in sight."""
        from nn_tui.tui.screens.glossary import GlossaryScreen

        pane = self._layout.focused_pane
        if pane is None:
            self.search_glossary()
            return
        topic = pane.topic()
        below = 2 * (pane.content_region.y + topic.line) > self._app.size.height
        self._app.push_screen(GlossaryScreen(topic, at_top=below))

    def search_glossary(self) -> None:
        """Search the glossary; the words of an open lesson's page come first."""
        from nn_tui.glossary.lookup import entries_in
        from nn_tui.tui.screens.glossary import GlossaryScreen

        lesson = self._app.query_one(LessonPane).lesson
        self._app.push_screen(GlossaryScreen(first=entries_in(lesson.text) if lesson else ()))

    def columns(self, snapshot: Snapshot | None = None) -> None:
        """Choose which columns of the data file of a ``snapshot``, or of that shown, are used."""
        from nn_tui.tui.screens.columns import ColumnsScreen

        snapshot = snapshot or self._app.snapshot
        if snapshot is None or not snapshot.dataset.table:
            self._app.show_message(
                self._app.key_names.with_key_names(
                    "these data are no table from a file; `open` opens one"
                )
            )
        else:
            self._app.session.pause()
            self._app.push_screen(ColumnsScreen(snapshot))

    def open(self) -> None:
        """Choose a saved run, a preset, a file or a link."""
        from nn_tui.tui.screens.open import OpenScreen

        self._app.push_screen(OpenScreen())

    def ask(self, question: Question) -> None:
        """Ask what to do about a file; the run stays until an answer is chosen."""
        from nn_tui.tui.dialogs.choose import Choice, ChoiceDialog

        entries = [Choice(*answer) for answer in question.answers.items()]
        entries.append(Choice(_CANCEL, "nothing is opened or changed"))

        def take(names: tuple[str, ...]) -> None:
            if names[0] != _CANCEL:
                question.take(names[0])

        self._app.show_message(f"not opened: {question.reason}; nothing has changed")
        self._app.push_screen(ChoiceDialog(question.title, question.about, entries, take))

    def name(self) -> None:
        """Rename the run."""
        from nn_tui.tui.dialogs.text_prompt import TextPrompt

        session = self._app.session
        self._app.push_screen(TextPrompt(session.display_name, session.title), self._rename)

    def _rename(self, title: str | None) -> None:
        if title is not None:
            self._app.session.rename(title)

    def seeds(self, change: Callable[[str, str], bool]) -> None:
        """Ask how many weight seeds to train; ``change`` sets the field to what was typed."""
        from nn_tui.tui.dialogs.seeds_prompt import SeedsPrompt

        session = self._app.session

        def take(count: int | None) -> None:
            if count == 1 and session.timeline.group is not None:
                session.replicas.open_shown()
            elif count is not None:
                change("training.replicas", str(count))

        recipe, dataset = session.requested_recipe, session.trainer.dataset
        self._app.push_screen(SeedsPrompt(recipe, dataset), take)

    def export(self) -> None:
        """Choose what to write of the run, and into which file."""
        from nn_tui.files.export_formats import ExportContext
        from nn_tui.tui.screens.export import ExportScreen  # loads all exports

        app = self._app
        if app.snapshot is not None:
            context = ExportContext(app.session.position.run, app.snapshot)
            app.push_screen(ExportScreen(context, app.key_names))

    def resume(self, unfinished: SavedRun) -> None:
        """Ask whether to continue a run that did not exit cleanly."""
        from nn_tui.tui.screens.resume import ResumeScreen

        answered = partial(self._resume, unfinished)
        self._app.push_screen(ResumeScreen(unfinished), answered)

    def _resume(self, unfinished: SavedRun, wanted: bool | None) -> None:
        if wanted:
            self._app.session.reopen(unfinished.folder)
