"""NumPy's files: read, or refused before anything large is allocated."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui import memory
from nn_tui.data import sources
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError
from nn_tui.text import make_printable

X = np.arange(12.0).reshape(6, 2)
Y = np.array([0, 1, 0, 1, 1, 0])


@pytest.fixture
def save(tmp_path):
    """Saves arrays as one file and gives its path."""

    def save(*single, **arrays):
        path = tmp_path / ("own.npy" if single else "own.npz")
        if single:
            np.save(path, single[0], allow_pickle=True)
        else:
            np.savez_compressed(path, **arrays)
        return str(path)

    return save


def refusal(path, **options):
    with pytest.raises(DataError) as caught:
        sources.load_dataset(path, **options)
    sentence = str(caught.value)
    assert make_printable(sentence) == sentence and len(sentence) < 300
    return sentence


def npy(header, data=b"", version=1):
    """A file of that header, true or not."""
    text = header.encode().ljust(117) + b"\n"
    size = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + size + text + data


@pytest.mark.parametrize(
    ("first", "second"), [("X", "y"), ("x", "Y"), ("inputs", "targets"), ("y", "X")]
)
def test_inputs_and_targets_by_name(save, first, second):
    names = {first: X, second: Y} if first != "y" else {first: Y, second: X}
    made = sources.load_dataset(save(**names, other=np.zeros(3)))
    np.testing.assert_array_equal(made.inputs, X)
    np.testing.assert_array_equal(made.targets[:, 0], Y)
    assert made.input_names == ("x1", "x2") and made.target_names == ("y",)
    assert made.train_count == 6 and made.inputs.dtype == np.float64


def test_one_array_has_its_target_last(save):
    table = np.column_stack([X, Y]).astype(np.float32)
    for path in (save(table), save(anything=table), save(np.asfortranarray(table))):
        made = sources.load_dataset(path)
        np.testing.assert_array_equal(made.inputs, X)
        np.testing.assert_array_equal(made.targets[:, 0], Y)
        assert made.inputs.flags.c_contiguous
    made = sources.load_dataset(save(table), target=["x1"])
    assert made.input_names == ("x2", "y") and made.targets[1, 0] == 2


@pytest.mark.parametrize("kind", [bool, np.int8, np.uint64, np.float16, ">f8"])
def test_numbers_of_every_kind(save, kind):
    made = sources.load_dataset(save(X=np.eye(2).astype(kind), y=np.ones(2)))
    np.testing.assert_array_equal(made.inputs, np.eye(2))


def test_texts_are_classes_and_numbers_may_be(save):
    made = sources.load_dataset(save(X=X, y=np.array(["b10", "b9", "b9", "b10", "b9", "\x1bc"])))
    assert made.classes == ("b9", "b10", "␛c")
    assert made.targets[:, 0].tolist() == [1, 0, 0, 1, 0, 2]
    assert sources.load_dataset(save(X=X, y=np.array([b"n", b"y"] * 3))).classes == ("n", "y")
    assert sources.load_dataset(save(X=X, y=Y), classes=True).classes == ("0", "1")


def test_pictures_are_laid_flat(save):
    pictures = np.arange(6 * 3 * 4).reshape(6, 3, 4)
    made = sources.load_dataset(save(X=pictures, y=Y))
    assert made.picture == (3, 4) and made.inputs.shape == (6, 12)
    np.testing.assert_array_equal(made.inputs[2], pictures[2].ravel())


def test_several_columns_of_targets(save):
    made = sources.load_dataset(save(X=X, y=np.eye(6)))
    assert made.targets.shape == (6, 6) and made.target_names[:2] == ("y1", "y2")


def test_missing_values(save):
    gaps = X.copy()
    gaps[2, 1] = gaps[4, 0] = np.nan
    late = Y.astype(float)
    late[5] = np.nan
    assert "X, row 3, column 2: a value is missing (3 are missing in 3 rows)" in refusal(
        save(X=gaps, y=late)
    )
    assert "y, row 6, column 1: a value is missing;" in refusal(save(X=X, y=late))
    made = sources.load_dataset(save(X=gaps, y=late), missing="drop")
    np.testing.assert_array_equal(made.inputs, X[[0, 1, 3]])
    assert made.notes == ("3 rows with missing values were dropped",)
    assert "every one of the 6 rows" in refusal(save(X=X * np.nan, y=Y), missing="drop")


def test_a_test_part_and_scaling_as_for_any_source(save):
    made = sources.load_dataset(
        save(X=X, y=Y), test_fraction=0.5, scale="standard", features=["x2"]
    )
    assert made.train_count == 3 and made.input_names == ("x2",)


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"X": X, "y": Y[:5]}, r"X has the shape \(6, 2\), y \(5,\): rows must match"),
        ({"X": X, "z": Y}, "the arrays are X, z; expected X and y"),
        ({"X": np.where(X == 1, np.inf, X), "y": Y}, "X, row 1, column 2: the number is infinite"),
        ({"X": np.array([["a", "b"]]), "y": np.ones(1)}, "X contains strings"),
        ({"X": X + 1j, "y": Y}, "X contains complex128, not numbers"),
        ({"X": X, "y": Y.astype("M8[s]")}, "y contains datetime64"),
        ({"X": X, "y": np.zeros((6, 2, 2))}, "y has the shape"),
        ({"X": X, "y": np.full((6, 2), "a")}, "y contains strings in 2 columns"),
        ({"X": X, "y": np.full(6, "a")}, "y has 1 distinct string; there must be 2"),
        ({"X": np.zeros((0, 2)), "y": np.zeros(0)}, "X is empty"),
        ({"X": np.zeros((6, 0)), "y": Y}, "X is empty"),
        ({"X": np.float64(3), "y": Y}, "rows must match"),
        ({"only": Y}, r"only has the shape \(6,\)"),
        ({"only": np.zeros((6, 1))}, "at least two columns"),
        ({"X": np.zeros(3, [("a", float)]), "y": np.ones(3)}, "not numbers"),
        ({"a\x1b]0;": X, "b": Y}, "the arrays are a␛]0;, b"),
    ],
)
def test_what_is_no_table_is_refused(save, arrays, expected):
    with pytest.raises(DataError, match=r"^own\.npz: .*(" + expected + ")"):
        sources.load_dataset(save(**arrays))


def test_python_objects_are_never_loaded(save):
    assert "contains Python objects, which are not loaded" in refusal(
        save(np.array([[1, {}], [2, {}]], object))
    )


def test_an_unknown_target(save):
    assert "no column 'z'; they are x1, x2, y" in refusal(
        save(np.column_stack([X, Y])), target=["z"]
    )
    assert "here y is the target" in refusal(save(X=X, y=Y), target=["y"])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (10**6, 2), }", "cannot be read"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 2), }", "declares 2,000,000"),
        (
            "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999, 9), }",
            "would take",
        ),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (-4, -1), }", "cannot be read|declare"),
        ("{'descr': '|O', 'fortran_order': False, 'shape': (1, 2), }", "Python objects"),
        ("{'descr': '<f8'", "cannot be read"),
        ("(" * 100, "cannot be read"),
    ],
)
def test_a_header_that_lies(tmp_path, header, expected):
    path = tmp_path / "lie.npy"
    path.write_bytes(npy(header, bytes(32)))
    tracemalloc.start()
    with pytest.raises(DataError, match=expected):
        sources.load_dataset(str(path))
    assert tracemalloc.get_traced_memory()[1] < 5e6
    tracemalloc.stop()


def test_a_bomb_is_refused_before_it_unpacks(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 20_000_000)
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, np.zeros((1_000_000, 3)))
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    assert "would take" in refusal(str(path))
    assert tracemalloc.get_traced_memory()[1] < 5e6
    tracemalloc.stop()


def test_a_cut_file_and_a_broken_archive(tmp_path, save):
    path = save(X=X, y=Y)
    content = Path(path).read_bytes()
    for cut in (5, 40, len(content) // 2, len(content) - 3):
        Path(path).write_bytes(content[:cut])
        refusal(path)
    path = save(np.column_stack([X, Y]))
    content = Path(path).read_bytes()
    Path(path).write_bytes(content[:-8])
    assert "declares 18 values, 144 bytes, but has 136 bytes" in refusal(path)


def archive():
    buffer = io.BytesIO()
    np.savez_compressed(buffer, X=X, y=Y)
    return buffer.getvalue()


def plain():
    buffer = io.BytesIO()
    np.save(buffer, X)
    return buffer.getvalue()


@settings(max_examples=300)
@given(st.sampled_from([archive(), plain()]), st.data())
def test_damaged_files_are_read_or_refused(tmp_path_factory, content, data):
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    path.write_bytes(damaged)
    try:
        made = sources.load_dataset(str(path))
    except DataError as error:
        assert make_printable(str(error)) == str(error)
    else:
        assert isinstance(made, Dataset) and np.isfinite(made.inputs).all()


def test_an_encrypted_looking_archive_is_refused(tmp_path):
    content = bytearray(archive())
    content[6] |= 1
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    path = tmp_path / "locked.npz"
    path.write_bytes(content)
    assert zipfile.is_zipfile(path)
    assert "cannot be read" in refusal(str(path))
