"""What goes wrong through no fault of the program."""


class InputError(ValueError):
    """A sentence for the person: what is wrong, where, and what would be right."""


class UsageError(InputError):
    """Words of a command line that do not go together."""
