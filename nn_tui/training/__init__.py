"""Training: epochs, metrics, edits, snapshots and replay. Independent of files and screens."""
