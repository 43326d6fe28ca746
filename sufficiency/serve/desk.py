"""The one place where a sitting changes: one writer at a time, and each change is on the disk before it is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sufficiency.api.planning import result_folder
from sufficiency.api.reporting import report_to_folder
from sufficiency.case import Case
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress
from sufficiency.result.summary import input_hashes
from sufficiency.serve.measures import measured
from sufficiency.serve.planner import Answer, Planner
from sufficiency.serve.saving import save_scenario
from sufficiency.serve.session_file import FILE, load_sitting, save_sitting
from sufficiency.serve.steps import Steps, read_step


class Behind(Exception):  # noqa: N818
    """Something was done meanwhile on another page."""


class Desk:
    """A model, its sitting and its planner."""

    def __init__(self, case: Case, file: Path | None = None) -> None:
        """Raises InputError where there is a session file that cannot be restored."""
        self.case = case
        self.file = file or result_folder(case.model.path).parent / FILE
        self._inputs = input_hashes(case)
        self.sitting, self.model_changed = load_sitting(self.file, self._inputs)
        self.planner = Planner(case, self._heard)
        self._lock = threading.RLock()
        self.unsaved = ""

    def start(self) -> None:
        """Begin to plan the model, and what was last asked."""
        self.planner.start()
        if self.sitting.steps:
            self.planner.want(self.sitting.steps)

    def do(self, what: str, said: dict[str, Any]) -> None:
        """Do what the page asks for. Raises InputError, and Behind where the page has not seen the last change."""
        with self._lock:
            sitting = self.sitting
            if said.get("revision") != sitting.revision:
                raise Behind
            if what not in DEEDS:
                raise InputError([Problem("there is no such thing to do", value=what)])
            before = sitting.steps
            DEEDS[what](self, said)
            sitting.revision += 1
            self._keep()
            if sitting.steps != before:
                self.planner.want(sitting.steps)
            self.planner.version += 1

    def _heard(self, steps: Steps, answer: Answer | None, problems: Sequence[Problem]) -> None:
        """Note an answer."""
        base = self.planner.base
        figures = None if answer is None or base is None or not steps else measured(answer.result, base.result)
        if figures is None and not problems:
            return
        with self._lock:
            self.sitting.answer(steps, figures, "; ".join(str(problem) for problem in problems)[:1000])
            self._keep()

    def _keep(self) -> None:
        """Write the session file; where that cannot be done the page says so, and the sitting goes on."""
        try:
            save_sitting(self.file, self.sitting, self._inputs)
            self.unsaved = ""
        except OSError as error:
            self.unsaved = f"the session is not saved: {self.file}: {error.strerror}"

    def save(self, name: str, about: str) -> None:
        """Write the changes now into the model file."""
        answer = self.planner.answer(self.sitting.steps)
        if not self.sitting.steps:
            raise InputError([Problem("there is nothing to save: nothing is changed")])
        if answer is None:
            raise InputError([Problem("this what-if has no certified plan yet", fix="wait for it, then save")])
        save_scenario(self.case, self._inputs, self.sitting.steps, answer.session, name, about)
        self._inputs = input_hashes(self.case)
        self.sitting.saved[name] = self.sitting.steps

    def report(self, name: str) -> None:
        """Have the report made, with a scenario that was saved beside the plan."""
        if name not in self.sitting.saved:
            raise InputError([Problem("save the what-if as a scenario first")])
        path = self.case.model.path

        def make(progress: Progress) -> str:
            made = report_to_folder(path, [name], progress=progress)
            return f"The report is in {made.files[0].parent}"

        if not self.planner.run(make):
            raise InputError([Problem("a report is being made", fix="wait until it is there")])


def _text(said: dict[str, Any], key: str) -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError([Problem(f"give a {key}")])
    return value


def _number(said: dict[str, Any], key: str) -> int:
    value = said.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputError([Problem(f"give a {key}")])
    return value


DEEDS: Mapping[str, Callable[[Desk, dict[str, Any]], object]] = {
    "change": lambda desk, said: desk.sitting.change(read_step(said.get("step"))),
    "drop": lambda desk, said: desk.sitting.drop(_number(said, "number")),
    "undo": lambda desk, said: desk.sitting.undo(),
    "redo": lambda desk, said: desk.sitting.undo(-1),
    "clear": lambda desk, said: desk.sitting.do(()),
    "keep": lambda desk, said: desk.sitting.keep(_text(said, "name")),
    "forget": lambda desk, said: desk.sitting.forget(_text(said, "name")),
    "show": lambda desk, said: desk.sitting.do(desk.sitting.snapshot(_text(said, "name"))),
    "again": lambda desk, said: desk.sitting.again(_number(said, "number")),
    "meeting": lambda desk, said: setattr(desk.sitting, "meeting", said.get("on") is True),
    "save": lambda desk, said: desk.save(_text(said, "name"), str(said.get("about", ""))[:300]),
    "report": lambda desk, said: desk.report(_text(said, "name")),
}
"""What the page may ask for."""
