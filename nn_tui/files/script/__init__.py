"""A run as one plain Python file that needs only NumPy and ends with the same weights."""
