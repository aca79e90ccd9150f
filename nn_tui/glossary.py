"""The glossary: what every word on the screen means, with formula and source.

``ENTRIES`` has the terms. Activations, losses, optimizers, initializers and penalties bring their
own help, formula and source, and are added to it. To add a term, add an entry.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.schedules import SCHEDULES


class Entry(NamedTuple):
    """A term. ``also`` are other words for it: recipe keys, views, metrics, abbreviations.

    ``see`` are the names of related entries, ``lesson`` the name of the lesson about it.
    """

    name: str
    definition: str
    formula: str = ""
    source: str = ""
    also: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    lesson: str = ""


_TERMS = (
    # Data
    Entry(
        "sample",
        "One example: the inputs of the network and the target that belongs to them. A row of "
        "the table.",
        also=("row",),
        see=("input", "target"),
    ),
    Entry(
        "input",
        "A number that the network is given for each sample, also called a feature. Layer 0 of "
        "the network, l0, has one unit for each input.",
        also=("feature", "features", "data.features", "inputs", "x1"),
        see=("scaling", "target"),
        lesson="features",
    ),
    Entry(
        "target",
        "What the network should predict for a sample: y. A number for regression, a class for "
        "classification.",
        also=("y", "data.target", "targets"),
        see=("prediction", "task"),
    ),
    Entry(
        "prediction",
        "What the network outputs for a sample: ŷ, the activation of its last layer.",
        also=("ŷ", "output value"),
        see=("target", "error"),
    ),
    Entry(
        "error",
        "The difference of target and prediction. Its sign tells in which direction the "
        "prediction should move, which is why the blog adds its updates.",
        "error = y − ŷ",
        also=("y − ŷ", "y - ŷ", "l2_error"),
        see=("delta", "loss"),
    ),
    Entry(
        "data",
        "Where the samples come from: a built-in set, generated points, or a file.",
        also=("data.source", "source"),
        see=("sample",),
    ),
    Entry(
        "header",
        "The first row of a file, if it has the names of the columns.",
        also=("data.header",),
        see=("columns",),
    ),
    Entry(
        "columns",
        "How the columns of a file are read: as plain numbers and categories, or also as amounts, "
        "percentages and dates.",
        also=("data.columns",),
        see=("input", "header"),
    ),
    Entry(
        "categories",
        "Input columns whose values are names, even where they look like numbers: each value "
        "becomes an input of its own, 1 where it occurs and 0 elsewhere (one-hot encoding).",
        also=("data.categories", "category", "one-hot encoding"),
        see=("columns", "input"),
    ),
    Entry(
        "task",
        "What is predicted: a class (classification) or a number (regression).",
        also=("data.task", "classification", "regression"),
        see=("target", "accuracy", "R²"),
    ),
    Entry(
        "scaling",
        "Bringing all inputs to a common size, fitted on the training set. It makes the curvatures "
        "of the loss more alike, so that one learning rate suits all weights.",
        "standard: (x − mean) / deviation; minmax: (x − min) / (max − min)",
        "LeCun et al., Efficient BackProp, 1998",
        also=("data.scale", "standardization", "normalization"),
        see=("learning rate", "target scaling"),
        lesson="scaling",
    ),
    Entry(
        "target scaling",
        "Training on standardized continuous targets. Predictions and errors are shown in the "
        "targets' own units.",
        "(y − mean) / deviation",
        also=("data.target_scale",),
        see=("scaling",),
    ),
    Entry(
        "missing values",
        "Empty cells of a file: refused, left out with their row, or filled with the median or the "
        "most frequent category of the training set.",
        also=("data.missing",),
        see=("columns",),
    ),
    Entry(
        "samples",
        "How many points are generated, training and test set together.",
        also=("data.samples",),
        see=("training set", "test set"),
        lesson="more-data",
    ),
    Entry(
        "noise",
        "Random deviation of the generated points from the rule behind them. Nothing can be "
        "learned from it that holds for other points.",
        also=("data.noise",),
        see=("overfitting",),
    ),
    Entry(
        "data seed",
        "The number from which generated points and the row order are drawn. The same seed gives "
        "the same data.",
        also=("data.seed",),
        see=("weight seed",),
    ),
    Entry(
        "training set",
        "The samples that the weights are fitted to.",
        also=("train", "training"),
        see=("test set", "validation set"),
    ),
    Entry(
        "test set",
        "Samples that training never uses. Their loss and accuracy tell how well the network "
        "predicts what it has not seen.",
        also=("test", "data.test_fraction", "test fraction"),
        see=("training set", "validation set", "overfitting"),
    ),
    Entry(
        "validation set",
        "Training samples that are held out to choose settings and the best epoch, so that the "
        "test set stays unused until the end.",
        also=("validation", "data.validation_fraction"),
        see=("test set", "early stopping"),
    ),
    Entry(
        "row order",
        "The order of the samples before they are split into training and test set. Stratified: "
        "each class has its share in both.",
        also=("data.order",),
        see=("test set",),
    ),
    # The network
    Entry(
        "layer",
        "Units that all get the outputs of the layer before. l0 are the inputs, the last layer is "
        "the output, those between are hidden.",
        also=("l0",),
        see=("hidden layers", "unit"),
    ),
    Entry(
        "unit",
        "One neuron: it computes a weighted sum of its inputs, adds its bias, and applies the "
        "activation function.",
        "a = f(x · w + b)",
        also=("neuron", "hidden unit"),
        see=("pre-activation", "activation", "bias"),
    ),
    Entry(
        "hidden layers",
        "The layers between input and output, and how many units each has. Without one the "
        "boundary of a classifier is a straight line.",
        also=("network.hidden", "hidden units"),
        see=("layer", "activation"),
        lesson="xor",
    ),
    Entry(
        "weight",
        "A number by which a unit multiplies one of its inputs. Wi is the matrix of layer i + 1: a "
        "row for each input, a column for each unit; the blog calls it synapse i.",
        also=("weights", "W0", "W1", "synapse", "pictures"),
        see=("bias", "gradient"),
    ),
    Entry(
        "bias",
        "A number that a unit adds to its weighted sum. It shifts the place at which the unit "
        "switches.",
        also=("network.bias", "b0", "b1"),
        see=("weight", "unit"),
        lesson="bias",
    ),
    Entry(
        "parameter",
        "A number that training changes: a weight or a bias.",
        also=("parameters",),
        see=("weight", "bias", "hyperparameter"),
    ),
    Entry(
        "hyperparameter",
        "A setting that you choose and training does not change, such as the learning rate.",
        also=("hyperparameters",),
        see=("parameter",),
    ),
    Entry(
        "pre-activation",
        "The weighted sum of a unit, before its activation function: z.",
        "z = x · w + b",
        also=("z", "z1", "z2", "weighted sum"),
        see=("activation", "unit"),
    ),
    Entry(
        "activation",
        "The function that a unit applies to its weighted sum, and its result. It must not be a "
        "straight line: linear layers stacked are one linear layer.",
        "a = f(z)",
        also=("network.activation", "activations", "activation function"),
        see=("pre-activation", "derivative"),
        lesson="xor",
    ),
    Entry(
        "schedule",
        "How the learning rate changes from epoch to epoch. A large one goes far in the beginning, "
        "a small one settles in the end.",
        "η_t, with t = 0 in the first epoch",
        also=("training.schedule", "learning rate schedule", "scheduler", "annealing"),
        see=("learning rate", "epoch"),
    ),
    Entry(
        "length",
        "The epochs that a learning rate schedule takes; after it, the rate stays where it ended.",
        also=("training.schedule_epochs", "T", "T_max", "total_steps"),
        see=("schedule",),
    ),
    Entry(
        "warm-up",
        "The epochs at the beginning in which the learning rate rises to its full value.",
        source="Goyal et al., Accurate, large minibatch SGD, 2017",
        also=("training.warmup_epochs", "warmup"),
        see=("schedule",),
    ),
    Entry(
        "decay factor",
        "What a step schedule multiplies the learning rate by, and an exponential one over its "
        "length.",
        also=("training.decay_factor", "gamma"),
        see=("schedule",),
    ),
    Entry(
        "final rate",
        "The learning rate at the end of a schedule, as a fraction of the learning rate.",
        also=("training.final_rate", "eta_min"),
        see=("schedule",),
    ),
    Entry(
        "dropout",
        "Every update leaves out other hidden units, drawn at random, and scales up the rest; "
        "predictions use all of them. Units learn not to rely on single others.",
        "a ← a / (1 - p), or 0 with probability p",
        "Srivastava et al., Dropout, Journal of Machine Learning Research, 2014",
        also=("network.dropout", "l1_random", "l1_dropped"),
        see=("regularization",),
    ),
    Entry(
        "input noise",
        "Random numbers that are added to the inputs in every update, others each time; for "
        "predictions nothing is added. It smooths what the network learns.",
        "x ← x + s ε, ε ~ N(0, 1)",
        "Bishop, Training with noise is equivalent to Tikhonov regularization, 1995",
        also=("training.input_noise", "l0_noise", "l0_noisy"),
        see=("regularization",),
    ),
    Entry(
        "label smoothing",
        "Targets between the classes instead of 0 and 1, so that the network does not grow its "
        "weights for the sake of certainty. The loss of all sets is that of the smoothed targets.",
        "y ← (1 - s) y + s / K, for K classes",
        "Szegedy et al., Rethinking the Inception architecture for computer vision, 2016",
        also=("training.label_smoothing", "smooth labels", "y_smooth"),
        see=("target", "loss"),
    ),
    Entry(
        "rho",
        "How much of rmsprop's average of squared gradients is kept in an update; 0.9 averages "
        "about the last ten. beta2: the number of adam, as in recipes of earlier versions.",
        "s ← ρ s + (1 - ρ) g²",
        "Tieleman and Hinton 2012",
        also=("training.rho",),
        see=("rmsprop",),
    ),
    Entry(
        "gradient clipping",
        "Where the gradient of all parameters is longer than a limit, it is shortened to it: its "
        "direction stays. It keeps a rare steep place from throwing the weights far away.",
        "g ← g · c / max(‖g‖, c)",
        "Pascanu, Mikolov and Bengio 2013",
        also=("training.clip_norm", "gradient clip", "clip_norm", "clipping", "max_norm"),
        see=("gradient",),
    ),
    Entry(
        "output",
        "The activation of the last layer: linear for numbers, sigmoid for two classes, softmax "
        "for several.",
        also=("network.output",),
        see=("activation", "prediction"),
    ),
    Entry(
        "initialization",
        "How the weights are drawn before training. They must differ, or identical units stay "
        "identical; and their size decides whether signals grow or vanish from layer to layer.",
        source="Glorot and Bengio 2010; He et al. 2015",
        also=("network.init",),
        see=("weight seed", "vanishing gradient"),
        lesson="symmetry",
    ),
    Entry(
        "weight seed",
        "The number from which the initial weights and the shuffling are drawn. The same seed "
        "gives the same run, bit for bit; another may end elsewhere.",
        also=("network.seed", "seed"),
        see=("initialization", "replicas"),
        lesson="luck",
    ),
    Entry(
        "precision",
        "How many bits a number has: float64 about 16 decimal digits, float32 about 7, in half the "
        "memory.",
        source="IEEE 754",
        also=("network.dtype", "float64", "float32"),
    ),
    Entry(
        "sweep",
        "Training one experiment with many combinations of hyperparameters, to compare them: all "
        "of a grid (grid search), or some at random. A trial is one combination with one seed.",
        source="Bergstra & Bengio 2012, JMLR 13",
        also=("grid search", "random search", "trial", "hyperparameter search"),
        see=("replicas", "validation set"),
    ),
    Entry(
        "heat map",
        "A table whose cells are coloured by their value. That of a sweep has the median over the "
        "seeds of each combination of two hyperparameters: the better, the brighter.",
        see=("sweep", "parallel coordinates"),
    ),
    Entry(
        "parallel coordinates",
        "An axis beside the other for each hyperparameter and for the result, and a line through "
        "them for each combination: where good lines run together, that value matters.",
        source="Inselberg 1985, The Visual Computer 1",
        also=("parallel",),
        see=("sweep", "heat map"),
    ),
    Entry(
        "ranking",
        "The combinations of a sweep, the best first. Between two whose seeds overlap, the order "
        "is not reliable: another seed may turn it round.",
        see=("sweep", "weight seed"),
    ),
    Entry(
        "decision boundary",
        "Where the prediction changes from one class to another.",
        also=("boundary", "classes", "contour", "decision boundaries"),
        see=("prediction", "hidden layers"),
    ),
    Entry(
        "diagram",
        "The network as units and connections: an edge is a weight, blue and solid if positive, "
        "orange and dashed if negative.",
        see=("unit", "weight"),
    ),
    # Training
    Entry(
        "epoch",
        "One pass over all training samples. Epoch 0 is before any update.",
        also=("epochs", "training.epochs"),
        see=("update", "batch size"),
    ),
    Entry(
        "update",
        "One change of all weights, computed from the samples of one batch. Also called a step.",
        "w ← w − learning rate · gradient (plain gradient descent)",
        also=("step", "training step", "last change", "changes"),
        see=("gradient", "learning rate", "optimizer"),
    ),
    Entry(
        "forward pass",
        "Computing the layers from the inputs to the predictions.",
        also=("forward",),
        see=("backpropagation",),
    ),
    Entry(
        "backpropagation",
        "The chain rule from the loss back to the weights: each layer's error is carried through "
        "its weights to the layer before, times the derivative of the activation.",
        "delta_i = (delta_(i+1) @ W_i.T) · f'(z_i)",
        "Rumelhart, Hinton and Williams 1986",
        see=("delta", "derivative", "gradient"),
    ),
    Entry(
        "delta",
        "How the weighted sum of each unit should change to lower the loss: the error at its "
        "output times the derivative of its activation. One number for each sample and unit.",
        "l1_delta = l1_error · f'(z1)",
        also=("l1_delta", "l2_delta"),
        see=("error", "backpropagation"),
    ),
    Entry(
        "derivative",
        "How much a function changes when its argument changes a little: its slope.",
        "sigmoid: a (1 − a), at most ¼",
        also=("slope",),
        see=("gradient", "activation"),
    ),
    Entry(
        "gradient",
        "The derivative of the loss by every weight and bias: the direction in which the loss "
        "rises fastest. Positive: raising the weight raises the loss, so training lowers it.",
        "∇W1 = −l1.T @ l2_delta",
        also=("gradients", "∇", "∇W"),
        see=("update", "gradient norm", "backpropagation"),
    ),
    Entry(
        "gradient norm",
        "The length of a layer's gradient, weights and biases. Near 0 the layer hardly moves.",
        "‖∇‖ = √(Σ gᵢ²)",
        also=("gradient norms", "‖∇W‖"),
        see=("gradient", "vanishing gradient"),
        lesson="vanishing-gradients",
    ),
    Entry(
        "vanishing gradient",
        "A gradient that gets smaller with every layer on its way back, so that the first layers "
        "do not learn.",
        source="Hochreiter 1991",
        see=("gradient norm", "derivative", "initialization"),
        lesson="vanishing-gradients",
    ),
    Entry(
        "saturated",
        "A unit whose weighted sum is so large that its activation is flat there: the derivative "
        "is nearly 0, and the unit hardly learns.",
        also=("saturation", "satur."),
        see=("derivative", "vanishing gradient", "health"),
        lesson="learning-rate",
    ),
    Entry(
        "health",
        "A view of all layers over all training samples: how large activations and gradients are, "
        "and whether units are saturated or constant. It shows why a deep network does not learn.",
        source="Glorot and Bengio 2010",
        see=("saturated", "constant unit", "spread", "update ratio", "vanishing gradient"),
    ),
    Entry(
        "landscape",
        "The training loss over a plane through the space of all parameters: along two weights, "
        "or along the two main directions of the run's path (its principal components).",
        source="Li et al., Visualizing the Loss Landscape of Neural Nets, 2018",
        also=("loss landscape", "plane of the path"),
        see=("loss", "gradient", "parameter"),
    ),
    Entry(
        "loss curve",
        "The training loss along one weight, with all others as they are. The slope of its tangent "
        "at the weight's value is the weight's gradient.",
        also=("loss along a weight", "tangent"),
        see=("gradient", "landscape", "weight"),
    ),
    Entry(
        "most active",
        "The samples with the highest activation of a unit: what excites it. They tell what the "
        "unit has learned to respond to.",
        source="Zeiler and Fergus 2014; Zhou et al. 2015",
        also=("highest activation",),
        see=("unit", "activation", "health"),
    ),
    Entry(
        "constant unit",
        "A unit whose activation varies by less than 0.001 over all samples, so that it tells "
        "nothing apart. A relu unit that outputs 0 for all of them is called dead: it gets no "
        "gradient.",
        also=("constant", "const.", "dead unit", "dead units"),
        see=("saturated", "health"),
    ),
    Entry(
        "spread",
        "The standard deviation of a unit's activation over the samples, as the mean over the "
        "units of a layer. Near 0, all samples look alike to the next layer.",
        see=("constant unit", "health"),
    ),
    Entry(
        "update ratio",
        "The size of the next update of a layer's weights, relative to the weights, as log10. "
        "About -3 is usual; far below, the layer hardly learns; far above, it is unstable.",
        "log10(‖ΔW‖ / ‖W‖)",
        "Karpathy, makemore part 3, 2022",
        also=("update/weights",),
        see=("update", "learning rate", "health"),
    ),
    Entry(
        "loss",
        "How wrong the predictions are, as one number that training makes small. Shown is the mean "
        "over all samples of a set, with the weights after the epoch, without regularization.",
        also=(
            "training.loss",
            "train loss",
            "test loss",
            "validation loss",
            "train_loss",
            "test_loss",
            "validation_loss",
        ),
        see=("gradient", "training set", "test set"),
    ),
    Entry(
        "reduction",
        "Whether an update uses the sum or the mean of the gradients of its samples. With the sum, "
        "twice as many samples make steps twice as long. The loss that is shown is the mean in any "
        "case, for squared errors divided by 2 n.",
        also=("training.reduction",),
        see=("gradient", "learning rate"),
    ),
    Entry(
        "class weights",
        "How much the samples of each class count in the loss. Balanced: inversely to how frequent "
        "the class is.",
        "samples / (classes · samples of the class)",
        "King and Zeng 2001",
        also=("training.class_weights",),
        see=("loss", "balanced accuracy"),
    ),
    Entry(
        "optimizer",
        "The rule that turns a gradient into a change of the weights.",
        also=("training.optimizer",),
        see=("update", "learning rate"),
        lesson="optimizers",
    ),
    Entry(
        "curvature",
        "How fast the slope of the loss changes along a direction: the second derivative. The "
        "Hessian is the matrix of all second derivatives; its largest eigenvalue, λmax, is the "
        "largest curvature.",
        "H[i,j] = ∂²loss / ∂w_i ∂w_j",
        also=("Hessian", "λmax", "second derivative"),
        see=("condition number", "learning rate", "gradient"),
        lesson="edge-of-stability",
    ),
    Entry(
        "condition number",
        "The largest curvature of the loss divided by the smallest. A rate that suits the one is "
        "so many times too small for the other; scaling the inputs lowers it.",
        "λmax / λmin",
        also=("conditioning",),
        see=("curvature", "scaling", "learning rate"),
        lesson="scaling",
    ),
    Entry(
        "minimum",
        "Parameters whose loss is lower than that of all others near them. The gradient is 0 "
        "there.",
        also=("minima",),
        see=("gradient", "landscape"),
    ),
    Entry(
        "learning rate",
        "The step size of an update: η. Too small is slow; too large overshoots, saturates units "
        "or diverges. The limit of plain gradient descent is 2/λmax, λmax the largest curvature.",
        "w ← w − η · gradient",
        also=("training.learning_rate", "η", "rate"),
        see=("update", "diverged"),
        lesson="learning-rate",
    ),
    Entry(
        "momentum coefficient",
        "Which part of the last step is kept and added to the next one: μ. It evens out zigzags "
        "and speeds up along a valley.",
        "v ← μ v − η g",
        "Polyak 1964",
        also=("training.momentum", "μ"),
        see=("optimizer",),
    ),
    Entry(
        "beta 1",
        "The decay rate of Adam's running mean of the gradient, its first moment.",
        "m ← β₁ m + (1 − β₁) g",
        "Kingma and Ba 2015",
        also=("training.beta1", "β₁"),
        see=("optimizer", "beta 2"),
    ),
    Entry(
        "beta 2",
        "The decay rate of the running mean of the squared gradient, the second moment, in Adam "
        "and RMSProp.",
        "v ← β₂ v + (1 − β₂) g²",
        "Kingma and Ba 2015",
        also=("training.beta2", "β₂"),
        see=("optimizer", "beta 1"),
    ),
    Entry(
        "epsilon",
        "A small number in the denominator of adaptive optimizers, which prevents a division by 0.",
        "g / (√v + ε)",
        also=("training.epsilon", "ε"),
        see=("optimizer",),
    ),
    Entry(
        "regularization",
        "Making large weights costly, so that the network does not fit the noise of the training "
        "set. Biases are not regularized.",
        "l2: w ← w − η λ w; l1: w ← w − η λ sign(w)",
        "Hoerl and Kennard 1970 (l2); Tibshirani 1996 (l1)",
        also=("training.penalty", "penalty", "weight decay"),
        see=("overfitting", "regularization strength", "pruned"),
        lesson="overfitting",
    ),
    Entry(
        "regularization strength",
        "How costly large weights are: λ. 0 switches the regularization off.",
        also=("training.penalty_rate", "reg. strength", "λ"),
        see=("regularization",),
        lesson="sparsity",
    ),
    Entry(
        "pruned",
        "A weight that is set to 0 and is not trained any more, by hand or by l1.",
        see=("regularization", "weight"),
        lesson="sparsity",
    ),
    Entry(
        "batch size",
        "How many samples an update uses. With all samples an epoch is one update; with "
        "mini-batches it has many, with noisier gradients.",
        also=("training.batch_size", "batch", "mini-batch"),
        see=("update", "epoch", "shuffle"),
        lesson="batch-size",
    ),
    Entry(
        "last batch",
        "What happens with an incomplete last batch: an update with it, none, or its samples come "
        "first in the next epoch.",
        also=("training.partial_batch",),
        see=("batch size",),
    ),
    Entry(
        "shuffle",
        "A new random order of the training samples in every epoch, so that batches differ.",
        also=("training.shuffle",),
        see=("batch size",),
    ),
    Entry(
        "target loss",
        "Training pauses as soon as the training loss is below it.",
        also=("training.stop_loss",),
        see=("loss", "early stopping"),
    ),
    Entry(
        "early stopping",
        "Stopping once the loss of the validation set, or else the test set, has not improved for "
        "some epochs, the patience.",
        source="Prechelt 1998",
        also=("training.patience", "patience"),
        see=("restore best", "overfitting", "validation set"),
        lesson="early-stopping",
    ),
    Entry(
        "restore best",
        "Going back, at the end, to the epoch with the lowest validation or test loss.",
        also=("training.restore_best", "best", "◆"),
        see=("early stopping",),
    ),
    Entry(
        "evaluate every",
        "How many epochs lie between evaluations of the loss over all samples. Fewer evaluations "
        "make mini-batch training faster.",
        also=("training.evaluate_every",),
        see=("loss", "batch size"),
    ),
    Entry(
        "replicas",
        "Networks that are trained side by side and differ only in their weight seed.",
        also=("training.replicas", "seeds"),
        see=("weight seed", "quartile"),
        lesson="luck",
    ),
    Entry(
        "quartile",
        "The values below which a quarter, half (the median) and three quarters of the runs lie.",
        also=("median", "quartiles", "quantile"),
        see=("replicas",),
    ),
    Entry(
        "overfitting",
        "Fitting the noise of the training set: the training loss falls while the test loss rises.",
        see=("regularization", "early stopping", "test set"),
        lesson="overfitting",
    ),
    # Scores
    Entry(
        "scores",
        "Measures of how good the predictions are, for each set of samples, beside the baseline.",
        also=("score", "metrics"),
        see=("accuracy", "R²", "baseline"),
    ),
    Entry(
        "accuracy",
        "The fraction of samples whose class is predicted correctly: of two classes, those whose "
        "output is on the right side of 0.5. An output at exactly 0.5 is neither.",
        "correct / all",
        also=("train accuracy", "test accuracy", "train_accuracy", "test_accuracy"),
        see=("balanced accuracy", "baseline", "confusion matrix"),
    ),
    Entry(
        "balanced accuracy",
        "The mean, over the classes, of the fraction of its samples that is predicted correctly. "
        "Always predicting the most frequent class does not pay.",
        source="Brodersen et al. 2010",
        also=("balanced_accuracy",),
        see=("accuracy", "class weights"),
    ),
    Entry(
        "baseline",
        "What always predicting the same gets: the most frequent class, or the mean, of the "
        "training set. A score that is not above it shows that nothing was learned.",
        see=("accuracy", "R²"),
    ),
    Entry(
        "macro F1",
        "The mean over the classes of the harmonic mean of precision (how many of those predicted "
        "are right) and recall (how many of those there are were found).",
        "F1 = 2 P R / (P + R)",
        "van Rijsbergen 1979",
        also=("f1_macro", "F1", "precision of a class", "recall"),
        see=("accuracy", "confusion matrix"),
    ),
    Entry(
        "log loss",
        "The mean negative logarithm of the probability predicted for the right class: how "
        "surprised the network is.",
        "−mean ln p(y)",
        also=("log_loss", "negative log-likelihood"),
        see=("loss",),
    ),
    Entry(
        "ROC AUC",
        "The probability that a random sample of the second class gets a higher prediction than "
        "one of the first. 0.5 is chance, 1 perfect.",
        source="Hanley and McNeil 1982",
        also=("roc_auc",),
        see=("accuracy",),
    ),
    Entry(
        "R²",
        "The part of the target's variance that the predictions explain. 1 is perfect, 0 no better "
        "than the mean, and it may be negative.",
        "1 − Σ (y − ŷ)² / Σ (y − mean)²",
        "Wright 1921",
        also=("r2",),
        see=("RMSE", "baseline"),
    ),
    Entry(
        "RMSE",
        "The root of the mean squared error, in the target's units.",
        "√mean (y − ŷ)²",
        also=("rmse",),
        see=("mean absolute error", "R²"),
    ),
    Entry(
        "mean absolute error",
        "The mean distance of prediction and target, in the target's units.",
        "mean |y − ŷ|",
        also=("MAE", "mae", "mean |y − ŷ|"),
        see=("RMSE",),
    ),
    Entry(
        "confusion matrix",
        "How many samples of each actual class (row) are predicted as each class (column). Right "
        "predictions are on the diagonal.",
        also=("confusion",),
        see=("accuracy",),
    ),
    Entry(
        "residuals",
        "The predicted values against the true ones. Right predictions are on the diagonal.",
        also=("residual",),
        see=("error", "R²"),
    ),
    # The screen
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


def _registered() -> Iterable[Entry]:
    """The entries of the registries, which have their own help, formula and source."""
    of_kind: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("activation", ACTIVATIONS),
        ("loss", LOSSES),
        ("optimizer", OPTIMIZERS),
        ("initialization", INITIALIZERS),
        ("regularization", PENALTIES),
        ("schedule", SCHEDULES),
    )
    for kind, registry in of_kind:
        for name, item in registry.items():
            if name == "none":
                continue
            sentence = f"{item.help[0].upper()}{item.help[1:]}."
            name = f"{name} schedule" if kind == "schedule" else name
            yield Entry(name, sentence, getattr(item, "formula", ""), item.source, see=(kind,))


ENTRIES: dict[str, Entry] = {entry.name: entry for entry in (*_registered(), *_TERMS)}
"""All entries by name."""


@cache
def _words() -> dict[str, Entry]:
    words: dict[str, Entry] = {}
    for entry in ENTRIES.values():
        for word in (entry.name, *entry.also):
            words.setdefault(_plain(word), entry)
    return words


def find_entry(word: str) -> Entry | None:
    """The entry of a term, recipe key, view, metric or abbreviation; None for any other.

    A name with a number, such as ``l2_delta``, is that of any number.
    """
    words, plain = _words(), _plain(word)
    numbered = (re.sub(r"\d+", digit, plain) for digit in "012")
    return next((words[name] for name in (plain, *numbered) if name in words), None)


def entries_in(text: str) -> list[Entry]:
    """The entries that a text names, in the order of their first mention, each once."""
    plain = _plain(text)
    found: dict[str, int] = {}
    for word, entry in _words().items():
        at = re.search(rf"(?<!\w){re.escape(word)}s?(?!\w)", plain) if len(word) > 2 else None
        if at is not None:
            found[entry.name] = min(at.start(), found.get(entry.name, at.start()))
    return [ENTRIES[name] for name in sorted(found, key=lambda name: found[name])]


def search_entries(text: str) -> list[Entry]:
    """The entries that contain ``text``: in a name first, then in other words, then elsewhere."""
    wanted = _plain(text)

    def rank(entry: Entry) -> int:
        if wanted in _plain(entry.name):
            return 0 if _plain(entry.name).startswith(wanted) else 1
        if any(wanted in _plain(word) for word in entry.also):
            return 2
        return 3 if wanted in _plain(f"{entry.definition} {entry.formula}") else 4

    ranked = sorted((rank(entry), _plain(entry.name), entry) for entry in ENTRIES.values())
    return [entry for order, _, entry in ranked if order < 4]


def _plain(word: str) -> str:
    return " ".join(word.split()).casefold()
