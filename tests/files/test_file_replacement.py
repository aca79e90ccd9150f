"""A file is replaced whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from nn_tui.errors import InputError
from nn_tui.fileio import check_writable, replace_file
from tests.permissions import not_the_superuser


def test_the_new_content_takes_the_old_ones_place(tmp_path):
    path = tmp_path / "out"
    replace_file(path, lambda file: file.write(b"first"))
    replace_file(path, lambda file: file.write(b"second"))
    assert path.read_bytes() == b"second"
    assert os.listdir(tmp_path) == ["out"]


def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "out"
    path.write_bytes(b"old")

    def fail(file):
        file.write(b"half of the new")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match=r"cannot write .*out: No space left on device"):
        replace_file(path, fail)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out"]


def test_permissions_are_those_that_were_or_the_users_own(tmp_path):
    path = tmp_path / "out"
    before = os.umask(0o027)
    try:
        replace_file(path, lambda file: file.write(b""))
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        replace_file(path, lambda file: file.write(b""))
        assert stat.S_IMODE(path.stat().st_mode) == 0o604
    finally:
        os.umask(before)


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    replace_file(tmp_path / "link", lambda file: file.write(b"new"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_checking_leaves_no_trace(tmp_path):
    check_writable(tmp_path / "new")
    (tmp_path / "old").write_bytes(b"content")
    check_writable(tmp_path / "old")
    assert os.listdir(tmp_path) == ["old"]
    assert (tmp_path / "old").read_bytes() == b"content"


def test_what_cannot_be_written_is_refused_beforehand(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    for path, said in (
        (tmp_path, "it is a folder"),
        (tmp_path / "pipe", "it is a pipe or a device"),
        (tmp_path / "nowhere" / "out", "there is no folder .*nowhere"),
        (tmp_path / "file" / "out", "there is no folder"),
        (tmp_path / ("x" * 300), "File name too long"),
    ):
        with pytest.raises(InputError, match=said):
            check_writable(path)
        with pytest.raises(InputError, match=said):
            replace_file(path, lambda file: file.write(b"new"))


def test_a_folder_without_permission_is_refused(tmp_path, monkeypatch):
    tmp_path.chmod(0o555)
    monkeypatch.chdir(tmp_path)  # the folders above may be closed too
    with not_the_superuser():
        for refused in (check_writable, lambda path: replace_file(path, lambda file: None)):
            with pytest.raises(InputError, match=r"cannot write out: Permission denied"):
                refused(Path("out"))
    assert list(tmp_path.iterdir()) == []
