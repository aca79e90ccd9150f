"""The report of ``nn-tui sweep``, as text or JSON."""

import json
import math
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nn_tui.commands.json_values import finite
from nn_tui.recipe.line_fields import field_of
from nn_tui.text import brief, make_printable
from nn_tui.training.score_statistics import format_statistics, mean_and_deviation
from nn_tui.training.scores import SCORES, format_score
from nn_tui.trials.outcome import DONE, STATUSES, Outcome, as_json
from nn_tui.trials.ranking import (
    SettingResult,
    default_measure,
    measure_name,
    ranked,
    settings_of,
)

_MOST_ROWS = 10
_BAR, _LEAST_RATIO = 40, 20.0
"""The longest bar, and the ratio of values from which on bars are logarithmic."""
_LONGEST_VALUE = 24


def sweep_json(
    name: str,
    path: Path,
    keys: Sequence[str],
    outcomes: Sequence[Outcome],
    total: int,
    measure: str | None,
) -> str:
    """One JSON object; null where a value does not apply."""
    measure = measure or default_measure(outcomes, keys)
    settings = [_setting_json(s, keys, measure) for s in ranked(settings_of(outcomes, measure))]
    best = settings[0] if settings and settings[0]["median"] is not None else None
    report = {
        "experiment": name,
        "folder": make_printable(str(path)),
        "keys": list(keys),
        "measure": measure,
        "total": total,
        "best": best,
        "settings": settings,
        "trials": [as_json(outcome, keys) for outcome in outcomes],
    }
    return json.dumps(report, allow_nan=False)


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


def sweep_text(
    name: str,
    path: Path,
    keys: Sequence[str],
    outcomes: Sequence[Outcome],
    total: int,
    measure: str | None,
) -> str:
    """The best settings as a table; for one or two keys all of them as a plot or heat map."""
    measure = measure or default_measure(outcomes, keys)
    settings = settings_of(outcomes, measure)
    lines = [_summary(name, path, outcomes, total)]
    if settings:
        best = ranked(settings)
        lines += ["", *_table(best, keys, measure), *_remarks(best, settings, keys, measure)]
        if len(keys) == 1:
            lines += ["", *_bars(settings, keys[0], measure)]
        elif len(keys) == 2:
            lines += _heat_map(best, keys, measure)
    return "\n".join(lines)


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


def _number(measure: str, value: float) -> str:
    if not math.isfinite(value):
        return "✗"
    return format_score(measure, value) if measure in SCORES else f"{value:.4g}"


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
    score = _score(best, measure)
    head += [SCORES[score].label] if score else []
    rows = [head]
    by_score = {}
    if score:
        outcomes = [outcome for setting in shown for outcome in setting.outcomes]
        by_score = {setting.texts: setting for setting in settings_of(outcomes, score)}
    for place, setting in enumerate(shown, 1):
        row = [f"{place}", *map(_value, setting.texts), _number(measure, setting.median)]
        if seeds > 1:
            row += [_number(measure, v) for v in (setting.lowest, setting.highest)]
        if folds:
            row.append(_mean(setting, measure))
        if score:
            row.append(_number(score, by_score[setting.texts].median))
        rows.append(row)
    yield from _aligned(rows)
    if len(best) > len(shown):
        yield f"  … {len(best) - len(shown):,} more"


def _mean(setting: SettingResult, measure: str) -> str:
    value = setting.over_folds(measure)
    if value is None or measure in SCORES:
        return format_statistics(measure, value)
    return f"{value.mean:.4g} ± {value.deviation:.2g}"


def _score(settings: Sequence[SettingResult], measure: str) -> str:
    """The score that is shown beside the measure, or an empty string."""
    for name in ("accuracy", "r2"):
        if any(o.value(name) is not None for s in settings for o in s.outcomes):
            return name if name != measure else ""
    return ""


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _remarks(
    best: Sequence[SettingResult],
    settings: Sequence[SettingResult],
    keys: Sequence[str],
    measure: str,
) -> Iterator[str]:
    """Sentences on how far the table can be trusted."""
    score = _score(best, "")
    known = [o.baseline.get(score) for s in settings for o in s.outcomes if o.baseline.get(score)]
    base = mean_and_deviation(known) if score else None
    if base is not None:
        yield f"always predicting the same has {SCORES[score].label} {_number(score, base.mean)}"
    if len(best) > 1 and math.isfinite(best[1].median) and best[0].overlaps(best[1]):
        yield "1 and 2 overlap: their seeds differ more than their medians"
    if math.isfinite(best[0].median):
        yield from _edges(best[0], settings, keys)
    outcomes = [outcome for setting in settings for outcome in setting.outcomes]
    tested = any(o.value("test_loss") is not None for o in outcomes)
    validated = any(o.value("validation_loss") is not None for o in outcomes)
    folds = any(outcome.key.fold for outcome in outcomes)
    if tested and not folds and (measure in SCORES or measure == "test_loss" or not validated):
        yield (
            "the best was chosen on the test set, which flatters it: for an honest figure, choose "
            "on a validation set (--set data.validation_fraction=0.2)"
        )
    for outcome in outcomes:
        if outcome.message and outcome.status not in ("done", "stopped"):
            texts = ", ".join(map(_value, outcome.key.values)) or f"seed {outcome.key.seed}"
            yield f"{outcome.status}, for example {texts}: {outcome.message}"
            break


def _edges(
    best: SettingResult, settings: Sequence[SettingResult], keys: Sequence[str]
) -> Iterator[str]:
    """Say where the best number is the largest or smallest of those that were tried."""
    for i, key in enumerate(keys):
        tried = {setting.setting[i] for setting in settings}
        numbers = [v for v in tried if isinstance(v, int | float) and not isinstance(v, bool)]
        if len(numbers) < max(3, len(tried)) or "seed" in key:
            continue
        for extreme, word in ((min(numbers), "smallest"), (max(numbers), "largest")):
            if best.setting[i] == extreme:
                other = "smaller" if word == "smallest" else "larger"
                yield (
                    f"the best {_label(key)} is the {word} that was tried: "
                    f"{other} ones may be better still"
                )


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
        rows.append((_value(setting.texts[0]), _number(measure, value), "█" * length))
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
    axes = [sorted({s.setting[i] for s in best}, key=_order) for i in (0, 1)]
    if len(best) < len(axes[0]) * len(axes[1]) / 2:
        return []
    shown = [
        [_value(field_of(key).kind.show(v)) for v in axis]
        for key, axis in zip(keys, axes, strict=True)
    ]
    found = {setting.setting: _number(measure, setting.median) for setting in best}
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


def _order(value: Any) -> tuple[int, Any]:
    """Numbers in ascending order, then everything else by its text."""
    if isinstance(value, int | float):
        return 0, value
    return 1, (len(value), value) if isinstance(value, tuple) else (0, str(value))
