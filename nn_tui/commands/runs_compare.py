"""``nn-tui runs compare``: saved runs side by side, sorted, filtered, or in groups."""

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from nn_tui.commands.console import print_message
from nn_tui.commands.json_values import finite
from nn_tui.commands.score_tables import aligned
from nn_tui.errors import InputError
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.recipe.line_fields import field_of
from nn_tui.recipe.parsing import find_field, parse_value
from nn_tui.recipe.recipe import Recipe
from nn_tui.runs import saved_results
from nn_tui.text import brief, make_printable, percent
from nn_tui.training.run_groups import differing_keys, grouped, sort_key, spread
from nn_tui.training.snapshot import RunSummary

_MEASURES = ("train_loss", "test_loss", "accuracy", "epoch")
"""What ``--sort`` takes besides the keys of a recipe."""


class _Row(NamedTuple):
    run: str
    summary: RunSummary

    @property
    def recipe(self) -> Recipe:
        return self.summary.recipe

    def value(self, name: str) -> Any:
        """A measure, or the value of a recipe key; None where it is missing."""
        if name not in _MEASURES:
            return self.recipe[name]
        if name == "accuracy":
            tested = self.summary.test_loss is not None
            accuracy = self.summary.test_accuracy if tested else self.summary.train_accuracy
            return finite(accuracy)
        if name == "train_loss" and self.summary.diverged:
            return None
        return finite(getattr(self.summary, name))


def add_compare_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--by``, ``--sort``, ``--filter`` and ``--json``."""
    parser.add_argument("--by", metavar="KEY", help="compare: groups of runs with the same value")
    parser.add_argument(
        "--sort", metavar="COLUMN", help=f"compare: {', '.join(_MEASURES)}, or a recipe key"
    )
    parser.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="compare: only runs with this value; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="compare: print one JSON object")


def compare(folders: Sequence[tuple[str, RunFolder]], arguments: argparse.Namespace) -> None:
    """Print the runs of ``folders``, each with its name, as the arguments say.

    A run that cannot be restored is named on stderr and left out. Raises InputError for an
    unknown key, and if no run is left.
    """
    key = find_field(arguments.by).key if arguments.by else ""
    column = arguments.sort or ""
    if column and column not in _MEASURES:
        column = find_field(column).key
    rows = [row for row in _rows(folders) if _passes(row, arguments.filter)]
    if not rows:
        raise InputError("no run is left to compare" if arguments.filter else "no runs to compare")
    if column:
        known = [row for row in rows if row.value(column) is not None]
        missing = [row for row in rows if row.value(column) is None]
        rows = sorted(known, key=lambda row: sort_key(row.value(column))) + missing
    if arguments.json:
        print(_json(rows, key))
    else:
        print("\n".join(line.rstrip() for line in (_groups(rows, key) if key else _table(rows))))


def _rows(folders: Sequence[tuple[str, RunFolder]]) -> Iterator[_Row]:
    for name, folder in folders:
        try:
            results = saved_results(folder)
        except InputError as error:
            print_message(str(error))
            continue
        for result in results:
            seed = f", seed {result.summary.recipe.network.seed}" if len(results) > 1 else ""
            yield _Row(f"{make_printable(name)}{seed}", result.summary)


def _passes(row: _Row, filters: Sequence[str]) -> bool:
    for text in filters:
        key, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"--filter {make_printable(text)} has no equals sign; write KEY=VALUE")
        field = find_field(key.strip())
        if row.recipe[field.key] != parse_value(field.key, value):
            return False
    return True


def _table(rows: Sequence[_Row]) -> Iterator[str]:
    keys = differing_keys([row.recipe for row in rows])
    measures = [m for m in _MEASURES if any(row.value(m) is not None for row in rows)]
    table = [("run", *(_title(m) for m in measures), *(field_of(key).label for key in keys))]
    for row in rows:
        shown = [_shown(measure, row.value(measure)) for measure in measures]
        if row.summary.diverged:
            shown[0] = "✗ diverged"
        values = (
            brief(make_printable(field_of(key).kind.show(row.recipe[key])), 24) for key in keys
        )
        table.append((brief(row.run), *shown, *values))
    return aligned(table)


def _groups(rows: Sequence[_Row], key: str) -> Iterator[str]:
    measure = _measure(rows)
    heads = ("lowest", "lower quartile", "median", "upper quartile", "highest")
    table: list[tuple[str, ...]] = [(field_of(key).label, "runs", *heads)]
    for value, members in grouped(rows, lambda row: row.recipe, key):
        losses = spread([_loss(row, measure) for row in members])
        shown = make_printable(field_of(key).kind.show(value))
        table.append((brief(shown), f"{len(members):,}", *(f"{loss:.6g}" for loss in losses)))
    yield f"{_title(measure)} by {key}"
    yield from aligned(table)


def _measure(rows: Sequence[_Row]) -> str:
    """The test loss if all runs have it, else the training loss."""
    tested = all(row.summary.test_loss is not None for row in rows)
    return "test_loss" if tested else "train_loss"


def _loss(row: _Row, measure: str) -> float:
    value = None if row.summary.diverged else row.value(measure)
    return math.nan if value is None else float(value)


def _title(measure: str) -> str:
    return measure.replace("_", " ")


def _shown(measure: str, value: Any) -> str:
    if value is None:
        return "–"
    if measure == "accuracy":
        return percent(value)
    return f"{value:,}" if measure == "epoch" else f"{value:.6g}"


def _json(rows: Sequence[_Row], key: str) -> str:
    """One JSON object; null where a value does not apply or is not finite."""
    keys = differing_keys([row.recipe for row in rows])
    runs = [
        {
            "run": row.run,
            **{measure: row.value(measure) for measure in _MEASURES},
            "diverged": bool(row.summary.diverged),
            "recipe": {name: row.recipe[name] for name in keys},
        }
        for row in rows
    ]
    found: dict[str, Any] = {"runs": runs}
    if key:
        measure = _measure(rows)
        found |= {"by": key, "measure": measure}
        found["groups"] = [
            {
                "value": value,
                "runs": len(members),
                **{
                    name: finite(loss)
                    for name, loss in spread([_loss(row, measure) for row in members])
                    ._asdict()
                    .items()
                },
            }
            for value, members in grouped(rows, lambda row: row.recipe, key)
        ]
    return json.dumps(found, allow_nan=False)
