"""Labels of pinned runs: a number, and in a few words how each differs from the others."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nn_tui.recipe.field_types import Value
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.line_fields import field_of
from nn_tui.text import make_printable
from nn_tui.training.branches import PinnedRun
from nn_tui.training.edit_descriptions import describe_edit
from nn_tui.training.edits import RecipeEdit
from nn_tui.tui.drawing.strips import squeezed

_SHORT_NAMES = {
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
"""Short names of fields; empty where the value is clear without a name."""
_RELEVANT = [key for key in FIELDS if not key.startswith(("view.", "training.epochs"))]
"""Fields that affect a loss curve."""
_MOST_DETAILS = 3
_LONGEST = 24
_SHORTEST = 12


def label_pins(pins: Iterable[PinnedRun], current: str = "") -> tuple[PinnedRun, ...]:
    """Return the pins with labels, numbered from 1; ``current`` names the current run.

    A label has the settings that differ from the preset, the epoch where these are the same
    for two pins, and in parentheses what else distinguishes them.
    """
    pins = tuple(pins)
    names = {pin.position.run.name for pin in pins} | ({current} if current else set())
    settings = [_settings(pin, with_name=len(names) > 1) for pin in pins]
    count = Counter(settings)
    heads = [
        (text, f" {pin.outcome.epoch:,}" if count[text] > 1 or text == _name(pin) else "")
        for pin, text in zip(pins, settings, strict=True)
    ]
    details = [""] * len(pins)
    for head in dict.fromkeys(heads):
        same = [i for i, other in enumerate(heads) if other == head]
        for i, text in zip(same, _distinctions([pins[i] for i in same], head[0]), strict=True):
            details[i] = f" ({text})" if text else ""
    return tuple(
        replace(pin, label=f"{number} {_shorten(text, epoch + more)}")
        for number, (pin, (text, epoch), more) in enumerate(
            zip(pins, heads, details, strict=True), 1
        )
    )


def _settings(pin: PinnedRun, with_name: bool) -> str:
    """The settings that differ from the preset; the run's name if none does."""
    recipe, preset = pin.outcome.recipe, pin.position.run.preset or pin.position.run.recipe
    changed = dict(preset.differences(recipe))
    parts = [_field_label(key, recipe[key]) for key in _RELEVANT if key in changed]
    name = _name(pin) if with_name or not (parts or pin.note) else ""
    parts = parts or ([pin.note] if pin.note else [])
    for shown in range(len(parts), 0, -1):
        more = f" +{len(parts) - shown}" if shown < len(parts) else ""
        text = f"{name} {', '.join(parts[:shown])}{more}".strip()
        if len(text) <= _LONGEST or shown == 1:
            return text
    return name


def _distinctions(pins: Sequence[PinnedRun], settings: str) -> list[str]:
    """For each of the pins with the same ``settings``, what the others do not have, or empty.

    The epochs of the edits are compared only if the pins are otherwise the same.
    """
    facts = [_facts(pin, settings, with_epochs=True) for pin in pins]
    different = len({*facts})
    texts = [""] * len(pins)
    for with_epochs in (False, True):
        facts = [_facts(pin, settings, with_epochs) for pin in pins]
        common = set[str].intersection(*map(set[str], facts))
        own = [[fact for fact in pin if fact and fact not in common] for pin in facts]
        for count in range(1, _MOST_DETAILS + 1):
            texts = [", ".join(pin[:count]) for pin in own]
            if len({*texts}) == different:
                return texts
    return texts


def _facts(pin: PinnedRun, settings: str, with_epochs: bool) -> tuple[str, ...]:
    """Settings and edits of a pin, and its note; edits with their epochs on request.

    An edit that is all that ``settings`` names is reduced to its epoch.
    """
    recipe, run = pin.outcome.recipe, pin.position.run
    facts = [_field_label(key, recipe[key]) for key in _RELEVANT]
    for edit in run.until(pin.position.epoch).edits:
        when = f"after {edit.epoch:,}" if with_epochs else ""
        if isinstance(edit, RecipeEdit):
            edited = [
                f"{'' if recipe[key] == value else 'once '}{_field_label(key, value)}"
                for key, value in edit.changes
                if key in _RELEVANT
            ]
        else:
            edited = [describe_edit(edit, run.dataset)]
        for text in edited:
            known = ", " not in settings and settings.endswith(text)
            facts.append(f"{'' if known else text} {when}".strip())
    return (*facts, pin.note)


def _field_label(key: str, value: Value) -> str:
    """A field and its value, as in ``lr 0.3``."""
    name = _SHORT_NAMES.get(key, field_of(key).label)
    return f"{name} {make_printable(field_of(key).kind.show(value)).replace(', ', '-')}".strip()


def _shorten(settings: str, rest: str) -> str:
    return squeezed(settings, max(_SHORTEST, _LONGEST - len(rest))) + rest


def _name(pin: PinnedRun) -> str:
    return make_printable(pin.position.run.name)
