"""The list of benchmarks, their processes, and the output of ``nn-tui bench``."""

import json
import os
import sys
from pathlib import Path

import pytest

from nn_tui import cli
from nn_tui.bench import isolated
from nn_tui.bench.measures import ENGINE, MEASURES, SCREEN, Measure
from nn_tui.bench.timing import (
    RaceResult,
    Skipped,
    jax_library,
    numba_library,
    pytorch,
    scikit_learn,
)

ROOT = Path(cli.__file__).parents[1]
RESULT = RaceResult(ratio=20.5, lowest=18.0, highest=24.0, ours=1_750_000.0, peer=100_000.0)


@pytest.fixture
def results(monkeypatch):
    """Results by name, or reasons for skipping, instead of running the benchmarks."""
    known = {}

    def run(name):
        result = known.get(name, RESULT)
        if isinstance(result, str):
            raise Skipped(result)
        return result

    monkeypatch.setattr("nn_tui.commands.bench.measure_isolated", run)
    return known


def test_the_aims_of_the_engine_are_those_of_the_design():
    aims = {name: (entry.aim, entry.at_most) for name, entry in MEASURES.items()}
    assert aims["blog"] == aims["blog-nonlin"] == (20, False)
    assert aims["blog-sklearn"] == aims["blog-sklearn-regressor"] == (80, False)
    assert aims["blog-torch"] == (10, False)
    assert aims["spiral-4-2"] == aims["spiral-8-8-8"] == (0.9, False)
    assert aims["digits-torch"] == aims["digits-jax"] == (1, False)
    for network in ("blog", "spiral", "spiral-full", "deep"):
        assert aims[f"{network}-jax"] == (1.3, False)
    assert aims["autosave-blog"] == aims["autosave-pictures"] == (0.98, False)
    assert aims["autosave-age"] == (1, True)
    assert aims["memory"] == (1.05, True)


@pytest.mark.parametrize(
    ("aim", "at_most", "ratio", "met"),
    [
        (1.7, False, 1.7, True),
        (1.7, False, 1.69, False),
        (1.05, True, 1.05, True),
        (1.05, True, 1.06, False),
        (None, False, 3.0, None),
    ],
)
def test_an_aim_is_a_minimum_or_a_maximum(aim, at_most, ratio, met):
    measure = Measure("x", "engine", "", "", lambda: RESULT, aim, at_most)
    assert measure.met(ratio) is met


def test_json_is_a_list_with_the_values_of_both_sides(results, capsys):
    results["blog-torch"] = "PyTorch is not installed"
    results["memory"] = RaceResult(1.2, 1.2, 1.2, 48.0, 40.0)
    assert cli.main(["bench", "--json"]) == 0
    found = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert list(found) == [name for name, entry in MEASURES.items() if entry.group == ENGINE]
    blog = found["blog"]
    assert (blog["ours"], blog["peer"], blog["unit"]) == (1_750_000, 100_000, "epochs/s")
    assert (blog["ratio"], blog["lowest"], blog["highest"]) == (20.5, 18.0, 24.0)
    assert (blog["aim"], blog["aim_is"], blog["met"], blog["skipped"]) == (
        *(20, "at least", True, None),
    )
    skipped = found["blog-torch"]
    assert skipped["skipped"] == "PyTorch is not installed"
    assert skipped["ratio"] is skipped["ours"] is skipped["met"] is None
    assert (found["memory"]["aim_is"], found["memory"]["met"]) == ("at most", False)


def test_text_marks_missed_targets_and_skipped_benchmarks(results, capsys):
    results["blog-sklearn"] = RaceResult(9.8, 9.4, 9.9, 155_000.0, 15_800.0)
    results["blog-torch"] = "PyTorch is not installed"
    results["memory"] = RaceResult(1.001, 1.001, 1.001, 43.0, 42.9)
    assert cli.main(["bench"]) == 0
    text = capsys.readouterr().out
    assert "ratio 20.5 (rounds: 18.0 to 24.0), target at least 20: met" in text
    assert "1,750,000 vs 100,000 epochs/s" in text
    assert "ratio 9.80 (rounds: 9.40 to 9.90), target at least 80: MISSED" in text
    assert "skipped: PyTorch is not installed" in text
    assert "ratio 1.001, target at most 1.05: met\n  43.0 vs 42.9 MB" in text


def test_screen_runs_the_benchmarks_of_the_screen(results, capsys):
    assert cli.main(["bench", "--screen", "--json"]) == 0
    found = [entry["name"] for entry in json.loads(capsys.readouterr().out)]
    assert found == [name for name, entry in MEASURES.items() if entry.group == SCREEN]
    assert cli.main(["bench", "--screen", "blog"]) == 3
    assert "--screen" in capsys.readouterr().err


def test_only_the_named_benchmarks_run(results, capsys):
    assert cli.main(["bench", "memory", "blog", "--json"]) == 0
    assert [entry["name"] for entry in json.loads(capsys.readouterr().out)] == ["memory", "blog"]
    assert cli.main(["bench", "blag"]) == 3
    assert "blag is not a benchmark; did you mean blog" in capsys.readouterr().err


def test_a_benchmark_runs_in_a_process_with_one_thread(monkeypatch):
    program = (
        "import json, os; print('chatter'); n = float(os.environ['OPENBLAS_NUM_THREADS']); "
        "print(json.dumps(dict(ratio=n, lowest=n, highest=n, ours=os.getpid(), peer=n)))"
    )
    monkeypatch.setattr(isolated, "_PROGRAM", program)
    result = isolated.measure_isolated("blog")
    assert result.ratio == 1.0
    assert result.ours != os.getpid()


def test_the_process_runs_the_named_benchmark(monkeypatch, capsys):
    for name, result in (("blog", RESULT), ("memory", RaceResult(1.0, 1.0, 1.0, 43.0, 43.0))):
        monkeypatch.setitem(
            MEASURES, name, Measure(name, "engine", "", "", lambda result=result: result)
        )
    isolated.send_result("memory")
    assert RaceResult(**json.loads(capsys.readouterr().out)).ours == 43.0


def test_a_failing_benchmark_is_an_error_with_the_last_line_of_its_traceback(monkeypatch):
    monkeypatch.setattr(isolated, "_PROGRAM", "raise ValueError('no such thing')")
    with pytest.raises(RuntimeError, match="blog failed: ValueError: no such thing"):
        isolated.measure_isolated("blog")


@pytest.mark.parametrize(
    ("library", "module", "sentence"),
    [
        (scikit_learn, "sklearn", "scikit-learn is not installed"),
        (pytorch, "torch", "PyTorch is not installed"),
        (jax_library, "jax", "JAX is not installed"),
        (numba_library, "numba", "Numba is not installed"),
    ],
)
def test_a_benchmark_is_skipped_without_its_library(library, module, sentence, monkeypatch):
    class Absent:
        @staticmethod
        def find_spec(name, *_):
            if name == module:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(os, "environ", dict(os.environ))
    for name in ("sklearn.neural_network", "sklearn", "torch", "jax", "numba"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Absent, *sys.meta_path])
    with pytest.raises(Skipped, match=f"^{sentence}$"):
        library()


@pytest.mark.parametrize("name", ["blog-torch", "digits-torch", "blog-sklearn"])
def test_a_benchmark_is_skipped_if_its_library_does_not_load(run_cli, tmp_path, name):
    for library in ("torch", "sklearn"):
        (tmp_path / f"{library}.py").write_text("raise ImportError('broken for the test')")
    done = run_cli("bench", name, "--json", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads(done.stdout)
    assert entry["skipped"].endswith("does not load: broken for the test")


def test_the_process_of_a_benchmark_finds_its_function(run_cli):
    done = run_cli("bench", "blog", "--json")
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads(done.stdout)
    assert entry["ratio"] > 0
