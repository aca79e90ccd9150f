"""The screens that open over the panes."""
