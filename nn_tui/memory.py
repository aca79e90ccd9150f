"""How much memory this machine can give."""

import os
from pathlib import Path

_UNKNOWN = 4 * 2**30


def available_memory() -> int:
    """Bytes that can be had now without pushing other programs out; a guess where unknown."""
    known = [limit for limit in (_system(), _container()) if limit]
    return min(known) if known else _half_of_all()


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


def _half_of_all() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return _UNKNOWN
