"""How much memory this machine can give."""

import os
import sys
from pathlib import Path

_UNKNOWN = 4 * 2**30


def available_memory() -> int:
    """Bytes that can be had now without pushing other programs out; a guess where unknown."""
    if sys.platform == "win32":
        return _windows()
    limits = [_linux(), _container()]
    known = [limit for limit in limits if limit]
    return min(known) if known else _half_of_all()


def _linux() -> int:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return 0
    kilobytes = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(kilobytes[0]) * 1024 if kilobytes else 0


def _container() -> int:
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text())
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
    except (OSError, ValueError):  # no such limit, or "max"
        return 0
    return max(limit - used, 1)


def _half_of_all() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return _UNKNOWN


def _windows() -> int:
    if sys.platform != "win32":
        return _UNKNOWN
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((f"size{i}", ctypes.c_ulonglong) for i in range(7)),
        )

    status = Status(length=ctypes.sizeof(Status))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return _UNKNOWN
    return int(status.size1)
