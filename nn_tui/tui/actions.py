"""Changes that panes and keys request of the session, and what is shown if one is refused."""

from collections.abc import Callable
from functools import partial

from nn_tui.errors import InputError
from nn_tui.recipe.field_types import Value
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.recipe import RecipeError
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.panes.data import DataPane
from nn_tui.tui.panes.editable_pane import EditablePane
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.panes.weights import WeightsPane
from nn_tui.tui.session.listener import SessionMessage
from nn_tui.tui.session.value_steps import scaled_value
from nn_tui.tui.window_layout import WindowLayout

PACES = (1.0, 3.0, 10.0, 30.0, 100.0, 1000.0, 0.0)
"""Epochs per second, from slow to fast; 0 is full speed."""


class EditActions:
    """Passes requested changes on to the session of ``app``."""

    def __init__(self, app: BaseApp, layout: WindowLayout) -> None:
        self._app = app
        self._layout = layout

    def change(self, key: str, text: str) -> bool:
        """Set a field to a typed value, or show why not; return whether it is allowed."""
        return self._change(partial(self._app.session.change, key, text))

    def set_field(self, key: str, value: Value) -> bool:
        """Set a field, or show why not; return whether the value is allowed."""
        return self._change(partial(self._app.session.set_field, key, value))

    def _change(self, request: Callable[[], SessionMessage]) -> bool:
        try:
            message = request()
        except RecipeError as error:
            self._app.show_message(str(error), bad=True)
            return False
        self._app.show_message(message.sentence(self._app.key_names.with_key_names))
        return True

    async def set_typed_field(self, event: HyperparametersPane.Change) -> None:
        """Set a field to a value that was typed, or chosen from a list."""
        pane = self._app.query_one(HyperparametersPane)
        await self._close_if_accepted(pane, self.change(event.key, event.text))

    def set_stepped_field(self, event: HyperparametersPane.SetValue) -> None:
        """Set a field to a value that was stepped to, or reset to the preset's."""
        if self.set_field(event.key, event.value):
            self._app.query_one(HyperparametersPane).close_editor()

    async def set_parameter(self, event: WeightsPane.Set) -> None:
        """Set a weight or bias to the value that was typed."""
        request = partial(self._app.session.set_parameter, event.name, event.index, event.text)
        await self._close_if_accepted(self._app.query_one(WeightsPane), self._request(request))

    def prune(self, event: WeightsPane.Prune) -> None:
        """Prune a weight."""
        self._request(partial(self._app.session.prune, event.name, event.index))

    async def set_datum(self, event: DataPane.Set) -> None:
        """Set a number of the data to the value that was typed."""
        request = partial(self._app.session.set_datum, event.sample, event.column, event.text)
        await self._close_if_accepted(self._app.query_one(DataPane), self._request(request))

    def change_pace(self, direction: int) -> None:
        """Set the next slower (-1) or faster (1) pace of ``PACES``."""
        pace = self._app.session.requested_recipe.view.pace
        order = sorted(PACES, key=lambda p: p or float("inf"))
        at = min(range(len(order)), key=lambda i: abs((order[i] or 1e9) - (pace or 1e9)))
        chosen = order[max(0, min(len(order) - 1, at + direction))]
        self.set_field("view.pace", chosen)
        rate = f"{chosen:,.0f} epoch{'s' if chosen != 1 else ''} per second"
        self._app.show_message(f"pace: {rate if chosen else 'full speed'}")

    def scale(self, factor: float) -> None:
        """Multiply the learning rate, or in its pane the selected value, by 0.5 or 2.

        After a divergence, 0.5 recovers.
        """
        session = self._app.session
        if factor < 1 and session.trainer.diverged:
            session.recover()
            return
        pane = self._layout.focused_pane
        field = FIELDS["training.learning_rate"]
        if isinstance(pane, HyperparametersPane) and pane.field is not None:
            selected = pane.field
            value = session.requested_recipe[selected.key]
            if isinstance(value, int | float) and not isinstance(value, bool):
                field = selected
        value = session.requested_recipe[field.key]
        self.set_field(field.key, scaled_value(field, value, factor))

    async def _close_if_accepted(self, pane: EditablePane, requested: bool) -> None:
        """Close the editor of ``pane``; a refused value stays in it to be corrected."""
        if requested and (not pane.editing or await self._app.session.accepted()):
            pane.close_editor()

    def _request(self, request: Callable[[], None]) -> bool:
        """Call ``request``, or show why not; return whether it was accepted for now."""
        try:
            request()
        except InputError as error:
            self._app.show_message(str(error), bad=True)
            return False
        return True
