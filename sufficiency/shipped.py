"""Where the shipped `data/` and `models/` are: inside an installed wheel, or in the checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_folder() -> Path:
    """The folder that holds `data/` and `models/`.

    Raises FileNotFoundError where neither a wheel's copy nor a checkout's is there.
    """
    for folder in (_PACKAGE / "_shipped", _PACKAGE.parent):
        if (folder / "models" / "saltmere.toml").is_file() and (folder / "data" / "saltmere").is_dir():
            return folder
    raise FileNotFoundError("the worked example is not part of this installation; install the package again")


def reference_file(name: str) -> Path:
    """A file of default figures shipped inside the package."""
    return _PACKAGE / "reference" / name
