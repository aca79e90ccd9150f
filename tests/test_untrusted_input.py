"""Every reader of what comes from outside: whatever the bytes are, a sentence or the thing."""

import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.errors import InputError
from nn_tui.experiment import load_experiment
from nn_tui.files.runs import edit_log as journal
from nn_tui.files.runs.array_archive import pack_arrays, unpack_arrays
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.files.weights import read_weights
from nn_tui.recipe.parsing import from_toml
from nn_tui.runs import reopen_run
from nn_tui.settings import read_settings
from nn_tui.text import make_printable
from tests.files.runs.timelines import change, into_an_epoch, saved, timeline, train


def weights(path):
    return read_weights(path, 1000)


READERS = {
    "data.csv": lambda path: load_experiment(str(path)),
    "data.tsv": lambda path: load_experiment(str(path)),
    "data.npz": lambda path: load_experiment(str(path)),
    "data.npy": lambda path: load_experiment(str(path)),
    "recipe.toml": lambda path: load_experiment(str(path)),
    "recipe": lambda path: from_toml(path.read_bytes().decode(errors="replace")),
    "link": lambda path: load_experiment("#" + path.read_bytes().decode(errors="replace")),
    "weights.npz": weights,
    "settings.toml": read_settings,
    "journal": journal.read_edits,
}
STARTS = (b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"a,b,y\n1,", b"[data]\nsource = ", b"\xff\xfe")


def in_a_sentence(read, *words):
    """What ``read`` makes; a refusal must be one printable sentence."""
    try:
        return read(*words)
    except InputError as error:
        sentence = str(error)
        assert "\n" not in sentence and make_printable(sentence) == sentence
        return None


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60)
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=200))
def test_random_bytes(name, start, rest):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(start + rest)
        in_a_sentence(READERS[name], path)


# A saved run that somebody passed on


@pytest.fixture(scope="module", params=["at rest", "halfway"])
def run(tmp_path_factory, request):
    """A run with edits, whole."""
    line = timeline("blog")
    train(line, 5)
    change(line)
    train(line, 3)
    if request.param == "halfway":
        into_an_epoch(line)
    folder = saved(line, RunStore(tmp_path_factory.mktemp("store") / "runs"))
    folder.release()
    return folder.path


def copied(run, store):
    folder = RunFolder(store.path / "run")
    folder.path.mkdir(parents=True)
    for name in ("checkpoint-1", "journal"):
        (folder.path / name).write_bytes((run / name).read_bytes())
    return folder


def opens_or_is_refused(store, folder):
    store.entries()
    reopened = in_a_sentence(reopen_run, folder, store)
    if reopened is not None:
        reopened.timeline.run_for(0, reopened.timeline.trainer.epoch + 1)
        reopened.timeline.snapshot()
    folder.release()


@settings(max_examples=60)
@given(
    name=st.sampled_from(["checkpoint-1", "checkpoint-2", "journal", "title", "lock", "left"]),
    start=st.integers(0, 3000),
    content=st.binary(max_size=200),
)
def test_random_bytes_in_a_run(run, name, start, content):
    with tempfile.TemporaryDirectory() as place:
        store = RunStore(Path(place))
        folder = copied(run, store)
        path = folder.path / name
        before = path.read_bytes() if path.exists() else b""
        path.write_bytes(before[:start] + content + before[start + len(content) :])
        opens_or_is_refused(store, folder)


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(-1, 3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.none()),
)


@settings(max_examples=300)
@given(data=st.data())
def test_a_checkpoint_that_lies_with_a_digest_that_is_right(run, data):
    about, arrays = unpack_arrays(BytesIO((run / "checkpoint-1").read_bytes()))
    if data.draw(st.booleans(), "an array"):
        name = data.draw(st.sampled_from(sorted(arrays)))
        match data.draw(st.sampled_from(["gone", "short", "flat"])):
            case "gone":
                del arrays[name]
            case "short":
                arrays[name] = arrays[name][:1]
            case "flat":
                arrays[name] = arrays[name].reshape(-1)
    else:
        place = about
        key = data.draw(st.sampled_from(sorted(about)))
        while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
            place = place[key]
            key = data.draw(
                st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place)))
            )
        place[key] = data.draw(ODD)
    with tempfile.TemporaryDirectory() as place:
        store = RunStore(Path(place))
        folder = copied(run, store)
        try:
            content = b"".join(pack_arrays(about, arrays))
        except (TypeError, ValueError):
            return
        (folder.path / "checkpoint-1").write_bytes(content)
        opens_or_is_refused(store, folder)
