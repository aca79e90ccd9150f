"""Carrying a recipe out: epochs, losses, snapshots. Knows nothing of files or screens."""
