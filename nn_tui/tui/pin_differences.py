"""What tells pins apart that would be called alike: how they came to be what they are."""

from collections.abc import Sequence

from nn_tui.recipe.fields import FIELDS
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.pin import PinnedRun
from nn_tui.training.told import describe_edit
from nn_tui.tui.field_words import field_label, is_relevant

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
