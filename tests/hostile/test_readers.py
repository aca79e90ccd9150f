"""Random bytes in every reader: what comes out is read, or refused with the reader's own error."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui import experiment
from nn_tui.data import sources
from nn_tui.errors import InputError
from nn_tui.files.playground_import import recipe_of_link
from nn_tui.files.runs import edit_log as journal
from nn_tui.files.runs.array_archive import CorruptArchive
from nn_tui.files.runs.checkpoint import read_checkpoint
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.weights import read_weights
from nn_tui.settings import read_settings
from nn_tui.text import make_printable
from nn_tui.training.trainer import Trainer


def npz():
    buffer = io.BytesIO()
    np.savez(buffer, X=np.eye(3), y=np.arange(3), W0=np.ones((3, 4)))
    return buffer.getvalue()


def npy_bytes():
    buffer = io.BytesIO()
    np.save(buffer, np.arange(12.0).reshape(4, 3))
    return buffer.getvalue()


LINK = b"#activation=tanh&batchSize=10&dataset=circle&networkShape=4,2&seed=0.5&noise=5"
RECIPE = b'[data]\nsource = "xor"\n[network]\nhidden = [4, 2]\nseed = 3\n[training]\nepochs = 5\n'

READERS = {
    "recipe": (".toml", lambda path: experiment.find_recipe(str(path)), RECIPE),
    "samples in text": (
        ".csv",
        lambda path: sources.load_dataset(str(path)),
        b"a,b,y\n1,2,x\n3,4,y\n",
    ),
    "samples in arrays": (".npz", lambda path: sources.load_dataset(str(path)), npz()),
    "samples in one array": (".npy", lambda path: sources.load_dataset(str(path)), npy_bytes()),
    "weights": (".npz", lambda path: read_weights(path, 1000), npz()),
    "link": ("", lambda path: recipe_of_link(path.read_bytes().decode("latin-1")), LINK),
    "settings": (".toml", read_settings, b'[keys]\nrun = "g"\n'),
    "journal": ("", journal.read_edits, b'{"keep":0}\n'),
    "checkpoint": ("", read_checkpoint, b"nn-tui-checkpoint-1 2 00\n{}\n"),
    "title": ("", lambda path: make_printable(RunFolder(path.parent).title), b"a name"),
}
"""File names' endings, how each is read, and something near to what is expected."""


def contents(near):
    """Anything; what a reader expects, cut, changed or with something put in."""
    places = st.integers(0, len(near))
    spoilt = st.builds(
        lambda start, stop, more: near[:start] + more + near[stop:],
        places,
        places,
        st.binary(max_size=12),
    )
    text = st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
    return st.binary(max_size=300) | spoilt | text


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_reader_reads_or_refuses(tmp_path_factory, name, data):
    ending, read, near = READERS[name]
    path = tmp_path_factory.getbasetemp() / f"title{ending}"
    path.write_bytes(data.draw(contents(near)))
    try:
        read(path)
    except (InputError, CorruptArchive) as error:
        assert len(str(error)) < 1000


def test_the_samples_nearest_to_what_is_expected_are_read(tmp_path):
    for ending, content in ((".npz", npz()), (".npy", npy_bytes())):
        path = tmp_path / f"near{ending}"
        path.write_bytes(content)
        assert sources.load_dataset(str(path)).samples in (3, 4)
    (tmp_path / "near.toml").write_bytes(RECIPE)
    _, recipe = experiment.find_recipe(str(tmp_path / "near.toml"))
    Trainer(recipe, experiment.dataset_of(recipe)).run_epochs(1)
