"""How much memory this machine can give, and samples may take."""

import os
from pathlib import Path

from nn_tui.errors import InputError

_UNKNOWN = 4 * 2**30


def most_bytes() -> int:
    """Half of this machine's memory."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return _UNKNOWN


def refuse_too_much(rows: int, columns: int, what: str) -> None:
    """Raises InputError where (rows, columns) of float64 would be more than that."""
    needed = rows * columns * 8
    if needed > most_bytes():
        raise InputError(
            f"{what} would take {needed / 1e9:,.1f} GB ({rows:,} × {columns:,} numbers); "
            f"the most is half of this machine's memory, {most_bytes() / 1e9:,.1f} GB"
        )


def available_memory() -> int:
    """Bytes that can be had now without pushing other programs out; a guess where unknown."""
    known = [limit for limit in (_system(), _container()) if limit]
    return min(known) if known else most_bytes()


def _system() -> int:
    """What Linux says is available, 0 elsewhere."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return 0
    kilobytes = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(kilobytes[0]) * 1024 if kilobytes else 0


def _container() -> int:
    """What is left of a container's share, 0 where there is no such limit."""
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text())
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
    except (OSError, ValueError):  # no such file, or the word "max"
        return 0
    return max(limit - used, 1)
