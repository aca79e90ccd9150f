"""The lock of a run's folder: one program at a time has the run open."""

import errno
import fcntl
import os
import time
from pathlib import Path

from nn_tui.files.runs.safe_open import descriptor

_REFUSED = (errno.ENOLCK, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS)
"""How a file system says that it has no locks."""
_PATIENCE, _PAUSE = 0.1, 0.005
"""Seconds that taking it goes on: a list of runs has a lock for a moment to look whether it may."""


class RunLock:
    """``path`` is a file of its own, made when the lock is first taken.

    ``powerless`` is true once the file system has refused to lock: it is held then as far as
    this program goes, and others are not kept away.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.powerless = False
        self._file: int | None = None

    def take(self) -> None:
        """Keep other programs from taking it; raises OSError where one has it, or none can."""
        if self._file is not None:
            return
        number = descriptor(self.path, os.O_RDWR | os.O_CREAT)
        try:
            self._lock(number)
        except OSError:
            os.close(number)
            raise
        self._file = number

    def _lock(self, number: int) -> None:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except OSError as error:
                if error.errno in _REFUSED:
                    self.powerless = True
                    return
                if time.monotonic() > until:
                    raise
            time.sleep(_PAUSE)

    def release(self) -> None:
        """Let other programs have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @property
    def held_elsewhere(self) -> bool:
        """Whether another program has it."""
        if self._file is not None:
            return False
        try:
            number = descriptor(self.path)
        except OSError:
            return False  # nobody ever held it
        try:
            # Shared, so that two programs that look do not take each other for a holder.
            fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in _REFUSED
        finally:
            os.close(number)
        return False
