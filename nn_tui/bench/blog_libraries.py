"""The blog's experiment as one would do it with scikit-learn and with PyTorch."""

import warnings

import numpy as np

from nn_tui.bench.blog_loops import INPUTS, TARGETS, start_weights
from nn_tui.bench.libraries import pytorch, scikit_learn


class ScikitLearn:
    """3-4-1 with its own fit loop: all four samples at once, plain gradient descent.

    ``estimator`` is ``MLPClassifier``, the blog's sigmoid output with the logarithmic loss,
    or ``MLPRegressor``, the blog's squared error with a linear output. Either has biases,
    which cannot be turned off, and keeps its loss curve. Nothing stops it early, nothing is
    shuffled. Raises Skipped where scikit-learn is not installed.
    """

    def __init__(self, estimator: str) -> None:
        self._estimator = getattr(scikit_learn(), estimator)
        self.epochs = 0

    def run(self, epochs: int) -> None:
        """Train from the start for ``epochs``; ``epochs`` then says how many it did."""
        model = self._estimator(
            hidden_layer_sizes=(4,),
            activation="logistic",
            solver="sgd",
            learning_rate="constant",
            learning_rate_init=1.0,
            momentum=0.0,
            nesterovs_momentum=False,
            alpha=0.0,
            batch_size=len(INPUTS),
            shuffle=False,
            max_iter=epochs,
            tol=0.0,
            n_iter_no_change=10**9,
            random_state=1,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it ran to the last epoch is meant
            model.fit(np.array(INPUTS, np.float64), np.ravel(TARGETS))
        self.epochs = model.n_iter_


class BlogTorch:
    """Eager, float64, on one thread; no losses kept. Raises Skipped without PyTorch."""

    def __init__(self) -> None:
        torch = pytorch()
        layers = [torch.nn.Linear(3, 4, bias=False), torch.nn.Linear(4, 1, bias=False)]
        sigmoid = torch.nn.Sigmoid()
        self.network = torch.nn.Sequential(layers[0], sigmoid, layers[1], sigmoid).double()
        with torch.no_grad():
            for layer, weights in zip(layers, start_weights(), strict=True):
                layer.weight.copy_(torch.from_numpy(weights.T))
        self.W0, self.W1 = (layer.weight.detach().numpy().T for layer in layers)
        self._optimizer = torch.optim.SGD(self.network.parameters(), lr=1.0)
        self._inputs = torch.tensor(INPUTS, dtype=torch.float64)
        self._targets = torch.tensor(TARGETS, dtype=torch.float64)
        self._squared_error = torch.nn.MSELoss(reduction="sum")

    def run(self, epochs: int) -> None:
        """Train ``W0`` (3, 4) and ``W1`` (4, 1) in place."""
        network, inputs, targets = self.network, self._inputs, self._targets
        optimizer, squared_error = self._optimizer, self._squared_error
        for _ in range(epochs):
            optimizer.zero_grad()
            loss = squared_error(network(inputs), targets) / 2
            loss.backward()
            optimizer.step()
