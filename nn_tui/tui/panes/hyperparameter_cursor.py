"""Where the cursor of the list of hyperparameters is, and what of the list is shown."""

from nn_tui.recipe.field_groups import GROUPS, FieldGroup, group_of
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.recipe.recipe import Recipe
from nn_tui.tui.drawing.hyperparameter_rows import (
    ListView,
    RecipeRow,
    filled,
    nearest_key,
    recipe_rows,
)


class FieldCursor:
    """The cursor on a field or group, kept by name: it stays there when other lines go.

    While its field is hidden, the cursor is on the closest line above.
    """

    def __init__(self, key: str) -> None:
        self.view = ListView()
        self.recipe = Recipe()
        """The recipe shown."""
        self.first = 0
        """The number of lines above the pane."""
        self._height = 1
        self._wanted = key

    @property
    def rows(self) -> list[RecipeRow]:
        """All lines, at least as many as the pane has."""
        return filled(recipe_rows(self.recipe, self.view), self._height)

    @property
    def blank_rows(self) -> tuple[int, int]:
        """The first of the lines left blank below the list, and the one after the last."""
        used = recipe_rows(self.recipe, self.view)
        count = len(used) - bool(used[-1].unused)
        return count, max(count, self._height - (len(used) - count))

    @property
    def key(self) -> str:
        """The key of the field, or the name of the group, under the cursor."""
        return nearest_key(self._wanted, recipe_rows(self.recipe, self.view))

    @property
    def field(self) -> Field | None:
        """The field under the cursor."""
        return FIELDS.get(self.key)

    @property
    def group(self) -> FieldGroup | None:
        """The group whose line is under the cursor."""
        return GROUPS.get(self.key)

    @property
    def line(self) -> int:
        """The number of lines above the cursor."""
        return self._line_of(self.key)

    def scroll(self, height: int) -> None:
        """Keep the cursor within ``height`` lines, with a line before and after it."""
        self._height = height
        line = self.line
        self.first = min(self.first, line - 1 if line > 1 else 0)
        self.first = max(self.first, line - height + min(2, height))
        self.first = max(0, min(self.first, len(self.rows) - height))

    def put(self, key: str) -> None:
        """Put the cursor on a field or group that is shown."""
        self._wanted = key

    def move(self, rows: int) -> None:
        """Move the cursor, at most to the first or the last line."""
        keys = self._keys()
        self.put(keys[max(0, min(len(keys) - 1, keys.index(self.key) + rows))])

    def go(self, place: int) -> None:
        """Move the cursor to the first line (0) or the last (-1)."""
        self.put(self._keys()[place])

    def go_by_groups(self, direction: int) -> None:
        """Move the cursor to the line of the next group, or of this or the previous one.

        The first field is the line of those that are in no group.
        """
        keys = self._keys()
        here = keys.index(self.key)
        heads = [at for at, key in enumerate(keys) if not at or key in GROUPS]
        others = [at for at in heads if (at - here) * direction > 0]
        self.put(keys[(min if direction > 0 else max)(others, default=here)])

    def toggle(self, group: str) -> None:
        """Fold a group, or unfold it and scroll to as many of its fields as there is room for."""
        self.view = self.view.toggled(group)
        if group in self.view.unfolded:
            inside = [r for r in self.rows if r.field and group_of(r.field) == group]
            head = self._line_of(group)
            self.first = min(head, max(self.first, head + 1 + len(inside) - self._height))

    def toggle_unused(self) -> None:
        """Show the fields that have no effect, or hide them."""
        self.view = self.view._replace(unused=not self.view.unused)

    def reveal(self, field: Field) -> None:
        """Put the cursor on a field, and show it if it is hidden."""
        self.view = self.view.revealing(field, self.recipe)
        self.put(field.key)

    def _keys(self) -> list[str]:
        return [row.key for row in recipe_rows(self.recipe, self.view) if row.key]

    def _line_of(self, key: str) -> int:
        return next(i for i, row in enumerate(self.rows) if row.key == key)
