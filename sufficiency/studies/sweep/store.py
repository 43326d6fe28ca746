"""Finished draws on disk, each in a file of its own, so that a sweep goes on where it was cut short.

They lie in a hidden folder beside the results, `.NAME.draws/KEY`: the key stands for the model, its tables, the seed
and the program, so that draws of another model are never mixed in. Files are written under another name first and then
renamed: one that is there is whole. Nothing in them is run: they hold numbers and text.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.plan.pricing.warm_start import RoughPrices
from sufficiency.plan.program.highs import Basis
from sufficiency.studies.sweep.figures import Drawn
from sufficiency.studies.sweep.start import Opens

BASE_PLAN = "base.npz"


@dataclass(frozen=True)
class BasePlan:
    """What is kept of the base plan: prices [H] and what opens; `rough` the prices of its coarsest map; `kappa` of its
    fairness rule, where it has one.
    """

    opens: tuple[Opens, ...]
    prices: Floats
    rough: RoughPrices | None
    kappa: float | None = None


@dataclass(frozen=True)
class Store:
    """The folder of one sweep's draws."""

    folder: Path

    def draw_file(self, draw: int) -> Path:
        """Where draw number `draw` is kept."""
        return self.folder / f"{draw:07d}.json"

    def keep(self, drawn: Drawn) -> None:
        """Write a draw: whole, or not there."""
        file = self.draw_file(drawn.row["draw"])
        self._put(file, json.dumps(drawn.as_json()).encode("utf-8"))

    def draw(self, draw: int) -> Drawn | None:
        """A finished draw; None where there is none, or its file is damaged."""
        try:
            drawn = Drawn.of_json(json.loads(self.draw_file(draw).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return drawn if drawn.row["draw"] == draw else None

    def draws(self, count: int) -> Iterator[Drawn]:
        """The finished ones of the first `count` draws, in their order."""
        yield from (drawn for draw in range(count) if (drawn := self.draw(draw)) is not None)

    def missing(self, count: int) -> list[int]:
        """Which of the first `count` draws are not finished."""
        return [draw for draw in range(count) if self.draw(draw) is None]

    def keep_base(self, plan: BasePlan) -> None:
        """Write the base plan: every draw has to start from the same prices, after a resume too."""
        said = json.dumps({"opens": plan.opens, "kappa": plan.kappa})
        arrays = {"said": np.array(said), "prices": plan.prices}
        if plan.rough is not None:
            basis = plan.rough.basis
            arrays |= {"rough": plan.rough.prices, "columns": basis.columns, "rows": basis.rows}
        new = self._new(self.folder / BASE_PLAN)
        with new.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        os.replace(new, self.folder / BASE_PLAN)  # noqa: PTH105

    def base(self) -> BasePlan | None:
        """The base plan; None where there is none, or its file is damaged."""
        try:
            with np.load(self.folder / BASE_PLAN, allow_pickle=False) as saved:
                said = json.loads(str(saved["said"]))
                opens = tuple((str(option), int(year), float(part)) for option, year, part in said["opens"])
                rough = None
                if "rough" in saved:
                    rough = RoughPrices(Basis(saved["columns"], saved["rows"]), saved["rough"])
                return BasePlan(opens, saved["prices"], rough, said["kappa"])
        except Exception:  # a damaged file fails in many ways, and is made again
            return None

    def _put(self, file: Path, content: bytes) -> None:
        new = self._new(file)
        new.write_bytes(content)
        os.replace(new, file)  # noqa: PTH105

    def _new(self, file: Path) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return file.with_name(f".{file.name}.{os.getpid()}")


def draws_folder(folder: Path) -> Path:
    """Where the draws of a sweep into `folder` are kept while it lasts."""
    return folder.with_name(f".{folder.name}.draws")


def lock_of(folder: Path) -> Path:
    """The lock that a sweep into `folder` holds: one run at a time."""
    return folder.with_name(f".{folder.name}.draws.lock")


def forget(folder: Path) -> None:
    """Remove the draws once the sweep is whole."""
    shutil.rmtree(draws_folder(folder), ignore_errors=True)
