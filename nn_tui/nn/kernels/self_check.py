"""One update of a tiny network, by the extension and by Python."""

import numpy as np

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.kernels import agreement
from nn_tui.nn.kernels.lowering import Lowering
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace


def tiny_net_agrees() -> bool:
    """Whether both ways give the same bits: a 3-4-2 network with every kind of operation."""
    random = np.random.RandomState(3)
    network = Architecture((3, 4, 2), "tanh", "softmax", True)
    rule = LearningRule("cross_entropy", True, "adam", "l1")
    scalars = {
        "learning_rate": 0.1,
        "beta1": 0.9,
        "beta2": 0.99,
        "epsilon": 1e-8,
        "penalty_rate": 0.01,
    }
    start = random.standard_normal(network.parameter_count)
    inputs, targets = random.standard_normal((5, 3)), np.eye(2)[[0, 1, 1, 0, 1]]
    states = [State(network, rule, start, scalars) for _ in range(2)]
    steps = [Step(state, inputs, targets, Workspace(state, 5)) for state in states]
    calls = [(*s.forward_calls, *s.loss_sum_calls, *s.backward_calls) for s in steps]
    with np.errstate(all="ignore"):
        for call in calls[0]:
            call()
        lowering = Lowering(states[1].scalars)
        try:
            operations = lowering.lower(calls[1])
            lowering.load()
            agreement.run_once(*operations)
            lowering.store()
        except (LookupError, ValueError):
            return False
    ways = zip(*(step.arrays.values() for step in steps), strict=True)
    counts = states[0].scalars.values == states[1].scalars.values
    return counts and all(agreement.same_bits(np.asarray(a), np.asarray(b)) for a, b in ways)
