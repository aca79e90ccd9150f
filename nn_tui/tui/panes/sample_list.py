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


def _inputs(dataset: Dataset, sample: int) -> str:
    """The first inputs of a sample, as the table has them."""
    if dataset.picture:
        return ""
    names, values = short_names(dataset).raw, dataset.raw_inputs[sample].tolist()
    pairs = list(zip(names, values, strict=True))[:_MOST_INPUTS]
    return "  ".join(f"{name} {format_datum(value, 8)}" for name, value in pairs)
