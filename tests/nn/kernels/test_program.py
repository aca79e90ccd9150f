"""Programs: what is refused, what stops them, what they leave untouched."""

import ast
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from nn_tui.nn.kernels import agreement, extension, self_check, status
from nn_tui.nn.kernels.lowering import Lowering, copy
from nn_tui.nn.kernels.operation import KernelOperation
from nn_tui.nn.scalars import Scalars
from nn_tui.training import compiled_epochs
from nn_tui.training.trainer import Trainer
from tests.nn.kernels.both_ways import agree, dataset_for, same_run, start
from tests.training.runs import recipe

FOREVER = 10**12


def program(*operations, count=1, moves=(), results=(), losses=()):
    sections = ((0, len(operations), 0, count, False, moves),)
    return extension.new_program(tuple(operations), sections, tuple(results), tuple(losses))


def run(made, epochs=1, row=-1, within=False, seconds=np.inf, extra=0.0, stop=None, orders=None):
    return made.run(epochs, 1, 1, row, within, seconds, extra, stop, orders)


def matrix(*shape):
    return np.ones(shape)


A, B, C = np.ones(8), np.ones(8), np.ones(8)
READ_ONLY = np.ones(8)
READ_ONLY.flags.writeable = False


@pytest.mark.parametrize(
    "operation",
    [
        ("kernel", np.add, (9, 8, 8, 8), (A, B, C)),
        ("kernel", np.add, (-1, 8, 8, 8), (A, B, C)),
        ("kernel", np.add, (2**62, 8, 8, 8), (A, B, C)),
        ("kernel", np.add, (8, 16, 8, 8), (A, B, C)),
        ("kernel", np.add, (8, 8, 8, 0), (A, B, C)),
        ("kernel", np.add, (8, 8, 8), (A, C)),
        ("kernel", np.add, (8, 8, 8, 8), (A, B, READ_ONLY)),
        ("kernel", np.add, (8, 8, 8, 8), (A, B.astype("f"), C)),
        ("kernel", np.add, (4, 8, 8, 8), (A[::2], B, C)),
        ("kernel", np.add, (8, 8, 8, 8), (id(A), B, C)),
        ("kernel", len, (8, 8, 8, 8), (A, B, C)),
        ("kernel", np.greater, (8, 8, 8, 8), (A, B, C)),
        ("kernel", np.matmul, (8, 8, 8, 8), (A, B, C)),
        ("kernel", np.add, (8.5, 8, 8, 8), (A, B, C)),
        ("matmul", np.matmul, (2, 5, 2, 40, 8, 16, 8, 16, 8), (A, B, C)),
        ("matmul", np.matmul, (2, 4, 2, 32, 8, 16, 8, 64, 8), (A, B, C)),
        ("matmul", np.matmul, (2, 4, 2, 32, -8, 16, 8, 16, 8), (A, B, C)),
        ("matmul", np.matmul, (2, 4, 2, 33, 8, 16, 8, 16, 8), (A, B, C)),
        ("matmul", np.add, (2, 4, 2, 32, 8, 16, 8, 16, 8), (A, B, C)),
        ("small", None, (2, 5, 2, 40, 8, 16, 8, 16, 8, 0), (A, B, C)),
        ("small", None, (2, 4, 2, 32, 8, 16, 8, 32, 8, 0), (A, B, C)),
        ("small", None, (2, 4, 2, 32, 8, 16, 8, 16, 8, 5), (A, B, C)),
        ("small", None, (2, 4, 2, 32, 8, 16, 8, 16, 8, -1), (A, B, C)),
        ("small", None, (1, 40, 40, 320, 8, 8, 320, 320, 8, 0), (matrix(40), matrix(1600), A)),
        ("small", None, (1, 40, 40, 320, 8, 8, 8, 320, 8, 0), (matrix(40), A, matrix(40))),
        ("outer", None, (3, 3, 0), (A, B, C)),
        ("outer", None, (2, 4, 3), (A, B, C)),
        ("outer", np.zeros(7, np.uint8), (2, 4, 3), (A, B, C)),
        ("outer", None, (0, 0, 0), (A, B, C)),
        ("reduce", np.add, (2, 5, 0, 9), (A, B)),
        ("reduce", np.add, (1, 8, 2, 9), (A, B)),
        ("reduce", np.add, (1, 8, 0, 0), (A, B)),
        ("blocks", None, (8, 8, 1), (((0, 0, 0), (A, B)),)),
        ("blocks", None, (9, 8, 1), (((0, 0, 0), (A, B, C)),)),
        ("blocks", None, (8, 0, 1), (((0, 0, 0), (A, B, C)),)),
        ("blocks", None, (8, 8, 1), (((99, 0, 0), (A, B, C)),)),
        ("blocks", None, (8, 8, 1), (((0, 2, 0), (A, B, C)),)),
        ("blocks", None, (8, 8, 1), (((0, 7, 0), (A, B, C)),)),
        ("blocks", None, (8, 8, 4), (((14, 2, 0), (A[:3], C)),)),
        ("blocks", None, (8, 8, 3), (((14, 2, 0), (A, C)),)),
        ("blocks", None, (8, 8, 1), ()),
        ("scalars", None, (), ((2, None, 0.0),)),
        ("scalars", None, (), ((1, None, 1.0),)),
        ("scalars", None, (), ((1, None, 1.0), (8, A[:1].astype("i8"), 0.0))),
        ("scalars", None, (), ((0, READ_ONLY[:1], 0.0), (8, READ_ONLY[:1], 0.0))),
        ("scalars", None, (), ((1, None, 1.0),) * 40),
        ("scalars", None, (), ((77, None, 1.0),)),
        ("gather", None, (0, 5, 0), (matrix(4, 2), matrix(5, 2))),
        ("gather", None, (0, 4, 0), (matrix(4, 2), matrix(3, 2))),
        ("gather", None, (-1, 3, 0), (matrix(4, 2), matrix(4, 2))),
        ("gather", None, (2**63 - 1, 1, 0), (matrix(4, 2), matrix(4, 2))),
        ("reduce", np.add, (3, 6148914691236517206, 0, 9), (A, C)),
        ("matmul", np.matmul, (2**60 + 1, 1, 1, 16, 8, 8, 8, 8, 8), (A, B, C)),
        ("gather", None, (0, 4, 0), (matrix(4, 2), matrix(4, 3))),
        ("system", None, (), ()),
        ("kernel",),
        "kernel",
    ],
)
def test_what_would_leave_an_array_is_refused(operation):
    with pytest.raises((LookupError, TypeError, OverflowError)):
        program(operation)
    assert (C == 1).all()


def test_batches_beyond_their_window_are_refused():
    window, batch = matrix(6, 2), slice(2)
    out = matrix(2, 2)
    operation = copy(out, window[batch])
    program(operation, count=3, moves=((window[batch], window),))
    with pytest.raises(LookupError):
        program(operation, count=4, moves=((window[batch], window),))
    whole = copy(matrix(6, 2), window)  # begins in the batch, and is larger
    with pytest.raises(LookupError):
        program(whole, count=3, moves=((window[batch], window),))
    with pytest.raises(LookupError):
        program(copy(window[batch], out), count=3, moves=((window[batch], window),))


def test_orders_and_rows_must_have_room():
    data, window = np.arange(6.0).reshape(3, 2), matrix(3, 2)
    made = program(
        KernelOperation("gather", None, (0, 3, 1), (data, window)),
        results=[(window, matrix(2, 3, 2))],
    )
    orders = np.array([[2, 0, 1], [0, 1, 2]])
    for wrong in (
        {"orders": None},
        {"orders": orders, "epochs": 3},
        {"orders": orders.astype("i4")},
        {"orders": orders[:, ::-1]},
        {"orders": orders, "row": 2},
        {"orders": orders, "stop": np.zeros(1)},
    ):
        with pytest.raises(ValueError):
            run(made, **{"row": 0, **wrong})
    assert run(made, orders=orders, row=1) == 1
    np.testing.assert_array_equal(window, data[[2, 0, 1]])
    assert run(made, orders=np.full((1, 3), 10**15)) == 1  # stays within the data
    np.testing.assert_array_equal(window, data[[2, 2, 2]])


@pytest.mark.parametrize("within", [False, True])
def test_a_flag_stops_a_program_that_has_no_end(within):
    value, stop = np.zeros(200_000), np.zeros(1, np.intc)
    made = program(*[copy(value, np.ones(200_000))] * 40)
    done = []
    thread = threading.Thread(
        target=lambda: done.append(run(made, FOREVER, within=within, stop=stop))
    )
    thread.start()
    stop[0] = 1
    thread.join()
    assert 0 <= done[0] < FOREVER
    assert within or made.position == (0, 0, 0)


def test_it_ends_after_its_time():
    made = program(copy(np.zeros(3), np.ones(3)))
    assert 0 < run(made, FOREVER, seconds=0.001) < FOREVER


def test_within_an_epoch_it_goes_on_where_it_stopped():
    cells = [np.zeros(()) for _ in range(5)]
    adds = [
        KernelOperation(
            "scalars", None, (), ((0, c, 0.0), (1, None, 1.0), (2, None, 0.0), (8, c, 0.0))
        )
        for c in cells
    ]
    made = program(*adds, count=3)
    calls = 0
    while not run(made, within=True, seconds=0.0):
        calls += 1
        _, round, operation = made.position
        assert [float(c) for c in cells] == [round + (i < operation) for i in range(5)]
    assert calls == 14
    assert [float(c) for c in cells] == [3.0] * 5


def test_it_stops_at_the_first_epoch_whose_loss_is_not_finite():
    loss = np.full((), 1e307)
    scale = ((0, loss, 0.0), (1, None, 3.0), (4, None, 0.0), (8, loss, 0.0))
    rows = np.zeros(10)
    made = program(
        KernelOperation("scalars", None, (), scale), results=[(loss, rows)], losses=[loss]
    )
    assert run(made, 10, row=0) == 3
    np.testing.assert_array_equal(rows[:3], [1e307 * 3.0, 1e307 * 3.0 * 3.0, np.inf])
    assert (rows[3:] == 0).all()


def test_a_program_runs_in_one_thread_at_a_time():
    stop, value = np.zeros(1, np.intc), np.zeros(100_000)
    made = program(copy(value, np.ones(100_000)))
    thread = threading.Thread(target=lambda: run(made, FOREVER, stop=stop))
    thread.start()
    while not value.any():  # until it runs
        pass
    with pytest.raises(RuntimeError):
        run(made)
    stop[0] = 1
    thread.join()
    assert run(made) == 1


def test_numbers_that_python_refuses_to_compute_are_not_numbers():
    for line in ("t = 1 / (t - t)", "t = (t - 1) ** -1", "t = 10.0 ** 400", "t = t ** 2 ** 60"):
        ways = []
        for _ in range(2):
            scalars = Scalars(t=1.0)
            ways.append((scalars, scalars.assignment("t", _parse(line))))
        with np.errstate(all="ignore"):
            ways[0][1]()
        lowering = Lowering(ways[1][0])
        operations = lowering.lower([ways[1][1]])
        lowering.load()
        agreement.run_once(*operations)
        lowering.store()
        assert repr(ways[0][0].values) == repr(ways[1][0].values), line


def _parse(line):
    return ast.parse(line).body[0].value


def test_a_line_without_lowering_runs_as_python(monkeypatch):
    def refuse(*arguments):
        raise LookupError("unknown")

    made = recipe(hidden=(4,))
    reference = agree(made, monkeypatch)
    monkeypatch.setattr(compiled_epochs, "Lowering", refuse)
    monkeypatch.setenv(status.SWITCH, "on")
    trainer = Trainer(made, dataset_for(made))
    for count in (1, 6, 8):
        trainer.run_epochs(count)
    assert trainer.runner.loop.compiled is None
    same_run(trainer, reference)


def test_it_can_be_turned_off(monkeypatch):
    assert start(recipe(hidden=(3,)), "on", monkeypatch).runner.loop.compiled is not None
    start(recipe(hidden=(3,)), "off", monkeypatch)
    assert status.describe() == "Python (NN_TUI_KERNELS is off)"


def test_where_it_differs_from_numpy_it_is_not_used(monkeypatch, request):
    request.addfinalizer(status._agrees.cache_clear)
    status._agrees.cache_clear()
    different = SimpleNamespace(run_once=agreement.run_once, same_bits=lambda a, b: False)
    monkeypatch.setattr(self_check, "agreement", different)  # its own answers are remembered
    assert status.describe() == "Python (the extension differs from NumPy here)"
