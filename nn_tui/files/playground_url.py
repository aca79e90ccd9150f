"""Parsing of TensorFlow Playground links (source: state.ts and playground.ts).

The settings are in the part after ``#``, as ``key=value`` pairs separated by ``&``. The page
reads it from ``location.hash``, without decoding; an invalid value keeps its default.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

_HOSTS = ("playground.tensorflow.org", "tensorflow.github.io/playground")

_KEPT = "!#$%&'()*+,/:;=?@[\\]^{|}"
"""Characters that a browser does not percent-encode, besides letters, digits and ``-._~``."""
_TRIMMED = "".join(map(chr, range(0x21)))

# The whitespace that String.prototype.trim removes.
_SPACE = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_RADIX = {
    "0x": (16, re.compile("[0-9a-f]+", re.IGNORECASE)),
    "0o": (8, re.compile("[0-7]+")),
    "0b": (2, re.compile("[01]+")),
}

_CHOICES: dict[str, tuple[str, ...]] = {
    "activation": ("tanh", "relu", "sigmoid", "linear"),
    "regularization": ("none", "L1", "L2"),
    "dataset": ("circle", "xor", "gauss", "spiral"),
    "regDataset": ("reg-plane", "reg-gauss"),
    "problem": ("classification", "regression"),
}
"""Settings that are one of several names; the first is the default."""

_NUMBERS: dict[str, float] = {
    "batchSize": 10,
    "learningRate": 0.03,
    "regularizationRate": 0,
    "noise": 0,
    "percTrainData": 50,
}

FEATURES = ("x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY")
"""The page's input features, in the order of the network's inputs."""

_FLAGS: dict[str, bool] = {
    **{name: name in ("x", "y") for name in (*FEATURES, "cosX", "cosY")},
    **dict.fromkeys(("showTestData", "discretize", "initZero", "hideText", "collectStats"), False),
}


def is_link(text: str) -> bool:
    """Whether ``text`` is a link, or the part of one from ``#`` on."""
    page = text.partition("#")[0].lower()
    return text.startswith("#") or any(host in page for host in _HOSTS)


def location_hash(fragment: str) -> str:
    """The part after ``#`` as in ``location.hash``.

    Source: the URL standard (url.spec.whatwg.org), fragment percent-encode set.
    """
    one_line = re.sub("[\t\n\r]", "", fragment)
    return quote(one_line, safe=_KEPT, errors="replace")


def parse_link(text: str) -> dict[str, Any]:
    """All settings of the page by its own names; those missing in the link have defaults.

    ``seed`` and ``tutorial`` are None if missing: the page then draws a seed. Numbers are
    floats as JavaScript parses them, possibly NaN; ``networkShape`` is a list of numbers.
    ``hidden`` lists the controls and features that the link hides.
    """
    given = _settings(text)
    state: dict[str, Any] = {name: _choice(given, name) for name in _CHOICES}
    for name, default in _NUMBERS.items():
        state[name] = _read(given, name, javascript_number, default)
    state["noise"] = _noise(state["noise"])
    for name, on in _FLAGS.items():
        state[name] = _read(given, name, lambda value: value != "false", on)
    state["networkShape"] = _shape(given)
    for name in ("seed", "tutorial"):
        state[name] = _read(given, name, str, None)
    state["hidden"] = [
        name.removesuffix("_hide")
        for name, value in given.items()
        if name.endswith("_hide") and value == "true"
    ]
    return state


def javascript_number(text: str) -> float:
    """The value of JavaScript's unary plus: NaN if not a number, 0 for an empty string."""
    plain = text.strip(_SPACE)
    if not plain:
        return 0.0
    if plain in ("Infinity", "+Infinity"):
        return float("inf")
    if plain == "-Infinity":
        return float("-inf")
    radix, digits = _RADIX.get(plain[:2].lower(), (0, _DECIMAL))
    if radix and digits.fullmatch(plain[2:]):
        try:
            return float(int(plain[2:], radix))
        except OverflowError:
            return float("inf")
    return float(plain) if _DECIMAL.fullmatch(plain) else float("nan")


def _settings(text: str) -> dict[str, str | None]:
    """The last value of each key; None without an equals sign."""
    settings: dict[str, str | None] = {}
    fragment = location_hash(text.strip(_TRIMMED).partition("#")[2])
    for setting in fragment.split("&"):
        parts = setting.split("=")
        settings[parts[0]] = parts[1] if len(parts) > 1 else None
    return settings


def _read(
    given: Mapping[str, str | None], name: str, read: Callable[[str], Any], default: Any
) -> Any:
    value = given.get(name)
    return read(value) if value else default


def _choice(given: Mapping[str, str | None], name: str) -> str:
    choices = _CHOICES[name]
    value = given.get(name)
    return value if value in choices else choices[0]


def _noise(percent: float) -> float:
    """Clip the noise as the page does; it checks no other number."""
    return 50 if percent > 80 else max(percent, 0) if percent == percent else percent


def _shape(given: Mapping[str, str | None]) -> list[float]:
    if "networkShape" not in given:
        return [4, 2]
    value = given["networkShape"] or ""
    return [javascript_number(size) for size in value.split(",")] if value else []
