"""Terms of the screen: panes, curves, runs."""

from nn_tui.glossary.entry import Entry

SCREEN_TERMS = (
    Entry(
        "running",
        "The run is being trained.",
        also=("▶",),
        see=("paused", "epoch"),
    ),
    Entry(
        "paused",
        "Training is stopped and can be continued at any time, with the same bits.",
        also=("‖", "ready"),
        see=("running", "finished"),
    ),
    Entry(
        "finished",
        "All epochs of the recipe are trained; you can continue for as many again.",
        also=("done", "stopped"),
        see=("epoch", "early stopping"),
    ),
    Entry(
        "diverged",
        "The loss or a weight is not finite any more, or the loss has grown without bound: the "
        "learning rate is too large.",
        also=("✗", "divergence"),
        see=("learning rate",),
        lesson="edge-of-stability",
    ),
    Entry(
        "pace",
        "Epochs per second on the screen, so that training can be watched. It changes no number.",
        also=("view.pace", "speed", "full speed"),
        see=("epoch",),
    ),
    Entry(
        "logarithmic axis",
        "An axis on which equal distances are equal ratios, so that 0.1 to 0.01 is as long as 0.01 "
        "to 0.001.",
        also=("log", "axis"),
        see=("loss",),
    ),
    Entry(
        "smoothing",
        "A moving average of the curve, which makes its trend visible.",
        see=("loss",),
    ),
    Entry(
        "pin",
        "A curve that stays in the picture, for comparison, while you try something else.",
        also=("pins", "pinned"),
        see=("loss",),
    ),
    Entry(
        "table",
        "The samples as rows: inputs, target, prediction, error.",
        see=("sample",),
    ),
    Entry(
        "scatter",
        "The samples as points in the plane of two inputs.",
        also=("scatter plot",),
        see=("sample", "input"),
    ),
    Entry(
        "curve",
        "The samples and the predictions over a single input.",
        also=("fitted curve",),
        see=("prediction",),
    ),
)
