"""A requested change of one field on the screen, validated by ``recipe/parsing.py``."""

from dataclasses import dataclass

from nn_tui.recipe.field_types import Value
from nn_tui.recipe.fields import Field
from nn_tui.recipe.line_fields import field_of
from nn_tui.recipe.parsing import (
    check_recipe,
    check_value,
    parse_value,
    reconcile_output_and_loss,
)
from nn_tui.recipe.recipe import Recipe


@dataclass(frozen=True)
class EditRequest:
    """A field's key and an allowed value for it."""

    key: str
    value: Value

    @classmethod
    def from_text(cls, key: str, text: str) -> "EditRequest":
        """Parse a typed value; raises RecipeError if it is not allowed."""
        return cls(key, parse_value(key, text))

    @classmethod
    def from_value(cls, key: str, value: Value) -> "EditRequest":
        """Check a value; raises RecipeError if it is not allowed."""
        return cls(key, check_value(key, value))


@dataclass(frozen=True)
class PreparedEdit:
    """``request`` applied to ``before`` gives ``recipe``; ``also`` names a second change."""

    request: EditRequest
    before: Recipe
    recipe: Recipe
    also: str

    @property
    def field(self) -> Field:
        """The field that is set."""
        return field_of(self.request.key)

    @property
    def value_text(self) -> str:
        """The new value as it is displayed."""
        return self.field.kind.show(self.request.value)

    @property
    def description(self) -> str:
        """What changes, as in ``learning rate is 0.1``."""
        return f"{self.field.label} is {self.value_text}{self.also}"

    @property
    def changes(self) -> tuple[tuple[str, Value], ...]:
        """Keys and new values of the fields that affect training."""
        pairs = self.before.differences(self.recipe)
        return tuple(pair for pair in pairs if not pair[0].startswith("view."))

    def rebased(self, recipe: Recipe) -> "PreparedEdit":
        """The same request for ``recipe``, which other edits may have changed meanwhile."""
        return self if recipe == self.before else prepare_edit(self.request, recipe)


def prepare_edit(request: EditRequest, recipe: Recipe) -> PreparedEdit:
    """Apply ``request`` to ``recipe``; raises RecipeError if the fields do not fit together."""
    changed, also = reconcile_output_and_loss(
        recipe.with_value(request.key, request.value), request.key
    )
    check_recipe(changed)
    return PreparedEdit(request, recipe, changed, also)
