"""Terms of scores and their baselines."""

from nn_tui.glossary.entry import Entry

SCORE_TERMS = (
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
)
