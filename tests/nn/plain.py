"""The mathematics written out plainly, apart from the program: what its numbers are held against.

Arrays may have leading axes: weights (…, fan_in, fan_out), biases (…, fan_out).
"""

import numpy as np

ACTIVATIONS = {
    "linear": lambda z: z,
    "sigmoid": lambda z: np.where(z >= 0, 1 / (1 + np.exp(-abs(z))), 1 - 1 / (1 + np.exp(-abs(z)))),
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "relu": lambda z: np.where(z > 0, z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, z / 100),
    "elu": lambda z: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "swish": lambda z: z / (1 + np.exp(-z)),
    "sine": np.sin,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
}

LOSSES = {
    "half_squared_error": lambda y, a: (y - a) ** 2 / 2,
    "absolute_error": lambda y, a: abs(y - a),
    "huber": lambda y, a: np.where(abs(y - a) <= 1, (y - a) ** 2 / 2, abs(y - a) - 0.5),
    "binary_cross_entropy": lambda y, a: -y * np.log(a) - (1 - y) * np.log(1 - a),
    "cross_entropy": lambda y, a: -y * np.log(a),
}


def layers(named, depth, inputs, activation, output):
    """The outputs of every layer, from the inputs on."""
    result = [inputs]
    for i in range(depth):
        total = result[-1] @ named[f"W{i}"]
        if f"b{i}" in named:
            total = total + named[f"b{i}"][..., None, :]
        result.append(ACTIVATIONS[output if i == depth - 1 else activation](total))
    return result


def losses(named, depth, inputs, targets, activation, output, loss):
    """The loss of every sample, summed over its outputs."""
    predictions = layers(named, depth, inputs, activation, output)[-1]
    return LOSSES[loss](targets, predictions).sum(axis=-1)


def split(flat, shapes):
    """Named arrays from the last axis of ``flat``, in the order of ``shapes``."""
    named, start = {}, 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        named[name] = flat[..., start : start + size].reshape(*flat.shape[:-1], *shape)
        start += size
    return named


def numeric_gradient(value, flat, shapes, width=1e-6):
    """Central differences of ``value(named)``, all parameters at once."""
    steps = np.eye(len(flat)) * width
    up, down = (value(split(flat + sign * steps, shapes)) for sign in (1, -1))
    return (up - down) / (2 * width)
