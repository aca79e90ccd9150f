"""What was fitted to a training set, applied to another table: columns, scaling, classes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from nn_tui.data.dataset import Dataset, RawInputs
from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import Preparation, TargetScaling, joined_names
from nn_tui.data.raw_columns import INDICATOR, date_part, groups_of, sources_of, typical_row
from nn_tui.data.readers.date_formats import date_parts
from nn_tui.text import quoted
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class FittedData:
    """The raw columns of a training set with their encoding, scaling and classes.

    ``columns`` are the raw columns, and ``sources`` the columns of a table they are made of, as
    in ``raw_columns``; ``typical`` (raw columns,) replaces missing values. ``preparation`` is
    None where the raw columns are the inputs. ``classes`` is empty for numbers. ``table`` are
    all columns of the table, empty without one; ``dates`` are those of dates.
    ``written`` is how the cells of its columns are written, as in ``TableColumn``.
    """

    columns: tuple[str, ...]
    sources: tuple[str, ...]
    typical: Array
    preparation: Preparation | None
    target_names: tuple[str, ...]
    target_scaling: TargetScaling | None
    classes: tuple[str, ...]
    table: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Return what was fitted to the training set of ``dataset``."""
        names = dataset.raw_names
        sources = sources_of(names, dataset.table)
        return cls(
            columns=names,
            sources=sources,
            typical=typical_row(dataset.raw_inputs[: dataset.train_count], names, sources),
            preparation=None if dataset.origin is None else dataset.origin.preparation,
            target_names=dataset.target_names,
            target_scaling=dataset.target_scaling,
            classes=dataset.classes,
            table=dataset.columns,
            dates=tuple(column.name for column in dataset.table if column.kind == "date"),
            written={column.name: column.written for column in dataset.table if column.written},
        )

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the unscaled ``dataset`` with the columns, classes and scaling of this one.

        Missing inputs (NaN) are filled in. Raises DataError where a column is lacking or of
        another type, for another target, and for an unknown class.
        """
        raw, notes = self._raw(dataset)
        preparation = self.preparation
        inputs = raw if preparation is None else preparation.apply(raw)
        same = self.columns == dataset.input_names and (
            preparation is None or preparation.names == self.columns
        )
        return replace(
            dataset,
            inputs=inputs,
            input_names=self.columns if preparation is None else preparation.names,
            targets=self._targets(dataset),
            classes=self.classes,
            picture=dataset.picture if same else None,
            origin=None if preparation is None else RawInputs(raw, self.columns, preparation),
            target_scaling=self.target_scaling,
            notes=(*dataset.notes, *notes),
        )

    def _raw(self, dataset: Dataset) -> tuple[Array, list[str]]:
        """Return the raw columns (samples, raw columns), and notes on what was replaced."""
        raw = np.zeros((dataset.samples, len(self.columns)))
        there = groups_of(sources_of(dataset.input_names, dataset.table))
        wanted = groups_of(self.sources)
        dates = {column.name for column in dataset.table if column.kind == "date"}
        lacking = [name for name in wanted if name not in there]
        if lacking:
            word = "column" if len(lacking) == 1 else "columns"
            raise DataError(
                f"the model needs the {word} {joined_names(lacking)}; the inputs are "
                f"{joined_names([*there])}"
            )
        filled: list[str] = []
        unknown: list[str] = []
        for name, numbers in wanted.items():
            place = {dataset.input_names[n]: n for n in there[name]}
            self._check_type(name, numbers, [*place])
            values = dataset.inputs[:, [*place.values()]]
            absent = np.isnan(values).any(axis=1)
            encoded = [n for n in numbers if self.columns[n] != name + INDICATOR]
            parts = {}
            if name in dates and name in place:
                of_date = date_parts(dataset.inputs[:, place[name]])
                parts = {date_part(name, part): values for part, values in of_date.items()}
            for number in numbers:
                if self.columns[number] in parts:  # also a part that does not vary here
                    raw[:, number] = parts[self.columns[number]]
                elif number not in encoded:
                    raw[:, number] = absent
                elif self.columns[number] in place:
                    raw[:, number] = dataset.inputs[:, place[self.columns[number]]]
            if name not in place:
                known = [place[c] for n in encoded if (c := self.columns[n]) in place]
                none = (dataset.inputs[:, known] == 0).all(axis=1) & ~absent
                if none.any():
                    unknown.append(f"{name} ({int(none.sum()):,})")
            if absent.any():
                raw[np.flatnonzero(absent)[:, None], encoded] = self.typical[encoded]
                filled.append(f"{name} ({int(absent.sum()):,})")
        notes = []
        if filled:
            notes.append(f"missing values were filled in as in the model: {joined_names(filled)}")
        if unknown:
            told = joined_names(unknown)
            notes.append(f"categories that the model has never seen count as none: {told}")
        return raw, notes

    def _check_type(self, name: str, numbers: list[int], there: list[str]) -> None:
        """Raise DataError where ``there``, the raw columns of ``name``, are of another type."""
        is_number = name in [self.columns[n] for n in numbers]
        if is_number == (name in there):
            return
        types = ("numbers", "text") if is_number else ("text", "numbers")
        raise DataError(f"the column {quoted(name)} is {types[1]}, but {types[0]} in the model")

    def _targets(self, dataset: Dataset) -> Array:
        """Return the targets of ``dataset``, class numbers as those of ``classes``."""
        if dataset.target_names != self.target_names:
            told = joined_names(self.target_names)
            raise DataError(f"the model predicts {told}, not {joined_names(dataset.target_names)}")
        if not self.classes:
            return dataset.targets
        unknown = [name for name in dataset.classes if name not in self.classes]
        if unknown:
            raise DataError(
                f"the model has no class {joined_names(unknown)}; its classes are "
                f"{joined_names(self.classes)}"
            )
        numbers = np.array([self.classes.index(name) for name in dataset.classes], np.float64)
        places: Array = numbers[dataset.targets.astype(int)]
        return places
