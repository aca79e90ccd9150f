"""Groups and parts of the compared runs: those with the same value in a column."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nn_tui.training.run_groups import sort_key
from nn_tui.tui.screens.compare_table import CompareColumn, ComparedRun


def grouped_rows(rows: Sequence[ComparedRun], column: CompareColumn) -> list[ComparedRun]:
    """Return a row for each value of ``column``, ascending: the group's lower-middle run.

    It has the values of that run, by training loss, and the group as its ``members``.
    """
    groups: dict[Any, list[ComparedRun]] = {}
    for row in rows:
        groups.setdefault(column.value(row), []).append(row)
    found = []
    for _, members in sorted(groups.items(), key=lambda group: sort_key(group[0])):
        ranked = sorted(members, key=_loss)
        median = ranked[max(0, math.ceil(len(ranked) / 2) - 1)]
        count = "1 run" if len(ranked) == 1 else f"{len(ranked):,} runs"
        found.append(replace(median, label=count, members=tuple(ranked)))
    return found


def with_same_value(
    rows: Sequence[ComparedRun], column: CompareColumn, like: ComparedRun
) -> list[ComparedRun]:
    """Return the rows whose text in ``column`` is that of the row ``like``."""
    return [row for row in rows if column.text(row) == column.text(like)]


def _loss(row: ComparedRun) -> float:
    loss = row.outcome.train_loss
    return math.inf if row.outcome.diverged or math.isnan(loss) else loss
