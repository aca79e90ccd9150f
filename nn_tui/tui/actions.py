"""What panes and keys ask to be changed, and what is said where it cannot be."""

from collections.abc import Callable
from functools import partial

from nn_tui.errors import InputError
from nn_tui.recipe.field_types import Value
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.recipe import RecipeError
from nn_tui.tui.panes.data import DataPane
from nn_tui.tui.panes.editable_pane import EditablePane
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.panes.loss import LossPane
from nn_tui.tui.panes.weights import WeightsPane
from nn_tui.tui.screen_opener import ScreenOpenerApp
from nn_tui.tui.session.listener import SessionMessage
from nn_tui.tui.session.value_steps import scaled_value

PACES = (1.0, 3.0, 10.0, 30.0, 100.0, 1000.0, 0.0)
"""Epochs a second from slow to fast; 0 is as fast as it goes."""


class EditActionsApp(ScreenOpenerApp):
    """An app that hands on to the session what is asked for."""

    async def on_hyperparameters_pane_change(self, event: HyperparametersPane.Change) -> None:
        """A value was typed, or chosen from a list."""
        await self._close_once_accepted(
            self.query_one(HyperparametersPane), self.change(event.key, event.text)
        )

    def on_hyperparameters_pane_set_value(self, event: HyperparametersPane.SetValue) -> None:
        """A value was stepped to, or reset to the preset's."""
        if self.set_field(event.key, event.value):
            self.query_one(HyperparametersPane).close_editor()

    def change(self, key: str, text: str) -> bool:
        """Set a field to a typed value; returns whether the value is allowed."""
        return self._change(partial(self.session.change, key, text))

    def set_field(self, key: str, value: Value) -> bool:
        """Set a field; returns whether the value is allowed."""
        return self._change(partial(self.session.set_field, key, value))

    def _change(self, request: Callable[[], SessionMessage]) -> bool:
        try:
            message = request()
        except RecipeError as error:
            self.show_message(str(error), bad=True)
            return False
        self.show_message(message.sentence(self.key_names.with_key_names))
        return True

    def action_train(self, epochs: int) -> None:
        """Train so many epochs and pause."""
        self.show_message("")
        self.session.train(epochs)

    def action_undo(self) -> None:
        """Take back the last change, whatever it was."""
        self.session.undo()

    def action_redo(self) -> None:
        """Do again what was undone."""
        self.session.redo()

    def action_time(self, direction: int) -> None:
        """Back or forward in the run."""
        self.session.go_by(direction)

    def action_pin(self) -> None:
        """Keep the curve for comparison."""
        self.session.pin()

    def action_unpin(self) -> None:
        """Forget all pins."""
        self.session.unpin()

    def action_restart(self) -> None:
        """Back to epoch 0 with the same weights."""
        self.session.restart()
        self.show_message("restarted with the same weights")

    def action_renew(self) -> None:
        """Back to epoch 0 with new weights."""
        self.session.redraw_weights()
        self.show_message("restarted with new weights")

    def action_pace(self, direction: int) -> None:
        """Slower or faster, up to full speed."""
        pace = self.session.requested_recipe.view.pace
        order = sorted(PACES, key=lambda p: p or float("inf"))
        at = min(range(len(order)), key=lambda i: abs((order[i] or 1e9) - (pace or 1e9)))
        chosen = order[max(0, min(len(order) - 1, at + direction))]
        self.set_field("view.pace", chosen)
        self.show_message(f"{chosen:,.0f} epochs a second" if chosen else "full speed")

    def action_scale(self, factor: float) -> None:
        """Halve or double the learning rate, or in its pane the value under the cursor."""
        if factor < 1 and self.session.trainer.diverged:
            self.session.recover()
            return
        pane = self._focused_pane()
        field = FIELDS["training.learning_rate"]
        if isinstance(pane, HyperparametersPane):
            under = pane.field
            value = self.session.requested_recipe[under.key]
            if isinstance(value, int | float) and not isinstance(value, bool):
                field = under
        value = self.session.requested_recipe[field.key]
        self.set_field(field.key, scaled_value(field, value, factor))

    async def on_weights_pane_set(self, event: WeightsPane.Set) -> None:
        """A weight or bias was typed."""
        ask = partial(self.session.set_parameter, event.name, event.index, event.text)
        await self._close_once_accepted(self.query_one(WeightsPane), self._try(ask))

    def on_weights_pane_prune(self, event: WeightsPane.Prune) -> None:
        """A weight is to be cut off."""
        self._try(partial(self.session.prune, event.name, event.index))

    async def on_data_pane_set(self, event: DataPane.Set) -> None:
        """A number of the data was typed."""
        ask = partial(self.session.set_datum, event.sample, event.column, event.text)
        await self._close_once_accepted(self.query_one(DataPane), self._try(ask))

    def on_loss_pane_go_to(self, event: LossPane.GoTo) -> None:
        """An epoch was chosen on the chart."""
        self.session.go_to(event.epoch)

    async def _close_once_accepted(self, pane: EditablePane, asked: bool) -> None:
        """Close the editor of ``pane``; a value that is refused stays in it to be mended."""
        if asked and (not pane.editing or await self.session.accepted()):
            pane.close_editor()

    def _try(self, ask: Callable[[], None]) -> bool:
        """Ask for something, or say why not; returns whether it could be asked for."""
        try:
            ask()
        except InputError as error:
            self.show_message(str(error), bad=True)
            return False
        return True
