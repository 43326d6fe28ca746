"""`[labels]`: words in outputs."""

from __future__ import annotations

from sufficiency.fields import Need, Section, SettingType


class Labels(Section):
    """Words in outputs; the codes stay."""

    types: dict[SettingType, str] = {}
    """Words by setting type."""
    needs: dict[Need, str] = {}
    """Words by primary need."""
    phases: dict[str, str] = {}
    """Words by phase."""
