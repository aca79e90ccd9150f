"""Explaining a training step: line by line, with the arithmetic of every element."""
