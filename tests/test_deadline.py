"""When solving has to end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sufficiency.deadline import Deadline, Stop, awaited, ctrl_c_asks
from sufficiency.progress import so_far


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Put the monotonic clock where one wants it."""

    def at(seconds: float) -> None:
        monkeypatch.setattr("sufficiency.deadline.time.monotonic", lambda: seconds)

    at(100.0)
    return at


def test_the_time_left_falls_to_nothing_and_no_further(clock: Callable[[float], None]) -> None:
    deadline = Deadline.after(10.0)
    assert (deadline.left(), deadline.passed) == (10.0, False)
    clock(107.5)
    assert (deadline.left(), deadline.passed) == (2.5, False)
    clock(111.0)
    assert (deadline.left(), deadline.passed, deadline.stopped) == (0.0, True, False)


def test_time_is_kept_for_the_proof_but_not_most_of_it(clock: Callable[[float], None]) -> None:
    """Of 20 seconds left at most three tenths, 6, are kept."""
    whole = Deadline.after(20.0)
    assert whole.before_proof(2.0).left() == pytest.approx(18.0)
    assert whole.before_proof(60.0).left() == pytest.approx(14.0)
    clock(121.0)
    assert whole.before_proof(2.0).passed


@pytest.mark.usefixtures("clock")
def test_a_stop_ends_every_deadline_made_of_one() -> None:
    stop = Stop()
    whole = Deadline.after(10.0, stop)
    tenth = whole.share(0.1)
    assert tenth.left() == pytest.approx(1.0)
    stop.ask()
    assert (whole.left(), tenth.left(), tenth.stopped) == (0.0, 0.0, True)
    assert whole.share(0.5).passed


@pytest.fixture
def usual_ctrl_c() -> Iterator[None]:
    """Ctrl-C as in a terminal: a test run in the background may ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("usual_ctrl_c")
def test_the_first_ctrl_c_while_solving_asks_and_the_second_raises() -> None:
    messages: list[str] = []
    with ctrl_c_asks(lambda: messages.append("stopping")) as stop:
        stop.solving = True
        signal.raise_signal(signal.SIGINT)
        assert (stop.asked, messages) == (True, ["stopping"])
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert messages == ["stopping"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("usual_ctrl_c")
def test_ctrl_c_before_anything_solves_raises_as_ever() -> None:
    with ctrl_c_asks(lambda: None), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_within_the_solver_nothing_is_raised_until_it_has_let_go() -> None:
    stop, asked = Stop(), []

    def solving() -> None:
        with stop.within_solver():
            stop.at_once()
            asked.append(stop.asked)

    with pytest.raises(KeyboardInterrupt):
        solving()
    assert asked == [True]


def test_ctrl_c_that_has_another_meaning_keeps_it() -> None:
    with_another = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with ctrl_c_asks(lambda: None) as stop:
            stop.solving = True
            signal.raise_signal(signal.SIGINT)
            assert not stop.asked
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, with_another)


def test_other_threads_may_solve_too() -> None:
    """Only the main thread may say what Ctrl-C means; elsewhere a stop is asked for by hand."""
    found: list[Stop] = []

    def solving() -> None:
        with ctrl_c_asks(lambda: None) as stop:
            found.append(stop)

    thread = threading.Thread(target=solving)
    thread.start()
    thread.join()
    assert not found[0].asked


@pytest.mark.parametrize(
    ("cost", "bound", "words"),
    [
        (120e6, 118e6, "best plan £120.00m, none below £118.00m, gap 10.00%"),  # 2 of the 20 that can be decided
        (120e6, 120e6 - 100, "best plan £120.00m, none below £120.00m, gap <0.01%"),
        (float("nan"), 118e6, "best plan: none yet, none below £118.00m"),
        (120e6, float("-inf"), "best plan £120.00m, no bound yet"),
    ],
)
def test_where_a_search_stands_in_words(cost: float, bound: float, words: str) -> None:
    assert so_far("best plan", cost, bound, constant=100e6) == words


@pytest.mark.usefixtures("usual_ctrl_c")
def test_while_another_thread_works_ctrl_c_is_heard() -> None:
    """As on Windows, where nothing is heard within a wait: what was pressed is looked for between two of them. The
    other thread works until it is.
    """
    heard = threading.Event()

    def pressed_and_worked_on() -> bool:
        signal.raise_signal(signal.SIGINT)
        return heard.wait(60)

    with ThreadPoolExecutor(1) as worker, ctrl_c_asks(heard.set) as stop:
        stop.solving = True
        assert awaited(worker.submit(pressed_and_worked_on))
    assert stop.asked


def test_what_another_thread_raises_is_raised() -> None:
    with ThreadPoolExecutor(1) as worker, pytest.raises(ZeroDivisionError):
        awaited(worker.submit(lambda: 1 // 0))
