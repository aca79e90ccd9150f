"""What the terminal has yet to take is known, whatever Textual's driver is like."""

import io
import threading

from textual.drivers.headless_driver import HeadlessDriver
from textual.drivers.linux_driver import LinuxDriver

from nn_tui.tui.terminal.flow_control import FlowControl, OutputMeter, idle, metered


class Gate(io.StringIO):
    """A file whose flush waits until it is opened."""

    def __init__(self):
        super().__init__()
        self.opened = threading.Event()

    def flush(self):
        self.opened.wait(30)


class Writes(FlowControl):
    """Only notes what it is told."""

    def __init__(self):
        super().__init__()
        self.sizes = []

    def took(self, size, began):
        self.sizes.append(size)


def test_it_is_idle_once_all_expected_output_is_flushed():
    gate, link = Gate(), Writes()
    meter = OutputMeter(gate, link)
    assert meter.idle
    meter.expect()
    meter.expect()
    writer = threading.Thread(target=lambda: (meter.write("ŷ"), meter.write("ab"), meter.flush()))
    writer.start()
    assert not meter.idle
    gate.opened.set()
    writer.join(30)
    assert meter.idle
    assert gate.getvalue() == "ŷab"
    assert link.sizes == [4]


def test_an_empty_flush_is_not_reported():
    gate, link = Gate(), Writes()
    gate.opened.set()
    OutputMeter(gate, link).flush()
    assert link.sizes == []


def test_textuals_driver_writes_through_the_meter(monkeypatch):
    class App:
        pass

    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("asyncio.get_running_loop", lambda: None)
    driver = metered(LinuxDriver, Writes())(App(), debug=False)
    assert isinstance(driver._file, OutputMeter)
    assert idle(driver)
    driver._writer_thread = io.StringIO()
    driver.write("x")
    assert not idle(driver)


def test_a_driver_without_such_a_file_is_always_idle():
    assert idle(None)
    assert not hasattr(HeadlessDriver, "_file")
