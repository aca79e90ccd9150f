"""Tests against PyTorch are there only where it is: it is larger than all the rest together."""

from tests.bench.peers import HAS_TORCH

collect_ignore = [] if HAS_TORCH else ["test_digits.py"]
