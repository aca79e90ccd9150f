"""What pinned runs are called: a number, and in a few words what is different about each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from nn_tui.recipe.fields import FIELDS
from nn_tui.text import make_printable
from nn_tui.training.branches import PinnedRun
from nn_tui.training.edit_descriptions import describe_edit
from nn_tui.training.edits import RecipeEdit
from nn_tui.tui.drawing.strips import squeezed

_WORDS = {
    "training.learning_rate": "lr",
    "training.batch_size": "batch",
    "training.optimizer": "",
    "training.loss": "",
    "network.hidden": "hidden",
    "network.activation": "",
    "network.seed": "seed",
    "network.dtype": "",
    "network.init": "init",
}
"""Short words for keys; none where the value speaks for itself."""
_NO_MATTER = ("view.", "training.epochs")
"""Keys that change nothing in a curve."""


def field_label(key: str, value: Any) -> str:
    """A field and its value, as in ``lr 0.3``."""
    word = _WORDS.get(key, FIELDS[key].label)
    return f"{word} {make_printable(FIELDS[key].kind.show(value)).replace(', ', '-')}".strip()


def is_relevant(key: str) -> bool:
    """Whether a field changes anything in a curve."""
    return not key.startswith(_NO_MATTER)


_MOST = 3


def differing_settings(pins: Sequence[PinnedRun], words: str) -> list[str]:
    """For each of some pins what the others have not, in a few words, or empty.

    ``words`` are what all are called by. First it is what their recipes and changes are, and
    only where that is the same when it was changed.
    """
    facts = [_facts(pin, words, dated=True) for pin in pins]
    different = len({*facts})
    told = [""] * len(pins)
    for dated in (False, True):
        facts = [_facts(pin, words, dated) for pin in pins]
        common = set[str].intersection(*map(set[str], facts))
        own = [[fact for fact in pin if fact and fact not in common] for pin in facts]
        for count in range(1, _MOST + 1):
            told = [", ".join(pin[:count]) for pin in own]
            if len({*told}) == different:
                return told
    return told


def _facts(pin: PinnedRun, words: str, dated: bool) -> tuple[str, ...]:
    """A pin's recipe and changes, each in a word or two; changes with their epochs if ``dated``.

    Of a change that ``words`` tell, and no other, only the epoch is left.
    """
    recipe, run = pin.outcome.recipe, pin.place.run
    facts = [field_label(key, recipe[key]) for key in FIELDS if is_relevant(key)]
    for edit in run.until(pin.place.epoch).edits:
        when = f"after {edit.epoch:,}" if dated else ""
        if isinstance(edit, RecipeEdit):
            changes = [change for change in edit.changes if is_relevant(change[0])]
            what = [f"{'' if recipe[k] == v else 'once '}{field_label(k, v)}" for k, v in changes]
        else:
            what = [describe_edit(edit, run.dataset)]
        facts += [f"{'' if _tell(words, fact) else fact} {when}".strip() for fact in what]
    return (*facts, pin.note)


def _tell(words: str, fact: str) -> bool:
    return words.endswith(fact) and ", " not in words


_LONGEST = 24
_SHORTEST = 12


def label_pins(pins: Iterable[PinnedRun], here: str = "") -> tuple[PinnedRun, ...]:
    """The pins, numbered from 1, each with what tells it from the others.

    ``here`` is the name of the run that they are behind.
    """
    pins = tuple(pins)
    several = len({pin.place.run.name for pin in pins} | ({here} if here else set())) > 1
    words = [_words(pin, several) for pin in pins]
    epochs = [_epoch(pin, word, words) for pin, word in zip(pins, words, strict=True)]
    called = [*zip(words, epochs, strict=True)]
    more = [""] * len(pins)
    for name in dict.fromkeys(called):
        alike = [place for place, other in enumerate(called) if other == name]
        own = differing_settings([pins[place] for place in alike], name[0])
        for place, word in zip(alike, own, strict=True):
            more[place] = f" ({word})" if word else ""
    return tuple(
        replace(pin, label=f"{number} {_fitted(word, epoch + extra)}")
        for number, (pin, word, epoch, extra) in enumerate(
            zip(pins, words, epochs, more, strict=True), 1
        )
    )


def _epoch(pin: PinnedRun, word: str, words: Sequence[str]) -> str:
    """The epoch of a pin, where its ``word`` alone does not tell it apart."""
    alike = words.count(word) > 1 or word == _name(pin)
    return f" {pin.outcome.epoch:,}" if alike else ""


def _fitted(word: str, rest: str) -> str:
    return squeezed(word, max(_SHORTEST, _LONGEST - len(rest))) + rest


def _words(pin: PinnedRun, several: bool) -> str:
    """What is different from its preset; its name if nothing is, or if there are ``several``."""
    recipe, preset = pin.outcome.recipe, pin.place.run.preset or pin.place.run.recipe
    changes = dict(preset.differences(recipe))
    keys = [key for key in FIELDS if key in changes and is_relevant(key)]
    parts = [field_label(key, changes[key]) for key in keys]
    name = _name(pin) if several or not (parts or pin.note) else ""
    parts = parts or ([pin.note] if pin.note else [])
    for shown in range(len(parts), 0, -1):
        more = f" +{len(parts) - shown}" if shown < len(parts) else ""
        words = f"{name} {', '.join(parts[:shown])}{more}".strip()
        if len(words) <= _LONGEST or shown == 1:
            return words
    return name


def _name(pin: PinnedRun) -> str:
    return make_printable(pin.place.run.name)
