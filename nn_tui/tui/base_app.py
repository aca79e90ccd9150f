"""The part of the app that widgets, dialogs, panes and screens may use.

They declare ``app = getters.app(BaseApp)``; none of them imports the app itself.
"""

from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

from textual.reactive import var

from nn_tui.data.typed_row import TypedRow
from nn_tui.training.branches import PinnedRun
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.appearance import Appearance
from nn_tui.tui.drawing.status_bar import Status
from nn_tui.tui.keymap import Keymap, KeyNames
from nn_tui.tui.session.latest_scores import LatestScores
from nn_tui.tui.session.session import Session
from nn_tui.tui.terminal.terminal_app import TerminalApp
from nn_tui.tui.theme import DARK, LIGHT, Palette, palette_of

BACKGROUND = "background"
"""The group of workers whose errors do not stop training."""


class BaseApp(TerminalApp):
    """Shared state as reactives, the session, colours, key names and messages."""

    session: Session
    keymap: Keymap
    """Keys from the settings, by binding id."""
    key_names: KeyNames
    """The keys in use, by binding id, as sentences write them."""

    snapshot: var[Snapshot | None] = var(None, init=False)
    """The latest snapshot of the run."""

    pins: var[tuple[PinnedRun, ...]] = var((), init=False)
    """Runs pinned for comparison, oldest first."""

    chosen_sample: var[int] = var(0, init=False)
    """Index of the sample under the data pane's cursor."""

    typed_row: var[TypedRow | None] = var(None, init=False)
    """The try row of the data pane, while it is shown."""

    sweep_changes: var[int] = var(0, init=False)
    """Counts the changes of ``session.sweeps``."""

    def __init__(self, appearance: Appearance, **options: Any) -> None:
        self.appearance = appearance
        # Textual chooses its colour filter during construction.
        super().__init__(ansi_color=True if appearance.colourless else None, **options)
        self.latest_scores = LatestScores(self.run_in_background, self.show_scores)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = appearance.theme
        self.stylesheet.set_variables(self.get_css_variables())
        self._first_theme = self.theme
        if appearance.ascii:
            from nn_tui.tui.terminal.ascii_output import ascii_driver

            self.driver_class = ascii_driver(self.driver_class)

    def scores_of(self, snapshot: Snapshot) -> Mapping[str, float | None]:
        """The scores of a regression by name; empty for classes, or if not known (yet)."""
        return self.latest_scores.of(snapshot, self.session.running)

    def run_in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine of the screen; the app reports its errors and goes on."""
        self.run_worker(work, group=BACKGROUND, exit_on_error=False)

    def show_scores(self) -> None:
        """Draw again what shows the scores of the latest snapshot."""
        raise NotImplementedError

    @property
    def palette(self) -> Palette:
        """The colours of the current theme."""
        return palette_of(self.current_theme, self.appearance.ascii)

    def refresh_css(self, animate: bool = True) -> None:
        """Parse the styles again, except for the theme they were first parsed with."""
        first, self._first_theme = self._first_theme, ""
        if first != self.theme:
            super().refresh_css(animate)

    @property
    def status(self) -> Status:
        """What the status line shows besides the snapshot."""
        raise NotImplementedError

    @property
    def active_pane(self) -> str:
        """Id of the pane that last had the focus."""
        raise NotImplementedError

    def show_message(self, text: str = "", bad: bool = False) -> None:
        """Show ``text`` in the message line, as an error if ``bad``.

        Without a text, show the hint of the focused pane.
        """
        raise NotImplementedError

    def pane_focused(self, name: str) -> None:
        """Show the hint of the pane with id ``name``, unless it is shown already."""
        raise NotImplementedError

    def action_pane(self, name: str) -> None:
        """Show the pane with id ``name`` and move the focus to it."""
        raise NotImplementedError

    def choose_theme(self, theme: str) -> None:
        """Use the theme of that name, now and at the next start."""
        raise NotImplementedError

    def open_lesson(self, path: Path) -> None:
        """Open the lesson of a file where it was left."""
        raise NotImplementedError

    def update_layout(self) -> None:
        """Lay out the panes again, after something else takes or leaves room."""
        raise NotImplementedError
