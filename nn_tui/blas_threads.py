"""How many threads BLAS, which multiplies NumPy's matrices, may use."""

import os

VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""What the libraries read when NumPy is imported."""


def use_one_thread() -> None:
    """Let BLAS use one thread, unless the user has set a number; before NumPy is imported.

    The matrices of a training step are small: several threads wait for each other longer than
    they multiply, up to 784-256-128-10 with batches of 64, and take the other cores from the
    screen and from other programs.
    """
    if not any(os.environ.get(name) for name in VARIABLES):
        for name in VARIABLES:
            os.environ[name] = "1"
