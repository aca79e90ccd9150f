"""Libraries to run against that a tester may have or not."""

from importlib.util import find_spec

HAS_TORCH = find_spec("torch") is not None
