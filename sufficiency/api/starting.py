"""A folder to start from."""

from __future__ import annotations

from pathlib import Path


def start(folder: Path, template: str | None = None) -> list[Path]:
    """Put a starter model into a new folder: the worked example, or empty templates (`csv`, `xlsx`)."""
    from sufficiency.starter import start_in

    return start_in(folder, template)
