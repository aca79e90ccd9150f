"""The report of ``nn-tui sweep``, as text or JSON."""

import json
import math
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nn_tui.commands.json_values import finite
from nn_tui.recipe.line_fields import field_of
from nn_tui.text import brief, make_printable
from nn_tui.training.score_statistics import format_statistics
from nn_tui.training.scores import SCORES
from nn_tui.trials.outcome import DONE, STATUSES, Outcome, as_json
from nn_tui.trials.ranking import (
    SettingResult,
    default_measure,
    format_measure,
    measure_name,
    ranked,
    setting_results,
    shown_score,
    sort_order,
)
from nn_tui.trials.remarks import remarks

_MOST_ROWS = 10
_BAR, _LEAST_RATIO = 40, 20.0
"""The longest bar, and the ratio of values from which on bars are logarithmic."""
_LONGEST_VALUE = 24


@dataclass(frozen=True)
class SweepReport:
    """What is reported of a sweep: ``outcomes`` of ``total`` trials that vary ``keys``.

    ``path`` is its folder. Settings are compared by ``measure``, or else by the usual one.
    """

    name: str
    path: Path
    keys: Sequence[str]
    outcomes: Sequence[Outcome]
    total: int
    measure: str | None = None

    @cached_property
    def _measure(self) -> str:
        return self.measure or default_measure(self.outcomes, self.keys)

    @cached_property
    def _settings(self) -> list[SettingResult]:
        return setting_results(self.outcomes, self._measure)

    def json(self) -> str:
        """Return one JSON object; null where a value does not apply."""
        keys, measure = self.keys, self._measure
        settings = [_setting_json(s, keys, measure) for s in ranked(self._settings)]
        best = settings[0] if settings and settings[0]["median"] is not None else None
        report = {
            "experiment": self.name,
            "folder": make_printable(str(self.path)),
            "keys": list(keys),
            "measure": measure,
            "total": self.total,
            "best": best,
            "settings": settings,
            "trials": [as_json(outcome, keys) for outcome in self.outcomes],
        }
        return json.dumps(report, allow_nan=False)

    def text(self) -> str:
        """Return the best settings as a table; of one or two keys all as a plot or heat map."""
        keys, measure, settings = self.keys, self._measure, self._settings
        lines = [_summary(self.name, self.path, self.outcomes, self.total)]
        if settings:
            best = ranked(settings)
            lines += ["", *_table(best, keys, measure), *remarks(settings, keys, measure)]
            if len(keys) == 1:
                lines += ["", *_bars(settings, keys[0], measure)]
            elif len(keys) == 2:
                lines += _heat_map(best, keys, measure)
        return "\n".join(lines)


def _setting_json(setting: SettingResult, keys: Sequence[str], measure: str) -> dict[str, Any]:
    statistics = setting.over_folds(measure)
    return {
        "values": dict(zip(keys, setting.texts, strict=True)),
        "median": finite(setting.median),
        "lowest": finite(setting.lowest),
        "highest": finite(setting.highest),
        "mean": statistics and statistics.mean,
        "sd": statistics and statistics.deviation,
        "trials": setting.trials,
        "diverged": setting.diverged,
        "failed": setting.failed,
    }


def _summary(name: str, path: Path, outcomes: Sequence[Outcome], total: int) -> str:
    counts = Counter(outcome.status for outcome in outcomes)
    others = [f"{counts[s]:,} {s}" for s in STATUSES if s != DONE and counts[s]]
    seconds = sum(outcome.seconds for outcome in outcomes)
    of = "" if len(outcomes) == total else f" of {total:,}"
    parts = [f"{len(outcomes):,}{of} trials", *others, f"{seconds:.3g} s of training"]
    return f"{make_printable(name)}: {', '.join(parts)}; in {make_printable(str(path))}"


def _label(key: str) -> str:
    return field_of(key).label


def _value(text: str) -> str:
    return brief(make_printable(text), _LONGEST_VALUE)


def _table(best: Sequence[SettingResult], keys: Sequence[str], measure: str) -> Iterator[str]:
    """The best settings, with the range of the seeds, or mean and deviation over the folds."""
    shown = best[:_MOST_ROWS]
    seeds = max(len(setting.by_seed) for setting in best)
    folds = any(outcome.key.fold for setting in best for outcome in setting.outcomes)
    head = ["", *map(_label, keys), measure_name(measure)]
    if seeds > 1:
        head += ["lowest", "highest"]
    if folds:
        head.append("mean ± sd")
    score = shown_score(best, measure)
    head += [SCORES[score].label] if score else []
    rows = [head]
    by_score = {}
    if score:
        outcomes = [outcome for setting in shown for outcome in setting.outcomes]
        by_score = {setting.texts: setting for setting in setting_results(outcomes, score)}
    for place, setting in enumerate(shown, 1):
        row = [f"{place}", *map(_value, setting.texts), format_measure(measure, setting.median)]
        if seeds > 1:
            row += [format_measure(measure, v) for v in (setting.lowest, setting.highest)]
        if folds:
            row.append(_mean(setting, measure))
        if score:
            row.append(format_measure(score, by_score[setting.texts].median))
        rows.append(row)
    yield from _aligned(rows)
    if len(best) > len(shown):
        yield f"  … {len(best) - len(shown):,} more"


def _mean(setting: SettingResult, measure: str) -> str:
    value = setting.over_folds(measure)
    if value is None or measure in SCORES:
        return format_statistics(measure, value)
    return f"{value.mean:.4g} ± {value.deviation:.2g}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _bars(settings: Sequence[SettingResult], key: str, measure: str) -> Iterator[str]:
    """The measure of each value, as a number and a bar."""
    known = [s.median for s in settings if math.isfinite(s.median)]
    low, high = min(known, default=0.0), max(known, default=0.0)
    logarithmic = low > 0 and high > _LEAST_RATIO * low
    scale = " (logarithmic)" if logarithmic else ""
    rows = []
    for setting in settings:
        value = setting.median
        if not math.isfinite(value):
            length = 0
        elif logarithmic:
            length = 1 + round((_BAR - 1) * math.log(value / low) / math.log(high / low))
        else:
            length = round(_BAR * max(0.0, value) / high) if high > 0 else 0
        rows.append((_value(setting.texts[0]), format_measure(measure, value), "█" * length))
    first = max(len(_label(key)), *(len(row[0]) for row in rows))
    name = measure_name(measure)
    second = max(len(name), *(len(row[1]) for row in rows))
    yield f"{_label(key).rjust(first)}  {name.rjust(second)}{scale}"
    for text, number, bar in rows:
        yield f"{text.rjust(first)}  {number.rjust(second)}  {bar}".rstrip()


def _heat_map(best: Sequence[SettingResult], keys: Sequence[str], measure: str) -> list[str]:
    """The measure of all combinations: a row for each value of the first key.

    Empty if most combinations are missing, as those of random values are.
    """
    axes = [sorted({s.setting[i] for s in best}, key=sort_order) for i in (0, 1)]
    if len(best) < len(axes[0]) * len(axes[1]) / 2:
        return []
    shown = [
        [_value(field_of(key).kind.show(v)) for v in axis]
        for key, axis in zip(keys, axes, strict=True)
    ]
    found = {setting.setting: format_measure(measure, setting.median) for setting in best}
    if math.isfinite(best[0].median):
        found[best[0].setting] += "★"
    cells = [[found.get((y, x), "·") for x in axes[1]] for y in axes[0]]
    first = max(map(len, shown[0]))
    width = max(len(text) for row in (shown[1], *cells) for text in row) + 2
    columns = max(1, (shutil.get_terminal_size().columns - first - 1) // width)
    title = f"{measure_name(measure)}: rows {_label(keys[0])}, columns {_label(keys[1])}"
    lines = ["", f"{title}; ★ best, ✗ diverged or failed, · to come"]
    for begin in range(0, len(axes[1]), columns):
        part = slice(begin, begin + columns)
        lines.append(" " * first + "".join(text.rjust(width) for text in shown[1][part]))
        for text, row in zip(shown[0], cells, strict=True):
            lines.append(text.rjust(first) + "".join(cell.rjust(width) for cell in row[part]))
    return lines
