"""Files whose names are not UTF-8, or as long as names can be: opened, saved, exported, shown."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT

CSV = b"a,b,y\n1,2,3\n2,1,0\n0,1,1\n3,2,1\n5,1,2\n"
NAMES = {"not utf-8": b"caf\xe9 \xff", "long": b"n" * 250, "long and wide": "ü".encode() * 125}


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def stem(request, tmp_path):
    """The name without its ending, of at most 250 bytes with it."""
    try:
        (tmp_path / os.fsdecode(request.param)).touch()
    except OSError:
        pytest.skip("this file system has no such names")
    os.unlink(tmp_path / os.fsdecode(request.param))
    return request.param


def named(stem, ending):
    """``stem`` with an ending, cut to 250 bytes between characters."""
    cut = stem[: 250 - len(ending)].decode("utf-8", "surrogateescape")
    while cut and cut[-1] == "\udcc3":
        cut = cut[:-1]
    return os.fsencode(cut) + ending


@pytest.fixture
def run(tmp_path, state_dir):
    """Runs the program with words of bytes; it must say nothing but sentences in UTF-8."""

    def run(*words, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "nn_tui", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )
        said = done.stderr.decode() + done.stdout.decode()
        assert done.returncode == code, said
        assert "Error" not in said and "\udcff" not in said
        return done

    return run


def test_a_data_file_is_trained_and_its_outputs_are_written_beside_it(run, stem, tmp_path):
    data, weights, losses = (named(stem, ending) for ending in (b".csv", b".npz", b"-l.csv"))
    Path(os.fsdecode(tmp_path / os.fsdecode(data))).write_bytes(CSV)
    done = run("train", data, "--epochs", "2", "--save", weights, "--history", losses)
    assert b"weights saved to" in done.stdout
    with np.load(tmp_path / os.fsdecode(weights)) as archive:
        assert "W0" in archive
    done = run("train", data, "--epochs", "1", "--weights", weights, "--json")
    assert json.loads(done.stdout)["epoch"] == 1
    assert sorted(os.listdir(os.fsencode(tmp_path))) == sorted([data, weights, losses])
    run("train", data, "--history", data, code=2)


def test_a_recipe_of_such_a_file_is_written_and_opens_the_same_file(run, stem, tmp_path):
    data, recipe, script = (named(stem, ending) for ending in (b".csv", b".toml", b".py"))
    (tmp_path / os.fsdecode(data)).write_bytes(CSV)
    run("export", data, "--epochs", "2", "--recipe", recipe, "--script", script)
    text = (tmp_path / os.fsdecode(recipe)).read_bytes().decode("utf-8")
    first = json.loads(run("train", data, "--epochs", "2", "--json").stdout)
    again = json.loads(run("train", recipe, "--epochs", "2", "--json").stdout)
    assert first["train_loss"] == again["train_loss"], text
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    run("export", recipe, "--recipe", "-")
    run("train", "--set", b"data.source=" + data, "--epochs", "1")


@pytest.mark.parametrize("words", [["{}.csv"], ["{}.toml"], ["--weights", "{}"], ["{}"]])
def test_one_that_is_not_there_is_said_in_a_sentence(run, stem, words):
    filled = [word.encode().replace(b"{}", stem[:240]) for word in words]
    assert run("train", *filled, code=3).stderr.count(b"\n") == 1


def test_bytes_that_are_not_utf8_in_other_words_are_refused(run):
    bad = b"caf\xe9"
    for words in (
        ("--set", b"network.seed=" + bad),
        ("--set", b"data.seed=" + bad),
        ("--set", b"data.target=" + bad),
        ("--set", bad + b"=1"),
        ("--" + "x", bad),
    ):
        assert run("train", *words, code=2 if words[0] == "--x" else 3).stderr.count(b"\n") == 1


@pytest.mark.parametrize("words", [["paths"], ["runs"], ["runs", "show", "x"], ["train", "x"]])
def test_a_state_folder_of_such_a_name_is_named(run, stem, tmp_path, words):
    folder = os.fsencode(tmp_path) + b"/" + stem
    at = () if words[0] == "train" else ("--state-dir", folder)
    done = run(*words, *at, code=3 if "x" in words else 0)
    assert done.stdout.count(b"\n") + done.stderr.count(b"\n") <= 2
