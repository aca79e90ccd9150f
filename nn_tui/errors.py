"""Base classes of errors with a message for the user, and the message for internal errors."""

_LONGEST = 200


class InputError(ValueError):
    """Invalid input; the message says what is wrong, where, and what is allowed."""


class UsageError(InputError):
    """Incompatible arguments on the command line."""


def internal_error(error: BaseException, report: str | None, then: str = "") -> str:
    """Return the message for an internal error; ``report`` is the file with the traceback.

    ``then`` says how to continue; it replaces the text of the error.
    """
    words = then or " ".join(str(error).split())[:_LONGEST]
    details = f"details are in {report}" if report else "its details could not be written anywhere"
    return f"internal error, {type(error).__name__}{words and ': '}{words}; {details}"
