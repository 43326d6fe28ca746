"""How long a release takes: Saltmere's results, rounded and audited. `python bench/disclosure.py RESULT [RESULT]`.

Each RESULT is the folder of a saved result of models/saltmere.toml, the first that of the base.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from sufficiency.api.publishing import announced_settings, public_of
from sufficiency.api.reading import read
from sufficiency.report.disclosure.publish import Asked, publish
from sufficiency.result.folder import load

MODEL = Path(__file__).parents[1] / "models" / "saltmere.toml"


def main(folders: list[str]) -> None:
    results = {}
    for folder in folders:
        result = load(folder)
        results[str(result.summary["scenario"])] = result
    case = read(MODEL)
    first = next(iter(results.values()))
    asked = Asked(announced=announced_settings(case), public=public_of(case, first), workers=2)
    started = time.perf_counter()

    def said(step: str, what: str = "") -> None:
        print(f"{time.perf_counter() - started:7.1f} s  {step} {what}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "result"
        home.mkdir()
        found = publish(results, home, asked, said)
    print(f"{time.perf_counter() - started:7.1f} s  {found.cells:,} cells, least width {found.least_width:g}")


if __name__ == "__main__":
    main(sys.argv[1:])
