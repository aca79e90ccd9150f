"""The recipe as rows, one a field, grouped by section."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.fields import FIELDS, Field
from nn_tui.kinds import Choice, Flag
from nn_tui.recipe import Recipe
from nn_tui.tui.strips import Row, fit
from nn_tui.tui.theme import Palette

LABEL_WIDTH = max(len(field.label) for field in FIELDS.values())
_TITLES = {"data": "data", "network": "network", "training": "training", "view": "view"}


@dataclass(frozen=True)
class RecipeRow:
    """A line of the pane: a section's title, or a field."""

    title: str = ""
    field: Field | None = None


def recipe_rows() -> list[RecipeRow]:
    """All lines from top to bottom."""
    rows: list[RecipeRow] = []
    section = ""
    for field in FIELDS.values():
        if field.section != section:
            section = field.section
            rows.append(RecipeRow(title=_TITLES.get(section, section)))
        rows.append(RecipeRow(field=field))
    return rows


def draw_hyperparameters(
    recipe: Recipe,
    preset: Recipe,
    cursor: str,
    focused: bool,
    first: int,
    width: int,
    height: int,
    palette: Palette,
) -> list[Strip]:
    """The lines from ``first`` on; ``cursor`` is a field's key.

    A dot marks values that differ from ``preset``; fields that do nothing in this recipe
    are faint.
    """
    strips = []
    for row in recipe_rows()[first : first + height]:
        if row.field is None:
            line = Row(palette.faint).add(f"{row.title} ", palette.heading)
            line.add("─" * (width - line.width - 1))
        else:
            line = _field(row.field, recipe, preset, cursor, focused, width, palette)
        strips.append(line.strip(width))
    return strips


def _field(
    field: Field,
    recipe: Recipe,
    preset: Recipe,
    cursor: str,
    focused: bool,
    width: int,
    palette: Palette,
) -> Row:
    here = field.key == cursor
    unused = bool(field.unused(recipe))
    base = palette.cursor if here and focused else palette.text
    label = base if here and focused else palette.faint if unused else palette.muted
    value = base if here and focused else palette.faint if unused else palette.strong
    line = Row(base)
    changed = recipe[field.key] != preset[field.key]
    line.add("•" if changed else " ", palette.caution if changed else base)
    line.left(field.label, LABEL_WIDTH, label)
    opening, closing = ("‹", "›") if isinstance(field.kind, Choice | Flag) else (" ", " ")
    room = max(1, width - line.width - 3)
    shown = field.kind.show(recipe[field.key])
    shown = shown if cell_len(shown) <= room else fit(shown, room)
    line.add(f" {opening}", label).add(shown, value).add(closing, label)
    return line


def help_of(field: Field, recipe: Recipe) -> str:
    """The sentence for the field under the cursor."""
    unused = field.unused(recipe)
    if unused:
        return f"{field.key}: does nothing here, since {unused}"
    effect = "at the next epoch" if field.live else "restarts the run"
    return f"{field.key}: {field.help} ({effect})"
