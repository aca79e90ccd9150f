"""Names of the samples that are not trained with: validation and test samples."""

from nn_tui.data.dataset import Dataset

_MARKS = {"train": "", "validation": "v", "test": "t"}


def part_mark(dataset: Dataset, sample: int) -> str:
    """Return the letter after the number of a sample: v for validation, t for test, or none."""
    return _MARKS[dataset.part_of(sample)]


def held_out_sets(dataset: Dataset) -> str:
    """Return the names of the sets that are not trained with, or an empty string."""
    return ", ".join(part for part in ("validation", "test") if part in dataset.parts)
