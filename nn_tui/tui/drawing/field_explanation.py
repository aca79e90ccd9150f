"""What the field under the cursor means, below the list of hyperparameters."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.glossary.entry import Entry
from nn_tui.glossary.lookup import find_entry
from nn_tui.recipe.field_groups import FieldGroup, fields_in
from nn_tui.recipe.field_types import ChoiceField
from nn_tui.recipe.fields import Field
from nn_tui.recipe.recipe import Recipe
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, paragraph

_MARGIN = 2
"""Cells left of the text, as of the labels above it."""
_LABEL_WIDTH = len("formula") + 2
_LEAST_WIDTH = 28
_ROOMY = 40
"""Width from which a blank is left before the border."""
_END_OF_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z0-9])")


@lru_cache(maxsize=2)  # while training, the recipe rarely changes
def explain_field(field: Field, recipe: Recipe, area: DrawArea) -> tuple[Strip, ...]:
    """Return the definition of ``field``, its formula and range, and what its value means.

    What does not fit is left out, the least important first, of the definition its last
    sentences; without room for the first one there are no lines.
    """
    entry = find_entry(field.key)
    return tuple(_fitting(field.label, _parts(field, entry, recipe, area), area)) if entry else ()


@lru_cache(maxsize=2)
def explain_group(group: FieldGroup, recipe: Recipe, area: DrawArea) -> tuple[Strip, ...]:
    """Return what is in a group: the labels of the fields that have an effect."""
    labels = [f.label for f in fields_in(group.name) if not f.inactive_reason(recipe)]
    return tuple(_fitting(group.name, iter([_text(f"{', '.join(labels)}.", area)]), area))


def _parts(field: Field, entry: Entry, recipe: Recipe, area: DrawArea) -> Iterator[list[Strip]]:
    """Yield the parts of an explanation, the most important first."""
    kind, value = field.kind, recipe[field.key]
    yield _sentences(entry.definition, area)
    if isinstance(kind, ChoiceField):
        yield _labelled(value, kind.help_of(value), area)
        chosen = find_entry(value)
        formula = chosen.formula if chosen is not None and chosen.name == value else ""
    else:
        formula = entry.formula
    yield _labelled("formula", formula, area)
    if not isinstance(kind, ChoiceField):
        yield _labelled("allowed", kind.allowed, area)
    yield _labelled("change", "from the next epoch on" if field.live else "restarts the run", area)


def _fitting(title: str, parts: Iterator[list[Strip]], area: DrawArea) -> list[Strip]:
    """Return a rule with the ``title``, and the parts that fit below it."""
    width, height, palette = area
    first = next(parts)
    if width < _LEAST_WIDTH or len(first) >= height:
        return []
    rule = RowBuilder(palette.faint).to(_MARGIN).add(title, palette.muted).add(" ")
    lines = [rule.add("─" * (width - rule.width - 1)).strip(width), *first]
    for part in parts:
        if len(lines) + len(part) <= height:
            lines += part
    return lines


def _sentences(text: str, area: DrawArea) -> list[Strip]:
    """Return the first sentences of ``text``, as many as fit below the rule, at least one."""
    ends = [match.start() for match in _END_OF_SENTENCE.finditer(text)]
    forms = [_text(text[:end], area) for end in (len(text), *reversed(ends))]
    return next((form for form in forms if len(form) < area.height), forms[-1])


def _text(text: str, area: DrawArea) -> list[Strip]:
    width, _, palette = area
    rows = paragraph(text, width - _MARGIN - (width >= _ROOMY), palette.muted)
    return [RowBuilder(palette.muted).to(_MARGIN).add(row.text).strip(width) for row in rows]


def _labelled(label: str, text: str, area: DrawArea) -> list[Strip]:
    """Return ``text`` behind its label, further lines below its beginning; nothing without it."""
    width, _, palette = area
    if not text:
        return []
    start = _MARGIN + max(_LABEL_WIDTH, cell_len(label) + 2)
    rows = paragraph(text, max(1, width - start - 1), palette.muted)
    heads = [label, *[""] * (len(rows) - 1)]
    return [
        RowBuilder(palette.muted)
        .to(_MARGIN)
        .add(head, palette.text)
        .to(start)
        .add(row.text)
        .strip(width)
        for head, row in zip(heads, rows, strict=True)
    ]
