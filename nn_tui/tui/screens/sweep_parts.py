"""The parts of the sweep screen: the picture of all settings, and what is beside it."""

from typing import ClassVar

from rich.style import Style
from textual import getters
from textual.binding import BindingType
from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from nn_tui.trials.ranking import measure_name
from nn_tui.trials.sweep_results import SweepResults
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.drawing.heat_map import (
    draw_heat_map,
    lay_out_heat_map,
    texts_at,
)
from nn_tui.tui.drawing.parallel_coordinates import draw_parallel
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, blank, paragraph
from nn_tui.tui.drawing.sweep_progress import SweepState, draw_sweep_progress
from nn_tui.tui.drawing.sweep_ranking import draw_ranking, first_row
from nn_tui.tui.drawing.trial_curves import draw_trial_curves
from nn_tui.tui.keymap import movement_bindings
from nn_tui.tui.screens.sweep_selection import HEAT_MAP, PARALLEL, RANKING, SweepSelection
from nn_tui.tui.widgets.canvas import Canvas

_RANKING_ROWS = 11
_WAITING = "The results appear here as the first trials end."


class SweepTop(Canvas):
    """The line above: what is varied, and how far it is."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = "SweepTop { height: 1; }"

    def __init__(self, selection: SweepSelection) -> None:
        super().__init__(id="sweep-top")
        self._selection = selection

    @property
    def paper(self) -> Style:
        return self.app.palette.text

    def draw(self, width: int, height: int) -> list[Strip]:
        board, palette = self._selection.board, self.app.palette
        if board.results is None:
            return [RowBuilder(palette.muted).add(" preparing the sweep …").strip(width)]
        state = SweepState(board.running, board.where, board.seconds_left)
        return [draw_sweep_progress(board.results, state, width, palette)]


class SweepMap(Canvas, can_focus=True):
    """All settings in one picture; the arrows choose one."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    SweepMap { width: 1fr; height: 1fr; border: round $primary;
        border-title-color: $primary; border-subtitle-color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = movement_bindings(
        "results",
        {
            "up": "move(0, 1)",
            "down": "move(0, -1)",
            "left": "move(-1, 0)",
            "right": "move(1, 0)",
            "page-up": "move(0, 10)",
            "page-down": "move(0, -10)",
        },
    )

    class Moved(Message):
        """Another setting is chosen."""

    def __init__(self, selection: SweepSelection) -> None:
        super().__init__(id="sweep-map")
        self._selection = selection

    @property
    def paper(self) -> Style:
        return self.app.palette.text

    def draw(self, width: int, height: int) -> list[Strip]:
        selection = self._selection
        results, area = selection.results, DrawArea(width, height, self.app.palette)
        if results is None:
            return paragraph(_WAITING, max(1, width), area.palette.muted)
        if selection.view == HEAT_MAP:
            return draw_heat_map(results, selection.cell, area)
        if selection.view == PARALLEL and results.ranking:
            return draw_parallel(results, selection.setting, area)
        if selection.view == RANKING:
            return draw_ranking(results, selection.rank, area)
        curves = selection.value_curves() if selection.per_value else selection.seed_curves()
        return draw_trial_curves(curves, area, _WAITING)

    def action_move(self, across: int, up: int) -> None:
        """Choose the next setting in a direction."""
        self._selection.move(across, up)
        self.post_message(self.Moved())

    def on_click(self, event: Click) -> None:
        """Choose the cell or the row clicked on."""
        selection, results = self._selection, self._selection.results
        offset = event.get_content_offset(self)
        if offset is None or results is None:
            return
        width, height = self.content_size
        if selection.view == HEAT_MAP:
            layout = lay_out_heat_map(results, selection.cell, width, height)
            cell = layout.cell_at(offset.x, offset.y)
            texts = None if cell is None else texts_at(results, cell)
        else:
            first = first_row(selection.rank, len(results.ranking), height)
            place = first + offset.y - 1
            inside = selection.view == RANKING and 0 <= place < len(results.ranking)
            texts = results.ranking[place].texts if inside and offset.y > 0 else None
        if texts is not None:
            selection.choose(texts)
            self.post_message(self.Moved())


class SweepDetails(Canvas):
    """The loss curves of the chosen setting, and the best settings."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = """
    SweepDetails { width: 2fr; height: 1fr; border: round $foreground 25%;
        border-title-color: $text-muted; border-subtitle-color: $text-muted; }
    """

    def __init__(self, selection: SweepSelection) -> None:
        super().__init__(id="sweep-details")
        self._selection = selection

    @property
    def paper(self) -> Style:
        return self.app.palette.text

    def draw(self, width: int, height: int) -> list[Strip]:
        selection, palette = self._selection, self.app.palette
        results = selection.results
        if results is None:
            return []
        table = min(_RANKING_ROWS, 1 + len(results.ranking), height // 2)
        table = 0 if selection.view == RANKING else table
        chart = height - table - (1 if table else 0)
        area = DrawArea(width, chart - 1, palette)
        strips = [self._heading(results, width)]
        strips += draw_trial_curves(selection.seed_curves(), area, self._hint())
        strips += [blank(width, palette.text)] * (chart - len(strips))
        if table:
            strips.append(blank(width, palette.text))
            strips += draw_ranking(results, selection.rank, DrawArea(width, table, palette))
        return strips

    def _heading(self, results: SweepResults, width: int) -> Strip:
        palette, setting = self.app.palette, self._selection.setting
        name = measure_name(self._selection.loss)
        row = RowBuilder(palette.muted).add(f" {name} of ")
        count = 0 if setting is None else len(setting.outcomes)
        return row.add(f"{count} seed{'s'[: count != 1]}").strip(width)

    def _hint(self) -> str:
        if self._selection.setting is None:
            return "No trial of this setting is trained yet."
        failed = self._selection.setting.outcomes[0].message
        return failed or "The losses of these trials are not kept."
