"""What the paper says of options that come out one way or another: results of the toy with some of their cells "
"changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from sufficiency.report.content.beside import Beside, Weighed
from sufficiency.report.content.document import Content, content_of
from sufficiency.report.content.paper import paper_of
from sufficiency.result import Result

from ..solved import toy_case, toy_result
from .test_paper import figures_printed, said


def changed(
    spend: float = 1.0, awaiting: float | None = None, frames: Mapping[str, pd.DataFrame] | None = None, **summary: Any
) -> Result:
    """The toy's result with `spend` times the money, `awaiting` children without a place in the last year, and other
    tables and keys of the summary.
    """
    result = toy_result()
    held = dict(result.frames)
    table = held["spend_financial"]
    held["spend_financial"] = table.assign(pounds=table["pounds"] * spend)
    if awaiting is not None:
        measures = held["measures"].copy()
        measures.loc[(measures["measure"] == "awaiting") & (measures["year"] == 2028), "plan"] = awaiting
        held["measures"] = measures
    return replace(result, frames={**held, **(frames or {})}, summary={**result.summary, **summary})


def with_options(base: Result | None = None, why: Mapping[str, str] | None = None, **options: Result) -> Content:
    weighed = [Weighed(key, key, Beside(result, f"../{key}")) for key, result in options.items()]
    weighed += [Weighed(key, key, None, reason) for key, reason in (why or {}).items()]
    return content_of(base or toy_result(), toy_case().model, weighed=weighed)


def words(content: Content) -> str:
    return said(paper_of(content))


def test_an_option_that_saves_by_waiting_does_not_pass() -> None:
    text = words(with_options(do_minimum=changed(0.9, 3.0)))
    assert "Not passed: 3 children await a place in 2028/29" in text
    assert "Do minimum: not preferred. Over all years it costs £" in text
    assert "less than the preferred option, grant and General Fund together, before capital." in text
    assert "3 children await a place in 2028/29, against 0: nobody may wait to save money." in text


def test_an_option_that_costs_less_and_misses_a_policy_says_so() -> None:
    rule = {"rule": "Few far away", "floor": False, "years": [{"year": 2026, "missed": 2.0}]}
    text = words(with_options(do_minimum=changed(0.9, rules=[rule])))
    assert "It misses a policy that the preferred option keeps: Few far away." in text
    assert "Officers should say what decides." in words(with_options(do_minimum=changed(0.9)))


def test_an_option_of_the_same_cost_is_not_called_worse() -> None:
    text = words(with_options(bases_first=changed()))
    assert "Bases first: comes to the same cost as the preferred option, to the nearest thousand pounds." in text
    assert "Bases first: not preferred" not in text


def test_an_option_without_schemes_says_so() -> None:
    programme = toy_result().summary["programme"] | {"opened": []}
    text = words(with_options(special_first=changed(1.1, programme=programme)))
    assert "Special schools first: not preferred. None of its schemes lowers cost, so it brings no new place." in text
    assert "Passed: no new scheme" in text


@pytest.mark.parametrize(("evidence", "told"), [("a pilot", "Evidence given: a pilot."), ("", "No evidence is given")])
def test_early_help_is_no_rival_and_rests_on_its_evidence(evidence: str, told: str) -> None:
    lever = {"lever": "early_intervention", "words": "fewer children", "evidence": evidence}
    text = words(with_options(demand=changed(0.95, scenario_about="Help early", levers=[lever])))
    assert f"Help early. {told}" in text
    assert "Demand (early help): not an alternative but what earlier help would change." in text
    assert "which this tool cannot test" in text


def test_what_was_not_planned_has_a_reason_and_no_row() -> None:
    content = with_options(why={"demand": "no scenario has a lever", "do_minimum": "the report was stopped"})
    text = words(content)
    assert "Demand (early help): no scenario has a lever." in text
    assert "Do minimum: the report was stopped." in text
    assert "Not planned, for reasons given there: do minimum, bases first" in text
    assert text.count("Do minimum") == 1


def test_an_option_stopped_early_is_marked() -> None:
    text = words(with_options(bases_first=changed(1.1, status="stopped")))
    assert "Stopped early, so not proven to be the cheapest: Bases first." in text


def test_scores_follow_the_figures_beside_them() -> None:
    """A tenth more is spent than in the plan: −1.3 % of the grant, which scores two; doing nothing more scores one."""
    content = with_options(do_minimum=changed(1.1))
    work = content.workings
    spent = work.get("dsg_all_years", "do_minimum"), work.get("dsg_all_years", "do_nothing_more")
    share = work.get("dsg", "do_minimum")
    assert spent[0] is not None
    assert spent[1] is not None
    assert share is not None
    assert share.value == pytest.approx(spent[0].value / spent[1].value - 1)
    assert share.text.startswith("−1.")
    scores = [work.get("score_dsg", key) for key in ("do_nothing_more", "do_minimum", "preferred")]
    assert [one.value for one in scores if one] == [1, 2, 3]


def grown(why: str | None) -> str:
    """The paper where the scheme proposed, whose setting has primary children with ASD, is at a special school; `why`
    no base could take the children, if any.
    """
    programme = toy_result().summary["programme"]
    rows = [row | {"type": "special_school"} for row in programme["appraisal"]]
    base = changed(programme=programme | {"appraisal": rows})
    if why is None:
        return words(with_options(base))
    columns = ["year", "area", "need", "phase", "children", "why"]
    cells = ((2026, "ASD", "primary", 2.0), (2027, "ASD", "primary", 4.0), (2027, "SEMH", "post_16", 9.0))
    children = [[year, "A", need, phase, number, why] for year, need, phase, number in cells if why]
    return words(
        with_options(base, bases_first=changed(frames={"bases_first": pd.DataFrame(children, columns=columns)}))
    )


def test_growth_of_special_places_comes_with_its_evidence() -> None:
    text = grown("no base is within the journey guideline")
    assert "Children whom no specialist base could take" in text
    assert "Primary\n6\nno base is within the journey guideline" in text
    assert "Post-16\n9\n" not in text  # no such children are placed there
    assert "Evidence against it: for every child of these needs and phases who starts" in grown("")
    assert "which was not planned" in grown(None)


def test_an_independent_place_has_its_price_and_its_stress() -> None:
    """£63,000 in the base year, 6 % more a year: £66,780. At 10 % each fee is 1.1/1.06 times as much a year on."""
    content = with_options()
    assert "Nobody waits because the model assumes an independent place can be bought at £67k a year" in words(content)
    assert "fees that rise by 6.0% a year" in words(content)
    spend = toy_result().frames["spend"]
    paid = spend[(spend["type"] == "independent") & (spend["fund"] == "dsg")].groupby("year")["pounds"].sum()
    more = sum(paid[year] * ((1.1 / 1.06) ** (year - 2025) - 1) for year in (2026, 2027, 2028))
    total = content.workings.get("independent_faster", "all_years")
    assert total is not None
    assert total.value == pytest.approx(more)
    finance = toy_case().model.finance
    dear = finance.model_copy(update={"inflation": {**finance.inflation, "independent": 0.12}})
    model = toy_case().model.model_copy(update={"finance": dear})
    assert "ten per cent a year or more already" in said(paper_of(content_of(toy_result(), model)))


def test_appeals_are_a_quarter_of_the_redirected_and_four_in_five_win() -> None:
    content = with_options()
    most = max(content.story.register.of("directed_elsewhere"), key=lambda one: one.value)
    won, above = (content.workings.get(name, 2026) for name in ("appeals_won", "appeals_above_places"))
    assert won is not None
    assert above is not None
    assert won.value == pytest.approx(most.value / 5)
    assert above.value == pytest.approx(content.story.register.value("preferences_missed.2026") / 5)
    assert "appealed, and four in five of them won (both are assumptions), 1 child would go" in words(content)


def test_too_few_appeals_are_not_put_in_numbers() -> None:
    """Two redirected: four tenths of a child win."""
    measures = toy_result().frames["measures"].copy()
    measures.loc[measures["measure"] == "directed_elsewhere", "plan"] = 2.0
    text = words(with_options(changed(frames={"measures": measures})))
    assert "The plan redirects 2 children in 2026/27, the most of any year." in text
    assert "that would be fewer than one child." in text


def test_no_option_is_said_to_open() -> None:
    lever = {"lever": "free_school_delay", "words": "Fen School opens a year late, in 2028", "evidence": ""}
    rows = pd.DataFrame(
        [[2026, "A", "SEMH", "primary", 2.0, "no base that could take them is open yet"]],
        columns=["year", "area", "need", "phase", "children", "why"],
    )
    first = changed(frames={"bases_first": rows})
    late = changed(1.01, levers=[lever], scenario_about="It opens late")
    text = words(with_options(do_minimum=changed(1.1), bases_first=first, free_school_late=late, demand=late))
    assert not re.search(r"\bopen(s|ed|ing)?\b", text, re.IGNORECASE)


def test_a_free_school_that_is_late_has_its_cost() -> None:
    lever = {"lever": "free_school_delay", "words": "Fen School (F1) opens 2 years late, in 2028", "evidence": ""}
    text = words(with_options(free_school_late=changed(1.01, levers=[lever])))
    assert "If it is late: Fen School would start two years late, in 2028/29. Over all years it costs £" in text
    reason = {"free_school_late": "no free school that is still to come stands in the places table"}
    assert "What a delay would cost is not worked out: no free school that is" in words(with_options(why=reason))


def test_a_free_school_given_up_for_money_reads_as_that() -> None:
    lever = {"lever": "free_school_cash", "words": "Fen School is not built", "evidence": "what DfE offers"}
    other = changed(levers=[lever], scenario_about="The school is not built")
    text = said(paper_of(content_of(toy_result(), toy_case().model, {"cash": Beside(other, "../cash")})))
    assert "In the scenario cash a free school is given up for money. The school is not built." in text
    assert "Evidence given: what DfE offers." in text
    assert "the school is no commitment and its places are not in that scenario" in text
    assert "pays for places that are built, and neither for fees nor for the deficit" in text


def test_three_kinds_of_education_outside_school_are_kept_apart() -> None:
    text = words(with_options())
    assert "section 61). EOTAS (otherwise than at school): 2 children in 2025/26" in text
    assert "Section 19 provision (Education Act 1996) is interim education" in text
    assert "Home education is a parent’s choice." in text


def test_the_worst_stands_beside_the_mean() -> None:
    text = words(with_options())
    assert "Who fares worst, beside all children" in text
    assert "South, who lose most, 13.0 and 12.4" in text
    without = {name: frame for name, frame in toy_result().frames.items() if name != "impact_options"}
    assert "was not worked out: no programme without it was found" in words(
        with_options(replace(toy_result(), frames=without))
    )


def test_every_figure_of_an_option_is_listed() -> None:
    content = with_options(do_minimum=changed(1.1), bases_first=changed(), demand=changed(0.9))
    listed = {one.id: one.text for one in content.figures}
    printed = list(figures_printed(paper_of(content)))
    assert {one.id.split("/")[0] for one in printed} >= {"do_minimum", "bases_first", "demand"}
    for one in printed:
        assert listed[one.id] == one.text


def test_a_figure_behind_a_score_says_what_it_is() -> None:
    """A hundred per cent of “deliverability” would read as good: it is the share of places that are due at once."""
    text = words(with_options())
    assert "New places due in the first September" in text
    assert "Grant spending against doing nothing more" in text
