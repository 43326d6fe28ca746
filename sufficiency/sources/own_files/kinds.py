"""What each file of another team is good for, what is lost without it, and who usually holds it."""

from __future__ import annotations

from dataclasses import dataclass

from sufficiency.tables.schema.own_files import AGREEMENTS, FINANCE, OWN_FILES, TRANSPORT


@dataclass(frozen=True)
class OwnKind:
    """One kind of file: `title`; `without`: what is lost without it; `holder`: who usually has it."""

    title: str
    without: str
    holder: str


OWN_KINDS: dict[str, OwnKind] = {
    FINANCE: OwnKind(
        "Placements by provider, from finance",
        "top-ups and fees stay as they are in the costs table, and no second count of pupils checks the placements",
        "the finance business partner for high needs (the commitments ledger)",
    ),
    TRANSPORT: OwnKind(
        "Transport by route",
        "what a journey costs is worked out from its length, and may be far from what is paid",
        "the team that commissions SEND transport (passenger transport)",
    ),
    AGREEMENTS: OwnKind(
        "Place numbers from agreements",
        "places stay as they are in the places table: in a model from published files, capacities that may be old",
        "SEND commissioning, admissions, or School Organisation",
    ),
}
assert set(OWN_KINDS) == set(OWN_FILES)
