"""The part of the app that widgets, dialogs, panes and screens may use.

They declare ``app = getters.app(BaseApp)``; none of them imports the app itself.
"""

from textual.app import App
from textual.reactive import var

from nn_tui.training.branches import PinnedRun
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.status_bar import Status
from nn_tui.tui.keymap import Keymap, KeyNames
from nn_tui.tui.session.session import Session
from nn_tui.tui.theme import Palette


class BaseApp(App[int]):
    """Shared state as reactives, the session, colours, key names and messages."""

    session: Session
    keymap: Keymap
    """Keys from the settings, by binding id."""
    key_names: KeyNames
    """The keys in use, by binding id, as sentences write them."""
    quitting: bool

    snapshot: var[Snapshot | None] = var(None, init=False)
    """The latest snapshot of the run."""

    pins: var[tuple[PinnedRun, ...]] = var((), init=False)
    """Runs pinned for comparison, oldest first."""

    chosen_sample: var[int] = var(0, init=False)
    """Index of the sample under the data pane's cursor."""

    @property
    def palette(self) -> Palette:
        """The colors of the current theme."""
        raise NotImplementedError

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

    def update_layout(self) -> None:
        """Lay out the panes again, after something else takes or leaves room."""
        raise NotImplementedError

    def reported(self, error: BaseException, then: str = "") -> str:
        """Log an internal ``error``; return a message, which ends with the advice ``then``."""
        raise NotImplementedError
