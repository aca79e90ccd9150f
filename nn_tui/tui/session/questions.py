"""Questions about a data file that is not opened as it is, and their answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from nn_tui.data.errors import ColumnError, MissingValues
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.recipe import Data

_DROP, _FILL = "drop these rows", "fill in missing values"
_LEAVE_OUT, _AS_CATEGORIES = "leave the column out", "read it as categories"
_MOST_CATEGORIES = "at most 100 of them"


class Question(NamedTuple):
    """What to do about a file, with a line of help on each of the ``answers``.

    ``reason`` says in a few words why it is not opened, ``about`` the whole. ``take`` is called
    with the answer that is chosen; nothing is opened before.
    """

    title: str
    reason: str
    about: str
    answers: Mapping[str, str]
    take: Callable[[str], object]


def missing_values_question(missing: MissingValues, answer: Callable[[str], object]) -> Question:
    """How to handle missing values; ``answer`` is called with one of ``MISSING``."""
    rows = "1 row" if missing.rows == 1 else f"{missing.rows:,} rows"
    answers = {_DROP: f"{rows} dropped, {missing.left:,} remain"} if missing.left else {}
    answers[_FILL] = "with the median, or the most frequent category"
    hows = {_DROP: "drop", _FILL: "fill"}
    reason = "rows have missing values"
    return Question(
        "Missing values", reason, missing.found, answers, lambda name: answer(hows[name])
    )


def column_question(
    error: ColumnError, data: Data, answer: Callable[[Sequence[str]], object]
) -> Question:
    """How to read a file in spite of one of its columns.

    ``data`` are the settings with which it was read; ``answer`` is called with those that differ.
    """
    made: dict[str, tuple[str, list[str]]] = {}
    name = error.column
    features = tuple(f for f in data.features if f not in (name, f"-{name}", f"+{name}"))
    listed = any(not feature.startswith(("-", "+")) for feature in data.features)
    left = features if listed else [o for o in error.others if f"-{o}" not in features][1:]
    if not error.is_target and left:  # an input, beside the target
        setting = _set("data.features", features if listed else (*features, f"-{name}"))
        made[_LEAVE_OUT] = f"{name} is not an input", [setting]
    if error.is_other:
        settings = [_set("data.categories", (*data.categories, name))]
        if not error.is_target and not listed:  # an input, whatever its strings are like
            settings.append(_set("data.features", (*features, f"+{name}")))
        made[_AS_CATEGORIES] = f"each of its strings is one, {_MOST_CATEGORIES}", settings
    if error.is_target:
        for other in error.others:
            settings = [_set("data.target", (other,))]
            made[f"predict {other}"] = f"{other} is the target instead", settings
    answers = {text: help for text, (help, _) in made.items()}
    role = "target" if error.is_target else "column"
    reason = f"the {role} {name} cannot be used as it is"

    return Question(
        f"The {role} {name}", reason, str(error), answers, lambda text: answer(made[text][1])
    )


def _set(key: str, names: tuple[str, ...]) -> str:
    return f"{key}={FIELDS[key].kind.show(names)}"
