"""`new`: a starter model in a folder of its own."""

from __future__ import annotations

from pathlib import Path

from sufficiency.problems import InputError, Problem, did_you_mean

TEMPLATES = ("csv", "xlsx")

__all__ = ["TEMPLATES", "start_in"]


def start_in(folder: Path, template: str | None = None) -> list[Path]:
    """Put the worked example, or empty tables, into a folder that is absent or empty, and return the files.

    Raises InputError where the folder holds anything; nothing is ever overwritten, and what fails half way leaves nothing.
    """
    from sufficiency.starter.example import copy_example
    from sufficiency.starter.placed import placed_whole
    from sufficiency.starter.templates import write_template

    if template is not None and template not in TEMPLATES:
        raise InputError([Problem("there is no such template", value=template, mend=did_you_mean(template, TEMPLATES))])
    with placed_whole(Path(folder)) as new:
        if template is None:
            copy_example(new)
        else:
            write_template(new, template)
    return sorted(file for file in Path(folder).rglob("*") if file.is_file())
