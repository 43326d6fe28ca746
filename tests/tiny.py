"""One area and two schools as files: for tests of folders and streams, where what is planned does not matter."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "tiny.toml": """name = "Tiny"
fictional = true
base_year = 2025
years = [2026, 2026]
[tables]
areas = "areas.csv"
demand = "demand.csv"
settings = "settings.csv"
places = "places.csv"
costs = "costs.csv"
[travel]
method = "straight_line"
[scenarios.late]
edit = [{ table = "places", where = { line = "N1" }, plus = { places = -2 } }]
""",
    "areas.csv": "area,name,locality,x,y\nA,Alder,North,402500,302500\n",
    "demand.csv": "area,need,phase,year,children\nA,ASD,primary,2025,4\nA,ASD,primary,2026,5\n",
    "settings.csv": "setting,name,type,x,y\nN,Near,special_school,402900,302500\nF,Far,special_school,408900,302500\n",
    "places.csv": "line,setting,needs,phases,from_year,places\nN1,N,ASD,primary,2025,4\nF1,F,ASD,primary,2025,4\n",
    "costs.csv": "type,per_child,per_place,budget_line\nspecial_school,12000,10000,1.2.1\n",
}


def tiny(folder: Path) -> Path:
    """Its model file, written in `folder` with its tables."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "tiny.toml"
