"""The base class of panes: a border with a number, a snapshot, a palette."""

from typing import ClassVar, NamedTuple, Self

from rich.cells import cell_len
from rich.style import Style
from textual import getters
from textual.content import Content
from textual.events import Click, Resize
from textual.geometry import Region
from textual.reactive import var
from textual.strip import Strip

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.panes.pane_title import (
    Legend,
    Tab,
    tab_at,
    tabs_of,
    tabs_text,
    title_of,
    with_legend,
)
from nn_tui.tui.session.frame_rate import DrawBudget
from nn_tui.tui.theme import Palette
from nn_tui.tui.widgets.canvas import Canvas

_TITLE_START = 3
"""Cells of the upper border before its title, and behind it."""
_JOINED = str.maketrans("┏┓", "┍┑")
_IDLE_FACTOR = 2
"""Training this many times faster than its pace waits half of the time."""


class GlossaryTopic(NamedTuple):
    """What is under the cursor: a word that the glossary has, and its value now, or empty.

    ``line`` is the line of the cursor within the pane.
    """

    word: str
    value: str = ""
    line: int = 0


class Pane(Canvas, can_focus=True):
    """A numbered pane that draws the current snapshot."""

    DEFAULT_CSS = """
    Pane {
        border: round $foreground 25%;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        background: $surface;
        width: 1fr;
        height: 1fr;
    }
    Pane:focus-within {
        border: round $accent;
        border-top: heavy $accent;
        border-title-style: bold;
    }
    Pane:focus-within:nocolor { border-title-style: bold reverse; }
    """

    app = getters.app(BaseApp)

    NUMBER: ClassVar[int]
    TITLE: ClassVar[str]

    snapshot: var[Snapshot | None] = var(None, init=False)
    """The snapshot shown; bound to the app's."""

    def __init__(self) -> None:
        self._noted, self._noting = "", False
        super().__init__(id=self.TITLE.lower())
        self._budget = DrawBudget()
        self._hinted: list[str] = []
        self._view_in_title = ""
        self._sharing: tuple[str, ...] = ()
        self._tabs: list[Tab] = []
        self._legend: Legend = ()
        self._title_room = -1
        self._update_title()

    @property
    def palette(self) -> Palette:
        """The colours of the current theme."""
        return self.app.palette

    @property
    def paper(self) -> Style:
        return self.palette.text

    def note(self, text: str | Content) -> None:
        """Write a text into the lower border and refresh only that."""
        content = Content(text) if isinstance(text, str) else text  # no markup: W0[2,1] is a weight
        if content.plain == self._noted:
            return
        self._noted = content.plain
        self._noting = True
        self.border_subtitle = content
        self._noting = False

    def name_view(self, view: str) -> None:
        """Show the name of a view behind the pane's; an empty one removes it."""
        self._view_in_title = view
        self._update_title()

    def share_place(self, names: tuple[str, ...]) -> None:
        """Name in the title the panes that share a place with this one, itself among them."""
        self._sharing = names
        self._update_title()

    def _update_title(self) -> None:
        room = self.outer_size.width - 2 * _TITLE_START
        tabs = tabs_of(str(self.id), self._view_in_title, self._sharing, room)
        spare = room - cell_len(tabs_text(tabs))
        shares = self.id in self._sharing
        legend = () if shares or self.snapshot is None else self.legend(spare)
        if (tabs, legend, room) != (self._tabs, self._legend, self._title_room):
            self._tabs, self._legend, self._title_room = tabs, legend, room
            self.border_title = with_legend(title_of(tabs, str(self.id)), legend, room)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Render as always, but join the heavy upper edge of the focus to light sides."""
        strips = super().render_lines(crop)
        if crop.y == 0 and strips and self.has_focus_within:
            strips[0] = Strip(
                [segment._replace(text=segment.text.translate(_JOINED)) for segment in strips[0]],
                strips[0].cell_length,
            )
        return strips

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        if self._noting:  # Textual would redraw the whole pane
            width, height = self.content_size
            regions = (Region(-1, height, width + 2, 1),)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def legend(self, room: int) -> Legend:
        """Return what marks and colours mean, for ``room`` cells of the upper border."""
        return ()

    def info(self) -> str:
        """Return the hint for the message line while the pane has the focus."""
        return ""

    def topic(self) -> GlossaryTopic:
        """Return what the glossary is asked about: what is under the cursor."""
        return GlossaryTopic(str(self.id))

    def is_action_useful(self, action: str) -> bool:
        """Whether ``action`` can do something now; if not, the line of keys leaves it out."""
        return True

    def repaint(self) -> None:
        """Draw again, and update the title and the line of keys for what is now shown."""
        super().repaint()
        self._update_title()
        self._update_hints()

    def _update_hints(self) -> None:
        """Update the line of keys, which has those of the focused pane."""
        if not self.has_focus_within:
            return
        actions = (binding.action for _, binding in self._bindings if binding.show)
        hinted = [action for action in actions if self.is_action_useful(action)]
        if hinted != self._hinted:
            self._hinted = hinted
            self.refresh_bindings()

    def watch_snapshot(self) -> None:
        """Draw the new snapshot; of a fast training, costly or unchanged pictures skip some.

        At a pace at which training mostly waits, every snapshot is drawn, so that all panes
        show the same epoch. While a key press is being handled, none is.
        """
        session = self.app.session
        if session.running and (
            session.slices.key_priority.claimed
            or not (self._watched() or self._budget.due(self.changed))
        ):
            return
        with self._budget.drawing():
            self.repaint()

    def _watched(self) -> bool:
        snapshot = self.snapshot
        pace = snapshot.experiment.view.pace if snapshot is not None else 0
        if snapshot is None or not 0 < pace * self.app.session.slices.frame_seconds <= 1:
            return False
        return snapshot.epochs_per_second >= _IDLE_FACTOR * pace

    def on_resize(self, event: Resize) -> None:
        """Write a title that fits, and the keys that are useful in this picture."""
        self._update_title()
        self._update_hints()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show or hide the cursor; with the focus, show the pane's hint."""
        super().watch_has_focus(has_focus)
        self.repaint()
        if has_focus:
            self.app.pane_focused(str(self.id))

    def on_click(self, event: Click) -> None:
        """Focus the pane by a click, or another one named in its title."""
        other = tab_at(self._tabs, event.x - _TITLE_START) if event.y == 0 else ""
        if other and other != self.id:
            self.app.action_pane(other)
        else:
            self.focus()
