"""What lies over the panes for a while, and what comes of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from textual.app import SystemCommand
from textual.command import CommandListItem, Provider, SimpleProvider
from textual.screen import Screen
from textual.widget import AwaitMount

from nn_tui.data.errors import MissingValues
from nn_tui.files.runs.run_store import SavedRun as SavedRun
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.training.edit_descriptions import describe_edit
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.command_palette import PaletteScreen, system_commands
from nn_tui.tui.help_topics import help_screens
from nn_tui.tui.pane_layout import PaneLayoutApp
from nn_tui.tui.panes.pane import Pane

_DROP = "drop these rows"


class ScreenOpenerApp(PaneLayoutApp):
    """An app that asks a person what to open, to write, to compare …"""

    async def action_explain(self) -> None:
        """Pause, and walk the next step line by line."""
        self.explain()
        await self.session.requests_done()  # the next key may be for that screen

    def explain(self) -> None:
        """Request the explanation; its screen opens as soon as the step is computed."""
        self.session.explain()

    def open_explanation(self, walk: StepDebugger, snapshot: Snapshot) -> None:
        from nn_tui.tui.screens.explain import ExplainScreen  # with its help it loads Markdown

        if not isinstance(self.screen, ExplainScreen):
            self.push_screen(ExplainScreen(walk, snapshot), self._explained)

    def _explained(self, train: bool | None) -> None:
        if train:
            self.session.train(1)

    def action_edits(self) -> None:
        """List what was changed in this run; choosing one goes to the moment before it."""
        run = self.session.place.run
        epochs = {
            f"{n} {describe_edit(edit, run.dataset)}": edit.epoch
            for n, edit in enumerate(run.edits, 1)
        }
        if not epochs:
            undo = self.key_names["undo"]
            self.show_message(
                f"nothing was changed in this run yet; what is changed, {undo} takes back"
            )
            return
        from nn_tui.tui.dialogs.choose import Choice, ChoiceDialog

        entries = [Choice(name, f"after epoch {epoch:,}") for name, epoch in epochs.items()]
        about = "enter goes to the epoch after which it was changed"
        self.push_screen(
            ChoiceDialog(
                "Changes of this run",
                about,
                entries,
                lambda names: self.session.go_to(epochs[names[0]]),
                at=entries[-1].name,
            )
        )

    def action_compare(self) -> None:
        """Pause, and compare this run with those pinned and those before it."""
        from nn_tui.tui.screens.compare import CompareScreen

        self.session.running = False
        if self.snapshot is not None:
            self.push_screen(CompareScreen())

    def action_help(self) -> None:
        """Show all keys and the help of where one stands."""
        # Markdown takes long to load.
        from nn_tui.tui.screens.help import HelpScreen, chapters, screen_chapters

        panes = self.screen_stack[0].query(Pane)
        told = chapters(self, self._focused_pane(), panes, self.keymap, self.key_names)
        told += screen_chapters(help_screens(), self.keymap, self.key_names)
        self.push_screen(HelpScreen(told))

    def action_open(self) -> None:
        """Choose a saved run, a preset, a file or a link."""
        from nn_tui.tui.screens.open import OpenScreen

        self.push_screen(OpenScreen())

    def ask_to_drop(self, gaps: MissingValues, drop: Callable[[], object]) -> None:
        """Let a person choose whether rows with missing values are left out."""
        from nn_tui.tui.dialogs.choose import Choice, ChoiceDialog

        rows = "1 row" if gaps.rows == 1 else f"{gaps.rows:,} rows"
        entries = (
            Choice(_DROP, f"{rows} left out, {gaps.left:,} to learn from"),
            Choice("leave it", "nothing is opened, all stays as it is"),
        )

        def take(names: tuple[str, ...]) -> None:
            if names == (_DROP,):
                drop()

        self.show_message("not opened: rows have missing values; everything is as it was")
        self.push_screen(ChoiceDialog("Missing values", gaps.found, entries, take))

    def action_name(self) -> None:
        """Give the run a name of its own."""
        from nn_tui.tui.dialogs.text_prompt import TextPrompt

        self.push_screen(TextPrompt(self.session.display_name, self.session.title), self._named)

    def _named(self, title: str | None) -> None:
        if title is not None:
            self.session.rename(title)

    def action_write(self) -> None:
        """Choose what to write of the run, and where."""
        from nn_tui.files.exports import ExportContext
        from nn_tui.tui.screens.export import ExportScreen  # and all that can be written

        if self.snapshot is not None:
            place = self.session.place
            self.push_screen(ExportScreen(ExportContext(place.run, self.snapshot), self.key_names))

    def offer(self, unfinished: SavedRun) -> None:
        """Let a person choose whether to go on with what they have left unfinished."""
        from nn_tui.tui.screens.resume import ResumeScreen

        def go_on(wanted: bool | None) -> None:
            if wanted:
                self.session.reopen(unfinished.folder)

        self.push_screen(ResumeScreen(unfinished), go_on)

    def action_command_palette(self) -> None:
        """Find any action, preset or theme by its name."""
        if not isinstance(self.screen, PaletteScreen):
            self.push_screen(PaletteScreen())

    def search_commands(
        self, commands: Sequence[CommandListItem], placeholder: str = "Search"
    ) -> AwaitMount:
        """A list to choose one of some commands from."""
        provider = cast(type[Provider], SimpleProvider(self.screen, list(commands)))
        return self.push_screen(PaletteScreen([provider], placeholder=placeholder))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action, preset and theme."""
        return system_commands(self, self._focused_pane())
