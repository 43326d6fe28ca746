"""What a planner has tried in one sitting: the changes now, before and after, snapshots, and every what-if."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from sufficiency.problems import InputError, Problem
from sufficiency.serve.steps import Step, Steps, as_documents, read_steps, with_step

Measures = dict[str, float | None]
"""Headline figures of an answer by name."""
MOST_SNAPSHOTS = 50


@dataclass(frozen=True)
class Asked:
    """A what-if of the sitting: its changes, and its `figures` once there is a certified plan; `failed`: why none."""

    steps: Steps
    figures: Measures | None = None
    failed: str = ""


@dataclass
class Sitting:
    """`history`: the changes after each thing done, of which `at` is the one now. `asked`: every what-if by its
    changes, in the order first asked. `revision` counts what was done, so that two pages cannot overwrite each other.
    """

    id: str = field(default_factory=lambda: secrets.token_hex(8))
    history: list[Steps] = field(default_factory=lambda: [()])
    at: int = 0
    asked: list[Asked] = field(default_factory=list)
    snapshots: dict[str, Steps] = field(default_factory=dict)
    saved: dict[str, Steps] = field(default_factory=dict)
    meeting: bool = False
    revision: int = 0

    @property
    def steps(self) -> Steps:
        """The changes now."""
        return self.history[self.at]

    def do(self, steps: Steps) -> None:
        """Have other changes; what had been undone is gone."""
        if steps == self.steps:
            return
        del self.history[self.at + 1 :]
        self.history.append(steps)
        self.at += 1
        self._ask()

    def change(self, step: Step) -> None:
        """Make one more change, or another of the same thing."""
        self.do(with_step(self.steps, step))

    def drop(self, number: int) -> None:
        """Take a change back, whichever it is."""
        if not 0 <= number < len(self.steps):
            raise InputError([Problem("there is no such change any more")])
        self.do(self.steps[:number] + self.steps[number + 1 :])

    def undo(self, by: int = 1) -> None:
        """Go back, or with a negative number forward again; nothing where there is nothing left."""
        self.at = min(max(self.at - by, 0), len(self.history) - 1)
        self._ask()

    def keep(self, name: str) -> None:
        """Keep the changes now under a name."""
        name = " ".join(name.split())[:60]
        if not name:
            raise InputError([Problem("give the snapshot a name")])
        if name not in self.snapshots and len(self.snapshots) >= MOST_SNAPSHOTS:
            raise InputError([Problem(f"there are {MOST_SNAPSHOTS} snapshots", fix="forget one first")])
        self.snapshots[name] = self.steps

    def forget(self, name: str) -> None:
        """Keep a snapshot no longer."""
        self.snapshot(name)
        del self.snapshots[name]

    def again(self, number: int) -> None:
        """Have the changes of a what-if of before."""
        if not 0 <= number < len(self.asked):
            raise InputError([Problem("there is no such what-if")])
        self.do(self.asked[number].steps)

    def snapshot(self, name: str) -> Steps:
        """The changes kept under a name."""
        if name not in self.snapshots:
            raise InputError([Problem("there is no such snapshot", value=name)])
        return self.snapshots[name]

    def _ask(self) -> None:
        if self.steps and self.answered(self.steps) is None:
            self.asked.append(Asked(self.steps))

    def answered(self, steps: Steps) -> Asked | None:
        """What is known of some changes; None where they were never asked."""
        return next((one for one in self.asked if one.steps == steps), None)

    def answer(self, steps: Steps, figures: Measures | None, failed: str = "") -> None:
        """Note the answer to some changes."""
        for place, one in enumerate(self.asked):
            if one.steps == steps:
                self.asked[place] = Asked(steps, figures, failed)

    def document(self) -> dict[str, Any]:
        """The sitting as a session file keeps it."""
        return {
            "id": self.id,
            "history": [as_documents(steps) for steps in self.history],
            "at": self.at,
            "asked": [
                {"steps": as_documents(one.steps), "figures": one.figures, "failed": one.failed} for one in self.asked
            ],
            "snapshots": {name: as_documents(steps) for name, steps in self.snapshots.items()},
            "saved": {name: as_documents(steps) for name, steps in self.saved.items()},
            "meeting": self.meeting,
        }


def sitting_of(document: dict[str, Any], *, same_model: bool) -> Sitting:
    """The sitting that a session file keeps; what was answered is forgotten where the model is another by now. Raises
    InputError, KeyError, TypeError or ValueError where it is no such file.
    """
    history = [read_steps(steps) for steps in document["history"]] or [()]
    asked = [
        Asked(read_steps(one["steps"]), _figures(one["figures"]), str(one["failed"]))
        if same_model
        else Asked(read_steps(one["steps"]))
        for one in document["asked"]
    ]
    return Sitting(
        str(document["id"])[:64],
        history,
        min(max(int(document["at"]), 0), len(history) - 1),
        asked,
        {str(name)[:60]: read_steps(steps) for name, steps in document["snapshots"].items()},
        {str(name)[:64]: read_steps(steps) for name, steps in document["saved"].items()},
        bool(document["meeting"]),
    )


def _figures(document: Any) -> Measures | None:
    if document is None:
        return None
    return {str(name): None if value is None else float(value) for name, value in document.items()}
