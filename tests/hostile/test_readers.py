"""Random bytes in every reader: what comes out is read, or refused with the reader's own error."""

import bz2
import gzip
import io
import lzma
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui import experiment
from nn_tui.data import sources
from nn_tui.data.readers.header_row import HEADERS
from nn_tui.data.readers.new_table import NewTable
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
from tests.new_tables import cells_of


def npz():
    buffer = io.BytesIO()
    np.savez(buffer, X=np.eye(3), y=np.arange(3), W0=np.ones((3, 4)))
    return buffer.getvalue()


def zipped(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", content)
    return buffer.getvalue()


def npy_bytes():
    buffer = io.BytesIO()
    np.save(buffer, np.arange(12.0).reshape(4, 3))
    return buffer.getvalue()


LINK = b"#activation=tanh&batchSize=10&dataset=circle&networkShape=4,2&seed=0.5&noise=5"
RECIPE = b'[data]\nsource = "xor"\n[network]\nhidden = [4, 2]\nseed = 3\n[training]\nepochs = 5\n'


def rows_of(path):
    """The rows to predict in a file, as cells."""
    return cells_of(NewTable(path, "auto", ("a",)))


ARFF = b"% n\n@relation r\n@attribute a real\n@attribute 'b c' {x,'y z'}\n@data\n1,x\n?,'y z'\n"
TABLES = {
    "text": b"a,b,y\n1,2,x\n3,4,y\n",
    "comments": b"# n\nTitle\na,b,y\ncm,m,kg\n1,2,3\n# m\n3,4,5\n",
    "blanks": b'a b y\n1  2 "x y"\n3 4 z\n',
    "ARFF": ARFF,
    "LIBSVM": b"1 1:2 3:4\n-1 2:0.5\n",
    "Orange": b"a\tb\nc\td\n\tclass\n1\tx\n2\ty\n",
    "gzip": gzip.compress(ARFF),
    "bzip2": bz2.compress(ARFF),
    "xz": lzma.compress(ARFF),
    "zip": zipped(ARFF),
    "zip in gzip": gzip.compress(zipped(ARFF)),
    "UTF-16": "a,b\n1,é\n2,x\n".encode("utf-16"),
    "Latin-1": "a,b\n1,é\n2,x\n".encode("latin-1"),
}
"""Tables in the formats of text, near to which others are made."""

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


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=30)
@given(data=st.data())
def test_a_table_in_any_format_is_read_or_refused_also_to_predict(tmp_path_factory, name, data):
    path = tmp_path_factory.getbasetemp() / "table.data"
    path.write_bytes(data.draw(contents(TABLES[name])))
    header = data.draw(st.sampled_from([*HEADERS]))
    for read in (lambda p: sources.load_dataset(str(p), header=header, missing="drop"), rows_of):
        try:
            read(path)
        except InputError as error:
            sentence = str(error)
            assert len(sentence) < 1000 and make_printable(sentence) == sentence


@pytest.mark.parametrize("name", TABLES)
def test_tables_near_to_which_others_are_made_are_read_or_refused_for_their_kind(tmp_path, name):
    path = tmp_path / "table.data"
    path.write_bytes(TABLES[name])
    if name == "zip in gzip":
        with pytest.raises(InputError, match="it contains a zip archive; unpack it first"):
            rows_of(path)
    else:
        assert len(rows_of(path)[1]) == 2


def test_the_samples_nearest_to_what_is_expected_are_read(tmp_path):
    for ending, content in ((".npz", npz()), (".npy", npy_bytes())):
        path = tmp_path / f"near{ending}"
        path.write_bytes(content)
        assert sources.load_dataset(str(path)).samples in (3, 4)
    (tmp_path / "near.toml").write_bytes(RECIPE)
    _, recipe = experiment.find_recipe(str(tmp_path / "near.toml"))
    Trainer(recipe, experiment.dataset_of(recipe)).run_epochs(1)
