"""A dialog that asks how many weight seeds to train."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from nn_tui.data.dataset import Dataset
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.parsing import check_recipe
from nn_tui.recipe.recipe import Recipe
from nn_tui.recipe.replicas import replica_seeds
from nn_tui.training.memory_estimate import estimate
from nn_tui.tui.dialogs.input_dialog import InputDialog
from nn_tui.tui.widgets.value_input import ValueInput

_KEY = "training.replicas"
_FIELD = FIELDS[_KEY].kind
_USUAL = 10
"""The number proposed for a run with one seed."""


class SeedsPrompt(InputDialog[int]):
    """Return the number of seeds, or None after ``esc``; the lower border says what it means."""

    DEFAULT_CSS = "SeedsPrompt > .dialog { width: 74; }"

    def __init__(self, recipe: Recipe, dataset: Dataset) -> None:
        super().__init__()
        self._recipe, self._dataset = recipe, dataset

    def compose(self) -> ComposeResult:
        now = self._recipe.training.replicas
        with Vertical(classes="dialog") as box:
            box.border_title = "Many seeds: how many networks?"
            yield ValueInput(
                str(now if now > 1 else _USUAL), max_length=12, compact=True, select_on_focus=True
            )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what the number means, or why it is not allowed."""
        event.stop()
        try:
            self.show_hint(self._meaning(event.value))
        except ValueError as error:  # InputError is one
            self.show_hint(str(error))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the number, if it is allowed."""
        event.stop()
        try:
            self._meaning(event.value)
            self.dismiss(_FIELD.parse(event.value))
        except ValueError as error:
            self.show_hint(str(error))

    def _meaning(self, text: str) -> str:
        """What the number typed does; raises ValueError if it is not allowed."""
        recipe = self._recipe.with_value(_KEY, _FIELD.parse(text))
        check_recipe(recipe)
        if recipe.training.replicas == 1:
            return "one seed · enter accepts, esc cancels"
        seeds = replica_seeds(recipe)
        size = estimate(recipe, self._dataset).size
        return f"seeds {seeds[0]}-{seeds[-1]}, about {size} · enter restarts with them, esc cancels"
