"""Available memory: of the system, the container and the limits of the process."""

import os
from collections.abc import Iterator
from pathlib import Path

from nn_tui.errors import InputError

_UNKNOWN = 4 * 2**30
_UNLIMITED = 2**60
"""Control groups without a limit report at least this."""
_PROC = Path("/proc")
_CGROUPS = Path("/sys/fs/cgroup")
_FILES = {
    "": ("memory.max", "memory.current", "inactive_file"),
    "memory": ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}
"""Files with limit, usage and reclaimable memory, in versions 2 and 1 of control groups."""


def available_memory() -> int:
    """Return the bytes available without swapping; an estimate where unknown."""
    known = [*_of_system(), *_of_containers(), *_of_process()]
    return max(0, min(known)) if known else _half_of_all()


def check_memory(rows: int, columns: int, what: str) -> None:
    """Raise InputError if (rows, columns) of float64 exceed half of the available memory.

    The other half is for the copies that training needs.
    """
    needed, most = rows * columns * 8, available_memory() // 2
    if needed > most:
        raise InputError(
            f"{what} would take {format_bytes(needed)} ({rows:,} × {columns:,} numbers); samples "
            f"may take at most half of the available memory, {format_bytes(most)}"
        )


def format_bytes(count: int) -> str:
    """Format a number of bytes in the largest fitting unit, such as ``1.5 GB``."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} TB" if size < 1000 else f"{size:,.0f} TB"


def _of_system() -> Iterator[int]:
    """Yield the memory that Linux reports as available."""
    for line in _lines(_PROC / "meminfo"):
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024


def _of_containers() -> Iterator[int]:
    """Yield what is left by the control groups of the process and their parents."""
    for line in _lines(_PROC / "self" / "cgroup"):
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and "memory" not in controllers.split(","):
            continue
        files = _FILES["memory" if controllers else ""]
        root = _CGROUPS / "memory" if controllers else _CGROUPS
        # In a container, its own group is often mounted as the root.
        inner = Path(path.lstrip("/"))
        for folder in (root / inner, *(root / parent for parent in inner.parents)):
            yield from _remaining(folder, *files)


def _remaining(folder: Path, limit: str, usage: str, freed: str) -> Iterator[int]:
    try:
        most, used = (int((folder / name).read_text()) for name in (limit, usage))
    except (OSError, ValueError):  # no such group, or the value "max"
        return
    if most < _UNLIMITED:
        stat = (line.split() for line in _lines(folder / "memory.stat"))
        yield most - used + sum(int(words[1]) for words in stat if words[0] == freed)


def _of_process() -> Iterator[int]:
    """Yield what ``ulimit -v`` leaves of the address space."""
    try:
        import resource

        most, _ = resource.getrlimit(resource.RLIMIT_AS)
        used = int(_lines(_PROC / "self" / "statm")[0].split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (ImportError, OSError, ValueError, IndexError):
        return
    if most != resource.RLIM_INFINITY:
        yield most - used


def _half_of_all() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return _UNKNOWN


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except (OSError, ValueError):
        return []
