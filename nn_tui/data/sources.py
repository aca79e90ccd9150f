"""From the recipe's ``data`` section to a dataset."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from nn_tui.data.builtin import BUNDLED, TABLES, load_builtin, truth_table
from nn_tui.data.dataset import Dataset, RawInputs
from nn_tui.data.errors import DataError
from nn_tui.data.generators import GENERATORS, generate
from nn_tui.data.labels import as_classes
from nn_tui.data.preprocessing import fit_preparation
from nn_tui.data.random_streams import random_stream
from nn_tui.data.split import in_groups, split_samples
from nn_tui.fileio import folder_of
from nn_tui.text import did_you_mean, quoted

SOURCES: dict[str, str] = {
    **TABLES,
    **{name: shape.help for name, shape in GENERATORS.items()},
    **{name: entry.help for name, entry in BUNDLED.items()},
}
"""Every built-in source by name, with a line of help each."""


_GROUPED = (
    "the rows are sorted by the target, so they were shuffled before the test part was taken; "
    "data.order = file keeps their order"
)


def auto_test_fraction(source: str) -> float:
    """The part held back where nothing else is said.

    Half of drawn points, as TensorFlow Playground; a fifth of a bundled set; nothing of a
    truth table and of a person's own file, whose rows then all train in their own order.
    """
    return 0.5 if source in GENERATORS else 0.2 if source in BUNDLED else 0.0


def load_dataset(
    source: str,
    *,
    samples: int = 500,
    noise: float = 0.0,
    seed: int | str = 0,
    test_fraction: float | str = "auto",
    target: Sequence[str] = (),
    features: Sequence[str] = (),
    scale: str = "none",
    classes: bool = False,
    missing: str = "refuse",
    shuffle: bool | str = "auto",
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Dataset:
    """The dataset of that name in ``SOURCES``, or of the file at that path.

    ``samples`` and ``noise`` (0..0.8) are for generated sets, ``target`` (column names, by
    default the last) and ``missing`` (``refuse`` or ``drop``) for files. ``features`` are
    column names, or for two columns also what follows from them; none means every column.
    ``scale`` is a name in ``SCALINGS``, measured on the training part. With ``classes``
    whole numbers as targets become classes.

    ``seed`` draws the points and the order of the samples; a text draws them as TensorFlow
    Playground does. Generated points are always shuffled; ``shuffle`` decides it for the
    rest, where ``auto`` shuffles bundled sets, and a person's file only if a part of it is
    held back and its rows are sorted by the target. The test part is the last one.

    Raises DataError, and LoadCancelled once ``cancelled`` says so.
    """
    fraction = auto_test_fraction(source) if isinstance(test_fraction, str) else test_fraction
    if source in GENERATORS or source in TABLES:
        if target:
            raise DataError(f"{source} has one target only; data.target is for files")
        whole = _made(source, samples, noise, seed, fraction, shuffle is True)
    else:
        read = partial(_read, target=target, features=features, missing=missing)
        whole = read(source, progress, cancelled)
        if isinstance(shuffle, str):
            shuffle = source in BUNDLED
            if not shuffle and fraction > 0 and in_groups(whole.targets):
                shuffle = True
                whole = replace(whole, notes=(*whole.notes, _GROUPED))
        whole = split_samples(whole, fraction, random_stream(seed) if shuffle else None)
    whole = as_classes(whole) if classes else whole
    return _prepared(replace(whole, notes=(*whole.notes, *_constant(whole))), features, scale)


def _constant(dataset: Dataset) -> Iterator[str]:
    """Notes on continuous targets that are the same for every sample."""
    for name, values in zip(dataset.target_names, dataset.targets.T, strict=True):
        if not dataset.classes and len(values) and (values == values[0]).all():
            yield f"every value of the target {name} is {values[0]:g}: there is nothing to learn"


def _made(
    source: str, samples: int, noise: float, seed: int | str, fraction: float, mixed: bool
) -> Dataset:
    """A generated set or a truth table, split."""
    if source in GENERATORS:
        return generate(source, samples, noise, seed, fraction)
    return split_samples(truth_table(source), fraction, random_stream(seed) if mixed else None)


def _read(
    source: str,
    progress: Callable[[float], None] | None,
    cancelled: Callable[[], bool] | None,
    *,
    target: Sequence[str],
    features: Sequence[str],
    missing: str,
) -> Dataset:
    """A bundled set or a person's file, whole and in its own order."""
    if source in BUNDLED:
        return load_builtin(source, target, features)
    _refuse_unknown(source)
    from nn_tui.data.readers.detect import load_file  # what the built-in sets do without

    return load_file(
        source,
        target=target,
        features=features,
        drop=missing == "drop",
        progress=progress,
        cancelled=cancelled,
    )


def _refuse_unknown(source: str) -> None:
    """Raises DataError for what is neither a file nor looks like the path of one."""
    if os.path.lexists(source) or os.sep in source or "." in source:
        return
    hint = did_you_mean(source, SOURCES, f"the built-in sets are {', '.join(SOURCES)}")
    folder = folder_of(Path(source))
    raise DataError(f"{quoted(source)} is neither a built-in set nor a file in {folder}; {hint}")


def _prepared(dataset: Dataset, features: Sequence[str], scale: str) -> Dataset:
    """The dataset with features chosen and scaled; what they were made from is kept."""
    made = fit_preparation(
        dataset.inputs, dataset.input_names, dataset.train_count, features, scale
    )
    if made is None:
        return dataset
    preparation, inputs = made
    same = preparation.names == dataset.input_names
    return replace(
        dataset,
        inputs=inputs,
        input_names=preparation.names,
        picture=dataset.picture if same else None,
        origin=RawInputs(dataset.inputs, dataset.input_names, preparation),
    )
