"""What the weights pane can show of a snapshot: which views there are, and their numbers."""

from nn_tui.training.forward_pass import Forward
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.matrix import Matrix, activations_of, matrices_of

_COMMON = ("weights", "gradients", "last change", "activations")
_CALLED = {
    "weights": "the weights",
    "gradients": "gradients",
    "last change": "changes",
    "activations": "activations",
    "pictures": "pictures",
}
PICTURE_KEYS = "a picture is a column of W0; `weights.view` shows single weights"
_NOTHING_YET = {
    "gradients": "Here will be how the loss changes with every weight; `epoch` trains an epoch.",
    "last change": "Here will be how far the last epoch moved every weight; `epoch` trains one.",
}


def views_of(snapshot: Snapshot | None) -> tuple[str, ...]:
    """What can be shown, in the order in which ``v`` shows it."""
    return ("pictures", *_COMMON) if picture_of(snapshot) else _COMMON


def picture_of(snapshot: Snapshot | None) -> tuple[int, int] | None:
    """Height and width of the picture that the inputs of hidden units are, if they are one."""
    picture = snapshot.dataset.picture if snapshot is not None else None
    if picture is None or snapshot is None:
        return None
    whole = picture[0] * picture[1] == snapshot.network.sizes[0]
    return picture if whole and snapshot.network.depth > 1 else None


def hint(view: str, following: str) -> str:
    """What one can do in a view, and which comes next; keys by their names."""
    if view == "pictures":
        return f"arrows choose a unit; {PICTURE_KEYS}"
    further = f"`weights.view` shows {_CALLED[following]}"
    if view == "activations":
        return f"what each unit says to the sample chosen in pane 1; {further}"
    return f"arrows move, `weights.set` sets the weight, `weights.prune` cuts it off, {further}"


def nothing_yet(view: str, snapshot: Snapshot) -> str:
    """What will be there, if the view shows what only an epoch brings about; else empty."""
    there = snapshot.changes if view == "last change" else snapshot.updated
    return "" if there else _NOTHING_YET.get(view, "")


class Numbers:
    """The matrices of a view; those of activations are asked for."""

    def __init__(self) -> None:
        self._forward = Forward()

    def __call__(self, view: str, snapshot: Snapshot, sample: int) -> list[Matrix]:
        """The matrices, and those of the activations of ``sample``."""
        dataset = snapshot.dataset
        if view == "activations":
            inputs = dataset.inputs[sample : sample + 1]
            layers = [layer[0] for layer in self._forward.layers(snapshot, inputs)]
            names = dataset.input_names, dataset.classes
            return activations_of(layers, *names, sample, picture_of(snapshot))
        others = {"gradients": ("∇", snapshot.gradients), "last change": ("Δ", snapshot.changes)}
        what, named = others.get(view, ("", {}))
        return matrices_of(
            named or snapshot.weights,
            dataset.input_names,
            dataset.classes,
            snapshot.living,
            what,
        )
