"""The recipe as rows, one a field, grouped by section."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.recipe.field_types import ChoiceField, FlagField
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.recipe.recipe import Recipe
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text
from nn_tui.tui.theme import Palette

_LABEL_WIDTH = max(len(field.label) for field in FIELDS.values())
_LEAST_VALUE = 6
_REASON_GAP = 2
_TITLES = {"data": "data", "network": "network", "training": "training", "view": "view"}


class RecipeRow(NamedTuple):
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


@lru_cache(maxsize=2)  # while training, it is the same in picture after picture
def draw_hyperparameters(
    recipe: Recipe,
    preset: Recipe,
    cursor: str,
    focused: bool,
    first: int,
    area: DrawArea,
) -> tuple[Strip, ...]:
    """The lines from ``first`` on; ``cursor`` is a field's key.

    A dot marks values that differ from ``preset``; fields that do nothing in this recipe
    are faint.
    """
    width, height, palette = area
    strips = []
    for row in recipe_rows()[first : first + height]:
        if row.field is None:
            line = RowBuilder(palette.faint).add(f"{row.title} ", palette.heading)
            line.add("─" * (width - line.width - 1))
        else:
            line = _field(row.field, recipe, preset, cursor, focused, width, palette)
        strips.append(line.strip(width))
    return tuple(strips)


def _field(
    field: Field,
    recipe: Recipe,
    preset: Recipe,
    cursor: str,
    focused: bool,
    width: int,
    palette: Palette,
) -> RowBuilder:
    here = field.key == cursor
    reason = field.inactive_reason(recipe)
    base = palette.cursor if here and focused else palette.text
    label = base if here and focused else palette.faint if reason else palette.muted
    value = base if here and focused else palette.faint if reason else palette.strong
    line = RowBuilder(base)
    changed = recipe[field.key] != preset[field.key]
    line.add("•" if changed else " ", palette.caution if changed else base)
    line.left(field.label, label_width(width), label)
    opening, closing = ("‹", "›") if isinstance(field.kind, ChoiceField | FlagField) else (" ", " ")
    shown, room = field.kind.show(recipe[field.key]), _room(width)
    shown = shown if cell_len(shown) <= room else fit_text(shown, room)
    line.add(f" {opening}", label).add(shown, value).add(closing, label)
    if reason and line.width + _REASON_GAP + cell_len(reason) < width:
        line.to(width - 1 - cell_len(reason)).add(reason, label)
    return line


def label_width(width: int) -> int:
    """The columns that labels have in a pane of ``width``: they yield to the values."""
    return max(1, min(_LABEL_WIDTH, width - 4 - _LEAST_VALUE))


def _room(width: int) -> int:
    return max(1, width - label_width(width) - 4)


def truncated_value(field: Field, recipe: Recipe, width: int) -> str:
    """For a value that a pane of ``width`` cuts off: the whole of it, to begin a sentence."""
    shown = field.kind.show(recipe[field.key])
    return f"{shown} · " if cell_len(shown) > _room(width) else ""


def field_help(
    field: Field, recipe: Recipe, preset: Recipe, back: str, whole: str, room: int
) -> str:
    """The sentence for the field under the cursor, behind ``whole``, its value if cut off.

    ``back`` is the key that puts the preset's value back.
    Of what does not fit into ``room`` cells, that goes first which the row above tells too.
    """
    unused = field.inactive_reason(recipe)
    if unused:
        why = f"has no effect: {unused}"
        return _fitting((f"{whole}{field.key}: {why}", f"{whole}{why}"), room)
    effect = "next epoch" if field.live else "restarts"
    differs = recipe[field.key] != preset[field.key]
    back = f"; {back} puts {field.kind.show(preset[field.key])} back" if differs else ""
    forms = (
        f"{whole}{field.key} ({effect}{back}): {field.help}",
        f"{whole}{effect}{back}: {field.help}",
        f"{whole}{effect}: {field.help}",
        f"{whole}{effect}{back}",
        f"{whole}{effect}",
    )
    return _fitting(forms, room)


def _fitting(forms: Sequence[str], room: int) -> str:
    """The first that fits, else the last."""
    return next((form for form in forms if cell_len(form) <= room), forms[-1])
