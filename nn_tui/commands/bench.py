"""``nn-tui bench``: run benchmarks; results are ratios to a reference."""

import argparse
import json
import os
import platform

import numpy as np

from nn_tui.bench.isolated import measure_isolated
from nn_tui.bench.measures import ENGINE, MEASURES, SCREEN, Measure
from nn_tui.bench.timing import RaceResult, Skipped
from nn_tui.errors import InputError
from nn_tui.nn.kernels import status
from nn_tui.spelling import did_you_mean

Result = RaceResult | str
"""The result of a benchmark, or the reason for skipping it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add BENCHMARK …, ``--screen`` and ``--json``."""
    parser.add_argument(
        "measures",
        nargs="*",
        metavar="MEASURE",
        help=f"benchmarks to run: {', '.join(MEASURES)}; default: those of the engine",
    )
    parser.add_argument(
        "--screen",
        action="store_true",
        help="benchmark the screen instead of the engine",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON list")


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmarks and print each result when it is done, or all as JSON."""
    if arguments.screen and arguments.measures:
        raise InputError("give either benchmark names or --screen, not both")
    group = SCREEN if arguments.screen else ENGINE
    of_group = [name for name, measure in MEASURES.items() if measure.group == group]
    chosen = [_measure(name) for name in arguments.measures or of_group]
    if arguments.json:
        print(json.dumps([_as_json(measure, _result(measure)) for measure in chosen]))
        return 0
    print(_machine())
    group = ""  # printed last
    for measure in chosen:
        if measure.group != group:
            group = measure.group
            print(f"\n{group}")
        print(f"\n{_as_text(measure, _result(measure))}", flush=True)
    return 0


def _measure(name: str) -> Measure:
    if name not in MEASURES:
        choices = f"available: {', '.join(MEASURES)}"
        raise InputError(f"{name} is not a benchmark; {did_you_mean(name, MEASURES, choices)}")
    return MEASURES[name]


def _result(measure: Measure) -> Result:
    try:
        return measure_isolated(measure.name)
    except Skipped as reason:
        return str(reason)


def _machine() -> str:
    return (
        f"Python {platform.python_version()}, NumPy {np.__version__}, {os.cpu_count()} cores, "
        f"kernels: {status.describe()}; one thread per side; CPU time; "
        "medians of alternating rounds"
    )


def _as_text(measure: Measure, result: Result) -> str:
    head = f"{measure.name}: {measure.help}"
    if isinstance(result, str):
        return f"{head}\n  skipped: {result}"
    aim = ""
    if measure.aim is not None:
        limit = "at most" if measure.at_most else "at least"
        verdict = "met" if measure.met(result.ratio) else "MISSED"
        aim = f", target {limit} {measure.aim:g}: {verdict}"
    spread = ""
    if result.lowest < result.highest:
        spread = f" (rounds: {_format_ratio(result.lowest)} to {_format_ratio(result.highest)})"
    return (
        f"{head}\n  ratio {_format_ratio(result.ratio)}{spread}{aim}\n"
        f"  {_format_value(result.ours)} vs {_format_value(result.peer)} {measure.unit}"
    )


def _format_ratio(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}" if ratio >= 1.1 else f"{ratio:.3f}"


def _format_value(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:,.1f}"


def _as_json(measure: Measure, result: Result) -> dict[str, object]:
    values: dict[str, object] = {
        "name": measure.name,
        "group": measure.group,
        "help": measure.help,
        "unit": measure.unit,
        "aim": measure.aim,
        "aim_is": None if measure.aim is None else "at most" if measure.at_most else "at least",
    }
    if isinstance(result, str):
        empty = dict.fromkeys(("ours", "peer", "ratio", "lowest", "highest", "met"))
        return {**values, **empty, "skipped": result}
    return {**values, **vars(result), "met": measure.met(result.ratio), "skipped": None}
