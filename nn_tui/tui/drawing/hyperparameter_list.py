"""The recipe as a list: what people change first, then groups that can be folded."""

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.recipe.field_groups import GROUPS, FieldGroup
from nn_tui.recipe.field_types import ChoiceField, FlagField
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.recipe.recipe import Recipe
from nn_tui.tui.drawing.hyperparameter_rows import (
    ListView,
    RecipeRow,
    changed_keys,
    filled,
    recipe_rows,
)
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text
from nn_tui.tui.theme import Palette

_MARKS = 2
"""Cells before a label: the dot of a change, or the arrow of a group and its dot."""
_INDENT = 2
_LABEL_WIDTH = max(len(f.label) + (_INDENT if f.beneath else 0) for f in FIELDS.values())
_GROUP_WIDTH = max(map(len, GROUPS))
_LEAST_VALUE = 6
_WIDE, _NARROW_LABEL = 40, 15
"""In a pane that is not wide, a long label is cut, so that a preset's value fits behind its own."""
_GAP = 2


@lru_cache(maxsize=2)  # while training, the list rarely changes
def draw_hyperparameters(
    recipe: Recipe,
    preset: Recipe,
    view: ListView,
    cursor: str,
    focused: bool,
    first: int,
    key: str,
    area: DrawArea,
    steps: tuple[str, str] = ("", ""),
) -> tuple[Strip, ...]:
    """Return the lines from ``first`` on; ``cursor`` is the key of a field or a group's name.

    A dot marks values that differ from ``preset``, which is shown beside them; fields without
    effect are faint. ``key`` shows and hides these. ``steps`` are the values to which the one
    under the cursor can be stepped, down and up; empty at an end.
    """
    width, height, palette = area
    rows = filled(recipe_rows(recipe, view), height)[first : first + height]
    changed = changed_keys(recipe, preset)
    strips = []
    for row in rows:
        here = focused and row.key == cursor
        base = palette.cursor if here else palette.text
        line = RowBuilder(base)
        if row.field is not None:
            _add_field(line, row.field, recipe, preset, here, width, palette)
            if here:
                _add_steps(line, steps, width)
        elif row.group is not None:
            marked = row.group.name in changed
            _add_group(line, row.group, recipe, view, marked, here, width, palette)
        elif row.unused:
            _add_unused(line, row, view, key, width, palette)
        strips.append(line.strip(width))
    return tuple(strips)


def _add_field(
    line: RowBuilder,
    field: Field,
    recipe: Recipe,
    preset: Recipe,
    here: bool,
    width: int,
    palette: Palette,
) -> None:
    reason = field.inactive_reason(recipe)
    quiet = line.base if here else palette.faint if reason else palette.muted
    value = line.base if here else palette.faint if reason else palette.strong
    changed = recipe[field.key] != preset[field.key]
    _add_mark(line, "•" if changed else " ", palette, here)
    line.add(" ")
    indent = _INDENT if field.beneath else 0
    line.add(" " * indent).left(field.label, label_width(width) - indent, quiet)
    opening, closing = ("‹", "›") if isinstance(field.kind, ChoiceField | FlagField) else (" ", " ")
    shown, room = field.kind.show(recipe[field.key]), _room(width)
    shown = shown if cell_len(shown) <= room else fit_text(shown, room)
    line.add(f" {opening}", quiet).add(shown, value).add(closing, quiet)
    was = field.kind.show(preset[field.key])
    forms = (reason,) if reason else (f"preset {was}", f"({was})") if changed else ()
    room = width - line.width
    for i, form in enumerate(forms):
        # the shorter form may touch the border: it is for narrow panes
        if form and cell_len(form) + (1 if i else _GAP) <= room:
            line.to(width - cell_len(form) - (0 if i else 1)).add(form, quiet)
            break


def _add_steps(line: RowBuilder, steps: tuple[str, str], width: int) -> None:
    """Append the values to which the arrow keys step, if they fit."""
    down, up = (f"← {steps[0]}" if steps[0] else "", f"{steps[1]} →" if steps[1] else "")
    for form in (f"{down}  {up}".strip(), f"{'←' * bool(down)} {'→' * bool(up)}".strip()):
        if form and line.width + _GAP + cell_len(form) < width:
            line.to(width - cell_len(form) - 1).add(form)
            return


def _add_group(
    line: RowBuilder,
    group: FieldGroup,
    recipe: Recipe,
    view: ListView,
    changed: bool,
    here: bool,
    width: int,
    palette: Palette,
) -> None:
    unfolded = group.name in view.unfolded
    quiet = line.base if here else palette.faint if unfolded else palette.muted
    _add_mark(line, "▾" if unfolded else "▸", palette, here)
    _add_mark(line, "•" if changed else " ", palette, here)
    line.add(group.name if unfolded else group.name.ljust(_GROUP_WIDTH)).add(" ")
    room = width - line.width
    if unfolded:
        line.add("─" * (room - 1), quiet)
    else:
        line.add(_joined([*group.summary(recipe)], room), quiet)


def _joined(parts: Sequence[str], room: int) -> str:
    """Return the parts that fit; the first is truncated if it must be."""
    text = parts[0] if cell_len(parts[0]) <= room else fit_text(parts[0], room)
    for part in parts[1:]:
        if cell_len(longer := f"{text} · {part}") <= room:
            text = longer
    return text


def _add_unused(
    line: RowBuilder, row: RecipeRow, view: ListView, key: str, width: int, palette: Palette
) -> None:
    what = "hides them" if view.unused else "shows them"
    room = width - _MARKS
    words = f"{row.unused} settings not used", f"{row.unused} unused", f"{row.unused}"
    form = next((w for w in words if cell_len(f"{w} · {key} {what}") < room), words[-1])
    line.add(" " * _MARKS).add(f"{form} · ", palette.faint)
    line.add(key, palette.key).add(f" {what}", palette.faint)


def _add_mark(line: RowBuilder, mark: str, palette: Palette, here: bool) -> None:
    """Append a mark in the accent; under a cursor that swaps the colours, in those of its row."""
    ink = Style(color=None if palette.ansi else palette.accented.color)
    line.add(mark, line.base if mark == " " else line.base + ink if here else palette.accented)


def label_width(width: int) -> int:
    """Return the width of the labels in a pane of ``width``: values take precedence."""
    longest = _LABEL_WIDTH if width >= _WIDE else min(_LABEL_WIDTH, _NARROW_LABEL)
    return max(1, min(longest, width - _MARKS - 3 - _LEAST_VALUE))


def value_start(width: int) -> int:
    """Return the column of the values in a pane of ``width``."""
    return _MARKS + label_width(width) + 2


def _room(width: int) -> int:
    return max(1, width - value_start(width) - 1)


def truncated_value(field: Field, recipe: Recipe, width: int) -> str:
    """Return the full value as the start of a sentence if a pane of ``width`` truncates it."""
    shown = field.kind.show(recipe[field.key])
    return f"{shown} · " if cell_len(shown) > _room(width) else ""


def group_help(group: FieldGroup, view: ListView, enter: str) -> str:
    """Return help for the group under the cursor; ``enter`` is the key that folds it."""
    folds = "folds" if group.name in view.unfolded else "unfolds"
    return f"{group.name}: {group.help}; {enter} {folds} it"


def field_help(
    field: Field, recipe: Recipe, preset: Recipe, back: str, value_prefix: str, room: int
) -> str:
    """Return help for the field under the cursor, in ``room`` cells if possible.

    ``value_prefix`` is its value if that is truncated in the list, ``back`` the key that
    resets it to the preset. What the list shows anyway is left out first.
    """
    reason = field.inactive_reason(recipe)
    if reason:
        why = f"has no effect: {reason}"
        return _fitting((f"{value_prefix}{field.key}: {why}", f"{value_prefix}{why}"), room)
    effect = "next epoch" if field.live else "restarts"
    differs = recipe[field.key] != preset[field.key]
    back = f"; {back} resets to {field.kind.show(preset[field.key])}" if differs else ""
    forms = (
        f"{value_prefix}{field.key} ({effect}{back}): {field.help}",
        f"{value_prefix}{effect}{back}: {field.help}",
        f"{value_prefix}{effect}: {field.help}",
        f"{value_prefix}{effect}{back}",
        f"{value_prefix}{effect}",
    )
    return _fitting(forms, room)


def _fitting(forms: Sequence[str], room: int) -> str:
    """Return the first form that fits, else the last."""
    return next((form for form in forms if cell_len(form) <= room), forms[-1])
