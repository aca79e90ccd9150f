"""``nn-tui bench``: speed as ratios, measured here and now."""

import argparse
import json
import os
import platform

import numpy as np

from nn_tui.bench.measures import MEASURES, Measure
from nn_tui.bench.race import Outcome, race


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Run every measure and print each as it is done, or all as JSON."""
    if not arguments.json:
        print(", ".join(f"{name} {value}" for name, value in _machine().items()))
    outcomes = {}
    for measure in MEASURES.values():
        outcomes[measure.name] = race(measure.prepare())
        if not arguments.json:
            print(f"\n{_as_text(measure, outcomes[measure.name])}", flush=True)
    if arguments.json:
        figures = [_as_figures(MEASURES[name], outcome) for name, outcome in outcomes.items()]
        print(json.dumps({"machine": _machine(), "measures": figures}))
    return 0


def _machine() -> dict[str, str]:
    return {
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "cores": str(os.cpu_count()),
    }


def _as_text(measure: Measure, outcome: Outcome) -> str:
    aim = ""
    if measure.aim is not None:
        verdict = "met" if outcome.ratio >= measure.aim else "missed"
        aim = f", aim at least {measure.aim:g}: {verdict}"
    return (
        f"{measure.name}: {measure.help}\n"
        f"  {outcome.ratio:.2f} times as fast "
        f"(rounds from {outcome.lowest:.2f} to {outcome.highest:.2f}){aim}\n"
        f"  {outcome.ours_per_second:,.0f} against {outcome.peer_per_second:,.0f} {measure.unit}"
    )


def _as_figures(measure: Measure, outcome: Outcome) -> dict[str, object]:
    return {
        "name": measure.name,
        "ratio": outcome.ratio,
        "lowest": outcome.lowest,
        "highest": outcome.highest,
        "aim": measure.aim,
        "met": None if measure.aim is None else outcome.ratio >= measure.aim,
        "unit": measure.unit,
        "ours_per_second": outcome.ours_per_second,
        "peer_per_second": outcome.peer_per_second,
    }
