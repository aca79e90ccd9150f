"""How the gradients of a batch's samples make one, by the name that the user sees."""

REDUCTIONS: dict[str, str] = {
    "sum": "an update adds up the gradients of its samples, as the blog does",
    "mean": "an update averages them, so that the rate need not follow the batch size",
}
"""Reductions with a line of help each."""
