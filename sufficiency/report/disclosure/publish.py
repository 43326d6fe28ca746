"""A release from choice to folder: protect the figures, write them beside, attack what was written, swap it in."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from sufficiency.problems import DisclosureError, InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.report.disclosure.as_result import why_of
from sufficiency.report.disclosure.audit import Audit, audit, release_in
from sufficiency.report.disclosure.catalogue import CATALOGUE, LEFT_OUT, NOTES, NOTES_COLUMNS
from sufficiency.report.disclosure.forms import Formed, write_forms
from sufficiency.report.disclosure.linked import Cell
from sufficiency.report.disclosure.protect import Protected, protect
from sufficiency.report.disclosure.public import Public
from sufficiency.report.disclosure.published import CLAIMS, METHODS, TABLES, Reading, read_published, refuse_others
from sufficiency.report.disclosure.release import choose
from sufficiency.report.disclosure.structure import TODAY, cells_of
from sufficiency.result import Result
from sufficiency.result.swap import PUBLISHED_FOLDER as PUBLISHED
from sufficiency.result.swap import real
from sufficiency.result.written import BYTE_ORDER_MARK, guarded


@dataclass(frozen=True)
class Asked:
    """How to publish: `since` an earlier release, `announced` settings, what is `public`, and what `forms` are made of
    beside the tables (None: tables alone).
    """

    threshold: int = 5
    base: int = 5
    method: str = "rounding"
    since: Path | None = None
    announced: frozenset[str] = frozenset()
    public: Public = field(default_factory=Public)
    forms: Formed | None = None
    workers: int = 1


def publish(results: Mapping[str, Result], folder: Path, asked: Asked, progress: Progress = silent) -> Audit:
    """Write `published/` into the folder of a result, from results by scenario. Raises DisclosureError where the audit
    finds that something is given away: nothing is written then, and an earlier release stays.
    """
    if asked.method not in METHODS:
        raise InputError([Problem("this is no method", value=asked.method, fix=f"use {' or '.join(METHODS)}")])
    earlier = {} if asked.since is None else figures_of(read_published(release_in(asked.since)))
    release = choose(results, asked.announced, asked.public.unit_costs, asked.base)
    protected = protect(release, asked.method, asked.base, asked.threshold, earlier, progress, asked.workers)
    return write_release(protected, folder, asked, progress)


def write_release(protected: Protected, folder: Path, asked: Asked, progress: Progress = silent) -> Audit:
    """Write protected tables beside the folder, audit what was written, and swap it in; raises DisclosureError, and
    InputError where something else is in its place.
    """
    folder = real(folder)
    there = folder / PUBLISHED
    refuse_others(there)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.{PUBLISHED}-") as beside:
        new = Path(beside) / PUBLISHED
        _write(protected, new)
        if asked.forms is not None:
            progress("Forms", ", ".join(asked.forms.files))
            write_forms(read_published(new), asked.forms, new)
        progress("Audit", "what can be worked out")
        found = audit(new, asked.public, asked.since, asked.workers)
        if not found.ok:
            raise DisclosureError(found.exposed)
        _say(protected, found, asked, new)
        _swap_in(new, there, Path(beside) / "old")
    return found


def _swap_in(new: Path, there: Path, old: Path) -> None:
    """Put a release in its place; the one that had it comes back if that fails."""
    refuse_others(there)
    if there.exists():
        there.rename(old)
    try:
        new.rename(there)
    except BaseException:
        if old.exists() and not there.exists():
            old.rename(there)
        raise


def figures_of(reading: Reading) -> dict[Cell, float]:
    """Every number of children that a release shows, by the name of its cell."""
    found: dict[Cell, float] = {}
    years: list[int | str] = [TODAY, *sorted(int(year) for year in reading.tables["gaps"]["year"].unique())]
    for scenario in reading.scenarios:
        for year in years:
            found |= cells_of(reading.of(scenario, year), scenario, year)
    return {cell: value for cell, value in found.items() if value == value}


def _write(protected: Protected, new: Path) -> None:
    tables = new / TABLES
    tables.mkdir(parents=True)
    for name, frame in protected.tables.items():
        _write_csv(frame[list(CATALOGUE[name].columns)], tables / f"{name}.csv")
    _write_csv(pd.DataFrame(LEFT_OUT, columns=list(NOTES_COLUMNS)), tables / f"{NOTES}.csv")
    _write_json({name: getattr(protected.claims, name) for name in protected.claims.__dataclass_fields__}, new)


def _say(protected: Protected, found: Audit, asked: Asked, new: Path) -> None:
    """What came of the audit, and no true figure."""
    claims = protected.claims
    _write_json(
        {
            "ok": found.ok,
            "method": claims.method,
            "base": claims.base,
            "threshold": claims.threshold,
            "since": None if asked.since is None else release_in(asked.since).resolve().parent.name,
            "cells": found.cells,
            "least_width": round(found.least_width, 6) if found.least_width != float("inf") else None,
            "within": claims.within,
            "totals_within": claims.totals_within,
            "money_step": claims.money_step,
            "why": why_of(claims),
            "left_out": [dict(zip(NOTES_COLUMNS, row, strict=True)) for row in LEFT_OUT],
            "notes": list(found.notes),
        },
        new,
    )


def _write_json(said: dict[str, object], folder: Path) -> None:
    text = json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / CLAIMS).write_text(text + "\n", encoding="utf-8", newline="\n")


def _write_csv(frame: pd.DataFrame, file: Path) -> None:
    table = frame.copy()
    for name in table:
        if not pd.api.types.is_numeric_dtype(table[name]):
            table[name] = table[name].astype(str).map(guarded)
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(BYTE_ORDER_MARK)
        table.to_csv(out, index=False, lineterminator="\r\n")
