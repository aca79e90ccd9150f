"""What a health report tells about the training of a network, in a sentence."""

from nn_tui.training.layer_health import HealthReport, LayerHealth

VANISHING = 100.0
"""Ratio of the gradient norms of the first and last layer that calls for a sentence."""
MOSTLY = 0.5
"""Share of saturated activations that calls for one."""
LARGE, SMALL = -1.0, -5.0
"""log10 of update to weights, above and below which a layer learns too fast or hardly at all."""


def diagnose(report: HealthReport) -> str:
    """Return what stands out most: constant units, vanishing gradients, saturation, updates."""
    hidden = report.layers[:-1]
    candidates = (
        _all_constant(hidden),
        _gradients(report),
        _saturated(report),
        _some_constant(hidden),
        _updates(report.layers),
    )
    return next((text for text in candidates if text), "")


def is_bad(layer: LayerHealth, depth: int) -> dict[str, bool]:
    """Which of a layer's numbers are conspicuous, by name."""
    hidden = layer.number < depth
    return {
        "saturated": hidden and (layer.saturated or 0.0) > MOSTLY,
        "constant": hidden and layer.constant > 0,
        "ratio": layer.ratio is not None and not SMALL <= layer.ratio <= LARGE,
    }


def _all_constant(hidden: tuple[LayerHealth, ...]) -> str:
    for layer in hidden:
        if layer.constant == layer.units:
            return f"all units of l{layer.number} are constant: all samples look alike to the next"
    return ""


def _some_constant(hidden: tuple[LayerHealth, ...]) -> str:
    layer = max(hidden, key=lambda one: one.constant / one.units, default=None)
    if layer is None or not layer.constant:
        return ""
    units = f"{layer.constant} of {layer.units} units of l{layer.number}"
    are = "is" if layer.constant == 1 else "are"
    return f"{units} {are} constant: the same activation for all samples"


def _gradients(report: HealthReport) -> str:
    first, last = report.layers[0], report.layers[-1]
    if first is last or not first.gradient_norm or not last.gradient_norm:
        return ""
    ratio = last.gradient_norm / first.gradient_norm
    names = f"the gradient of l1 is {max(ratio, 1 / ratio):,.0f} times"
    if ratio >= VANISHING:
        return f"{names} smaller than that of ŷ: the first layer hardly learns"
    if ratio <= 1 / VANISHING:
        return f"{names} larger than that of ŷ: gradients grow from layer to layer"
    return ""


def _saturated(report: HealthReport) -> str:
    for layer in report.layers[:-1]:
        if layer.saturated is not None and layer.saturated > MOSTLY:
            activation = report.snapshot.network.unit_of(layer.number)
            share = f"{100 * layer.saturated:.0f} % of the activations of l{layer.number}"
            if activation.range is None:
                if layer.saturated < 0.9:
                    continue  # of relu, half is usual
                return f"{share} pass no gradient back"
            return f"{share} are saturated: they pass almost no gradient back"
    return ""


def _updates(layers: tuple[LayerHealth, ...]) -> str:
    known = [layer for layer in layers if layer.ratio is not None]
    if not known:
        return ""
    most = max(known, key=lambda layer: layer.ratio or 0.0)
    if most.ratio is not None and most.ratio > LARGE:
        return (
            f"the next update changes W{most.number - 1} by {100 * 10**most.ratio:.0f} %: "
            "the learning rate may be too large"
        )
    if most.ratio is not None and most.ratio < SMALL:
        return "updates are below 1/100,000 of the weights: the network hardly learns"
    return ""
