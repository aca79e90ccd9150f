"""The terminal: driver, input, output, signals, and which cells have changed."""
