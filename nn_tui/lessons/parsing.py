"""Reading lesson files. They may come from strangers: everything is bounded and nothing is run."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.fileio import read_text
from nn_tui.lessons.errors import LessonError
from nn_tui.lessons.expressions import parse_check
from nn_tui.lessons.lesson import (
    FREE_SECTIONS,
    HANDS,
    KINDS,
    MOST_STARS,
    PANES,
    AnswerChoice,
    Condition,
    Lesson,
    Page,
    ProofTrial,
    TrialRun,
)
from nn_tui.lessons.page_text import PageText, parse_text
from nn_tui.lessons.toml_lines import line_of
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.parsing import check_recipe, check_value, deepest_key, find_field
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import Recipe
from nn_tui.spelling import did_you_mean
from nn_tui.text import make_printable, quoted

SUFFIX = ".toml"
MOST_BYTES = 100_000
_NUMBERED = re.compile(r"(\d{1,4})[-_ ]+(.+)")
_WEIGHT = re.compile(r"([Wb]\d{1,3})(?:\[\s*(\d{1,6}(?:\s*,\s*\d{1,6})?)\s*\])?")
_SECTIONS = (*dict.fromkeys(entry.section for entry in FIELDS.values()), *FREE_SECTIONS)
_SEEDS = (1, 2, 3, 4, 5)
"""The weight seeds of a trial that names none."""
_DEEPEST_KEY = 20
_MOST_EPOCHS = 100_000
_T = TypeVar("_T")


def read_lesson(path: Path) -> Lesson:
    """Return the lesson of a file. Raises LessonError, with the line, or InputError."""
    return parse_lesson(read_text(path, MOST_BYTES), path)


def parse_lesson(text: str, path: Path) -> Lesson:
    """Return the lesson of a TOML text; ``path`` names it. Raises LessonError."""
    import tomllib

    shown = make_printable(path.name)
    if deepest_key(text) > _DEEPEST_KEY:
        raise LessonError(f"{shown}: a key is nested too deeply")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LessonError(f"{shown} is not valid TOML: {make_printable(str(error))}") from None
    except (RecursionError, ValueError):
        raise LessonError(f"{shown} is nested too deeply, or a number is too long") from None
    try:
        return _Reader(path).lesson(_Table(values, ()))
    except _WrongValue as error:
        line = line_of(text, error.path)
        key = ".".join(str(step) for step in error.path if isinstance(step, str))
        raise LessonError(f"{shown}, line {line}: {f'{key}: ' if key else ''}{error}") from None


class _WrongValue(Exception):
    """What is wrong with the value at ``path``."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


class _Table:
    """A table of the file whose keys are taken one by one; ``finish`` refuses what is left."""

    def __init__(self, values: dict[str, Any], path: tuple[str | int, ...]) -> None:
        self._values = dict(values)
        self._known: list[str] = []
        self.path = path

    def wrong(self, key: str, message: str) -> _WrongValue:
        """The error of a key."""
        return _WrongValue((*self.path, key), message)

    def take(self, key: str, default: Any = None) -> Any:
        """The value of a key."""
        self._known.append(key)
        return self._values.pop(key, default)

    def text(self, key: str, most: int, default: str | None = None) -> str:
        """A string of at most ``most`` characters in one line, made printable."""
        value = self.take(key, default)
        if value is None:
            raise _WrongValue((*self.path, key), "is missing")
        if not isinstance(value, str):
            raise self.wrong(key, "must be a string")
        value = make_printable(" ".join(value.split()))
        if len(value) > most:
            raise self.wrong(key, f"has {len(value):,} characters; at most {most} fit")
        if not value and default is None:
            raise self.wrong(key, "is empty")
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """One of ``choices``."""
        value = self.text(key, 100, default)
        if value not in choices and value != default:
            words = ", ".join(choices)
            hint = did_you_mean(value, choices, f"it must be one of {words}")
            raise self.wrong(key, f"{quoted(value)} is not allowed; {hint}")
        return value

    def integer(self, key: str, low: int, high: int, default: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self.take(key, default)
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(key, f"must be a whole number from {low} to {high}")
        return value

    def flag(self, key: str) -> bool:
        """true or false, false if it is missing."""
        value = self.take(key, False)
        if type(value) is not bool:
            raise self.wrong(key, "must be true or false")
        return value

    def list_of(self, key: str, kind: type[_T], most: int, name: str) -> list[_T]:
        """A list of at most ``most`` values, empty if it is missing."""
        values = self.take(key, [])
        if not isinstance(values, list) or not all(type(value) is kind for value in values):
            raise self.wrong(key, f"must be a list of {name}")
        if len(values) > most:
            raise self.wrong(key, f"has {len(values):,} entries; at most {most} are allowed")
        return values

    def tables(self, key: str, most: int) -> "Iterator[_Table]":
        """The tables ``[[key]]``."""
        for i, values in enumerate(self.list_of(key, dict, most, f"tables, [[{key}]]")):
            yield _Table(values, (*self.path, key, i))

    def table(self, key: str) -> "_Table":
        """The table ``[key]``, empty if it is missing."""
        values = self.take(key, {})
        if not isinstance(values, dict):
            raise self.wrong(key, f"must be a table, [{key}]")
        return _Table(values, (*self.path, key))

    def pairs(self, most: int) -> list[tuple[str, Any]]:
        """All keys that are left, with their values."""
        pairs, self._values = list(self._values.items()), {}
        if len(pairs) > most:
            raise _WrongValue(self.path, f"has more than {most} entries")
        return pairs

    def finish(self) -> None:
        """Refuse keys that nobody took."""
        for key in self._values:
            hint = did_you_mean(key, self._known, f"the keys are {', '.join(self._known)}")
            raise self.wrong(make_printable(key)[:60], f"is not a key here; {hint}")


class _Reader:
    """Makes a lesson of the tables of its file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lesson(self, table: _Table) -> Lesson:
        found = _NUMBERED.fullmatch(self.path.stem)
        number, name = (int(found[1]), found[2]) if found else (0, self.path.stem)
        recipe = self._recipe(table.table("recipe"))
        fixed, free = self._keys(table, "fixed"), self._keys(table, "free")
        if fixed is not None and free is not None:
            raise table.wrong("free", "name the keys that are fixed or those that are free")
        made = Lesson(
            name=make_printable(name),
            number=number,
            path=self.path,
            title=table.text("title", 60),
            summary=table.text("summary", 48),
            goal=table.text("goal", 160),
            recipe=recipe,
            check=tuple(map(self._condition, table.tables("check", 8))),
            pages=tuple(map(self._page, table.tables("page", 30))),
            naive=tuple(self._trial(trial, recipe) for trial in table.tables("naive", 10)),
            solutions=tuple(self._trial(trial, recipe) for trial in table.tables("solution", 10)),
            fixed=fixed or (),
            free=free,
            reasons=tuple(self._reasons(table.table("reasons"))),
            stars=table.integer("stars", 1, MOST_STARS, MOST_STARS),
        )
        table.finish()
        for key, present in (
            ("check", made.check),
            ("page", made.pages),
            ("naive", made.naive),
            ("solution", made.solutions),
        ):
            if not present:
                raise _WrongValue((), f"the lesson has no [[{key}]]")
        for kind, trials in (("naive", made.naive), ("solution", made.solutions)):
            for i, trial in enumerate(trials):
                self._check_keys(made, trial, (kind, i))
        return made

    def _recipe(self, table: _Table) -> Recipe:
        preset = table.choice("preset", tuple(PRESETS), "blog")
        recipe = PRESETS[preset].recipe
        for section in _SECTIONS:
            values = table.table(section)
            for key, value in values.pairs(50):
                recipe = recipe.with_value(
                    f"{section}.{key}", _checked(values, key, f"{section}.{key}", value)
                )
        table.finish()
        source = recipe.data.source
        if source not in SOURCES:
            if os.path.basename(source) != source or source.startswith("."):
                place = (*table.path, "data", "source")
                raise _WrongValue(place, "a data file must be in the folder of the lesson")
            recipe = recipe.with_value("data.source", str(self.path.parent / source))
        _complete(table.path, recipe)
        return recipe

    def _keys(self, table: _Table, name: str) -> tuple[str, ...] | None:
        given = table.list_of(name, str, 60, "keys, such as network.hidden")
        for key in given:
            if key not in (*HANDS, *FREE_SECTIONS):
                _guarded(table, name, lambda key=key: find_field(key))  # type: ignore[misc]
        absent = name not in table._known or not given
        return None if absent else tuple(given)

    def _reasons(self, table: _Table) -> Iterator[tuple[str, str]]:
        for key, _ in list(table._values.items())[:60]:
            if key not in (*HANDS, *FREE_SECTIONS):
                _guarded(table, key, lambda key=key: find_field(key))  # type: ignore[misc]
            yield key, table.text(key, 80)
        table.finish()

    def _condition(self, table: _Table) -> Condition:
        text, label = table.text("that", 400), table.text("label", 60, "")
        expression = _guarded(table, "that", lambda: parse_check(text))
        if not label and not (expression.comparison and expression.comparison.word):
            raise table.wrong(
                "label", "is missing; only a comparison such as train_loss < 0.01 needs none"
            )
        table.finish()
        return Condition(expression, label)

    def _page(self, table: _Table) -> Page:
        kind = table.choice("kind", KINDS)
        page = Page(
            kind,
            self._text(table, "text", 600),
            table.choice("pane", PANES, ""),
            table.choice("field", tuple(FIELDS), ""),
            tuple(map(self._choice, table.tables("choice", 5))),
            tuple(
                _guarded(table, "hints", lambda hint=hint: _hint(hint))  # type: ignore[misc]
                for hint in table.list_of("hints", str, 10, "strings")
            ),
        )
        right = sum(choice.right for choice in page.choices)
        if kind == "predict" and (len(page.choices) < 2 or right != 1):
            raise table.wrong("choice", "a prediction has 2 to 5 choices, and one is right")
        if kind != "predict" and page.choices:
            raise table.wrong("choice", f"only a predict page has choices, not a {kind} page")
        table.finish()
        return page

    def _choice(self, table: _Table) -> AnswerChoice:
        choice = AnswerChoice(
            table.text("text", 100), self._text(table, "reply", 400), table.flag("right")
        )
        table.finish()
        return choice

    def _text(self, table: _Table, key: str, most: int) -> PageText:
        text = table.text(key, most)
        return _guarded(table, key, lambda: parse_text(text))

    def _trial(self, table: _Table, recipe: Recipe) -> ProofTrial:
        name = table.text("name", 60)
        seeds = table.list_of("seeds", int, 20, "weight seeds") or list(_SEEDS)
        if any(not 0 <= seed < 2**32 for seed in seeds):
            raise table.wrong("seeds", "a weight seed is from 0 to 4294967295")
        runs = tuple(self._run(run, recipe) for run in table.tables("run", 20))
        if not runs:
            runs = (self._run(table, recipe),)
        table.finish()
        return ProofTrial(name, runs, tuple(seeds))

    def _run(self, table: _Table, recipe: Recipe) -> TrialRun:
        """The ``set`` and ``weights`` of a run."""
        given, weights = table.table("set"), table.table("weights")
        values = []
        for key, value in _flat(given.pairs(60)):
            values.append((key, _checked(given, key, key, value)))
            recipe = recipe.with_value(*values[-1])
        _complete(given.path, recipe)
        numbers = []
        for name, value in weights.pairs(60):
            if not _WEIGHT.fullmatch(name):
                raise weights.wrong(make_printable(name), "is not a weight such as W1[0,0] or b0")
            if type(value) not in (int, float) or not abs(value) <= 1e300:
                raise weights.wrong(name, "must be a finite number")
            numbers.append((name, float(value)))
        if table.path[-2:-1] == ("run",):
            table.finish()
        return TrialRun(tuple(values), tuple(numbers))

    def _check_keys(self, lesson: Lesson, trial: ProofTrial, path: tuple[str | int, ...]) -> None:
        """Refuse a trial that a learner could not do: it changes what is fixed."""
        for run in trial.runs:
            keys = [key for key, _ in run.values] + ["weights"] * bool(run.weights)
            for key in keys:
                if refusal := lesson.refusal(key):
                    raise _WrongValue((*path, "set"), refusal)


def parse_weight_name(name: str) -> tuple[str, tuple[int, ...] | None]:
    """The array and the index of ``W1[0,0]``; the index of ``b0``, all its numbers, is None."""
    found = _WEIGHT.fullmatch(name)
    assert found
    index = found[2]
    return found[1], None if index is None else tuple(map(int, index.split(",")))


def _hint(text: str) -> PageText:
    text = make_printable(" ".join(text.split()))
    if not 0 < len(text) <= 300:
        raise LessonError("a hint has 1 to 300 characters")
    return parse_text(text)


def _flat(pairs: list[tuple[str, Any]], before: str = "") -> Iterator[tuple[str, Any]]:
    """The keys with dots: TOML reads ``network.hidden = 4`` as a table in a table."""
    for key, value in pairs:
        if isinstance(value, dict) and not before:
            yield from _flat(list(value.items()), f"{key}.")
        else:
            yield before + key, value


def _checked(table: _Table, key: str, full: str, value: Any) -> Any:
    return _guarded(table, key, lambda: check_value(full, value))


def _complete(path: tuple[str | int, ...], recipe: Recipe) -> None:
    """Refuse a recipe whose values do not go together, or whose proof would take for ever."""
    if not 1 <= recipe.training.epochs <= _MOST_EPOCHS:
        raise _WrongValue(
            (*path, "training", "epochs"), f"a lesson's run has 1 to {_MOST_EPOCHS:,} epochs"
        )
    try:
        check_recipe(recipe)
    except InputError as error:
        raise _WrongValue(path, str(error)) from None


def _guarded(table: _Table, key: str, read: Callable[[], _T]) -> _T:
    """What ``read`` returns; its InputError becomes that of ``key``."""
    try:
        return read()
    except InputError as error:
        raise table.wrong(key, make_printable(str(error))) from None
