"""The training step taken apart: executed line by line, with every number's arithmetic."""
