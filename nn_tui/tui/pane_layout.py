"""Which panes are visible, and how large, in a window of any size."""

from collections.abc import Callable
from typing import NamedTuple

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
"""(least window width, width of the left column)."""


class PaneSizes(NamedTuple):
    """The visible panes, and the width of the left column (0: the whole window)."""

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
    """The layout of a window, of whose left column ``taken`` lines are in use.

    ``left`` (data or hyperparameters) and ``right`` (weights or network) are the panes
    chosen last of two that may have to share a place.
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
    """The width of the left column in a window of that width."""
    return next(column for least, column in _COLUMNS if width >= least)


class PaneLayout:
    """Gives the panes of ``app`` the room there is; one of them may have all of it.

    ``update`` lays out everything again: it calls ``apply``.
    """

    def __init__(self, app: BaseApp, update: Callable[[], None]) -> None:
        self._app = app
        self._update = update
        self.active = self._left = "hyperparameters"
        """Id of the pane that last had the focus."""
        self._right, self._zoomed = "weights", ""

    @property
    def focused_pane(self) -> Pane | None:
        """The pane that has the focus, or contains the widget that has it."""
        app = self._app
        focused = app.screen_stack[0].focused if app.screen_stack else None
        while focused is not None and not isinstance(focused, Pane):
            focused = focused.parent  # type: ignore[assignment]
        return focused

    def activate(self, name: str) -> None:
        """Keep the pane with id ``name`` visible in every window."""
        self.active = name
        if name in ("data", "hyperparameters"):
            self._left = name
        elif name in ("weights", "network"):
            self._right = name

    def apply(self, size: Size, taken: int = 0) -> None:
        """Lay out a window of that ``size``, of whose left column ``taken`` lines are in use."""
        width, height = size
        active, zoomed = self.active, self._zoomed or None
        sizes = pane_sizes_for(width, height, self._left, self._right, zoomed, active, taken)
        base = self._app.screen_stack[0]
        for pane in base.query(Pane):
            pane.display = pane.id in sizes.visible
        left = base.query_one("#left")
        left_visible = bool({"data", "hyperparameters"} & sizes.visible)
        right_visible = bool({"weights", "network", "loss"} & sizes.visible)
        left.display = left_visible
        left.styles.width = sizes.left if sizes.left and right_visible else "1fr"
        base.query_one("#right").display = right_visible
        base.query_one("#pictures").display = bool({"weights", "network"} & sizes.visible)
        base.query_one("#body").display = bool(sizes.visible)
        base.query_one("#pictures").styles.height = "3fr" if height >= TALL else "13fr"
        base.query_one("#loss").styles.height = "2fr" if height >= TALL else "8fr"
        base.query_one(StatusLine).styles.height = 1 if sizes.visible else "1fr"
        base.query_one(InfoLine).display = sizes.info
        base.query_one(Banner).fit_into(sizes.info, width)
        base.query_one(KeysLine).display = sizes.footer
        self._app.query_one(StatusLine).repaint()
        if base.focused is None and active in sizes.visible:
            base.query_one(f"#{active}").focus()

    def go_to(self, name: str) -> None:
        """Show the pane with id ``name``, wherever it is, and move the focus to it."""
        app = self._app
        self.activate(name)
        if self._zoomed:
            self._zoomed = name
        pane = app.query_one(f"#{name}", Pane)
        pane.display = True
        for parent in pane.ancestors:
            parent.display = True
        app.screen.set_focus(pane)  # at once: the next key may be meant for it
        app.pane_focused(name)  # Textual may report the focus only after the next key
        app.call_after_refresh(self._update)

    def toggle_zoom(self) -> None:
        """Give the focused pane the whole window, or all panes their places again."""
        pane = self.focused_pane
        self._zoomed = "" if self._zoomed or pane is None else str(pane.id)
        self._update()

    def unzoom(self) -> None:
        """Give all panes their places again."""
        self._zoomed = ""
        self._update()
