"""Terms of samples, tables and how they are prepared."""

from nn_tui.glossary.entry import Entry

DATA_TERMS = (
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
)
