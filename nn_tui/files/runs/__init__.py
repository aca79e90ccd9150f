"""Runs on disk: a folder each, which a killed process or a full disk leaves whole."""
