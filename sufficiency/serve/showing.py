"""What the page shows of a desk, put together anew for every look at it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from sufficiency.problems import Problem, folded
from sufficiency.report.maps.words import clean
from sufficiency.report.page.render import words_html
from sufficiency.serve.catalogue import catalogue
from sufficiency.serve.changed import Changed, Shown, changed
from sufficiency.serve.desk import Desk
from sufficiency.serve.estimate import estimate
from sufficiency.serve.measures import MEASURES, labels
from sufficiency.serve.page import part
from sufficiency.serve.pictures import Pictures, pictures_of
from sufficiency.serve.planner import Answer
from sufficiency.serve.sitting import Asked
from sufficiency.serve.steps import key_of
from sufficiency.serve.words import Names, described_all, names_of
from sufficiency.standing import of_summary

MOST_PARTS = 12
"""Parts kept."""


class Showing:
    """The desk as parts of a page; what takes long to make is kept for the answers shown last."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._names = {meeting: names_of(desk.case, meeting=meeting) for meeting in (False, True)}
        self._made: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def _here(self) -> Names:
        return self._names[self._desk.sitting.meeting]

    def state(self) -> dict[str, Any]:
        """What was done, what is being done, and the forms."""
        desk, sitting, doing = self._desk, self._desk.sitting, self._desk.planner.doing
        answer, base = desk.planner.answer(sitting.steps), desk.planner.base
        words = described_all(sitting.steps, self._here)
        known = sitting.answered(sitting.steps)
        problems = doing.problems or ()
        failed = known.failed if known is not None and answer is None and not doing.of else ""
        session = None if base is None else base.session
        return {
            "version": desk.planner.version,
            "revision": sitting.revision,
            "id": sitting.id,
            "model": clean(desk.case.model.name),
            "standing": _standing(desk),
            "meeting": sitting.meeting,
            "steps": words,
            "can": {"undo": sitting.at > 0, "redo": sitting.at + 1 < len(sitting.history)},
            "status": self._status(answer, base, words, failed, problems),
            "answered": answer is not None,
            "shows": "" if answer is None else key_of(answer.steps),
            "changes": part("changes.html", steps=words, sitting=sitting),
            "forms": part(
                "forms.html", it=catalogue(desk.case, self._here, session, sitting.steps), steps=sitting.steps
            ),
            "asked": part("asked.html", **self._asked()),
            "save": part(
                "save.html",
                sitting=sitting,
                can=answer is not None and bool(sitting.steps),
                file=desk.case.model.path.name,
            ),
            "notice": self._notice(),
        }

    def _status(
        self, answer: Answer | None, base: Answer | None, words: list[str], failed: str, problems: Sequence[Problem]
    ) -> dict[str, Any]:
        """How far the plan of the changes now is: a kind, words for it, and where it is not there an estimate."""
        doing, steps = self._desk.planner.doing, self._desk.sitting.steps
        said = [str(problem) for problem in folded(list(problems))] or ([failed] if failed else [])
        where = " · ".join(part for part in (doing.step, doing.detail) if part)
        if base is None and not said:
            return {"kind": "working", "words": "The model is being planned", "detail": where, "problems": []}
        if doing.of is not None and answer is not None:
            return {"kind": "working", "words": "Working", "detail": where, "problems": said}
        if answer is not None:
            if answer.session.plan.status != "optimal":
                words_ = "The best plan found in the time allowed: not proven to be the cheapest"
            else:
                words_ = "Certified plan of these changes" if steps else "Certified plan of the model: the plan at hand"
            return {"kind": "certified", "words": words_, "detail": doing.done, "problems": said}
        if said:
            return {"kind": "failed", "words": "There is no plan of these changes", "detail": "", "problems": said}
        rough = estimate(self._desk.planner, steps)
        return {
            "kind": "estimate" if rough else "working",
            "words": "Planning these changes",
            "detail": where,
            "rough": rough,
            "problems": [],
        }

    def _notice(self) -> str:
        desk = self._desk
        if desk.unsaved:
            return desk.unsaved
        if desk.model_changed:
            return "The model or its tables have changed since this session was last open: what-ifs are planned again."
        return ""

    def _asked(self) -> dict[str, Any]:
        """Every what-if, and the snapshots side by side."""
        desk, sitting = self._desk, self._desk.sitting
        base = desk.planner.base
        if base is None:
            return {"rows": [], "heads": [], "snapshots": [], "cells": []}
        words, shown = labels(base.result), Shown(sitting.meeting)
        before = self._changed(base).measures
        wanted = [one for one in MEASURES if before.get(one.name) is not None]

        def cells(one: Asked | None) -> list[str]:
            figures = None if one is None else one.figures
            if figures is None:
                return ["" for _ in wanted]
            return [
                shown.change(it, value, before[it.name] or 0.0) if (value := figures.get(it.name)) is not None else ""
                for it in wanted
            ]

        rows = [
            {
                "words": described_all(one.steps, self._here),
                "cells": cells(one),
                "failed": one.failed,
                "now": one.steps == sitting.steps,
            }
            for one in sitting.asked
        ]
        named = [
            {
                "name": clean(name),
                "key": name,
                "words": described_all(steps, self._here),
                "cells": cells(sitting.answered(steps)) if steps else ["no change"] * len(wanted),
            }
            for name, steps in sitting.snapshots.items()
        ]
        return {"rows": rows, "heads": [words[one.name] for one in wanted], "snapshots": named}

    def answer(self) -> dict[str, Any]:
        """What the changes now come to, where that is known, else the plan at hand."""
        desk = self._desk
        answer = desk.planner.answer(desk.sitting.steps) or desk.planner.base
        if answer is None:
            return {"shows": "", "html": ""}
        return {
            "shows": key_of(answer.steps),
            "html": part("answer.html", it=self._changed(answer), current=answer.steps == desk.sitting.steps),
            "tables": part("tables.html", it=self._changed(answer)),
        }

    def pictures(self) -> dict[str, Any]:
        """The map and the charts of the same."""
        desk = self._desk
        answer, base = desk.planner.answer(desk.sitting.steps) or desk.planner.base, desk.planner.base
        if answer is None or base is None:
            return {"shows": ""}
        meeting = desk.sitting.meeting
        made: Pictures = self._once(
            ("pictures", key_of(answer.steps), meeting),
            lambda: pictures_of(answer.result, base.result, self._names[meeting], meeting=meeting),
        )
        source = f"Source: {clean(desk.case.model.name)}, made with sufficiency."
        return {
            "shows": key_of(answer.steps),
            "map": part("map.html", map=made.map, source=source),
            "sites": str(made.sites),
            "finding": str(words_html(made.map.finding)),
            "data": made.data,
            "charts": part("charts.html", chapters=made.chapters, source=source),
        }

    def _changed(self, answer: Answer) -> Changed:
        base = self._desk.planner.base or answer
        meeting = self._desk.sitting.meeting
        words = described_all(answer.steps, self._names[meeting])
        made: Changed = self._once(
            ("changed", key_of(answer.steps), meeting),
            lambda: changed(answer.result, base.result, words, meeting=meeting),
        )
        return made

    def _once(self, key: tuple[Any, ...], make: Any) -> Any:
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
                while len(self._made) > MOST_PARTS:
                    self._made.popitem(last=False)
            self._made.move_to_end(key)
            return self._made[key]


def _standing(desk: Desk) -> str:
    base = desk.planner.base
    standing = of_summary(base.result.summary) if base is not None else None
    return "" if standing is None else standing.mark
