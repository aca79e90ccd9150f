"""Weights files: exactly what was written comes back, and nothing else comes in."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from nn_tui.errors import InputError
from nn_tui.files.weights import read_weights, write_weights

NAMED = {
    "W1": np.array([[0.1], [1e-300], [-0.0], [np.nextafter(1, 2)]]),
    "b0": np.arange(4.0),
    "W0": np.linspace(-1, 1, 12).reshape(3, 4),
    "b1": np.array([np.finfo(float).max]),
}


def test_weights_round_trip_exactly(tmp_path):
    path = tmp_path / "w"
    write_weights(path, NAMED)
    read = read_weights(path, most=100)
    assert list(read) == ["W0", "b0", "W1", "b1"]
    for name, array in NAMED.items():
        assert read[name].tobytes() == array.tobytes()
        assert read[name].shape == array.shape


def test_layers_are_written_in_the_order_of_their_numbers(tmp_path):
    write_weights(tmp_path / "w", {f"W{i}": np.zeros((1, 1)) for i in (10, 2, 0)})
    assert list(read_weights(tmp_path / "w", most=9)) == ["W0", "W2", "W10"]


def test_numpy_and_others_read_and_write_the_same_file(tmp_path):
    write_weights(tmp_path / "w.npz", NAMED)
    with np.load(tmp_path / "w.npz", allow_pickle=False) as file:
        assert all(np.array_equal(file[name], array) for name, array in NAMED.items())
    np.savez_compressed(
        tmp_path / "other.npz",
        W0=np.asfortranarray(NAMED["W0"]),
        W1=np.array([[1], [2]], ">i2"),
        b0=np.array([0.5], np.float32),
    )
    read = read_weights(tmp_path / "other.npz", most=100)
    assert np.array_equal(read["W0"], NAMED["W0"])
    assert read["W1"].tolist() == [[1.0], [2.0]]
    assert {array.dtype for array in read.values()} == {np.dtype(float)}


class Bomb:
    def __reduce__(self):
        return os.mkdir, ("exploded",)


def npy(array):
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def zipped(**entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


LYING = npy(np.zeros((3, 4))).replace(b"(3, 4)", b"(9, 9)")
VAST = npy(np.zeros((3, 4))).replace(b"(3, 4), ", b"(99999999999999, 99999999),")[:128]
WHOLE = zipped(W0=npy(np.zeros((3, 4))))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not an NPZ file"),
        (b"W0,W1\n1,2\n", "not an NPZ file"),
        (npy(np.zeros(3)), "not an NPZ file"),
        (pickle.dumps({"W0": 1}), "not an NPZ file"),
        (WHOLE[:-30], "not an NPZ file"),
        (zipped(W0=npy(np.array([Bomb()], object))), "W0 is of type object"),
        (zipped(W0=npy(np.array(["text"]))), "W0 is of type <U4"),
        (zipped(W0=npy(np.array([1j]))), "W0 is of type complex128"),
        (zipped(W0=npy(np.array([True]))), "W0 is of type bool"),
        (zipped(W0=npy(np.array([1.0, np.nan]))), "W0 contains values that are not finite"),
        (zipped(W0=npy(np.array([np.inf]))), "W0 contains values that are not finite"),
        (zipped(W0=b"1,2,3"), "damaged"),
        (zipped(W0=b""), "damaged"),
        (zipped(W0=LYING), "its size differs from its header"),
        (zipped(W0=VAST), "damaged"),
        (zipped(W0=npy(np.zeros(101))), "contains 101 numbers"),
        (zipped(W0=npy(np.zeros(60)), b0=npy(np.zeros(60))), "contains 120 numbers"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_invalid_content_is_refused_and_never_executed(tmp_path, monkeypatch, content, said):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "w.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        read_weights(path, most=100)
    assert str(path) in str(caught.value)
    assert sorted(os.listdir(tmp_path)) == ["w.npz"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_duplicate_array_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.npz", "w") as archive:
        archive.writestr("W0.npy", npy(np.zeros(3)))
        archive.writestr("W0.npy", npy(np.ones(3)))
    with pytest.raises(InputError, match="twice"):
        read_weights(tmp_path / "w.npz", most=100)


def test_every_flipped_bit_is_reported_as_damage(tmp_path):
    """A flip may rename an array or touch what nobody reads, but never change a number."""
    path = tmp_path / "w.npz"
    write_weights(path, {"W0": NAMED["W0"], "W1": NAMED["W1"]})
    whole = path.read_bytes()
    noticed = 0
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << (at % 8)
        path.write_bytes(damaged)
        try:
            read = read_weights(path, most=100)
        except InputError:
            noticed += 1
            continue
        known = [name for name in read if name in ("W0", "W1")]
        assert all(np.array_equal(read[name], NAMED[name]) for name in known)
    assert noticed > len(whole) / 2


def test_an_unreadable_file_is_reported(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is a pipe"):
        read_weights(tmp_path / "pipe", most=9)
    with pytest.raises(InputError, match="is a folder"):
        read_weights(tmp_path, most=9)
    (tmp_path / "weights.npz").write_bytes(b"")
    with pytest.raises(
        InputError, match=r"no file weight\.npz in .*; did you mean .*weights\.npz\?"
    ):
        read_weights(tmp_path / "weight.npz", most=9)
