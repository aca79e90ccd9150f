"""What a network is: pure NumPy, with no randomness of its own, no clock and no files."""
