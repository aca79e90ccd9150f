"""The panes, each in the file named after it."""
