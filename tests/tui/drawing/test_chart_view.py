"""What keys make of the way a person looks at the chart."""

from dataclasses import replace

from nn_tui.tui.drawing.chart_view import SMOOTHING, ChartView, EpochWindow

ALL = ChartView()
VIEWS = ("loss", "accuracy", "gradient")


def test_the_keys_go_round():
    view = ALL
    for _ in VIEWS:
        view = view.next_view(VIEWS)
    assert view == ALL
    for _ in SMOOTHING:
        view = view.smoother()
    assert view == ALL
    assert view.with_axis(True).with_axis(None) == ALL


def test_after_a_metric_that_the_task_does_not_have_comes_the_view_after_the_first_metric():
    assert ChartView("error").next_view(VIEWS).name == "gradient"


def test_each_view_has_its_own_axis():
    assert ALL.log is None
    view = ALL.with_axis(True).next_view(VIEWS)
    assert view.log is None
    view = view.with_axis(False).next_view(VIEWS).next_view(VIEWS)
    assert view.log is True
    assert view.next_view(VIEWS).log is False
    assert view.after_showing(True).was_log
    assert not view.after_showing(True).next_view(VIEWS).was_log
    assert not view.after_showing(True).after_showing(False).was_log


def test_looking_closer_halves_what_is_in_sight_and_follows_the_latest_epochs():
    view = ALL.zoomed(0.5, 1000, 1000)
    assert view.epochs(1000, 1000) == (500, 1000)
    view = view.zoomed(0.5, 1000, 1000)
    first, last = view.epochs(1000, 1000)
    assert last - first == 250
    assert first < 1000 <= last
    # The run goes on: so does the window, in a few steps.
    seen = {view.epochs(latest, latest) for latest in range(1000, 1251)}
    assert len(seen) <= 6
    for latest in range(1000, 1251):
        first, last = view.epochs(latest, latest)
        assert first < latest <= last


def test_looking_closer_keeps_the_crosshair_where_it_is():
    view = replace(ALL, crosshair=300)
    for _ in range(3):
        view = view.zoomed(0.5, 1000, 1000)
        first, last = view.epochs(1000, 1000)
        assert abs((300 - first) / (last - first) - 0.3) < 0.02
    assert last - first == 125
    # A window that somebody placed stays there while the run goes on.
    assert view.epochs(5000, 5000) == (first, last)


def test_looking_from_farther_ends_at_all_epochs():
    view = ALL.zoomed(0.5, 1000, 1000).zoomed(0.5, 1000, 1000)
    view = view.zoomed(2.0, 1000, 1000).zoomed(2.0, 1000, 1000)
    assert view.window is None


def test_one_cannot_look_too_close():
    view = ALL
    for _ in range(40):
        view = view.zoomed(0.5, 1000, 1000)
    first, last = view.epochs(1000, 1000)
    assert last - first >= 4


def test_panning_leaves_the_latest_epochs_and_comes_back_to_them():
    following = ALL.zoomed(0.5, 1000, 1000).zoomed(0.5, 1000, 1000)
    there = following.panned(-1.0, 1000, 1000)
    assert there.epochs(1000, 1000)[1] < 1000
    assert there.epochs(9000, 9000) == there.epochs(1000, 1000)
    for _ in range(20):
        there = there.panned(-0.5, 1000, 1000)
    assert there.epochs(1000, 1000)[0] == 0
    for _ in range(20):
        there = there.panned(0.5, 1000, 1000)
    assert there == following


def test_the_crosshair_takes_the_window_with_it():
    view = replace(ALL, window=EpochWindow(100, 500))
    assert view.aimed(450, 1000, 1000).epochs(1000, 1000) == (400, 500)
    first, last = view.aimed(520, 1000, 1000).epochs(1000, 1000)
    assert first <= 520 <= last
    first, last = view.aimed(390, 1000, 1000).epochs(1000, 1000)
    assert first <= 390 <= last


def test_after_a_restart_nothing_points_past_the_end():
    view = replace(ALL, window=EpochWindow(100, 500), crosshair=450)
    assert view.within(1000) == view
    assert view.within(420) == replace(view, crosshair=None)
    assert view.within(5) == ALL
    following = replace(ALL, window=EpochWindow(100))
    assert following.within(5) == following
