"""Questions about a data file that is not opened as it is, and their answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from nn_tui.data.errors import ColumnError, MissingValues
from nn_tui.recipe.fields import FIELDS

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
    error: ColumnError, assignments: Sequence[str], answer: Callable[[Sequence[str]], object]
) -> Question:
    """How to read a file in spite of one of its columns.

    ``assignments`` are the settings with which it was read; ``answer`` is called with others.
    """
    made: dict[str, tuple[str, str]] = {}
    name = error.column
    if not error.is_target:
        setting = _added("data.features", f"-{name}", assignments)
        made[_LEAVE_OUT] = f"{name} is not an input", setting
    if error.is_other:
        setting = _added("data.categories", name, assignments)
        made[_AS_CATEGORIES] = f"each of its strings is one, {_MOST_CATEGORIES}", setting
    if error.is_target:
        for other in error.others:
            made[f"predict {other}"] = f"{other} is the target instead", _only(other)
    answers = {text: help for text, (help, _) in made.items()}
    role = "target" if error.is_target else "column"
    reason = f"the {role} {name} cannot be used as it is"

    def take(text: str) -> None:
        answer((*assignments, made[text][1]))

    return Question(f"The {role} {name}", reason, str(error), answers, take)


def _only(target: str) -> str:
    return f"data.target={FIELDS['data.target'].kind.show((target,))}"


def _added(key: str, name: str, assignments: Sequence[str]) -> str:
    """The assignment of ``key`` among ``assignments``, with one more name in its list."""
    kind = FIELDS[key].kind
    known: tuple[str, ...] = ()
    for assignment in assignments:
        word, _, text = assignment.partition("=")
        if word.strip() == key:
            known = kind.parse(text)
    return f"{key}={kind.show((*known, name))}"
