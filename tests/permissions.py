"""A user whom the system refuses something, also where the tests run as the superuser."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_NOBODY = 65534


@contextmanager
def not_the_superuser() -> Iterator[None]:
    """Be nobody meanwhile, if one is the superuser, to whom everything is allowed."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
