"""What outlives the process: weights, loss curves, recipes."""
