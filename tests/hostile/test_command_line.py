"""What is wrong in words, recipes, files and links is refused in one short, harmless sentence."""

import io
import re
import zipfile

import numpy as np
import pytest
from numpy.lib import format as npy

from nn_tui import cli
from tests.hostile.payload import EVIL, MARKUP, as_toml

RECIPES = {
    "deep arrays": "a=" + "[" * 400_000,
    "deep tables": "a=" + "{b=" * 200_000,
    "deep keys": "a" + ".a" * 400_000 + "=1",
    "deep keys within": "x={" + "a." * 400_000 + "a=1}",
    "a deep section": "[" + "a." * 400_000 + "a]",
    "a long key": "a" * 900_000 + "=1",
    "too many digits": "[network]\nseed=" + "9" * 900_000,
    "too many hexadecimal digits": "[network]\nseed=0x" + "f" * 900_000,
    "a list for a section": "data=[" + "1," * 100_000 + "]",
    "a long name": "[data]\nsource='" + "x" * 900_000 + "'",
    "a long choice": "[network]\nactivation='" + "a" * 900_000 + "'",
    "an evil section": f"[{as_toml(EVIL)}]",
    "an evil key": f"[data]\n{as_toml(EVIL)} = 1",
    "an evil value": f"[network]\nactivation = {as_toml(EVIL)}",
    "an evil source": f"[data]\nsource = {as_toml(EVIL)}",
    "no end": "a='''" + "x" * 900_000,
    "too large": "#" * 1_000_001,
}

WORDS = {
    "an experiment": (EVIL,),
    "a key": ("--set", f"data.{EVIL}=1"),
    "no key": ("--set", EVIL),
    "a value": ("--set", f"network.seed={EVIL}"),
    "markup": ("--set", f"network.hidden={MARKUP}"),
    "a source": ("--set", f"data.source={EVIL}"),
    "an option": (f"--{EVIL}",),
    "epochs": ("--epochs", EVIL),
    "weights": ("--weights", EVIL),
    "a recipe": (f"{EVIL}.toml",),
    "a seed in a link": (f"#seed={EVIL}",),
    "a shape in a link": ("#networkShape=" + "1," * 30_000,),
    "a way out of the folder of runs": ("../../etc/passwd",),
}


def refused(capsys, *words):
    """The one sentence."""
    assert cli.main(words) in (2, 3)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1 and len(said.err) < 1000
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", said.err) is None
    return said.err


@pytest.mark.parametrize("name", RECIPES)
def test_recipes(capsys, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evil.toml").write_text(RECIPES[name])
    refused(capsys, "train", "evil.toml")


@pytest.mark.parametrize("name", WORDS)
def test_words(capsys, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    refused(capsys, "train", *WORDS[name])


# NumPy's files


def header(shape, dtype="<f8"):
    buffer = io.BytesIO()
    npy.write_array_header_1_0(buffer, {"descr": dtype, "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def pickled(folder):
    class Trap:
        def __reduce__(self):
            return (open, (str(folder / "sprung"), "w"))

    buffer = io.BytesIO()
    np.save(buffer, np.array([Trap()], object), allow_pickle=True)
    return buffer.getvalue()


def zipped(content, how=zipfile.ZIP_DEFLATED, names=("W0.npy", "W1.npy")):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


ARRAYS = {
    "a pickle": pickled,
    "a lying header": lambda folder: header((10**9, 10**6)) + bytes(80),
    "a header of nothing": lambda folder: header((10**15,), "<U0"),
    "one endless text": lambda folder: header((1,), f"<U{2**31 - 1}") + bytes(80),
    "a negative shape": lambda folder: header((-3, 4)) + bytes(80),
    "a bomb": lambda folder: header((10**4, 10**3)) + bytes(8 * 10**7),
    "no array": lambda folder: b"\x93NUMPY" + bytes(200),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_weights_are_never_unpickled_nor_unpacked_beyond_their_size(capsys, tmp_path, name):
    path = tmp_path / "evil.npz"
    path.write_bytes(zipped(ARRAYS[name](tmp_path)))
    refused(capsys, "train", "blog", "--weights", str(path))
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("name", [name for name in ARRAYS if name != "a bomb"])
@pytest.mark.parametrize("packed", [True, False], ids=["npz", "npy"])
def test_data_is_never_unpickled_nor_unpacked_beyond_its_size(capsys, tmp_path, name, packed):
    content = ARRAYS[name](tmp_path)
    path = tmp_path / "evil.npz"
    path.write_bytes(zipped(content, names=("X.npy", "y.npy")) if packed else content)
    refused(capsys, "train", str(path), "--epochs", "1")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_arrays_packed_in_foreign_ways_are_not_unpacked(capsys, tmp_path, how):
    path = tmp_path / "evil.npz"
    path.write_bytes(zipped(header((3, 4)) + bytes(96), how))
    assert "a method that NumPy does not use" in refused(
        capsys, "train", "blog", "--weights", str(path)
    )
