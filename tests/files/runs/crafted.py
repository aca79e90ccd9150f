"""Runs as somebody might craft them: any content, under a digest that is right."""

import hashlib
import json
import zlib
from io import BytesIO
from pathlib import Path

from nn_tui.commands.runs import _row as row_of
from nn_tui.errors import InputError
from nn_tui.files.runs.array_archive import unpack_arrays
from nn_tui.files.runs.checkpoint import checkpoint_of
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.runs import describe_saved_edits, reopen_run
from nn_tui.text import make_printable
from nn_tui.tui.screens.run_details import run_details

FORMAT = b"nn-tui-checkpoint-1"


def unpacked(content):
    """The description, list of arrays and all, and the bytes of the arrays."""
    text, _, rest = content.partition(b"\n")[2].partition(b"\n")
    return json.loads(text), rest


def sealed(text, rest):
    """The file that has a description, an object or bytes, and bytes of arrays."""
    if not isinstance(text, bytes):
        text = json.dumps(text).encode()
    content = text + b"\n" + rest
    digest = hashlib.sha256(content).hexdigest().encode()
    return b"%s %d %s\n" % (FORMAT, len(content), digest) + content


def dataset_of(content):
    """The sealed description and arrays in the file of kept samples."""
    return zlib.decompress(content.partition(b"\n")[2])


def compressed(content):
    """The file of kept samples with that in it."""
    return b"nn-tui-dataset-1 %d\n" % len(content) + zlib.compress(content, 1)


def journal_line(text):
    """A line with a checksum that is right."""
    text = text if isinstance(text, bytes) else json.dumps(text).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def copied(run: Path, store: RunStore) -> RunFolder:
    """A copy of a run's folder, to spoil."""
    folder = RunFolder(store.path / "crafted")
    folder.path.mkdir(parents=True)
    for path in run.iterdir():
        if path.name != "lock":
            (folder.path / path.name).write_bytes(path.read_bytes())
    return folder


def in_a_sentence(read, *words):
    """What ``read`` makes; a refusal must be one printable sentence."""
    try:
        return read(*words)
    except InputError as error:
        sentence = str(error)
        assert "\n" not in sentence and make_printable(sentence) == sentence
        assert len(sentence) < 2000
        return error


def opens_or_is_refused(store: RunStore, folder: RunFolder):
    """Do with a crafted run what a program does; the InputError, or None where it is sound."""
    for entry in store.entries():
        assert "\n" not in row_of(entry)
    store.unfinished()
    store.find("a name")
    stored = in_a_sentence(folder.load)
    if not isinstance(stored, InputError):
        in_a_sentence(describe_saved_edits, folder, stored)
        in_a_sentence(run_details, folder)
    reopened = in_a_sentence(reopen_run, folder, store)
    if isinstance(reopened, InputError):
        assert folder.id in str(reopened)
        folder.release()
        return reopened
    line = reopened.timeline
    epoch = line.trainer.epoch
    line.snapshot()
    in_a_sentence(line.run_for, 0, epoch + 1)
    line.snapshot()
    folder.save(checkpoint_of(line, reopened.file))
    folder.load()
    in_a_sentence(line.go_to, 0)
    in_a_sentence(line.undo)
    line.snapshot()
    folder.release()
    return None


def arrays_of(content):
    """The description without its list, and the arrays."""
    return unpack_arrays(BytesIO(content))
