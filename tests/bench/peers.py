"""Optional libraries that the benchmarks compare with."""

from importlib.util import find_spec

HAS_TORCH = find_spec("torch") is not None
