"""The folder of a sweep.

It contains the recipe that is varied (``recipe.toml``), what is varied (``sweep.json``), a line
for each finished trial (``trials.csv``), the recipe and the losses of each
(``recipes/NUMBER.toml`` and ``curves/NUMBER.csv``, with the number in the first column), and a
``lock`` held by the process that adds trials. Earlier versions kept no losses.
"""

import csv
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui.errors import InputError
from nn_tui.fileio import TEMPORARY_NAME, read_text, reason, replace_file, sync
from nn_tui.files.runs.run_lock import RunLock
from nn_tui.files.runs.safe_open import is_folder, is_regular, open_descriptor, open_regular
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.line_fields import field_of
from nn_tui.recipe.parsing import find_field, from_toml, to_toml
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.text import make_printable, quoted
from nn_tui.trials.axes import parse_axis, vary_text
from nn_tui.trials.outcome import Outcome, columns, head, outcome_row, read_row
from nn_tui.trials.plan import SweepPlan, Trial, TrialKey
from nn_tui.trials.trial_curve import TrialCurve, curve_text, read_curve

_TRIALS, _SWEEP, _RECIPE = "trials.csv", "sweep.json", "recipe.toml"
_RECIPES, _CURVES, _LOCK = "recipes", "curves", "lock"
_BEGUN = re.compile(rf"{_LOCK}|{_RECIPES}|{_CURVES}|{re.escape(_RECIPE)}|{TEMPORARY_NAME.pattern}")
"""What is in a folder whose creation was interrupted."""
_MOST_BYTES = 1_000_000
_MOST_CURVE_BYTES = 10_000
_MOST_TRIAL_BYTES = 1_000_000_000
_MOST_KEYS = len(FIELDS)
_LONGEST_LIST = 80


@dataclass(frozen=True)
class SweepRecord:
    """What ``sweep.json`` says: the experiment, and what is varied.

    ``values`` are the texts of the values of each of the ``keys``, ``trials`` the number of all
    trials, ``data`` the digest of the samples, ``versions`` those of nn-tui and NumPy. ``vary`` are
    the axes as ``--vary`` takes them, and ``random`` the number of random settings (0: the grid);
    folders of earlier versions have neither.
    """

    experiment: str
    keys: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    trials: int
    seeds: int
    folds: int
    data: str
    versions: tuple[str, ...]
    vary: tuple[str, ...] = ()
    random: int = 0

    def plan(self, base: Recipe) -> SweepPlan:
        """Return the plan again, for the recipe ``base`` of the folder. Raises InputError."""
        texts = self.vary or [vary_text(k, v) for k, v in zip(self.keys, self.values, strict=True)]
        axes = tuple(map(parse_axis, texts))
        return SweepPlan(self.experiment, base, axes, self.seeds, self.folds, self.random)


def record_of(plan: SweepPlan, digest: str) -> SweepRecord:
    """Return the record of a plan for samples with the ``digest``."""
    columns = zip(*plan.settings, strict=True)
    values = (
        tuple(dict.fromkeys(axis.show(value) for value in column))
        for axis, column in zip(plan.axes, columns, strict=True)
    )
    return SweepRecord(
        plan.name,
        plan.keys,
        tuple(values),
        plan.count,
        plan.seeds,
        plan.folds,
        digest,
        versions(),
        tuple(axis.text for axis in plan.axes),
        plan.random,
    )


def versions() -> tuple[str, str]:
    """Return the versions on which the bits of a result depend."""
    from nn_tui import __version__  # on first use, because that is slow

    return f"nn-tui {__version__}", f"NumPy {np.__version__}"


def is_sweep_folder(path: Path) -> bool:
    """Return whether there is a sweep in the folder ``path``."""
    return is_regular(path / _SWEEP)


class SweepFolder:
    """The folder ``path``: its outcomes are read, and further ones appended.

    ``notes`` are sentences for the user. Every method raises InputError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        self._lock = RunLock(path / _LOCK)
        self._file: int | None = None
        self._number = 0
        self._keys: tuple[str, ...] = ()

    # Reading

    def read(self) -> tuple[SweepRecord, Recipe, list[Outcome]]:
        """Return the record, the recipe and the outcomes; nothing is changed."""
        record, recipe = self._record(), self._recipe()
        outcomes, _ = self._outcomes(record.keys)
        return record, recipe, outcomes

    def _record(self) -> SweepRecord:
        path = self.path / _SWEEP
        if not os.path.lexists(path):
            raise InputError(f"{self.path} is not the folder of a sweep: it has no {_SWEEP}")
        text = read_text(path, _MOST_BYTES)
        try:
            found = json.loads(text)
            record = SweepRecord(
                experiment=make_printable(_text(found, "experiment")),
                keys=tuple(_texts(found["keys"])),
                values=tuple(tuple(_texts(entry)) for entry in _list(found["values"])),
                trials=_count(found, "trials"),
                seeds=_count(found, "seeds"),
                folds=_count(found, "folds"),
                data=_text(found, "data"),
                versions=tuple(map(make_printable, _texts(found["versions"]))),
                vary=tuple(_texts(found.get("vary", []))),
                random=_count(found, "random") if "random" in found else 0,
            )
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            raise InputError(f"{path} is not that of a sweep: {_why(error)}") from None
        if len(set(record.keys)) < len(record.keys) or len(record.keys) > _MOST_KEYS:
            raise InputError(f"{path} names a key twice")
        if len(record.values) != len(record.keys):
            raise InputError(f"{path} has not as many lists of values as keys")
        for key in record.keys:
            try:
                find_field(key)
            except RecipeError as error:
                raise InputError(f"{path}: {error}") from None
        return record

    def _recipe(self) -> Recipe:
        path = self.path / _RECIPE
        try:
            return from_toml(read_text(path, _MOST_BYTES))
        except RecipeError as error:
            raise InputError(f"{path}: {error}") from None

    def _outcomes(self, keys: Sequence[str]) -> tuple[list[Outcome], int]:
        """The outcomes, and the bytes of the whole lines."""
        path = self.path / _TRIALS
        if not os.path.lexists(path):
            return [], 0
        text = read_text(path, _MOST_TRIAL_BYTES)
        end = text.rfind("\n") + 1
        if end < len(text):
            self.notes.append(f"the last line of {path} is incomplete; its trial is not counted")
        lines = text[:end].splitlines()
        if any("\0" in line for line in lines):
            raise InputError(f"{path} has a NUL character, and is no table of trials")
        if not lines:
            return [], 0
        self._check_head(path, lines[0], keys)
        outcomes: dict[TrialKey, Outcome] = {}
        for number, cells in enumerate(_cells(path, lines[1:]), 2):
            try:
                outcome = read_row(cells, keys)
            except ValueError as error:
                raise InputError(f"{path}, line {number}: {error}") from None
            if outcome.key in outcomes:
                raise InputError(f"{path}, line {number} is a trial that an earlier line has")
            outcomes[outcome.key] = outcome
        # Not the size of the text, which has no byte order mark.
        return [*outcomes.values()], path.stat().st_size - len(text[end:].encode())

    def curve(self, outcome: Outcome) -> TrialCurve | None:
        """Return the losses of a trial; None if the folder does not have them, or damaged ones."""
        path = self.path / _CURVES / f"{outcome.number}.csv"
        try:
            with open_regular(path) as file:
                return read_curve(file.read(_MOST_CURVE_BYTES).decode())
        except (OSError, ValueError):
            return None

    def _check_head(self, path: Path, line: str, keys: Sequence[str]) -> None:
        found, expected = line.split(","), columns(keys)
        if tuple(found) == expected:
            return
        foreign = [name for name in found if name not in expected]
        missing = [name for name in expected if name not in found]
        problem = "its columns are in another order"
        if missing:
            problem = f"it has no column {quoted(missing[0])}"
        if foreign:
            problem = f"it has the column {quoted(foreign[0])}"
        raise InputError(f"{path} is not the table of this sweep: {problem}")

    # Writing

    def open(self, plan: SweepPlan, digest: str) -> list[Outcome]:
        """Create the folder, or continue it; return the outcomes that it has.

        Samples with the ``digest``, the recipe apart from what is varied, the keys and the
        number of folds must be those with which it was created. An incomplete last line is
        removed.
        """
        record = record_of(plan, digest)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not os.path.lexists(self.path / _SWEEP) and not self._is_new():
                raise InputError(
                    f"{self.path} has other files, and no sweep; name another folder, or a new one"
                )
            self._take_lock()
            for name in (_RECIPES, _CURVES):
                (self.path / name).mkdir(exist_ok=True)
        except OSError as error:
            raise self._cannot_write(error) from None
        if os.path.lexists(self.path / _SWEEP):
            found, recipe = self._record(), self._recipe()
            self._check_same(found, recipe, record, plan.base)
        else:
            self._put(_RECIPE, to_toml(plan.base).encode())
        self._keys = plan.keys
        outcomes, size = self._outcomes(plan.keys)
        self._put(_SWEEP, json.dumps(vars(record), indent=1, ensure_ascii=True).encode())
        try:
            self._file = open_descriptor(self.path / _TRIALS, os.O_RDWR | os.O_CREAT | os.O_APPEND)
            os.ftruncate(self._file, size)
            if not size:
                self._write(head(plan.keys))
        except OSError as error:
            raise self._cannot_write(error) from None
        self._number = max((outcome.number for outcome in outcomes), default=0)
        return outcomes

    def _is_new(self) -> bool:
        """Whether the folder is empty, or one whose creation was interrupted before any trial."""
        names = os.listdir(self.path)
        begun = _LOCK in names and all(map(_BEGUN.fullmatch, names))
        recipes = self.path / _RECIPES
        return not names or (begun and not (is_folder(recipes) and os.listdir(recipes)))

    def append(self, trial: Trial, outcome: Outcome) -> Outcome:
        """Write the recipe and the losses of a trial and then its line, as a whole.

        Return the outcome with its number, and without its losses.
        """
        self._number += 1
        kept = replace(outcome, number=self._number, curve=None)
        try:
            self._put_text(f"{_RECIPES}/{self._number}.toml", to_toml(trial.recipe))
            if outcome.curve is not None:
                self._put_text(f"{_CURVES}/{self._number}.csv", curve_text(outcome.curve))
            self._write(outcome_row(kept))
        except OSError as error:
            raise self._cannot_write(error) from None
        return kept

    def close(self) -> None:
        """Synchronize the lines to disk, and let other processes add trials."""
        number, self._file = self._file, None
        if number is not None:
            try:
                sync(number)
            except OSError as error:
                raise self._cannot_write(error) from None
            finally:
                os.close(number)
        self._lock.release()

    def _write(self, line: str) -> None:
        assert self._file is not None
        content = line.encode()
        before = os.fstat(self._file).st_size
        if os.write(self._file, content) < len(content):  # the disk is full
            os.ftruncate(self._file, before)
            raise OSError(28, "No space left on device")

    def _put_text(self, name: str, text: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(open_descriptor(self.path / name, flags), "w", encoding="utf-8") as file:
            file.write(text)

    def _put(self, name: str, content: bytes) -> None:
        replace_file(self.path / name, lambda file: file.write(content), follow_link=False)

    def _take_lock(self) -> None:
        try:
            self._lock.take()
        except BlockingIOError:
            raise InputError(
                f"another nn-tui sweep is adding trials to {self.path}; wait for it, or name "
                "another folder"
            ) from None

    def _check_same(
        self, found: SweepRecord, recipe: Recipe, record: SweepRecord, base: Recipe
    ) -> None:
        """Raise InputError if the trials in the folder cannot be compared with those to come."""
        problem = ""
        if found.keys != record.keys:
            problem = f"it varies {_listed(found.keys)}, this command {_listed(record.keys)}"
        elif found.folds != record.folds:
            problem = f"it has {found.folds or 'no'} folds, this command {record.folds or 'none'}"
        else:
            ignored = {*record.keys, "view.pace", "training.replicas"}
            for key, value in base.differences(recipe):
                if key not in ignored:
                    show = field_of(key).kind.show
                    problem = f"it has {key} = {show(value)}, this command {show(base[key])}"
                    break
            else:
                if found.data != record.data:
                    problem = "its data had other samples"
        if problem:
            raise InputError(
                f"{self.path} is the folder of another sweep: {problem}; choose another --output"
            )
        if found.versions != record.versions:
            self.notes.append(
                f"{self.path} has trials of {', '.join(found.versions)}; this is "
                f"{', '.join(record.versions)}: results may differ in the last digits"
            )

    def _cannot_write(self, error: OSError) -> InputError:
        return InputError(f"cannot write to {self.path}: {reason(error)}")


def _cells(path: Path, lines: Sequence[str]) -> Iterable[list[str]]:
    for line in lines:
        try:
            yield next(csv.reader([line], strict=True), [])
        except csv.Error:
            yield []  # as many cells as no line has


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("a list is expected")
    return value


def _texts(value: Any) -> list[str]:
    if not all(isinstance(entry, str) for entry in _list(value)):
        raise ValueError("a list of texts is expected")
    return _list(value)


def _text(found: dict[str, Any], name: str) -> str:
    if not isinstance(found[name], str):
        raise ValueError(f"{name} is not a text")
    return str(found[name])


def _count(found: dict[str, Any], name: str) -> int:
    if isinstance(found[name], bool) or not isinstance(found[name], int) or found[name] < 0:
        raise ValueError(f"{name} is not a whole number")
    return int(found[name])


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return make_printable(str(error))[:_LONGEST_LIST] or type(error).__name__


def _listed(keys: Sequence[str]) -> str:
    text = ", ".join(keys) or "nothing"
    return text if len(text) <= _LONGEST_LIST else f"{text[:_LONGEST_LIST]}…"
