"""A unit of the network in words, for the border of its pane."""

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.diagram_layout import Unit
from nn_tui.tui.drawing.network_diagram import UnitNames
from nn_tui.tui.drawing.numbers import format_signed


def describe_unit(snapshot: Snapshot, names: UnitNames, unit: Unit) -> str:
    """Its name, what it does, its bias, from how many units it hears and how many it tells.

    Two decimals: a border that changes is sent whole.
    """
    network, (layer, number) = snapshot.network, unit
    name = names.of_layer(network, layer)[number]
    parts = [name if name.startswith(f"l{layer}.") else f"{name} in l{layer}"]
    if layer:
        parts[0] += f" {network.activation_of(layer)}"
        bias = snapshot.weights.get(f"b{layer - 1}")
        if bias is not None:
            parts.append(f"bias {format_signed(round(float(bias[number]), 2), 5).strip()}")
    links = []
    if layer:
        links.append(f"in {_living(snapshot, layer - 1, (slice(None), number))}")
    if layer < network.depth:
        links.append(f"out {_living(snapshot, layer, (number, slice(None)))}")
    return " · ".join([*parts, " ".join(links)])


def _living(snapshot: Snapshot, matrix: int, part: tuple[int | slice, int | slice]) -> str:
    """How many weights there are, and how many of them were cut off."""
    name = f"W{matrix}"
    count = len(snapshot.weights[name][part])
    living = snapshot.living.get(name)
    cut = 0 if living is None else count - int(living[part].sum())
    return f"{count} ({cut} cut off)" if cut else f"{count}"
