"""What goes wrong: through what was asked for, or inside the program, and how that is said."""

_LONGEST = 200


class InputError(ValueError):
    """A sentence for the person: what is wrong, where, and what would be right."""


class UsageError(InputError):
    """Words of a command line that do not go together."""


def internal_error(error: BaseException, report: str | None, then: str = "") -> str:
    """The sentence for an error of the program's own; ``report`` is the file it is written to.

    ``then`` says how to continue, in place of the error's own words.
    """
    words = then or " ".join(str(error).split())[:_LONGEST]
    details = f"details are in {report}" if report else "its details could not be written anywhere"
    return f"internal error, {type(error).__name__}{words and ': '}{words}; {details}"
