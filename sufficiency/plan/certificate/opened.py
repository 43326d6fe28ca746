"""What options are and what is different once some of them open, worked out again for the certificate.

An option is a line without places until it opens, or adds places to a line, or closes one (mathematics page,
constraints 9 to 16). Nothing here is shared with the plan's own code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, totals
from sufficiency.case import Case
from sufficiency.codes import STATE_FUNDED
from sufficiency.plan.certificate.flows import left_by
from sufficiency.plan.certificate.money import place_funding
from sufficiency.plan.certificate.options import Open, committed_year, line_of, opened, option_costs, window
from sufficiency.plan.certificate.types import Labels, Opening, Recounted

SPECIAL = ("special_school", "special_free_school", "alternative_provision")
GOOD_MATCH = 0.5
"""What a base must offer to come before a special place (mathematics page, constraint 9)."""


def lines_told(case: Case) -> pd.DataFrame:
    """The rows of places, and one without places for every option that may be a line of its own, from the first year in
    which it may open.
    """
    places, kinds = case.tables.places, case.tables.settings.set_index("setting")["type"]
    nothing = {"places": 0.0, "imported": 0.0, "reserved": 0.0, "overfill": 0.0}
    own = []
    for option in _options(case):
        first, after = window(case, option)
        if first < after and line_of(option) == option["option"]:
            same = {name: option[name] for name in ("setting", "needs", "can_meet", "match", "phases", "levels")}
            told = {"line": option["option"], "type": kinds[option["setting"]], "from_year": first}
            own.append(nothing | same | told)
    return pd.concat([places, pd.DataFrame(own)], ignore_index=True) if own else places


def _options(case: Case) -> list[Any]:
    return [] if case.tables.options is None else case.tables.options.to_dict("records")


def _usable(case: Case, option: Any) -> bool:
    """Whether an option may open in some year of the plan."""
    first, after = window(case, option)
    return first < after


def bases_first(case: Case, data: Labels, told: Recounted) -> Recounted:
    """[T+1, C] cells that a base could take, [L] lines whose further places are for others; under the rule no arc leads
    from the former to a special or AP option. [P] pairs that are an arc in some plan year.
    """
    line, cell, kind = data.pair_line, data.pair_cell, data.lines["type"]
    base = (kind == "resource_base").to_numpy()[line] & (told["match"] >= GOOD_MATCH) & ~told["over_limit"]
    reach = np.zeros((len(data.years), len(data.cells)), dtype=bool)
    for t, open_now in enumerate(told["eligible"] & base):
        reach[t, cell[open_now]] = True
    options = case.tables.options
    named = [set() if options is None else set(options[column]) for column in ("option", "line")]
    options_of_kind, added_to = (
        case.model.rules.bases_first & (kind.isin(SPECIAL) & data.lines["line"].isin(names)).to_numpy()
        for names in named
    )
    eligible = told["eligible"] & ~(options_of_kind[line] & reach[:, cell])
    return {
        "base_in_reach": reach,
        "kept_for_others": added_to,
        "eligible": eligible,
        "ever_arc": (eligible & ~told["by_pattern"][line])[1:].any(axis=0),
    }


def with_openings(case: Case, data: Labels, told: Recounted, openings: Sequence[Opening]) -> Recounted:
    """Everything that what opens changes; `before` keeps it as it was."""
    schemes = opened(case, data, openings)
    told = told | {"usable_share": usable_share(case, data)}
    is_open = _open_lines(case, data, told, schemes)
    brought = brought_by(data, schemes)
    now = told | {
        "before": told,
        "line_open": is_open,
        "commissioned": np.where(is_open, told["commissioned"] + brought, 0.0),
        "places": np.where(is_open, told["places"] + brought * told["usable_share"], 0.0),
        "committed": np.where(is_open, told["committed"], 0.0),
        "imported": np.where(is_open, told["imported"], 0.0),
        "physical": told["physical"] + np.where(is_open, 0.0, told["imported"]) @ told["limited_lines"].T.astype(float),
        "allowance": np.where(is_open, told["allowance"], 0.0),
        "eligible": told["eligible"] & is_open[:, data.pair_line],
        "following": np.where(is_open[:, data.pair_line], told["following"], 0.0),
        "may_give_way": np.where(is_open[:, data.pair_line], told["may_give_way"], 0.0),
        "option_cost": option_costs(case, data, openings),
    }
    now["settled"] = left_by(data, now, told["placed"], now["following"])
    now["placed_stock"] = left_by(data, now, told["placed"], np.zeros_like(now["following"]))
    now["held"] = left_by(data, now, told["placed"], now["following"] - now["may_give_way"])
    now["room"] = _room(data, now) + rooms_of(told, schemes)
    return now | {"place_funding": place_funding(now)} | floors_of(case, data, told, schemes)


def usable_share(case: Case, data: Labels) -> Floats:
    """[L] share of the places of a line that children can be enrolled in, and of it what is not kept free."""
    kept = case.model.rules.reserve * data.lines["type"].isin(STATE_FUNDED).to_numpy()
    given = {name.upper(): share for name, share in case.model.continuity.enrolment.items()}
    enrolled = np.array([given.get(line.upper(), 1.0) for line in data.lines["line"]], dtype=float)
    return np.asarray(enrolled * (1.0 - kept))


def _open_lines(case: Case, data: Labels, told: Recounted, schemes: list[Open]) -> Flags:
    """[T+1, L] lines open: options from their opening on, closed lines until theirs."""
    options = case.tables.options
    own = data.lines["line"].isin([] if options is None else options["option"]).to_numpy()
    is_open = told["line_open"] & ~own
    for one in schemes:
        if one.line >= 0 and own[one.line]:
            is_open[:, one.line] |= told["line_open"][:, one.line] & one.there
        if one.closes >= 0:
            is_open[closing_of(case, data, told, one) :, one.closes] = False
    return np.asarray(is_open)


def closing_of(case: Case, data: Labels, told: Recounted, one: Open) -> int:
    """Position of the first year in which the line that an option closes is not open: the year of the option; a line
    that is still to open, and that an option with places replaces, never opens.
    """
    still_to_open = not told["eligible"][0, data.pair_line == one.closes].any()
    return 1 if still_to_open and one.line >= 0 else one.first - case.model.base_year


def brought_by(data: Labels, schemes: list[Open]) -> Floats:
    """[T+1, L] places that options bring to each line."""
    brought = np.zeros((len(data.years), len(data.lines)))
    for one in schemes:
        if one.line >= 0:
            brought[:, one.line] += one.option["places"] * one.share
    return brought


def rooms_of(told: Recounted, schemes: list[Open]) -> Floats:
    """[T+1, Q] rooms that options build in each building."""
    rooms: Floats = np.zeros_like(told["room"])
    for one in schemes:
        if one.line >= 0:
            each = one.option["places"] if np.isnan(one.option["physical"]) else one.option["physical"]
            rooms += each * one.share[:, None] * told["limited_lines"][:, one.line]
    return rooms


def _room(data: Labels, now: Recounted) -> Floats:
    """[T+1, Q] room of buildings: less what stands above it no longer where a line closes."""
    lines = now["limited_lines"].astype(float)
    in_line = [
        np.array([totals(data.pair_line, year, len(data.lines)) for year in stock])
        for stock in (now["held"], now["before"]["held"])
    ]
    above = [
        np.maximum(told["physical"], there @ lines.T) for told, there in zip((now, now["before"]), in_line, strict=True)
    ]
    return np.asarray(now["before"]["room"] + above[0] - above[1])


def floors_of(case: Case, data: Labels, told: Recounted, schemes: list[Open]) -> Recounted:
    """[F] lines of options with a smallest fill, and [T+1, F] children who must be there: a share of the places it
    brings, above those of the line it adds to.
    """
    asks = [option for option in _options(case) if option["smallest_fill"] > 0 and line_of(option) != ""]
    asks = [option for option in asks if _usable(case, option)]
    lines = pd.Index(data.lines["line"]).get_indexer([line_of(option) for option in asks])
    floor = np.zeros((len(data.years), len(asks)))
    names = [option["option"] for option in asks]
    for one in schemes:
        if one.option["option"] in names:
            own = told["places"][:, one.line] if one.option["line"] != "" else 0.0
            least = one.part * own + one.option["smallest_fill"] * one.option["places"] * one.share
            floor[:, names.index(one.option["option"])] += np.where(one.there, least, 0.0)
    soft = np.array([committed_year(case, option) is not None for option in asks], dtype=bool)
    return {"floor_line": lines, "floor": floor, "floor_may_be_missed": soft}
