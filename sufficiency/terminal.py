"""What the command line writes: problems, progress and JSON, with nothing in them that could command a terminal."""

from __future__ import annotations

import json
import math
import os
import shlex
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from sufficiency.problems import Problem, folded
from sufficiency.progress import Progress, silent

_COMMANDING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that a terminal may obey rather than show: escapes, marks that turn the writing, half pairs."""


def harmless(text: str, keep: str = "") -> str:
    """`text` with every character that could command a terminal shown as �, save those in `keep`."""
    return "".join("�" if unicodedata.category(ch) in _COMMANDING and ch not in keep else ch for ch in text)


def say(text: str) -> None:
    """One line to standard error; nothing where nobody can read it, for a run must not end for want of a listener."""
    with suppress(OSError):
        _write(harmless(text), err=True)


def show(text: str) -> None:
    """Lines to standard output. Raises OSError where they cannot be written, save that the reader has left."""
    _write(harmless(text, keep="\n").rstrip("\n"))


def show_json(document: dict[str, Any]) -> None:
    """One JSON document to standard output; ASCII, so that any terminal or file can take it. Raises as `show`."""
    _write(json.dumps(_plain(document), indent=2, allow_nan=False, default=str))


def _write(text: str, err: bool = False) -> None:
    try:
        click.echo(text, err=err)
    except BrokenPipeError:
        drop_output(err)  # `| head` has seen enough
    except OSError:
        drop_output(err)
        raise


def drop_output(err: bool = False) -> None:
    """Let what is still to be written to a stream that takes no more go nowhere, at the end of the process too."""
    stream = sys.stderr if err else sys.stdout
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _plain(value: Any) -> Any:
    """`value` as JSON has it: numbers of NumPy as numbers, what is no finite number as null."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def problems_as_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Problems as the documents of `--json`, errors first."""
    return [asdict(problem) for problem in errors_first(problems)]


def errors_first(problems: Sequence[Problem]) -> list[Problem]:
    """The problems in their order, errors before warnings."""
    return sorted(problems, key=lambda problem: problem.severity != "error")


def say_problems(problems: Sequence[Problem], most: int | None = None, more: str = "") -> None:
    """One line a problem to standard error, like ones folded into one, then how many there are.

    Where there are over `most`, the rest is counted, and `more` says how to see it.
    """
    ordered = errors_first(folded(problems))
    for problem in ordered[:most]:
        say(f"{problem.severity}: {problem}")
    if most is not None and len(ordered) > most:
        say(f"… and {len(ordered) - most:,} more: {more}")
    if ordered:
        say(counted(ordered))


def counted(problems: Sequence[Problem]) -> str:
    """`3 errors, 2 warnings`."""
    kinds = [(kind, sum(problem.severity == kind for problem in problems)) for kind in ("error", "warning")]
    return ", ".join(f"{number:,} {kind}{'' if number == 1 else 's'}" for kind, number in kinds if number)


@contextmanager
def progress_shown(quiet: bool) -> Iterator[Progress]:
    """A progress on standard error: a moving line on a terminal, else a short line a step; nothing where `quiet`."""
    if quiet:
        yield silent
    elif sys.stderr is not None and sys.stderr.isatty():
        with _moving_line() as progress:
            yield progress
    else:
        yield _line_a_step()


EVERY = 10.0
"""Seconds after which a line says how far a step is; where nobody watches a line move, more would be a nuisance."""


def _line_a_step() -> Progress:
    """A line as a step begins, one every few seconds, and one with where it stood as it ends."""
    latest, unsaid, at = "", "", 0.0

    def print_step(step: str, detail: str = "") -> None:
        nonlocal latest, unsaid, at
        line, now = f"{step}: {detail}" if detail else step, time.monotonic()
        if step == latest and now - at < EVERY:
            unsaid = line
            return
        if step != latest and unsaid:
            say(unsaid)
        say(line)
        latest, unsaid, at = step, "", now

    return print_step


@contextmanager
def _moving_line() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import Progress as Moving
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Moving(*columns, console=Console(stderr=True), transient=True) as moving:
        task = moving.add_task("", total=None)

        def show_step(step: str, detail: str = "") -> None:
            moving.update(task, description=harmless(f"{step}: {detail}" if detail else step))

        yield show_step


def quoted(path: Path) -> str:
    """A path as it is written on a command line."""
    text = str(path)
    return shlex.quote(text) if os.name != "nt" else f'"{text}"' if " " in text else text
