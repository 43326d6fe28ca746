"""Options: what each saves, in which order to commission, and what comes next (T16)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.supply import PAYERS
from sufficiency.report.content.tables.table import Column, Omitted, Table, Unit, columns_by_key
from sufficiency.report.words import present_value

SAVES = (
    "Saves: cost of the best programme without the option less that of the plan, to the end of the plan. Policy "
    "weights are pounds that stand for policy, such as for a journey; money leaves them out."
)
RANGE = "Where a saving is blank it is not known to a tenth: the least it can be is in the column beside it."
BY_DECISION = "An option is a proposal: it is subject to consultation, statutory process and decision."


def option_tables(planned: Planned) -> list[Table | Omitted]:
    """T16."""
    names = (
        ("T16a", "Options appraisal"),
        ("T16b", "Order to commission"),
        ("T16c", "Next programmes"),
        ("T16d", "Capital and process"),
    )
    if not planned.has("options_appraisal"):
        given = planned.case.tables.options is not None
        why = "the appraisal of options is missing from the result" if given else "the model has no options table"
        return [Omitted(code, name, why) for code, name in names]
    return [_appraisal(planned), _order(planned), _next(planned), _takes(planned)]


def _options(planned: Planned) -> pd.DataFrame:
    frame = planned.rows("options_appraisal").copy()
    frame["place"] = [planned.setting_names.get(setting, "") for setting in frame["setting"]]
    frame["type"] = [planned.word("type", kind) for kind in frame["type"]]
    frame["capital_by"] = [PAYERS.get(payer, payer) for payer in frame["capital_by"]]
    return frame


def _appraisal(planned: Planned) -> Table:
    return Table(
        "T16a",
        "Options appraisal",
        "Options: what each saves, and when that covers its capital",
        f"A row is an option. Savings are {present_value(planned.years[0])}; capital is in pounds of the year it "
        "opens.",
        "options_appraisal.csv",
        (
            *columns_by_key(option="Option", name="Name", type="Type"),
            Column("opens", "Opens September", Unit.YEAR),
            Column("part", "Part that opens", Unit.SHARE),
            Column("places", "Places when full", Unit.PLACES),
            Column("capital", "Capital", Unit.POUNDS),
            Column("saving", "Saves, with policy weights", Unit.POUNDS),
            Column("saving_least", "At least", Unit.POUNDS),
            Column("saving_money", "Saves, money", Unit.POUNDS),
            Column("break_even_money", "Money covers our capital by", Unit.YEAR),
        ),
        _options(planned),
        (SAVES, RANGE, BY_DECISION),
        blank="it does not open, or not known",
    )


def _takes(planned: Planned) -> Table:
    return Table(
        "T16d",
        "Capital and process",
        "Options: capital, who pays it, and the statutory process each takes",
        "A row is an option. Capital holds contingency, in pounds of the year it opens.",
        "options_appraisal.csv",
        (
            *columns_by_key(option="Option", name="Name", place="Setting"),
            Column("capital", "Capital", Unit.POUNDS),
            Column("capital_a_place", "Capital a place", Unit.POUNDS),
            *columns_by_key(capital_by="Paid by"),
            Column("capital_present_value", "Our own, present value", Unit.POUNDS),
            Column("saving_per_pound", "Saves for each pound of it", Unit.TIMES),
            *columns_by_key(needed_for="Hard rule it is needed for", flags="Statutory process"),
        ),
        _options(planned),
        (BY_DECISION,),
        blank="it does not open, none, or not known",
    )


def _order(planned: Planned) -> Table:
    rows = planned.rows("options_appraisal")
    frame = rows[rows["part"] > 0].sort_values("order").reset_index(drop=True)
    frame["place"] = [planned.setting_names.get(setting, "") for setting in frame["setting"]]
    return Table(
        "T16b",
        "Order to commission",
        "The options that open, in the order in which to commission them",
        f"A row is an option that opens, beside those before it. Savings are {present_value(planned.years[0])}; in "
        "the year all places are there, cash of that year.",
        "options_appraisal.csv",
        (
            Column("order", "Order", Unit.COUNT),
            *columns_by_key(option="Option", name="Name", place="Setting"),
            Column("opens", "Opens September", Unit.YEAR),
            Column("capital_so_far", "Our capital so far", Unit.POUNDS),
            Column("saves_in_order", "Saves, with policy weights", Unit.POUNDS, total=True),
            Column("saves_in_order_money", "Saves, money", Unit.POUNDS, total=True),
            Column("full_year", "All places from September", Unit.YEAR),
            Column("full_year_saving", "Saved in that year, all funds", Unit.POUNDS),
            Column("full_year_dsg", "Of it, in the DSG", Unit.POUNDS),
        ),
        frame,
        (
            "What the options save in this order adds up to what the programme saves against opening nothing.",
            SAVES,
            BY_DECISION,
        ),
        blank="not known",
        nobody="The plan opens no option.",
    )


def _next(planned: Planned) -> Table:
    frame = planned.rows("alternatives").copy()
    names = dict(
        zip(planned.rows("options_appraisal")["option"], planned.rows("options_appraisal")["name"], strict=True)
    )
    frame["name"] = [names.get(option, "") if option else "Opens nothing" for option in frame["option"]]
    return Table(
        "T16c",
        "Next programmes",
        "The programmes that come next after the plan",
        f"A row is an option of a programme: 1 is the cheapest after the plan. {_present(planned)}",
        "alternatives.csv",
        (
            Column("programme", "Programme", Unit.COUNT),
            *columns_by_key(option="Option", name="Name"),
            Column("opens", "Opens September", Unit.YEAR),
            Column("places", "Places when full", Unit.PLACES),
            Column("capital", "Capital", Unit.POUNDS),
            Column("costs_more", "Costs more than the plan", Unit.POUNDS),
            Column("costs_more_least", "At least", Unit.POUNDS),
            Column("costs_more_most", "At most", Unit.POUNDS),
            Column("costs_more_money", "Of it, money", Unit.POUNDS),
        ),
        frame.replace({"costs_more_most": {np.inf: np.nan}}),
        ("In each, other options open whole, or one that may open in part does not open.", RANGE),
        blank="opens nothing, or not known",
        nobody="No other programme is known.",
    )


def _present(planned: Planned) -> str:
    return f"What it costs more is {present_value(planned.years[0])}, policy weights included."
