"""The lock of a run folder: one process at a time has the run open."""

import errno
import fcntl
import os
import time
from pathlib import Path

from nn_tui.files.runs.safe_open import open_descriptor

_REFUSED = (errno.ENOLCK, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS)
"""Errors of file systems without locks."""
_TIMEOUT, _PAUSE = 0.1, 0.005
"""Seconds of retrying, and between tries: a list of runs briefly holds a lock to test it."""


class RunLock:
    """An exclusive lock on the file ``path``, created when the lock is first acquired.

    ``unsupported`` is true if the file system has no locks: other processes are then not
    kept out.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unsupported = False
        self._file: int | None = None

    def take(self) -> None:
        """Acquire the lock. Raises OSError if another process holds it, or the file is unusable."""
        if self._file is not None:
            return
        number = open_descriptor(self.path, os.O_RDWR | os.O_CREAT)
        try:
            self._lock(number)
        except OSError:
            os.close(number)
            raise
        self._file = number

    def _lock(self, number: int) -> None:
        until = time.monotonic() + _TIMEOUT
        while True:
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except OSError as error:
                if error.errno in _REFUSED:
                    self.unsupported = True
                    return
                if time.monotonic() > until:
                    raise
            time.sleep(_PAUSE)

    def release(self) -> None:
        """Release the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @property
    def locked_elsewhere(self) -> bool:
        """Whether another process holds the lock."""
        if self._file is not None:
            return False
        try:
            number = open_descriptor(self.path)
        except OSError:
            return False  # never acquired
        try:
            # Shared, so that two processes testing the lock do not see each other as holders.
            fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in _REFUSED
        finally:
            os.close(number)
        return False
