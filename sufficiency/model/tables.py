"""`[tables]`: where the tables of a model are."""

from __future__ import annotations

from sufficiency.fields import Section


class TablePaths(Section):
    """Where the tables are, relative to the model file. `book.xlsx#sheet` and `map.gpkg#layer` name one sheet or
    layer.
    """

    areas: str
    demand: str
    settings: str
    places: str
    costs: str
    placements: str | None = None
    options: str | None = None
    travel: str | None = None
    budget: str | None = None
    other_spend: str | None = None
    monitoring: str | None = None
    history: str | None = None
    population: str | None = None
    new_plans: str | None = None
    ceased_plans: str | None = None
    housing: str | None = None
