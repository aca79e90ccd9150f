"""Uncaught exceptions reach the handler."""

import sys
from types import SimpleNamespace

import pytest

from nn_tui.tui.terminal.error_hooks import stray_errors_to


def raised_in_a_destructor(error):
    sys.unraisablehook(SimpleNamespace(exc_value=error))


@pytest.mark.parametrize("error", [ValueError("any"), OSError(5, "Input/output error")])
def test_an_exception_of_a_destructor_is_passed_on(error):
    passed = []
    with stray_errors_to(passed.append):
        raised_in_a_destructor(error)
    assert passed == [error]


def test_a_signal_that_comes_as_it_begins_to_be_ignored_is_no_error():
    passed = []
    with stray_errors_to(passed.append):
        raised_in_a_destructor(OSError("Signal 2 ignored due to race condition"))
    assert passed == []
