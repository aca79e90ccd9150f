"""Datasets: built-in, generated and read from files; preprocessing and train/test split."""
