"""The panes, named as on the screen. Each shows a snapshot through its picture."""
