"""The catalogue of the tables that a forecast of demand is made from, and of those it writes."""

from __future__ import annotations

from sufficiency.tables.schema.columns import CELL_OUT, YEAR, YEAR_OUT, Column, TableSpec, amount, optional, output

_SOME_AREA = optional("area", "id", "area code; blank: the whole authority")
_AGES = (
    optional("ncy", "number", "national curriculum year (Reception is 0)", "NCY", minimum=-4, maximum=20),
    optional("age", "number", "or age at the start of the academic year", "years", minimum=0, maximum=25),
    optional("age_band", "text", "or an age band (`5 to 10`) or a school phase; all three blank: all ages"),
)
_PLANS_BY = (_SOME_AREA, optional("need", "need", "primary need code; blank: all needs"), *_AGES, YEAR)
_PLANS_KEY = ("area", "need", "ncy", "age", "age_band", "year")

FORECAST_INPUTS: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        TableSpec(
            "history",
            "EHC plans so far, as finely as they are known; what has no row in a year that has rows is 0",
            (*_PLANS_BY, amount("plans", "children with a plan (or in a specialist place)", "children")),
            _PLANS_KEY,
        ),
        TableSpec(
            "population",
            "People by age, past and projected; years between are on a straight line",
            (
                _SOME_AREA,
                Column("age", "number", "age at the start of the academic year", "years", minimum=0, maximum=25),
                YEAR,
                amount("people", "people of that age", "people"),
            ),
            ("area", "age", "year"),
        ),
        TableSpec(
            "new_plans",
            "Plans begun in the year before each count, by the age of the child at that count; with needs, they say "
            "which needs join",
            (*_PLANS_BY, amount("plans", "plans begun", "children")),
            _PLANS_KEY,
        ),
        TableSpec(
            "ceased_plans",
            "Plans ended in the year before each count, by the age of the child when it ended",
            (*_PLANS_BY, amount("plans", "plans ended", "children")),
            _PLANS_KEY,
        ),
        TableSpec(
            "housing",
            "New homes to come",
            (
                _SOME_AREA,
                YEAR,
                amount("homes", "homes first lived in that year", "homes"),
                optional(
                    "plans_per_home",
                    "number",
                    "children with a plan; blank: as the model file says",
                    "children/home",
                    minimum=0,
                ),
            ),
            ("area", "year"),
        ),
    )
}
"""Tables that demand is forecast from."""

_PERCENTILES = {
    "p05": "5th percentile of the paths at this level | children",
    "p50": "50th percentile | children",
    "p95": "95th percentile | children",
}
_FORECAST_LEVEL = {"level": "level of aggregation; the columns it does not name are blank"}

FANS = ("plans-by-phase", "plans-by-need", "specialist-places-by-phase")
"""Pictures drawn beside them."""
FORECAST_OUTPUTS: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        output(
            "demand",
            "Children who need a specialist place, in the shape of the demand table: a model may name this file. Where "
            "the placements have levels of provision, a column `level` stands after `phase`",
            **CELL_OUT,
            **YEAR_OUT,
            children="children who need a specialist place, an expected value; areas add up exactly | children",
            low="5th percentile; blank for a forecast from elsewhere | children",
            high="95th percentile, likewise | children",
        ),
        output(
            "levels",
            "The same children at every level of aggregation, each with percentiles of its own paths",
            **_FORECAST_LEVEL,
            locality="planning area",
            area="area code",
            need="primary need",
            phase="phase",
            **YEAR_OUT,
            mean="expected children; these add up | children",
            **_PERCENTILES,
        ),
        output(
            "plans",
            "EHC plans of the authority by need and phase",
            **_FORECAST_LEVEL,
            need="primary need",
            phase="phase",
            **YEAR_OUT,
            mean="expected plans | children",
            **_PERCENTILES,
        ),
        output(
            "outlooks",
            "Expected plans and specialist places by outlook, and against the trend",
            outlook="trend, stabilise, reform, requests_rise or refusals_fall",
            **YEAR_OUT,
            plans="expected plans | children",
            children="children expected to need a specialist place | children",
            plans_more="plans more than by the trend; below 0: fewer | children",
            children_more="the same of children who need a specialist place | children",
        ),
        output(
            "rates",
            "What the history taught, by year group",
            ncy="national curriculum year",
            leaving="share of the plans at that age that end before the next count | share",
            own_leaving="how much of that rate is the authority's own; the rest is England's | share",
            joining="children who join in a year, by their age then: of the people without a plan, or in all where no "
            "population is known | share or children",
            own_joining="how much of that rate is the age's own; the rest is the authority's over all ages | share",
        ),
        output(
            "errors",
            "Errors on the past, with --backtest",
            level="authority, phase, need or area",
            ahead="years ahead",
            method="this forecast, or a rival",
            series="how many series | series",
            origins="from how many years it was forecast | years",
            mape="mean of |forecast − outcome| ÷ outcome | share",
            mase="median over series of |forecast − outcome| ÷ mean yearly change before | ratio",
            mase_mean="mean over series of the same | ratio",
            error="sum of |forecast − outcome| ÷ sum of outcomes | share",
            wis="weighted interval score: half the error and a twentieth of the interval, with twenty times what the "
            "outcome is outside it, over one and a half; sum ÷ sum of outcomes. Rivals are lent intervals as wide as "
            "this forecast's | share",
            bias="sum of forecast − outcome ÷ sum of outcomes | share",
            coverage="outcomes inside the 5th to 95th percentile | share",
            behind="mean MASE of a rival less that of this forecast, on the same series; below 0 the rival is better "
            "| ratio",
            behind_low="lower end of the 95 % that a paired bootstrap over series gives it; blank below five series | "
            "ratio",
            behind_high="upper end of the same; where the two ends differ in sign, it may be chance | ratio",
        ),
        output(
            "backtest",
            "Every forecast of the past and its outcome, with --backtest",
            level="authority, phase, need or area",
            which="which of them",
            origin="last year that was known",
            ahead="years ahead",
            method="this forecast, or a rival",
            forecast="plans forecast | children",
            low="5th percentile | children",
            high="95th percentile | children",
            actual="plans that came | children",
            scale="mean yearly change before the origin | children",
        ),
    )
}
"""Tables that `forecast` writes."""
