"""A run that was crafted or damaged is refused in a sentence that names it, or is a sound run."""

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn_tui.files.runs.array_archive import pack_arrays
from nn_tui.files.runs.run_store import RunStore
from tests.files.runs.crafted import (
    arrays_of,
    compressed,
    copied,
    dataset_of,
    journal_line,
    opens_or_is_refused,
    sealed,
    unpacked,
)
from tests.files.runs.timelines import change, into_an_epoch, saved, timeline, train

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

START = {
    "blog": ("blog",),
    "moons": ("moons", "training.optimizer=adam", "data.features=x1,x1*x2", "data.scale=standard"),
    "iris": ("iris", "training.evaluate_every=3", "network.dtype=float32"),
}


@pytest.fixture(scope="module", params=START)
def run(request, tmp_path_factory):
    """The folder of a run with edits of every kind, left within an epoch, its samples kept."""
    line = timeline(*START[request.param])
    train(line, 5)
    change(line)
    train(line, 3)
    into_an_epoch(line)
    folder = saved(line, RunStore(tmp_path_factory.mktemp("store") / "runs"))
    folder.save_dataset(line.run.dataset, lambda: False)
    folder.release()
    return folder.path


@pytest.fixture
def store(tmp_path):
    """A store with another run, which must not suffer."""
    return RunStore(tmp_path / "runs")


def read(folder, name="checkpoint-1"):
    return (folder.path / name).read_bytes()


def spoil(folder, at, value):
    """Put ``value`` at a path of keys into the description of the checkpoint."""
    about, rest = unpacked(read(folder))
    place = about
    for key in at[:-1]:
        place = place[key]
    place[at[-1]] = value
    (folder.path / "checkpoint-1").write_bytes(sealed(about, rest))


def spoil_array(folder, name, change):
    about, arrays = arrays_of(read(folder))
    arrays[name] = change(arrays[name])
    (folder.path / "checkpoint-1").write_bytes(b"".join(pack_arrays(about, arrays)))


EDIT = {"epoch": 5, "parameter": "W0", "index": [0, 1], "value": 0.5}
INFINITE, NAN = float("inf"), float("nan")
CASES = {
    "a shape of 65 ones": (("arrays", 0, 2), [1] * 65),
    "a shape too large to be": (("arrays", 0, 2), [0, 2**31]),
    "an enormous array": (("arrays", 0, 2), [2**31, 2**31]),
    "an array of another type": (("arrays", 0, 1), "object"),
    "saved at nan": (("saved_at",), NAN),
    "saved at infinity": (("saved_at",), INFINITE),
    "saved before time": (("saved_at",), -1e300),
    "saved after time": (("saved_at",), 1e300),
    "trained for nan": (("seconds",), NAN),
    "trained for ever": (("seconds",), INFINITE),
    "an infinite loss": (("train_loss",), INFINITE),
    "a huge epoch": (("epoch",), 10**18),
    "a huge epoch in floats": (("epoch",), 1e18),
    "a negative epoch": (("epoch",), -1),
    "half an epoch": (("epoch",), 8.5),
    "an epoch that is none": (("epoch",), True),
    "an edit of no weight": (("edits", 0), {**EDIT, "parameter": "W9"}),
    "an edit of no name": (("edits", 0), {**EDIT, "parameter": "\ud800\x1b"}),
    "an edit outside": (("edits", 0), {**EDIT, "index": [99, 0]}),
    "an edit to nan": (("edits", 0), {**EDIT, "value": NAN}),
    "an edit to a number without end": (("edits", 0), {**EDIT, "value": 10**400}),
    "an edit of the architecture": (("edits", 0), {"epoch": 5, "recipe": {"network.hidden": [9]}}),
    "an edit out of order": (("edits", 0), {**EDIT, "epoch": 10**6}),
    "an edit of no sample": (
        ("edits", 0),
        {"epoch": 5, "sample": 10**9, "column": 0, "value": 1.0},
    ),
    "a pruned bias": (("edits", 0), {"epoch": 5, "prune": "b0", "index": [0]}),
    "more edits made than there are": (("made",), 10**6),
    "a width of no bucket": (("history", "width"), 3),
    "a negative width": (("history", "width"), -1),
    "more in a bucket than it has": (("history", "in_bucket"), 10**9),
    "a name of a list": (("history", "names"), [["train_loss"], 3]),
    "a history without losses": (("history", "names"), ["a", "b"]),
    "updates without end": (("halfway", "updates"), 10**14),
    "no update": (("halfway", "updates"), 0),
    "counts that are none": (("counts",), None),
    "a count of nan": (("counts", "t"), NAN),
    "a recipe that is none": (("recipe",), 3),
    "a recipe nested deeply": (("recipe",), "a = " + "[" * 5000 + "]" * 5000),
    "a recipe of half characters": (
        ("recipe",),
        '[data]\nsource = "\ud800"\n[network]\nhidden = [7]',
    ),
    "a recipe of a network too large": (("recipe",), "[network]\nhidden = [100000, 100000]"),
    "a name nested deeply": (("name",), json.loads("[" * 400 + "]" * 400)),
    "samples that are none": (("samples",), ["x"]),
    "a file that is none": (("file",), ["", -5, {}]),
    "a version that is none": (("arithmetic",), "new"),
}
SOUND = {"a name nested deeply"}


@pytest.mark.parametrize("case", CASES)
def test_crafted_json_is_refused_with_the_id_of_the_run(case, run, store):
    folder = copied(run, store)
    other = timeline("blog")
    train(other, 2)
    saved(other, store).release()
    at, value = CASES[case]
    spoil(folder, at, value)
    (folder.path / "journal").unlink()
    refused = opens_or_is_refused(store, folder)
    assert bool(refused) == (case not in SOUND)
    assert any(entry.checkpoint.epoch == 2 for entry in store.entries())


ARRAYS = {
    "weights that are no numbers": ("state.parameters", lambda a: a * np.nan),
    "infinite weights": ("state.previous", lambda a: a + np.inf),
    "fewer weights": ("state.parameters", lambda a: a[1:]),
    "weights in a square": ("state.parameters", lambda a: a[None]),
    "weights within an epoch that are no numbers": ("halfway.parameters", lambda a: a * np.nan),
    "metrics of another width": ("history.exact", lambda a: np.hstack([a, a])),
    "metrics of one epoch twice": ("history.exact", lambda a: np.repeat(a[:1], 2, axis=0)),
    "a history out of order": ("history.exact", lambda a: a[::-1]),
    "a history without epochs": ("history.exact", lambda a: a * np.nan),
    "a history of another width": ("history.exact", lambda a: a[:, :2]),
    "a history that has not begun": ("history.open", lambda a: np.ones((1, 2))),
}


@pytest.mark.parametrize("case", ARRAYS)
def test_crafted_arrays_are_refused_with_the_id_of_the_run(case, run, store):
    folder = copied(run, store)
    spoil_array(folder, *ARRAYS[case])
    assert opens_or_is_refused(store, folder)


OLD = Path(__file__).parent / "old_runs" / "measurements"
OLD_ARRAYS = {
    "looks without columns": ("looks", lambda a: np.ones((3, 2))),
    "looks at no epoch": ("looks", lambda a: np.full((2, 8), np.nan)),
    "looks in a row": ("looks", lambda a: np.ones(8)),
    "points out of order": ("history.points", lambda a: a[::-1]),
    "points of another width": ("history.points", lambda a: a[:, :5]),
    "two buckets begun": ("history.bucket", lambda a: np.ones((2, 6))),
}


@pytest.mark.parametrize("case", OLD_ARRAYS)
def test_crafted_arrays_of_an_earlier_version_are_refused(case, store):
    folder = copied(OLD, store)
    for number in (2, 3):
        (folder.path / f"checkpoint-{number}").unlink()
    (folder.path / "checkpoint-4").rename(folder.path / "checkpoint-1")
    spoil_array(folder, *OLD_ARRAYS[case])
    assert opens_or_is_refused(store, folder)


HEADS = {
    "an enormous size": b"nn-tui-checkpoint-1 4294967296 " + b"0" * 64 + b"\n{}\n",
    "a size of many digits": b"nn-tui-checkpoint-1 " + b"9" * 150 + b" 0\n",
    "no line's end": b"nn-tui-checkpoint-1" * 100,
    "a description nested deeply": sealed(b"[" * 10**6, b""),
    "a description that is not UTF-8": sealed(b'{"name": "\xff\xfe"}', b""),
    "a number of many digits": sealed(b'{"epoch": ' + b"9" * 5000 + b"}", b""),
    "a description of nothing": sealed(b"", b""),
    "a description that is a list": sealed([], b""),
    "a later format": b"nn-tui-checkpoint-2 2 0\n{}\n",
}


@pytest.mark.parametrize("case", HEADS)
def test_a_crafted_header_is_refused_with_the_id_of_the_run(case, run, store):
    folder = copied(run, store)
    (folder.path / "checkpoint-1").write_bytes(HEADS[case])
    assert opens_or_is_refused(store, folder)


JOURNALS = {
    "an edit of no weight": [{**EDIT, "parameter": "W9"}],
    "an edit to infinity": [{**EDIT, "value": INFINITE}],
    "a number without end": [{**EDIT, "value": 10**400}],
    "edits out of order": [{**EDIT, "epoch": 7}, {**EDIT, "epoch": 6}],
    "an epoch without end": [{**EDIT, "epoch": 10**300}],
    "a list": [[]],
    "nested deeply": [b"[" * 10**5],
    "not UTF-8": [b'{"epoch": "\xff"}'],
    "more kept than there are": [{"keep": 10**9}],
    "a value nested deeply": [b'{"epoch": 1, "recipe": {"training.epochs": ' + b"[" * 10**5],
    "a value of another type": [{"epoch": 5, "recipe": {"training.optimizer": [{}]}}],
}


@pytest.mark.parametrize("case", JOURNALS)
def test_a_crafted_edit_log_is_skipped_or_refused(case, run, store):
    folder = copied(run, store)
    with open(folder.path / "journal", "ab") as file:
        file.write(b"".join(map(journal_line, JOURNALS[case])))
    opens_or_is_refused(store, folder)


# Any field of a sound run, and anything in its place

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.integers(10**17, 10**330),
    st.floats(),
    st.sampled_from([INFINITE, -INFINITE, NAN, 1e18, -1e-320, 1e308, 2**53, 65, 0]),
    st.text(max_size=5),
    st.sampled_from(["W9", "b0", "../../x", "\ud800", "\x1b[31m", "x" * 5000]),
    st.lists(st.integers(-1, 3), max_size=3),
    st.sampled_from([[1] * 65, [0] * 40, [10**9, 10**9]]),
    st.dictionaries(st.text(max_size=3), st.none()),
    st.recursive(st.integers(), lambda inner: st.lists(inner, max_size=2), max_leaves=8),
)
NUMBERS = st.sampled_from([np.nan, np.inf, -np.inf, 0.0, -1.0, 1e308, -1e308, 1e18, 5e-324])


def somewhere(data, about):
    """A container within ``about`` and a key of it."""
    place, key = about, data.draw(st.sampled_from(sorted(about)))
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        place = place[key]
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
    return place, key


def spoilt(data, content):
    """A sealed file in which some of the description or an array is another."""
    if data.draw(st.booleans(), "the description"):
        about, rest = unpacked(content)
        for _ in range(data.draw(st.integers(1, 3))):
            place, key = somewhere(data, about)
            match data.draw(st.sampled_from(["another", "gone", "twice", "swapped"])):
                case "another":
                    place[key] = data.draw(ODD)
                case "gone":
                    del place[key]
                case "twice" if isinstance(place, list):
                    place.append(place[key])
                case "swapped" if isinstance(place, list):
                    place.reverse()
                case _:
                    place[key] = [place[key]]
            if not about:
                break
        try:
            return sealed(about, rest)
        except ValueError:  # an integer of more digits than Python prints
            return sealed({}, rest)
    about, arrays = arrays_of(content)
    name = data.draw(st.sampled_from(sorted(arrays)))
    array = arrays[name]
    match data.draw(st.sampled_from(["gone", "short", "flat", "wide", "back", "number", "half"])):
        case "gone":
            del arrays[name]
        case "short":
            arrays[name] = array[:1]
        case "flat":
            arrays[name] = array.reshape(-1)
        case "wide":
            arrays[name] = np.vstack([array, array])
        case "back":
            arrays[name] = array[::-1]
        case "half":
            arrays[name] = array.astype(np.float32)
        case "number" if array.size:
            with np.errstate(over="ignore"):
                array.reshape(-1)[data.draw(st.integers(0, array.size - 1))] = data.draw(NUMBERS)
    return b"".join(pack_arrays(about, arrays))


many = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@many
@given(data=st.data())
def test_a_modified_checkpoint_is_valid_or_refused(run, data):
    with tempfile.TemporaryDirectory() as place:
        store = RunStore(Path(place))
        folder = copied(run, store)
        (folder.path / "checkpoint-1").write_bytes(spoilt(data, read(folder)))
        opens_or_is_refused(store, folder)


@many
@given(data=st.data())
def test_a_modified_checkpoint_of_an_earlier_version_is_valid_or_refused(data):
    with tempfile.TemporaryDirectory() as place:
        store = RunStore(Path(place))
        folder = copied(OLD, store)
        for number in (2, 3):
            (folder.path / f"checkpoint-{number}").unlink()
        content = spoilt(data, read(folder, "checkpoint-4"))
        (folder.path / "checkpoint-4").write_bytes(content)
        opens_or_is_refused(store, folder)


@many
@given(data=st.data())
def test_modified_saved_data_is_valid_or_refused(run, data):
    with tempfile.TemporaryDirectory() as place:
        store = RunStore(Path(place))
        folder = copied(run, store)
        content = spoilt(data, dataset_of(read(folder, "dataset")))
        (folder.path / "dataset").write_bytes(compressed(content))
        opens_or_is_refused(store, folder)


@many
@given(data=st.data())
def test_a_modified_edit_log_is_valid_or_refused(run, data):
    with tempfile.TemporaryDirectory() as place:
        store = RunStore(Path(place))
        folder = copied(run, store)
        lines = [json.loads(line[9:]) for line in read(folder, "journal").splitlines()]
        for _ in range(data.draw(st.integers(1, 3))):
            made = data.draw(st.sampled_from([*lines, {"keep": 0}]))
            made = json.loads(json.dumps(made))
            holder, key = somewhere(data, made)
            holder[key] = data.draw(ODD)
            lines.insert(data.draw(st.integers(0, len(lines))), made)
        try:
            content = b"".join(map(journal_line, lines))
        except ValueError:
            return
        (folder.path / "journal").write_bytes(content)
        opens_or_is_refused(store, folder)
