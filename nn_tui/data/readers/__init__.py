"""Readers of data files: which format a file has, and how its columns become numbers."""
