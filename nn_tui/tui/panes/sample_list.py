"""A list of samples to choose one from."""

from collections.abc import Callable, Sequence

from nn_tui.data.dataset import Dataset
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.dialogs.choose import Choice, ChoiceDialog
from nn_tui.tui.drawing.numbers import format_datum, format_fixed
from nn_tui.tui.drawing.short_names import short_names

_MOST = 1000
_MOST_INPUTS = 8


def sample_list(
    snapshot: Snapshot,
    pair: tuple[int, int],
    found: Sequence[tuple[int, float]],
    take: Callable[[int], None],
) -> ChoiceDialog:
    """The samples of the class ``pair`` (actual, predicted); ``take`` gets the one chosen.

    ``found`` are samples, each with the output of the predicted class.
    """
    dataset = snapshot.dataset
    names = dataset.class_names
    shown = found[:_MOST]
    entries = [
        Choice(f"#{sample + 1}", f"ŷ {format_fixed(output, 6).strip()}  {_inputs(dataset, sample)}")
        for sample, output in shown
    ]
    title = f"{names[pair[0]]} predicted as {names[pair[1]]}"
    many = f"{len(found):,} sample{'s' if len(found) != 1 else ''}"
    about = f"{many}, the most certain first; enter goes to the sample"
    if len(shown) < len(found):
        about = f"the {len(shown):,} most certain of {many}; enter goes to the sample"
    return ChoiceDialog(title, about, entries, lambda chosen: take(int(chosen[0][1:]) - 1))


def excited_list(
    snapshot: Snapshot,
    unit: str,
    found: Sequence[tuple[int, float]],
    take: Callable[[int], None],
) -> ChoiceDialog:
    """The samples with the highest activation of a ``unit``; ``take`` gets the one chosen.

    ``found`` are samples, each with its activation, the highest first.
    """
    dataset = snapshot.dataset
    rule = dataset.decision_rule(snapshot.network.output)
    shown = found[:_MOST]
    targets = dataset.encoded(snapshot.network.output)
    entries = []
    for sample, activation in shown:
        target = ""
        if rule is not None and rule.names:
            target = f"{rule.names[int(rule.decide(targets[sample]))]}  "
        part = f"{dataset.part_of(sample)}  " if dataset.part_of(sample) != "train" else ""
        words = f"{format_fixed(activation, 7).strip()}  {target}{part}{_inputs(dataset, sample)}"
        entries.append(Choice(f"#{sample + 1}", words))
    spread = f"{format_fixed(found[0][1]).strip()} down to {format_fixed(found[-1][1]).strip()}"
    about = f"{len(found):,} samples, activations from {spread}; enter goes to the sample"
    title = f"Samples with the highest activation of {unit}"
    return ChoiceDialog(title, about, entries, lambda chosen: take(int(chosen[0][1:]) - 1))


def _inputs(dataset: Dataset, sample: int) -> str:
    """The first inputs of a sample, as the table has them."""
    if dataset.picture:
        return ""
    names, values = short_names(dataset).raw, dataset.raw_inputs[sample].tolist()
    pairs = list(zip(names, values, strict=True))[:_MOST_INPUTS]
    return "  ".join(f"{name} {format_datum(value, 8)}" for name, value in pairs)
