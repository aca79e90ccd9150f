"""One line that says what was read of a data file: rows, inputs, target, task, split."""

from collections.abc import Iterator

from nn_tui.data.dataset import Dataset
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.raw_columns import groups_of, sources_of
from nn_tui.data.split import date_order
from nn_tui.recipe.recipe import Recipe

_MOST_NAMES = 6


def data_summary(recipe: Recipe, dataset: Dataset) -> str:
    """Return the line for the samples of a data file, loaded as ``recipe`` says."""
    rows = "1 row" if dataset.samples == 1 else f"{dataset.samples:,} rows"
    made = f"{_inputs(dataset)} → {target_summary(dataset)}"
    return f"{rows}; {made}; {split_summary(recipe, dataset)}"


def target_summary(dataset: Dataset) -> str:
    """Return the targets, and in brackets what they are learned as."""
    return f"{joined_names(dataset.target_names, _MOST_NAMES)} ({_task(dataset)})"


def input_columns(dataset: Dataset) -> list[str]:
    """Return the columns of the table that the inputs are made of."""
    sources = sources_of(dataset.input_names, dataset.table)
    return [name for name in groups_of(sources) if name not in dataset.target_names]


def _inputs(dataset: Dataset) -> str:
    names = input_columns(dataset)
    word = "input" if len(names) == 1 else "inputs"
    out = [column.name for column in dataset.table if column.role == "left out"]
    without = f" (without {joined_names(out, _MOST_NAMES)})" if out else ""
    return f"{word} {joined_names(names, _MOST_NAMES)}{without}"


def _task(dataset: Dataset) -> str:
    if dataset.classes:
        return f"{len(dataset.classes)} classes"
    scaled = ", standardized inside" if dataset.target_scaling is not None else ""
    return f"regression{scaled}"


def split_summary(recipe: Recipe, dataset: Dataset) -> str:
    """Return the number of samples of each part, and how they were chosen."""
    parts = [
        f"{len(range(dataset.samples)[rows]):,} {name}" for name, rows in dataset.parts.items()
    ]
    return ", ".join([*parts, *_order(recipe, dataset)])


def _order(recipe: Recipe, dataset: Dataset) -> Iterator[str]:
    """Yield how the samples were ordered, if that matters and is known from the recipe."""
    order, seed = recipe.data.order, recipe.data.seed
    if len(dataset.parts) == 1:
        return
    dated = date_order(dataset) if order == "by_date" else None
    if order == "file":
        yield "in file order"
    elif dated is not None:
        yield f"oldest first by {dated[0]}"
    elif order in ("stratified", "by_date"):
        yield f"shuffled and stratified by data seed {seed}"
    elif order == "random":
        yield f"shuffled by data seed {seed}"
