"""Dialogs: choose from a list, filter a list, type a text."""
