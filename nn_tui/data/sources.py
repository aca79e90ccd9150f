"""Loading the dataset of a recipe's ``data`` section: built-in, generated, or from a file."""

import os
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui.data.builtin import BUNDLED, TABLES, load_builtin, truth_table
from nn_tui.data.dataset import Dataset, RawInputs
from nn_tui.data.errors import DataError
from nn_tui.data.filling import fill_missing
from nn_tui.data.fitted import FittedData
from nn_tui.data.folds import Fold, fold_split
from nn_tui.data.generators import GENERATORS, draw_points, generate
from nn_tui.data.labels import with_task
from nn_tui.data.preprocessing import TargetScaling, fit_preparation, joined_names, takes_in
from nn_tui.data.random_streams import random_stream
from nn_tui.data.raw_columns import sources_of
from nn_tui.data.readers.detect import ReadOptions, load_file
from nn_tui.data.readers.standard_input import STANDARD_INPUT
from nn_tui.data.split import (
    date_order,
    sorted_by_target,
    split_samples,
    stratified_split,
    with_validation_set,
)
from nn_tui.data.target_copies import target_copies
from nn_tui.fileio import folder_of
from nn_tui.spelling import did_you_mean
from nn_tui.text import quoted

SOURCES: dict[str, str] = {
    **TABLES,
    **{name: shape.help for name, shape in GENERATORS.items()},
    **{name: entry.help for name, entry in BUNDLED.items()},
}
"""Help of every built-in source, by name."""


ORDERS = {
    "auto": "shuffle built-in sets and sorted files; else as in the file",
    "file": "as in the file",
    "random": "shuffled with the data seed",
    "stratified": "shuffled with the data seed; all targets have their share of the test set",
    "by_date": "oldest first if the rows are sorted by a date, else stratified",
}
"""Help of the orders of the samples before the split, by recipe name."""

_SORTED = (
    "the rows are sorted by the target and were shuffled before the train/test split; "
    "data.order = file keeps their order"
)
_UNTRAINED = (
    "so the network cannot learn it; data.order = stratified keeps one of each class for training"
)


Readings = MutableMapping[tuple[Any, ...], Dataset]
"""Built-in sets and files that were read, unsplit, by what determines the reading."""


def auto_test_fraction(source: str) -> float:
    """Return the default test fraction of a source.

    0.5 for generated data, as in TensorFlow Playground; 0.2 for built-in sets; 0 for truth
    tables and files.
    """
    return 0.5 if source in GENERATORS else 0.2 if source in BUNDLED else 0.0


def load_dataset(
    source: str,
    *,
    samples: int = 500,
    noise: float = 0.0,
    seed: int | str = 0,
    test_fraction: float | str = "auto",
    validation_fraction: float = 0.0,
    target: Sequence[str] = (),
    features: Sequence[str] = (),
    columns: str = "plain",
    categories: Sequence[str] = (),
    scale: str = "none",
    target_scale: str = "none",
    task: str = "by_loss",
    classes: bool = False,
    missing: str = "refuse",
    header: str = "text",
    order: str = "auto",
    fitted: FittedData | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    fold: Fold | None = None,
    readings: Readings | None = None,
) -> Dataset:
    """Load the dataset of that name in ``SOURCES``, or of the file at that path.

    ``samples`` and ``noise`` (0..0.8) apply to generated data; ``target`` (column names, by
    default the last), ``columns`` (one of ``COLUMN_READINGS``), ``categories`` (column
    names), ``missing`` (one of ``MISSING``) and ``header`` (of ``HEADERS``) to files. ``features``
    are column names or, with two columns, features derived from them; empty means all columns.
    ``scale`` is a name in ``SCALINGS``, fitted on the training set, and ``target_scale`` a
    name in ``TARGET_SCALES``, for continuous targets. ``task`` is one of ``TASKS``; ``classes`` is
    whether network and loss require classes.

    ``seed`` determines the points and the order of the samples; a string seed gives the
    random numbers of TensorFlow Playground. Generated points are always shuffled; ``order``
    is one of ``ORDERS`` for the rest. The test set comes last; ``validation_fraction`` of the
    other samples are the validation set.

    With ``fitted``, the columns, the classes and all scaling of a file are those. With a
    ``fold``, the test set is that fold, whatever ``test_fraction``: shuffled with ``seed``, or
    consecutive rows for ``order`` = ``file`` and for rows sorted by a date. ``readings`` keeps
    what is read, so that it is read once.

    Raises DataError, and LoadCancelled once ``cancelled`` returns true.
    """
    fraction = auto_test_fraction(source) if isinstance(test_fraction, str) else test_fraction
    if source in GENERATORS or source in TABLES:
        if target:
            raise DataError(f"{source} has a single target; data.target is for data files")
        order = "stratified" if order == "by_date" else order  # there are no dates
        whole = _generated(source, samples, noise, seed, fraction, order, fold)
        whole = with_task(whole, task, classes)
        whole = _with_validation_set(whole, validation_fraction, order)
    else:
        if fitted is not None:
            task = "classification" if fitted.classes else "regression"
            features = tuple(dict.fromkeys(fitted.sources))
            target = target or (fitted.target_names if fitted.table else ())
        written = {} if fitted is None else fitted.written
        options = ReadOptions(
            target, features, columns, missing, header, progress, cancelled, written, categories
        )
        whole = _read(source, options, readings)
        if order == "auto":
            order = "random" if source in BUNDLED else "file"
            held_out = fraction > 0 or validation_fraction > 0
            if fold is not None:
                order, held_out = "random", False
            if order == "file" and held_out and sorted_by_target(whole.targets):
                order, whole = "random", replace(whole, notes=(*whole.notes, _SORTED))
        if order == "by_date":
            whole, order = _by_date(whole, fold)
        whole = _split(with_task(whole, task, classes), fraction, seed, order, fold)
        if fitted is not None:
            return fitted.apply(_with_validation_set(whole, validation_fraction, order))
        whole = fill_missing(_with_validation_set(whole, validation_fraction, order))
    if target_scale == "auto":
        target_scale = "none" if source in GENERATORS or source in TABLES else "standard"
    if target_scale == "standard":
        whole = _with_scaled_targets(whole)
    notes = (*whole.notes, *_constant(whole), *_untrained_classes(whole))
    if columns == "auto":
        notes = (*notes, *target_copies(whole))
    return _prepared(replace(whole, notes=notes), features, scale)


def _by_date(dataset: Dataset, fold: Fold | None) -> tuple[Dataset, str]:
    """Return samples sorted by a date, oldest first, and the order in which to split them."""
    found = date_order(dataset)
    if found is None:
        return dataset, "stratified"
    name, ascending = found
    turned = "" if ascending else " in reverse"
    note = (
        f"the rows are in the order of the date {name} and are kept{turned}, so that the test set "
        "is the latest; data.order = stratified draws it at random"
    )
    if fold is not None:
        note = (
            f"the rows are in the order of the date {name}: each fold is a period, most of them "
            "predicted from later rows too; data.order = stratified draws the folds at random"
        )
    dataset = replace(dataset, notes=(*dataset.notes, note))
    if not ascending:
        inputs, targets = dataset.inputs[::-1].copy(), dataset.targets[::-1].copy()
        dataset = replace(dataset, inputs=inputs, targets=targets)
    return dataset, "file"


def _with_scaled_targets(dataset: Dataset) -> Dataset:
    """Return the dataset with its targets scaled for training, if they are continuous."""
    if dataset.classes or len(dataset.levels) == 2:
        return dataset
    scaling = TargetScaling.fit(dataset.targets[: dataset.train_count])
    return replace(dataset, target_scaling=scaling)


def _constant(dataset: Dataset) -> Iterator[str]:
    """Yield a note for each continuous target that is the same for every sample."""
    for name, values in zip(dataset.target_names, dataset.targets.T, strict=True):
        if not dataset.classes and len(values) and (values == values[0]).all():
            yield f"the target {name} is constant ({values[0]:g}), so there is nothing to learn"


def _untrained_classes(dataset: Dataset) -> Iterator[str]:
    """Yield a note on the classes that only samples outside the training set have."""
    names = dataset.class_names
    if not names:
        return
    trained, found = (
        np.bincount(dataset.class_numbers(rows), minlength=len(names)) > 0
        for rows in (dataset.parts["train"], slice(None))
    )
    missing = [quoted(name) for name, t, f in zip(names, trained, found, strict=True) if f > t]
    if len(missing) == 1:
        yield f"the class {missing[0]} has no training samples, {_UNTRAINED}"
    elif missing:
        yield f"the classes {joined_names(missing)} have no training samples, {_UNTRAINED}"


def _with_validation_set(dataset: Dataset, fraction: float, order: str) -> Dataset:
    """Return the split dataset with its validation set, or a note that it would be empty."""
    if not fraction:
        return dataset
    dataset = with_validation_set(dataset, fraction, order == "stratified")
    if dataset.validation_count:
        return dataset
    note = f"too few training samples for data.validation_fraction = {fraction:g}: none is held out"
    return replace(dataset, notes=(*dataset.notes, note))


def _generated(
    source: str,
    samples: int,
    noise: float,
    seed: int | str,
    fraction: float,
    order: str,
    fold: Fold | None,
) -> Dataset:
    """Return generated data or a truth table, split."""
    if source not in GENERATORS:
        if order == "auto":
            order = "file" if fold is None else "random"
        return _split(truth_table(source), fraction, seed, order, fold)
    if fold is None:
        return generate(source, samples, noise, seed, fraction)
    stream = random_stream(seed)
    return fold_split(draw_points(source, stream, samples, noise), fold, stream)


def _split(
    dataset: Dataset, fraction: float, seed: int | str, order: str, fold: Fold | None
) -> Dataset:
    """Return the dataset split, in one of ``ORDERS`` other than ``auto``."""
    stream = None if order == "file" else random_stream(seed)
    if fold is not None:
        return fold_split(dataset, fold, stream)
    if stream is not None and order in ("stratified", "by_date"):  # the same without a date
        return stratified_split(dataset, fraction, stream)
    return split_samples(dataset, fraction, stream)


def _read(source: str, options: ReadOptions, readings: Readings | None) -> Dataset:
    """Read a built-in set or a file, unsplit and in its own order, unless it is in ``readings``."""
    of_file: tuple[object, ...] = ()
    if source not in BUNDLED:
        categories = tuple(options.categories)
        of_file = (options.columns, options.missing, options.header, categories)
    key = (source, tuple(options.target), tuple(options.features), *of_file)
    if readings is not None and key in readings:
        return readings[key]
    if source in BUNDLED:
        whole = load_builtin(source, options.target, options.features)
    else:
        _check_source(source)
        whole = load_file(source, options)
    if readings is not None:
        readings[key] = whole
    return whole


def _check_source(source: str) -> None:
    """Raise DataError for a name that is neither a file nor looks like a path."""
    if source == STANDARD_INPUT or os.path.lexists(source) or os.sep in source or "." in source:
        return
    hint = did_you_mean(source, SOURCES, f"the built-in sets are {', '.join(SOURCES)}")
    folder = folder_of(Path(source))
    raise DataError(f"{quoted(source)} is neither a built-in set nor a file in {folder}; {hint}")


def _parts(dataset: Dataset, feature: str) -> Sequence[str]:
    """Return the inputs that a feature stands for: all those made of a date, or itself."""
    dates = {column.name for column in dataset.table if column.kind == "date"}
    if feature not in dates:
        return (feature,)
    sources = sources_of(dataset.input_names, dataset.table)
    pairs = zip(dataset.input_names, sources, strict=True)
    return [name for name, source in pairs if source == feature]


def _prepared(dataset: Dataset, features: Sequence[str], scale: str) -> Dataset:
    """Return the dataset with features selected and scaled; the raw columns are kept."""
    read = {part for name in dataset.input_names for part in (name, name.partition("=")[0])}
    unread = {f"-{name}" for name in dataset.columns if name not in read}
    features = [
        part
        for name in features
        if name not in unread and not takes_in(name, dataset.input_names)
        for part in _parts(dataset, name)
    ]
    fitted = fit_preparation(
        dataset.inputs, dataset.input_names, dataset.train_count, features, scale
    )
    if fitted is None:
        return dataset
    preparation, inputs = fitted
    same = preparation.names == dataset.input_names
    return replace(
        dataset,
        inputs=inputs,
        input_names=preparation.names,
        picture=dataset.picture if same else None,
        origin=RawInputs(dataset.inputs, dataset.input_names, preparation),
    )
