"""The form that sets up a sweep: which keys are varied over which values, seeds, epochs, order."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.strip import Strip

from nn_tui.recipe.line_fields import field_of
from nn_tui.recipe.recipe import Recipe
from nn_tui.trials.axes import Axis
from nn_tui.trials.plan import SweepPlan
from nn_tui.trials.sweep_results import shown_value
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, squeezed

ADD, SEEDS, EPOCHS, ORDER = "add", "seeds", "epochs", "order"
"""The rows below those of the axes."""
_OTHERS = (ADD, SEEDS, EPOCHS, ORDER)
_AXIS_NAMES = "xy"
_NAME, _RANGE, _COUNT = 20, 18, 4
"""Widths of columns."""
_IN_ALL = ("view.pace", "training.replicas", "training.epochs")
"""Keys of a recipe that the command sets in another way, or not at all."""


@dataclass(frozen=True)
class SweepDraft:
    """What the form says; ``random`` is the number of random settings, 0 for the grid."""

    name: str
    base: Recipe
    axes: tuple[Axis, ...]
    seeds: int
    random: int = 0

    @property
    def rows(self) -> int:
        """The number of rows of the form."""
        return len(self.axes) + len(_OTHERS)

    def row_name(self, row: int) -> str:
        """Return the name of a row below the axes; empty for an axis."""
        return "" if row < len(self.axes) else _OTHERS[row - len(self.axes)]

    @property
    def epochs(self) -> int:
        """The epochs of each trial, unless they are varied."""
        return self.base.training.epochs

    @property
    def varies_epochs(self) -> bool:
        """Whether the epochs are varied."""
        return any(axis.key == "training.epochs" for axis in self.axes)

    def plan(self) -> SweepPlan:
        """Return the plan. Raises InputError for what cannot be combined."""
        return SweepPlan(self.name, self.base, self.axes, self.seeds, 0, self.random)

    def with_axis(self, row: int, axis: Axis | None) -> "SweepDraft":
        """Return the draft with the axis of a row replaced; None removes it."""
        axes = [*self.axes]
        axes[row : row + 1] = [] if axis is None else [axis]
        return replace(self, axes=tuple(axes))

    def command(self, experiment: str, unchanged: Recipe) -> str:
        """Return the same sweep as a command for an ``experiment``, whose own recipe is given."""
        words = ["nn-tui", "sweep", experiment]
        varied = {axis.key for axis in self.axes}
        for key, value in unchanged.differences(self.base):
            if key not in varied and key not in _IN_ALL:
                words += ["--set", f"{key}={field_of(key).kind.show(value)}"]
        for axis in self.axes:
            words += ["--vary", axis.text]
        words += ["--seeds", f"{self.seeds}"] if self.seeds > 1 else []
        words += [] if self.varies_epochs else ["--epochs", f"{self.epochs}"]
        words += ["--random", f"{self.random}"] if self.random else []
        return " ".join(map(shlex.quote, words))


def draw_sweep_form(draft: SweepDraft, at: int, area: DrawArea) -> list[Strip]:
    """Draw the rows, the one ``at`` with the cursor, below their heading."""
    width, height, palette = area
    head = RowBuilder(palette.accented).add("    ").left("vary", _NAME)
    strips = [head.left("from … to", _RANGE).left("", _COUNT).add("values").strip(width)]
    for row in range(draft.rows):
        chosen = row == at
        style = palette.cursor if chosen else palette.text
        builder = RowBuilder(style)
        if row < len(draft.axes):
            _add_axis(builder, draft, row, area)
        else:
            _add_other(builder, draft, draft.row_name(row), chosen, area)
        strips.append(builder.strip(width))
    return strips[:height]


def _add_axis(builder: RowBuilder, draft: SweepDraft, row: int, area: DrawArea) -> None:
    axis = draft.axes[row]
    mark = _AXIS_NAMES[row] if len(draft.axes) <= len(_AXIS_NAMES) else "|"
    texts = [shown_value(axis.show(value)) for value in axis.values]
    count = f"{len(texts)}"
    if axis.span is not None and not texts:
        texts, count = [axis.show(end) for end in (axis.span.low, axis.span.high)], "any"
    builder.add(f"  {mark} ").left(squeezed(axis.label, _NAME - 2), _NAME)
    builder.left(squeezed(f"‹{texts[0]} … {texts[-1]}›", _RANGE - 2), _RANGE)
    builder.left(count, _COUNT)
    builder.add(squeezed(_listed(texts), max(1, area.width - builder.width - 1)))


def _listed(texts: Sequence[str]) -> str:
    return ("  " if any("," in text for text in texts) else " ").join(texts)


def _add_other(
    builder: RowBuilder, draft: SweepDraft, name: str, chosen: bool, area: DrawArea
) -> None:
    palette = area.palette
    muted = None if chosen else palette.muted
    first = draft.base.network.seed
    if name == ADD:
        others = "3 and more: parallel coordinates" if len(draft.axes) > 1 else "2: a heat map"
        builder.add("  + ").add(f"vary another ({others})", muted)
        return
    values = {
        SEEDS: (f"{draft.seeds}", "weight seed of each setting"),
        EPOCHS: (f"{draft.epochs:,}", "of each trial"),
        ORDER: ("grid", "all combinations"),
    }
    if draft.seeds > 1 and isinstance(first, int):
        values[SEEDS] = f"{draft.seeds}", f"weight seeds {first}-{first + draft.seeds - 1} of each"
    if draft.varies_epochs:
        values[EPOCHS] = "varied", ""
    if draft.random:
        values[ORDER] = f"random {draft.random}", "random combinations"
    value, about = values[name]
    builder.add("    ").left(name, _NAME, muted).left(f"‹{value}›", _RANGE).add(about, muted)
