"""The error of lesson files, checks and the progress file."""

from nn_tui.errors import InputError


class LessonError(InputError):
    """Invalid lesson or check; the message says where, what is wrong, and what is allowed."""
