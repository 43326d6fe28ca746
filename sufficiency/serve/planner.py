"""The thread that plans: the model first, then the what-if that is wanted last. A newer one takes its place at once."""

from __future__ import annotations

import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sufficiency.api.asking import Session
from sufficiency.api.exploring import plan_at_hand, tabulate
from sufficiency.case import Case
from sufficiency.deadline import Stop
from sufficiency.problems import CertificateError, InputError, Problem
from sufficiency.progress import Progress
from sufficiency.report.words import millions
from sufficiency.result import Result
from sufficiency.serve.changes import change_of
from sufficiency.serve.steps import Steps, key_of

Task = Callable[[Progress], str]
"""Something that takes long and says in the end what came of it."""
MOST_ANSWERS = 6
"""Answers kept whole, so that going back to one takes no time; figures of all others are kept by the sitting."""


@dataclass(frozen=True)
class Answer:
    """The certified plan of some changes, with its tables."""

    steps: Steps
    session: Session = field(repr=False)
    result: Result = field(repr=False)


@dataclass(frozen=True)
class Doing:
    """What the thread is at: `of` some changes (None: nothing), a step of it, and `problems` where it came to none."""

    of: Steps | None = None
    step: str = ""
    detail: str = ""
    problems: tuple[Problem, ...] = ()
    done: str = ""


class Planner:
    """Plans in a thread of its own. `heard` is called with every answer, and with the problems of what has none."""

    def __init__(self, case: Case, heard: Callable[[Steps, Answer | None, Sequence[Problem]], None]) -> None:
        self._case, self._heard = case, heard
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._wanted: Steps | None = ()
        self._task: Task | None = None
        self._stop: Stop | None = None
        self._wake = threading.Condition()
        self._closed = False
        self.base: Answer | None = None
        self.doing = Doing(())
        self.version = 0
        """Counts whatever can be seen of this from outside."""
        self._thread = threading.Thread(target=self._run, name="planner", daemon=True)

    def start(self) -> None:
        """Begin to plan."""
        self._thread.start()

    def want(self, steps: Steps) -> None:
        """Plan these changes; what is planned now and is not wanted any more ends."""
        with self._wake:
            self._wanted = steps
            if self._stop is not None and self.doing.of not in (steps, ()):
                self._stop.ask()
            self._wake.notify()

    def run(self, task: Task) -> bool:
        """Do something else when nothing is wanted, with a progress; its answer is shown. False: one is under way."""
        with self._wake:
            if self._task is not None:
                return False
            self._task = task
            self._wake.notify()
            return True

    def answer(self, steps: Steps) -> Answer | None:
        """The answer to some changes, where it is at hand."""
        return self.base if not steps else self._answers.get(key_of(steps))

    def close(self) -> None:
        """Let the thread end as soon as it can."""
        with self._wake:
            self._closed = True
            if self._stop is not None:
                self._stop.ask()
            self._wake.notify()
        self._thread.join(2.0)

    def _show(self, doing: Doing) -> None:
        self.doing = doing
        self.version += 1

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._closed and self._wanted is None and self._task is None:
                    self._wake.wait()
                if self._closed:
                    return
                steps, self._wanted = self._wanted, None
                task = self._task if steps is None else None
                self._stop = Stop()
            if task is not None:
                self._do(task)
            elif self.base is None:
                self._plan(())
                if steps:
                    self._want_again(steps)
            elif steps is not None:
                self._plan(steps)
            with self._wake:
                self._stop = None

    def _want_again(self, steps: Steps) -> None:
        with self._wake:
            if self._wanted is None and self.base is not None:
                self._wanted = steps

    def _do(self, task: Task) -> None:
        def progress(step: str, detail: str = "") -> None:
            self._show(Doing((), step, detail))

        try:
            done = task(progress)
            self._show(Doing((), done=done))
        except InputError as error:
            self._show(Doing(None, problems=error.problems))
        except OSError as error:
            self._show(Doing(None, problems=(Problem(str(error.strerror or error), str(error.filename or "")),)))
        except Exception:
            self._show(Doing(None, problems=(_unexpected(),)))
        finally:
            self._task = None
            self.doing = replace(self.doing, of=None)
            self.version += 1

    def _plan(self, steps: Steps) -> None:
        """Plan some changes, and say what came of it."""
        stop = self._stop or Stop()
        known = self.answer(steps)
        problems: Sequence[Problem] = ()
        try:
            answer = known or self._ask(steps, stop)
        except InputError as error:
            answer, problems = None, error.problems
        except CertificateError as error:
            answer, problems = (
                None,
                [Problem(f"the plan found does not pass its own proof, so it is not shown: {error}")],
            )
        except KeyboardInterrupt:  # asked to stop before there was any plan
            answer = None
        except Exception:
            answer, problems = None, [_unexpected()]
        if stop.asked and known is None:
            self._show(Doing())
            return
        if answer is not None and steps:
            self._answers[key_of(steps)] = answer
            self._answers.move_to_end(key_of(steps))
            while len(self._answers) > MOST_ANSWERS:
                self._answers.popitem(last=False)
        elif answer is not None:
            self.base = answer
        self._heard(steps, answer, problems)
        self._show(Doing(problems=tuple(problems)))

    def _ask(self, steps: Steps, stop: Stop) -> Answer:
        def progress(step: str, detail: str = "") -> None:
            self._show(Doing(steps, step, detail))

        progress("Plan" if not steps else "Change", "")
        if not steps:
            session = plan_at_hand(self._case, progress, stop)
            return Answer(steps, session, tabulate(session, progress=progress))
        base = self.base
        if base is None:
            raise InputError([Problem("the model has no plan yet")])
        change = change_of(steps, self._case)
        session = base.session.what_if(change.document or None, openings=change.openings, progress=progress, stop=stop)
        if stop.asked:
            raise KeyboardInterrupt
        more = session.plan.money - base.session.plan.money
        costs = f"costs {millions(abs(more))} {'more' if more > 0 else 'less'} over all years, in money"
        progress("Certified", f"{costs}; its tables follow")
        return Answer(steps, session, tabulate(session, base.result.placements, progress))


def _unexpected() -> Problem:
    """For the page; the traceback goes to where the command runs, for a report."""
    traceback.print_exc()
    return Problem("something went wrong in the program itself", fix="the terminal says what: please report it")
