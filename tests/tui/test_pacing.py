"""How often pictures are shown and drawn."""

import pytest

from nn_tui.tui.session.pacing import DrawBudget, FramePacer


class Hands:
    """A clock, the loop's work, and a terminal, all in the test's hands."""

    def __init__(self):
        self.now = self.spent = 10.0
        self.ready = True

    def pacer(self, frames):
        return FramePacer(frames, lambda: self.ready, lambda: self.now, lambda: self.spent)

    def shown(self, pacer, seconds, cost):
        """How often it shows, each time painting for ``cost`` seconds."""
        count = 0
        for _ in range(round(seconds / 0.005)):
            self.now += 0.005
            if pacer.due():
                count += 1
                self.spent += cost
        return count


@pytest.fixture
def hands():
    return Hands()


def test_cheap_pictures_come_as_often_as_they_may(hands):
    assert 95 <= hands.shown(hands.pacer(10), 10, cost=0.001) <= 112


def test_painting_takes_less_than_a_tenth_of_the_time(hands):
    before = hands.spent
    count = hands.shown(hands.pacer(15), 20, cost=0.05)
    assert 15 < count < 30
    assert hands.spent - before < 2


def test_one_costly_picture_is_made_up_for_but_not_for_longer_than_a_second(hands):
    pacer = hands.pacer(10)
    hands.shown(pacer, 5, cost=0.001)
    hands.spent += 30
    assert hands.shown(pacer, 0.9, cost=0.001) == 0
    assert hands.shown(pacer, 0.4, cost=0.001) > 0


def test_nothing_while_the_terminal_has_not_taken_the_last_one(hands):
    pacer = hands.pacer(10)
    hands.ready = False
    assert hands.shown(pacer, 5, cost=0.001) == 0
    hands.ready = True
    assert hands.shown(pacer, 0.05, cost=0.001) == 1


def test_a_costly_picture_is_drawn_less_often_than_a_cheap_one(hands):
    counts = {}
    for cost in (0.0005, 0.015):
        budget = DrawBudget(lambda: hands.now, lambda: hands.spent)
        counts[cost] = 0
        for _ in range(100):
            hands.now += 0.1
            if budget.due():
                counts[cost] += 1
                with budget.drawing():
                    hands.spent += cost
    assert counts[0.0005] == 100
    assert 8 <= counts[0.015] <= 11


def test_after_a_costly_picture_training_goes_on_for_longer_before_the_next(hands):
    pacer = hands.pacer(15)
    hands.shown(pacer, 5, cost=0.001)
    assert pacer.slice_seconds == pytest.approx(1 / 15)
    hands.spent += 0.06
    pacer.due()
    assert 1 / 15 < pacer.slice_seconds <= 0.15
    hands.spent += 30
    pacer.due()
    assert pacer.slice_seconds == 0.15
