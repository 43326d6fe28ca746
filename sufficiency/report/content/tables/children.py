"""Who needs a specialist place: by phase, need, locality and area (T1, T2, T8, T9)."""

from __future__ import annotations

from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import (
    Colour,
    Column,
    Drawing,
    Series,
    Shape,
    Table,
    Unit,
    columns_by_key,
)
from sufficiency.report.words import academic_year, children

SOURCE = "the demand table of the model"
EXPECTED = (
    "Numbers of children are expected numbers: cells hold them in full and show whole children, so shown numbers may "
    "not add up to a shown total."
)
NOT_BANDED = "Ages are shown as the phases of the model. Phases with their year groups are on the sheet Shorthand."


def children_tables(planned: Planned) -> list[Table]:
    """T1 and T2."""
    return [by_phase(planned), by_need_and_phase(planned)]


def forecast_tables(planned: Planned) -> list[Table]:
    """T8 and T9."""
    return [by_need(planned), by_locality(planned), _by_area(planned)]


def grows(planned: Planned) -> str:
    """How the number of children changes from the base year to the last, as a finding."""
    by_year = planned.demand.groupby("year")["children"].sum()
    first, last = int(by_year.index.min()), planned.years[-1]
    now, then = children(by_year[first]), children(by_year[last])
    way = "grow" if by_year[last] > by_year[first] else "fall"
    change = f"stay at {now}" if now == then else f"{way} from {now} to {then}"
    return f"Children who need a specialist place {change}, {academic_year(first)} to {academic_year(last)}"


def by_phase(planned: Planned) -> Table:
    """T1."""
    frame = planned.in_words(planned.spread(planned.demand, ["phase"]))
    columns = planned.year_columns()
    years = tuple(column.key for column in columns)
    return Table(
        "T1",
        "Children by phase",
        "Children who need a specialist place, by phase",
        f"Children, a column an academic year; {academic_year(planned.base_year)} is the base year."
        if planned.knows_base
        else "Children, a column an academic year.",
        SOURCE,
        (*columns_by_key(phase="Phase"), *columns),
        frame,
        (EXPECTED, NOT_BANDED),
        drawing=Drawing(
            grows(planned),
            "Children who need a specialist place, by phase and academic year",
            Shape.STACKED,
            tuple(Series(str(phase), Colour.ORDER, row=place) for place, phase in enumerate(frame["phase"])),
            columns=years,
        ),
    )


def by_need_and_phase(planned: Planned) -> Table:
    """T2."""
    rows = planned.demand
    wide = rows.pivot_table(index=["year", "need"], columns="phase", values="children", aggfunc="sum").fillna(0.0)
    phases = [code for code in planned.summary["labels"]["phases"] if code in wide]
    wide = wide[phases].add_prefix("phase:")
    frame = planned.in_words(wide.assign(all=wide.sum(axis=1)).reset_index())
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        "T2",
        "Need and phase",
        "Children who need a specialist place, by primary need and phase",
        "Children. A row is a need in an academic year: choose the year with the arrow of its heading.",
        SOURCE,
        (
            *columns_by_key(year="Academic year", need="Primary need"),
            *(Column(f"phase:{code}", planned.word("phase", code), Unit.CHILDREN) for code in phases),
            Column("all", "All phases", Unit.CHILDREN),
        ),
        frame,
        (EXPECTED,),
    )


def by_need(planned: Planned) -> Table:
    """T8."""
    return Table(
        "T8",
        "Children by need",
        "Children who need a specialist place, by primary need",
        "Children, a column an academic year.",
        SOURCE,
        (*columns_by_key(need="Primary need"), *planned.year_columns()),
        planned.in_words(planned.spread(planned.demand, ["need"])),
        (EXPECTED,),
    )


def by_locality(planned: Planned) -> Table:
    """T9a."""
    return Table(
        "T9a",
        "Children by locality",
        "Children who need a specialist place, by locality",
        "Children by where they live, a column an academic year.",
        SOURCE,
        (*columns_by_key(locality="Locality"), *planned.year_columns()),
        planned.spread(planned.demand, ["locality"]),
        (EXPECTED,),
        blank="a blank locality is that of children whose area is not known",
    )


def _by_area(planned: Planned) -> Table:
    frame = planned.spread(planned.demand, ["locality", "area"])
    frame.insert(2, "name", [planned.area_names.get(area, "") for area in frame["area"]])
    return Table(
        "T9b",
        "Children by area",
        "Children who need a specialist place, by area",
        "Children by where they live, a column an academic year.",
        SOURCE,
        (*columns_by_key(locality="Locality", area="Area", name="Name of area"), *planned.year_columns()),
        frame,
        (EXPECTED,),
        blank="a blank locality or name is that of children whose area is not known",
    )
