"""What `sufficiency new --from` says when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

from sufficiency.sources.published.kinds import KINDS
from sufficiency.starter.words import readme_lines

_WIDTH = 78


def built_words(
    name: str, year: int, rows: dict[str, int], missing: Sequence[str], left: Sequence[tuple[Path, Path]], own: bool
) -> str:
    """The screen: how much there is, which files are missing, which tables were left as they are. `own`: placements
    are the council's own counts.
    """
    until = "Illustrative until you put in your own placements and places; estimates.csv says what is estimated."
    if own:
        until = "Placements are your own counts. Illustrative until places are your own too; see estimates.csv."
    lines = [
        f"{name}: a model from {'your own counts and ' if own else ''}published data, plans of January {year + 1}.",
        f"  {rows['areas']:,} small areas, {rows['settings']:,} settings, {rows['children']:,} children placed.",
        until,
    ]
    lost = [code for code in missing if code != "localities"]
    if lost:
        lines.append("Not in the folder (sources.csv says where each is published):")
        for code in lost:
            words = f"{KINDS[code].title}: without it {KINDS[code].without}"
            lines += wrap(words, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    for old, new in left:
        lines.append(f"{old} was changed since it was written: left as it is, the new one is {new.name} beside it.")
    return "\n".join(lines)


def workbook_lines(name: str) -> list[str]:
    """The first sheet of a workbook that was filled in from published data."""
    return [
        f"{name}: filled in from published data. Put your own figures in their place.",
        "",
        "Begin with placements (where your children are) and places (what you commission).",
        "Until both are your own, every output says Illustrative.",
        "Then settings and costs; then options (schemes you could open) and budget.",
        "Areas are in areas.gpkg, which QGIS opens. Demand is in demand.csv: `sufficiency forecast` makes it again.",
        "",
        *readme_lines(),
    ]
