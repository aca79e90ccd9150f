"""Terms of the network: layers, weights, activations."""

from nn_tui.glossary.entry import Entry

NETWORK_TERMS = (
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
)
