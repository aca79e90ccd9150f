"""Terms of training: epochs, batches, losses, gradients, optimizers."""

from nn_tui.glossary.entry import Entry

TRAINING_TERMS = (
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
)
