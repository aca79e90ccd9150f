"""Dialogs: choose from a filtered list, type a text."""
