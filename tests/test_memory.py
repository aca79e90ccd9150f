"""How much memory there is: whatever limits it most counts."""

import resource
import subprocess
import sys

import pytest

from nn_tui import memory
from nn_tui.errors import InputError
from nn_tui.memory import available_memory, check_memory, format_bytes
from tests.conftest import ROOT

GB = 10**9


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Writes what the system and its control groups say: by path, below ``proc`` or ``cgroup``."""

    def write(files):
        for name, text in {"proc/meminfo": "MemAvailable: 8000000 kB\n", **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    monkeypatch.setattr(memory, "_PROC", tmp_path / "proc")
    monkeypatch.setattr(memory, "_CGROUPS", tmp_path / "cgroup")
    return write


def second(folder, limit, used=0, freed=0):
    return {
        f"cgroup/{folder}memory.max": f"{limit}\n",
        f"cgroup/{folder}memory.current": f"{used}\n",
        f"cgroup/{folder}memory.stat": f"anon 7\ninactive_file {freed}\n",
    }


def first(folder, limit, used=0, freed=0):
    return {
        f"cgroup/memory/{folder}memory.limit_in_bytes": f"{limit}\n",
        f"cgroup/memory/{folder}memory.usage_in_bytes": f"{used}\n",
        f"cgroup/memory/{folder}memory.stat": f"inactive_file 3\ntotal_inactive_file {freed}\n",
    }


V1 = {"proc/self/cgroup": "4:memory:/a/b\n3:cpuset:/\n"}
V2 = {"proc/self/cgroup": "0::/a/b\n"}


@pytest.mark.parametrize(
    ("files", "bytes_left"),
    [
        ({}, 8_192_000_000),
        (V2 | second("", "max"), 8_192_000_000),
        (V2 | second("", 2 * GB, GB), GB),
        (V2 | second("", 2 * GB, GB, GB // 2), 3 * GB // 2),
        (V2 | second("a/b/", 3 * GB, GB) | second("a/", 2 * GB, GB), GB),
        (V2 | second("a/b/", "max", GB) | second("a/", 2 * GB), 2 * GB),
        (V2 | second("a/b/", GB, 2 * GB), 0),
        (V1 | first("", 9223372036854771712), 8_192_000_000),
        (V1 | first("a/b/", 2 * GB, GB), GB),
        (V1 | first("", 2 * GB, GB, GB // 2), 3 * GB // 2),
        (V1 | second("", GB), 8_192_000_000),
    ],
)
def test_a_container_has_what_its_groups_leave_it(machine, files, bytes_left):
    machine(files)
    assert available_memory() == bytes_left


def test_samples_and_networks_have_one_limit(machine):
    machine(V2 | second("", 2 * GB, GB))
    check_memory(1_000_000, 62, "its samples")
    with pytest.raises(InputError) as refused:
        check_memory(1_000_000, 63, "its samples")
    assert str(refused.value) == (
        "its samples would take 504 MB (1,000,000 × 63 numbers); samples may take at most half of "
        "the available memory, 500 MB"
    )


def test_without_knowledge_it_is_half_of_the_machine(machine, monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "_PROC", tmp_path / "nowhere")
    assert 0 < available_memory() < 2**60


def test_a_limit_of_the_process_is_refused_in_a_sentence(tmp_path):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (3 * GB // 2, 3 * GB // 2))

    done = subprocess.run(
        [
            *(sys.executable, "-m", "nn_tui", "train", "circle"),
            *("--set", "data.samples=10_000_000", "--epochs", "1"),
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 3 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "half of the available memory" in done.stderr


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (999, "999 bytes"),
        (1500, "1.5 kB"),
        (110_000_000, "110 MB"),
        (3.92e12, "3.92 TB"),
        (8e17, "800,000 TB"),
    ],
)
def test_bytes_are_written_for_people(count, text):
    assert format_bytes(int(count)) == text
