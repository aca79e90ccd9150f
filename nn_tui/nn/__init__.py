"""The engine: networks and training steps in pure NumPy; no own randomness, clock or files."""
