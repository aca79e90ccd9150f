"""Where the panes are: what the window has room for, and where a person stands."""

from typing import Any, NamedTuple

from textual.events import Resize
from textual.geometry import Size

from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.widgets.footer import KeysLine
from nn_tui.tui.widgets.message_lines import Banner, InfoLine, StatusLine

PANES = ("data", "hyperparameters", "weights", "network", "loss")

WIDE = 140
TALL = 30
ONE_PANE = (60, 18)
ONE_LINE = (20, 5)
_COLUMNS = ((WIDE, 50), (100, 44), (80, 36), (0, 30))
"""From which width on the left column has how much of it."""


class PaneSizes(NamedTuple):
    """The panes that show, and how wide the left column is (0: as wide as it likes)."""

    visible: frozenset[str]
    left: int
    footer: bool
    info: bool


def pane_sizes_for(
    width: int,
    height: int,
    left: str,
    right: str,
    zoomed: str | None,
    focused: str,
    taken: int = 0,
) -> PaneSizes:
    """The layout of a window, of whose left column so many lines are ``taken``.

    ``left`` (data or hyperparameters) and ``right`` (weights or network) are what a
    person chose last of two panes that may have to share a place.
    """
    if width < ONE_LINE[0] or height < ONE_LINE[1]:
        return PaneSizes(frozenset(), 0, False, False)
    roomy = height >= 8
    if zoomed is not None:
        return PaneSizes(frozenset({zoomed}), 0, roomy, roomy)
    if width < ONE_PANE[0] or height < ONE_PANE[1]:
        return PaneSizes(frozenset({focused}), 0, roomy, roomy)
    lefts = {"data", "hyperparameters"} if height - taken >= TALL else {left}
    rights = {"weights", "network"} if width >= WIDE else {right}
    return PaneSizes(frozenset({*lefts, *rights, "loss"}), column_for(width), True, True)


def column_for(width: int) -> int:
    """How wide the left column of a window of that width is."""
    return next(column for least, column in _COLUMNS if width >= least)


class PaneLayoutApp(BaseApp):
    """An app whose panes get the room there is; one of them may have all of it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._here = self._left = "hyperparameters"
        self._right, self._zoomed = "weights", ""

    def on_resize(self, event: Resize) -> None:
        """Give the panes the room there is."""
        # The app's own handler, which notes the size, comes after this one.
        self._arrange(event.size)

    @property
    def active_pane(self) -> str:
        """The name of the pane one stands in."""
        return self._here

    def _focused_pane(self) -> Pane | None:
        focused = self.screen_stack[0].focused if self.screen_stack else None
        while focused is not None and not isinstance(focused, Pane):
            focused = focused.parent  # type: ignore[assignment]
        return focused

    def on_descendant_focus(self) -> None:
        """Where a person stands remains in sight, and the keys theirs, in every window."""
        pane = self._focused_pane()
        if pane is not None:
            self._stand_in(str(pane.id))

    def _stand_in(self, name: str) -> None:
        self._here = name
        if name in ("data", "hyperparameters"):
            self._left = name
        elif name in ("weights", "network"):
            self._right = name

    def _arrange(self, size: Size | None = None, taken: int = 0) -> None:
        width, height = size or self.size
        here, zoomed = self._here, self._zoomed or None
        layout = pane_sizes_for(width, height, self._left, self._right, zoomed, here, taken)
        for pane in self.screen_stack[0].query(Pane):
            pane.display = pane.id in layout.visible
        base = self.screen_stack[0]
        left = base.query_one("#left")
        lefts = bool({"data", "hyperparameters"} & layout.visible)
        rights = bool({"weights", "network", "loss"} & layout.visible)
        left.display = lefts
        left.styles.width = layout.left if layout.left and rights else "1fr"
        base.query_one("#right").display = rights
        base.query_one("#pictures").display = bool({"weights", "network"} & layout.visible)
        base.query_one("#body").display = bool(layout.visible)
        base.query_one("#pictures").styles.height = "3fr" if height >= TALL else "13fr"
        base.query_one("#loss").styles.height = "2fr" if height >= TALL else "8fr"
        base.query_one(StatusLine).styles.height = 1 if layout.visible else "1fr"
        base.query_one(InfoLine).display = layout.info
        base.query_one(Banner).fit_into(layout.info, width)
        base.query_one(KeysLine).display = layout.footer
        self.query_one(StatusLine).repaint()
        if base.focused is None and here in layout.visible:
            base.query_one(f"#{here}").focus()

    def action_pane(self, name: str) -> None:
        """Go to a pane, wherever it is."""
        self._stand_in(name)
        if self._zoomed:
            self._zoomed = name
        pane = self.query_one(f"#{name}", Pane)
        pane.display = True
        for parent in pane.ancestors:
            parent.display = True
        self.screen.set_focus(pane)  # at once: the next key may be meant for it
        self.pane_focused(name)
        self.call_after_refresh(self._arrange)

    def action_zoom(self) -> None:
        """Give the focused pane the whole window, or take it back."""
        pane = self._focused_pane()
        self._zoomed = "" if self._zoomed or pane is None else str(pane.id)
        self._arrange()

    def action_unzoom(self) -> None:
        """Out of the zoom."""
        self._zoomed = ""
        self._arrange()
