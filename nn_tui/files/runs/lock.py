"""The lock of a run's folder: one program at a time has the run open."""

import fcntl
import os
from pathlib import Path


class Lock:
    """``path`` is a file of its own, made when the lock is first taken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def take(self) -> None:
        """Keep other programs from taking it; raises OSError where one has it, or none can."""
        if self._file is not None:
            return
        number = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(number)
            raise
        self._file = number

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
            number = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False  # nobody ever held it
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(number)
        return False
