"""All measures of ``nn-tui bench``. To add one, write its contest and add an entry here."""

from collections.abc import Callable
from dataclasses import dataclass

from nn_tui.bench import blog
from nn_tui.bench.race import Contest


@dataclass(frozen=True)
class Measure:
    """One entry: ``prepare`` sets both sides up; ``aim`` is the least ratio that will do."""

    name: str
    help: str
    unit: str
    prepare: Callable[[], Contest]
    aim: float | None = None
    """None for a measure that is only reported."""


_ENTRIES = (
    Measure(
        "blog",
        "the blog's network with losses recorded, over its loop written plainly in NumPy",
        "epochs/s",
        blog.against_plain_loop,
        aim=1.7,
    ),
    Measure(
        "blog-nonlin",
        "the same over the loop as the blog has it: nonlin(x, deriv), np.dot, whole-number inputs",
        "epochs/s",
        blog.against_nonlin_loop,
    ),
)

MEASURES: dict[str, Measure] = {entry.name: entry for entry in _ENTRIES}
"""Measures by name."""
