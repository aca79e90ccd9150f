"""The outcome of a trial: a row of ``trials.csv``."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nn_tui.recipe.field_types import SeedField
from nn_tui.recipe.parsing import find_field, parse_value
from nn_tui.text import make_printable
from nn_tui.training.scores import SCORES, Scores
from nn_tui.trials.axes import Setting
from nn_tui.trials.plan import TrialKey, seed_text
from nn_tui.trials.trial_curve import TrialCurve

DONE, STOPPED, DIVERGED, FAILED = "done", "stopped", "diverged", "failed"
STATUSES = (DONE, STOPPED, DIVERGED, FAILED)
"""Trained to its last epoch; stopped by itself before; diverged; not trainable."""

LOSSES = ("train_loss", "test_loss", "validation_loss", "best_loss")
"""The losses at the end, and the lowest of the set that tells the best epoch."""
_BASELINE = "baseline_"
_LONGEST_MESSAGE = 500


@dataclass(frozen=True)
class Outcome:
    """How a trial ended. ``losses`` are by name in ``LOSSES``, None where not applicable.

    ``metrics`` are the scores of the test set (without one, of the validation or training
    set), ``baseline`` those of always predicting the same. ``best_epoch`` is the one with the
    lowest loss of the validation set, or else of the test or training set. ``message`` says why
    it stopped, diverged or failed. ``number`` is that of its line in the folder, ``curve`` its
    losses until they are written there.
    """

    key: TrialKey
    setting: Setting
    status: str
    epochs: int = 0
    losses: Mapping[str, float | None] = field(default_factory=dict)
    best_epoch: int | None = None
    metrics: Scores = field(default_factory=dict)
    baseline: Scores = field(default_factory=dict)
    seconds: float = 0.0
    message: str = ""
    number: int = 0
    curve: TrialCurve | None = field(default=None, compare=False, repr=False)

    def value(self, name: str) -> float | None:
        """Return the loss or metric of that name, None where it is not known."""
        value = self.losses.get(name) if name in LOSSES else self.metrics.get(name)
        return value if value is not None and math.isfinite(value) else None


def columns(keys: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of ``trials.csv`` for the varied ``keys``."""
    return (
        "trial",
        *keys,
        *("seed", "fold", "status", "epochs", "best_epoch"),
        *LOSSES,
        *SCORES,
        *(_BASELINE + name for name in SCORES),
        *("seconds", "message"),
    )


def outcome_row(outcome: Outcome) -> str:
    """Return the outcome as a line of ``trials.csv``; numbers keep all their bits."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(
        [
            outcome.number,
            *outcome.key.values,
            *(outcome.key.seed, outcome.key.fold or "", outcome.status, outcome.epochs),
            "" if outcome.best_epoch is None else outcome.best_epoch,
            *(_cell(outcome.losses.get(name)) for name in LOSSES),
            *(_cell(outcome.metrics.get(name)) for name in SCORES),
            *(_cell(outcome.baseline.get(name)) for name in SCORES),
            *(_cell(outcome.seconds), make_printable(outcome.message)[:_LONGEST_MESSAGE]),
        ]
    )
    return buffer.getvalue()


def head(keys: Sequence[str]) -> str:
    """Return the first line of ``trials.csv``."""
    return ",".join(columns(keys)) + "\n"


def _cell(value: float | None) -> str:
    return repr(float(value)) if value is not None and math.isfinite(value) else ""


def read_row(cells: Sequence[str], keys: Sequence[str]) -> Outcome:
    """Return the outcome of a line's ``cells``. Raises ValueError, which says what is wrong."""
    names = columns(keys)
    if len(cells) != len(names):
        raise ValueError(f"it has {len(cells):,} cells instead of {len(names)}")
    named = dict(zip(names, cells, strict=True))
    setting = tuple(parse_value(key, named[key]) for key in keys)
    texts = tuple(find_field(k).kind.show(v) for k, v in zip(keys, setting, strict=True))
    if named["status"] not in STATUSES:
        raise ValueError(f"the status must be one of {', '.join(STATUSES)}")
    try:
        seed = seed_text(SeedField().parse(named["seed"]))
    except ValueError as error:
        raise ValueError(f"the seed is not one: {error}") from None
    return Outcome(
        TrialKey(texts, seed, _whole(named, "fold") or 0),
        setting,
        named["status"],
        _whole(named, "epochs") or 0,
        {name: _number(named, name) for name in LOSSES},
        _whole(named, "best_epoch"),
        {name: _number(named, name) for name in SCORES},
        {name: _number(named, _BASELINE + name) for name in SCORES},
        _number(named, "seconds") or 0.0,
        make_printable(named["message"]),
        _whole(named, "trial") or 0,
    )


def _number(named: Mapping[str, str], name: str) -> float | None:
    text = named[name]
    try:
        value = float(text) if text else None
    except ValueError:
        value = math.nan
    if value is not None and not math.isfinite(value):
        raise ValueError(f"{name} is not a finite number")
    return value


def _whole(named: Mapping[str, str], name: str) -> int | None:
    text = named[name]
    if text and not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ValueError(f"{name} is not a whole number")
    return int(text) if text else None


def as_json(outcome: Outcome, keys: Sequence[str]) -> dict[str, Any]:
    """Return the outcome for ``--json``: None where a value does not apply."""
    return {
        "values": dict(zip(keys, outcome.key.values, strict=True)),
        "seed": outcome.key.seed,
        "fold": outcome.key.fold or None,
        "status": outcome.status,
        "epochs": outcome.epochs,
        "best_epoch": outcome.best_epoch,
        **{name: outcome.value(name) for name in LOSSES},
        "metrics": {name: outcome.value(name) for name in SCORES},
        "baseline": {name: outcome.baseline.get(name) for name in SCORES},
        "seconds": outcome.seconds,
        "message": outcome.message or None,
    }
