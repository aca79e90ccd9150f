"""Export of a run as a Python script that needs only NumPy and trains the same weights."""
