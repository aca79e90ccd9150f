"""Messages of a session."""

from nn_tui.tui.session.listener import SessionMessage


def with_key_names(text):
    return text.replace("`undo`", "u")


def test_keys_are_put_into_the_advice_only():
    message = SessionMessage("opened `undo`.csv", "`undo` undoes it")
    assert message.sentence(with_key_names) == "opened `undo`.csv; u undoes it"


def test_a_message_without_advice_or_without_text_is_one_part():
    assert SessionMessage("undone").sentence(with_key_names) == "undone"
    assert SessionMessage("").sentence(with_key_names) == ""
