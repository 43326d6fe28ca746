"""Places by institution: capacity and planned places for SCAP, and next September's places for the place-change
workbook.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from sufficiency.codes import GIVES_PLACES
from sufficiency.report.content.returns.commissioned import OPTION, commissioned
from sufficiency.report.content.returns.form import NOTE, Return
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Unit
from sufficiency.report.words import academic_year, listed

SCAP_PLACES = ("special_school", "special_free_school", "resource_base")
FUNDED = (*sorted(GIVES_PLACES - {"hospital", "early_years"}), "non_maintained", "college", "specialist_post_16")
"""Types of which the institution is funded for a number of places."""
SCHOOL_PHASES = {"primary": (0, 6), "secondary": (7, 11), "post_16": (12, 20)}
SEVERAL = "not_split"
NOT_SPLIT = "its lines take several of these ages: the places table does not split them"
NO_NUMBER = "the places table has no number of places"
CAPACITY = (
    "SCAP asks for capacity. Commissioned places stand here, with those that other authorities' children take; what "
    "the building holds is beside them where the settings table gives it."
)
LEFT_OUT = "Non-maintained and independent schools, alternative provision and settings outside the area are left out."
SETTLED = {
    "committed": "that are committed",
    "proposed": "that are only proposed",
    "chosen": "that the plan chooses and that are still to be decided",
}
RESTS_ON = (
    "Committed: a funding agreement signed, a contract let or a notice approved. Proposed: in the plan only. Chosen: "
    "an option that the plan opens, still to be decided."
)


def place_returns(planned: Planned) -> list[Return]:
    """SCAP capacity and planned places, and the place-change workbook."""
    base = planned.base_year
    places = commissioned(planned, range(base, base + 4))
    settings = planned.case.tables.settings.drop_duplicates("setting").set_index("setting")
    places = places.assign(
        name=places["setting"].map(planned.setting_names).fillna(places["setting"].map(settings["name"])),
        in_area=places["setting"].map(settings["in_area"]),
        kind=[planned.word("type", kind) for kind in places["type"]],
    )
    return [
        _capacity(planned, places, settings),
        _planned(planned, places),
        _changed(planned, places, settings),
    ]


def ages_of(planned: Planned, phases: Sequence[str], of: dict[str, tuple[int, int]]) -> str:
    """Which of the groups `of` year groups all these phases are in; `not_split` where in several. Younger children
    count with the youngest group.
    """
    spans = [phase for phase in planned.case.model.phase_list if phase.code in set(phases)] or list(
        planned.case.model.phase_list
    )
    first = min(low for low, _ in of.values())
    held = {
        next(name for name, (low, high) in of.items() if low <= max(ncy, first) <= high)
        for phase in spans
        for ncy in (phase.first, phase.last)
    }
    return held.pop() if len(held) == 1 else SEVERAL


def _by(frame: pd.DataFrame, keys: list[str]) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    """The rows of each combination of text in `keys`."""
    for names, some in frame.groupby(keys, sort=True):
        yield tuple(map(str, names)), some


def _capacity(planned: Planned, places: pd.DataFrame, settings: pd.DataFrame) -> Return:
    year = planned.base_year
    here = places[(places["year"] == year) & places["type"].isin(SCAP_PLACES) & places["in_area"].astype(bool)]
    here = here.assign(ages=[ages_of(planned, phases, SCHOOL_PHASES) for phases in here["phases"]])
    found = []
    for (setting, name, kind), some in _by(here, ["setting", "name", "kind"]):
        by = some.groupby("ages")["places"].sum(min_count=1)
        row = {f"places_{ages}": float(by.get(ages, 0.0)) for ages in (*SCHOOL_PHASES, SEVERAL)}
        physical = float(settings["physical_places"][setting])
        notes = [NOT_SPLIT] if SEVERAL in by.index else []
        notes += [] if physical == physical else ["the settings table has no physical places"]
        total = {"places": float(some["places"].sum(min_count=1)), "physical_places": physical}
        found.append({"setting": setting, "name": name, "type": kind, **row, **total, NOTE: "; ".join(notes)})
    values = [*(f"places_{ages}" for ages in (*SCHOOL_PHASES, SEVERAL)), "places", "physical_places"]
    return Return(
        name="scap_capacity",
        code="SCAP 6",
        short="Capacity",
        title=f"Places at special schools and in bases, {academic_year(year)}",
        about="Places. A row is an institution.",
        source="the settings and places tables of the model",
        keys=("setting", "name", "type"),
        values=dict.fromkeys(values, Unit.PLACES),
        frame=pd.DataFrame(found, columns=["setting", "name", "type", *values, NOTE]),
        headings={
            "setting": "URN",
            "places_primary": "Primary",
            "places_secondary": "Secondary",
            "places_post_16": "Post-16",
            "places_not_split": "Not split by age",
            "places": "All places",
            "physical_places": "What the building holds",
        },
        notes=(CAPACITY, LEFT_OUT),
    )


def _planned(planned: Planned, places: pd.DataFrame) -> Return:
    """Changes of places in the next three years, by scheme."""
    base = planned.base_year
    here = places[places["type"].isin(SCAP_PLACES) & places["in_area"].astype(bool)]
    found = []
    for (source, scheme), some in _by(here, ["source", "scheme"]):
        by_year = some.groupby("year")["places"].sum()
        for year in range(base + 1, base + 4):
            change = float(by_year.get(year, 0.0) - by_year.get(year - 1, 0.0))
            if abs(change) < 1e-9:
                continue
            now = some[some["year"] == year]
            one = (now if len(now) else some).iloc[0]
            found.append(
                {
                    "scheme": scheme,
                    "setting": one["setting"],
                    "name": one["name"],
                    "type": one["kind"],
                    "ages": ages_of(planned, one["phases"], SCHOOL_PHASES).replace("_", " "),
                    "year": year,
                    "rests_on": "closes" if not len(now) else one["status"],
                    "places": change,
                    NOTE: "still to be decided" if source == OPTION or one["status"] == "proposed" else "",
                }
            )
    keys = ("scheme", "setting", "name", "type", "ages", "year", "rests_on")
    return Return(
        name="scap_planned_places",
        code="SCAP 7",
        short="Planned places",
        title=f"Changes in places planned for {academic_year(base + 1)} to {academic_year(base + 3)}",
        about="Places more, or fewer, than the year before. A row is a scheme in a year.",
        source="the places and options tables of the model; programme.csv",
        keys=keys,
        values={"places": Unit.PLACES},
        frame=pd.DataFrame(found, columns=[*keys, "places", NOTE]),
        headings={"setting": "URN", "rests_on": "Rests on", "year": "From September", "places": "Change in places"},
        notes=(RESTS_ON, LEFT_OUT),
    )


def _changed(planned: Planned, places: pd.DataFrame, settings: pd.DataFrame) -> Return:
    """Places of each institution this year and next, as the place-change workbook asks for them."""
    now, then = planned.base_year, planned.base_year + 1
    here = places[places["year"].isin([now, then]) & places["type"].isin(FUNDED)]
    ages = [ages_of(planned, phases, {"pre-16": (-4, 11), "post-16": (12, 20)}) for phases in here["phases"]]
    kinds = zip(here["type"], ages, strict=True)
    here = here.assign(category=[_category(kind, age) for kind, age in kinds])
    found = []
    for (setting, name, kind, category), some in _by(here, ["setting", "name", "kind", "category"]):
        each = [some[some["year"] == year]["places"] for year in (now, then)]
        numbers = [float(one.sum(min_count=len(one))) if len(one) else 0.0 for one in each]
        rests = sorted({*some.loc[some["year"] == then, "status"]} - {"open"})
        notes = [NO_NUMBER] if np.isnan(numbers).any() else []
        notes += [NOT_SPLIT] if category.endswith("not split") else []
        notes += [f"with places {listed([SETTLED[one] for one in rests])}"] if rests else []
        found.append(
            {
                "setting": setting,
                "name": name,
                "type": kind,
                "funded_by_dfe": "yes" if settings["recouped"][setting] else "no",
                "category": category,
                "places_now": numbers[0],
                "places_next": numbers[1],
                "change": numbers[1] - numbers[0],
                NOTE: "; ".join(notes),
            }
        )
    keys = ("setting", "name", "type", "funded_by_dfe", "category")
    values = ("places_now", "places_next", "change")
    return Return(
        name="place_change",
        code="Place change",
        short=f"September {then}",
        title=f"Places by institution from September {then}",
        about="Places commissioned, with those that other authorities' children take. A row is an institution.",
        source="the settings and places tables of the model; programme.csv",
        keys=keys,
        values=dict.fromkeys(values, Unit.PLACES),
        frame=pd.DataFrame(found, columns=[*keys, *values, NOTE]),
        headings={
            "setting": "URN",
            "funded_by_dfe": "Funded by DfE (recouped)",
            "category": "Places for",
            "places_now": f"Places {academic_year(now)}",
            "places_next": f"Places {academic_year(then)}",
            "change": "Change",
        },
        notes=(RESTS_ON, "Independent schools, EOTAS and home education are not funded by places."),
    )


def _category(kind: str, ages: str) -> str:
    if kind == "alternative_provision":
        return "Alternative provision"
    return "SEN, not split" if ages == SEVERAL else f"SEN, {ages}"
