"""Our definitions beside those of PyTorch, Keras and scikit-learn, and how to get their numbers.

PyTorch 2, Keras 3, and ``MLPClassifier`` and ``MLPRegressor`` of scikit-learn 1. n is the
number of samples of a batch, K that of the outputs, g a gradient, η the learning rate.
"""

from typing import NamedTuple


class LibraryDefinition(NamedTuple):
    """One quantity; ``there`` says how to get the numbers of the others, if they differ."""

    name: str
    ours: str
    pytorch: str
    keras: str
    sklearn: str
    there: str = ""


DEFINITIONS: tuple[LibraryDefinition, ...] = (
    LibraryDefinition(
        "squared error",
        "half_squared_error: mean over samples of ½ Σ (y - a)² over outputs",
        "MSELoss: mean of (y - a)² over samples and outputs",
        "MeanSquaredError: as PyTorch",
        "shown: ½ mean over samples and outputs; gradient: as ours",
        "their loss is 2/K of ours: for PyTorch and Keras multiply the learning rate of sgd by 2/K",
    ),
    LibraryDefinition(
        "absolute error, huber",
        "mean over samples of the sum over outputs; huber with δ = 1",
        "L1Loss, HuberLoss: mean over samples and outputs",
        "as PyTorch",
        "-",
        "their loss is 1/K of ours",
    ),
    LibraryDefinition(
        "binary cross-entropy",
        "mean over samples of the sum over outputs, from z",
        "BCEWithLogitsLoss: mean over samples and outputs",
        "BinaryCrossentropy: as PyTorch; clips a unless from_logits=True",
        "as ours; clips a",
        "their loss is 1/K of ours; the same with one output",
    ),
    LibraryDefinition(
        "cross-entropy",
        "mean over samples of -Σ y ln a, from z",
        "CrossEntropyLoss: as ours",
        "CategoricalCrossentropy: as ours; clips a unless from_logits=True",
        "as ours; clips a",
    ),
    LibraryDefinition(
        "reduction",
        "sum, as in the blog, or mean of the per-sample gradients",
        "mean; reduction='sum' sums losses and gradients",
        "mean over the batch",
        "mean over the batch",
        "training.reduction = mean",
    ),
    LibraryDefinition(
        "class weights",
        "loss = 1/n Σ w L; balanced: w = n / (classes · n_class)",
        "weight: Σ w L / Σ w",
        "class_weight: as ours",
        "compute_class_weight gives the balanced ones",
        "for PyTorch's, balanced weights on the whole set have Σ w = n",
    ),
    LibraryDefinition(
        "label smoothing",
        "y ← (1 - s) y + s / K, in the loss of all sets",
        "as ours",
        "as ours; with one output K = 2",
        "-",
    ),
    LibraryDefinition(
        "momentum",
        "v ← μ v - η g, p ← p + v: the rate is in the velocity",
        "v ← μ v + g, p ← p - η v",
        "as ours",
        "as ours",
        "the same while the learning rate is constant; nesterov likewise",
    ),
    LibraryDefinition(
        "adagrad",
        "s from 0, p ← p - η g / (√s + ε), ε = 1e-8",
        "as ours, ε = 1e-10",
        "s from 0.1, p ← p - η g / √(s + ε), ε = 1e-7",
        "-",
        "training.epsilon = 1e-10 for PyTorch",
    ),
    LibraryDefinition(
        "rmsprop",
        "ρ = 0.9, p ← p - η g / (√s + ε), ε = 1e-8",
        "as ours, alpha = 0.99",
        "ρ = 0.9, p ← p - η g / √(s + ε), ε = 1e-7",
        "-",
        "training.rho = 0.99 for PyTorch",
    ),
    LibraryDefinition(
        "adam",
        "ε beside √s before its bias correction: "
        "p ← p - η √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√s + ε), ε = 1e-8",
        "ε after it: m̂ / (√ŝ + ε), ε = 1e-8",
        "as ours, ε = 1e-7",
        "as ours, ε = 1e-8",
        'PyTorch\'s: [lines] "W0 +=" = "step_size * W0_mean / (np.sqrt(W0_squares) + epsilon * '
        '(1 - beta2 ** t) ** 0.5)", and so on',
    ),
    LibraryDefinition(
        "l2",
        "w ← w - η λ w beside the optimizer's step, weights only, whatever n (decoupled)",
        "weight_decay adds λ p to g, biases too; AdamW is decoupled",
        "L2(λ) adds 2 λ w to g; weight_decay of an optimizer is decoupled",
        "alpha adds α w / n to g",
        "with sgd λ = weight_decay, 2 × Keras's λ, or α / n; AdamW and weight_decay with adam",
    ),
    LibraryDefinition(
        "l1",
        "w ← w - η λ sign(w); a weight that would cross 0 is pruned, as in TensorFlow Playground",
        "-",
        "L1(λ) adds λ sign(w) to g, without pruning",
        "-",
    ),
    LibraryDefinition(
        "gradient clipping",
        "g · c / max(‖g‖, c), ‖g‖ over all parameters",
        "clip_grad_norm_: g · min(1, c / (‖g‖ + 1e-6))",
        "global_clipnorm: as ours; clipnorm: of each variable",
        "-",
    ),
    LibraryDefinition(
        "dropout, input noise",
        "inverted: a / (1 - p) or 0; x + s ε; none in predictions",
        "Dropout: as ours",
        "Dropout, GaussianNoise: as ours",
        "-",
    ),
    LibraryDefinition(
        "schedules",
        "the rate of an epoch, t = 0 in the first; it stays where it ends",
        "StepLR, ExponentialLR (gamma = d^(1/T)), CosineAnnealingLR (rises again after T_max), "
        "OneCycleLR (a rate for each update; cycles momentum too)",
        "a rate for each update",
        "invscaling and adaptive, with sgd",
    ),
    LibraryDefinition(
        "initialization",
        "xavier: uniform in ±√(6 / (fan_in + fan_out)); he: normal, √(2 / fan_in); biases 0",
        "Linear: uniform in ±1/√fan_in, biases too; xavier_uniform_, kaiming_normal_",
        "glorot_uniform; he_normal is truncated",
        "as xavier, biases too; for logistic ±√(2 / (fan_in + fan_out))",
    ),
    LibraryDefinition(
        "leaky_relu, elu",
        "slope 0.01 below zero; α = 1",
        "as ours",
        "leaky_relu: 0.2; LeakyReLU: 0.3; elu as ours",
        "-",
        '[functions] leaky = "np.maximum(x, 0.2 * x)", network.activation = leaky',
    ),
)

LIBRARIES = ("pytorch", "keras", "sklearn")
"""The fields of a definition that are those of other libraries."""
TITLES = {"ours": "nn-tui", "pytorch": "PyTorch", "keras": "Keras", "sklearn": "scikit-learn"}


def definitions_of(word: str) -> list[LibraryDefinition]:
    """The definitions whose name has ``word``; all for an empty word."""
    wanted = word.strip().casefold().replace("-", " ").replace("_", " ")
    return [
        entry
        for entry in DEFINITIONS
        if wanted in entry.name.casefold().replace("-", " ").replace("_", " ")
    ]


def lines_of(entry: LibraryDefinition) -> list[str]:
    """A definition as lines of text: a title, what each library has, and how to get theirs."""
    width = max(map(len, TITLES.values()))
    lines = [f"{entry.name}, beside other libraries"]
    lines += [f"{TITLES[name]:<{width}}  {getattr(entry, name)}" for name in TITLES]
    return lines + ([f"{'theirs':<{width}}  {entry.there}"] if entry.there else [])


def markdown_table() -> list[str]:
    """All definitions as a table of Markdown, a line each."""
    titles = ["", *TITLES.values(), "to get theirs"]
    rows = [
        [entry.name, *(getattr(entry, name) for name in TITLES), entry.there]
        for entry in DEFINITIONS
    ]
    return ["| " + " | ".join(row) + " |" for row in (titles, ["---"] * len(titles), *rows)]
