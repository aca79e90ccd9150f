"""The registry of data formats: every reader is detected, listed and documented."""

from pathlib import Path

import numpy as np
import pytest

from nn_tui.data.errors import DataError
from nn_tui.data.readers.detect import DATA_SUFFIXES, READERS, load_file
from nn_tui.recipe.fields import FIELDS

INPUTS = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([[1.0], [0.0], [1.0]])
TABLE = np.hstack([INPUTS, TARGETS])

ARFF = "@relation r\n" + "".join(f"@attribute {name} real\n" for name in "aby") + "@data"

WRITERS = {
    ".csv": lambda path: np.savetxt(path, TABLE, delimiter=","),
    ".tsv": lambda path: np.savetxt(path, TABLE, delimiter="\t"),
    ".arff": lambda path: np.savetxt(
        path, TABLE, delimiter=",", header=ARFF, comments="", encoding="ascii"
    ),
    ".npz": lambda path: np.savez(path, X=INPUTS, y=TARGETS),
    ".npy": lambda path: np.save(path, TABLE),
}
"""Writes INPUTS and TARGETS in the format of each suffix."""


@pytest.mark.parametrize("suffix", DATA_SUFFIXES)
def test_every_format_is_read_whatever_the_file_is_called(suffix, tmp_path):
    assert suffix in WRITERS, f"a new format: add a function that writes a {suffix} file to WRITERS"
    path = tmp_path / f"samples{suffix}"
    WRITERS[suffix](path)
    renamed = path.rename(tmp_path / "renamed")
    dataset = load_file(str(renamed))
    np.testing.assert_array_equal(dataset.inputs, INPUTS)
    np.testing.assert_array_equal(dataset.targets, TARGETS)


def test_every_format_is_documented():
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    for suffix in DATA_SUFFIXES:
        name = suffix[1:].upper()
        assert name in FIELDS["data.source"].kind.allowed
        assert name in readme, f"describe {name} files in README.md"


def test_formats_are_told_apart_by_magic_bytes():
    magic = [mark for reader in READERS for mark in reader.magic]
    assert len(set(magic)) == len(magic)
    assert [reader.name for reader in READERS if b"" in reader.magic] == [READERS[-1].name], (
        "text has no magic bytes: its reader must be the last entry of READERS"
    )
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in suffixes)


def test_a_format_that_cannot_be_read_says_what_to_do(tmp_path):
    path = tmp_path / "samples.csv"
    path.write_bytes(b"PAR1" + bytes(20))
    with pytest.raises(DataError, match=r"samples\.csv: it is a Parquet file; convert it to CSV"):
        load_file(str(path))
