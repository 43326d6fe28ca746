"""The options as decision-makers mean them: what each comes to, its gates, its scores, and why it is not preferred."""

from __future__ import annotations

from typing import Any

from sufficiency.report.content.beside import LABELS, NOTHING, OPTIONS, PREFERRED, Option
from sufficiency.report.content.document import Content
from sufficiency.report.content.exhibit import Cell, Exhibit
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.finding import ONE, SMALL_CHANGE
from sufficiency.report.content.paper.delivery import dates_for, in_words
from sufficiency.report.content.paper.facts import as_proposal, as_sentence, child
from sufficiency.report.content.paper.parts import Block, Points, Section, some
from sufficiency.report.content.sureness import rules_missed
from sufficiency.report.content.weighing import CRITERIA, SCORE
from sufficiency.report.content.words import Bare, Words, joined, say
from sufficiency.report.words import academic_year, listed

NOT_PUBLISHED = "What it costs beside the preferred option is not published."
ABOUT = {
    NOTHING: "Today’s pattern goes on in the places that are there or committed; no other place is added.",
    "do_minimum": "Only what is committed, and what the law requires: every child is placed as well as can be in what "
    "there is, and nothing else is decided.",
    "bases_first": "Special schools and alternative provision grow only for children whom no specialist base could "
    "take.",
    "special_first": "New places are in special schools and alternative provision; no base is added.",
    "demand": "Fewer children come to need a specialist place, as the scenario says.",
    PREFERRED: "The plan of this paper: the least costly found, with all schemes free to choose within rules and "
    "capital.",
}


def options_weighed(content: Content) -> tuple[Section, ...]:
    """The options side by side, through gates and on scores, and those that are not preferred."""
    return (
        Section("Options side by side", some(_about(content), _side_by_side(content), *_not_planned(content))),
        *_weighed(content),
        Section("Options not preferred, and why", some(*_not_preferred(content))),
    )


def _weighed(content: Content) -> tuple[Section, ...]:
    """Gates and scores. A release has neither who waits, nor the statutory process of a scheme."""
    if content.story.release:
        return (Section("Gates and scores", (("How the options fare at the gates and on scores is not published.",),)),)
    return (Section("Gates", some(_gates(content))), Section("Scores", some(*_scores(content))))


def _shown(content: Content) -> list[Option]:
    return [content.options[key] for key in OPTIONS if key in content.options]


def _about(content: Content) -> Points:
    return Points(tuple((f"{one.label}. {ABOUT[one.key]}{_scenario(one)}",) for one in _shown(content)))


def _scenario(one: Option) -> str:
    """What the scenario of the model says of itself, where it has a sentence and levers."""
    if one.key != "demand":
        return ""
    about = as_sentence(as_proposal(str(one.story.summary["scenario_about"])))
    levers = one.story.summary.get("levers", [])
    evidence = [as_sentence(f"Evidence given: {lever['evidence']}") for lever in levers if lever["evidence"]]
    return " ".join(["", *filter(None, [about]), *(evidence or ["No evidence is given for it."])])


def _not_planned(content: Content) -> tuple[Block | None, ...]:
    """Options without figures, with the reason; none is an empty row."""
    why = {one.key: one.why_not for one in content.weighed}
    missing = [key for key in OPTIONS if key not in content.options]
    if not content.weighed:
        names = listed([LABELS[key] for key in missing])
        return ((f"Not {'published' if content.story.release else 'planned for this paper'}: {names}.",),)
    if not missing:
        return ()
    return (
        ("Options without figures of their own:",),
        Points(tuple((f"{LABELS[key]}: {why.get(key) or 'not planned'}.",) for key in missing)),
    )


def _side_by_side(content: Content) -> Exhibit:
    story, work = content.story, content.workings
    year = academic_year(story.last)
    rows: list[tuple[Cell, ...]] = [
        (
            one.label,
            work.get("dsg_all_years", one.key),
            work.get("general_fund_all_years", one.key),
            work.get("new_places", one.key),
            work.get("new_capital", one.key),
            one.story.get(f"bought.{one.of}.{story.last}"),
            one.story.get(f"awaiting.{one.of}.{story.last}"),
            one.story.get(f"mean_minutes.{one.of}.{story.last}"),
        )
        for one in _shown(content)
    ]
    stopped = [one.label for one in _shown(content) if one.stopped]
    notes: tuple[Words, ...] = (
        (f"Stopped early, so not proven to be the cheapest: {listed(stopped)}.",) if stopped else (),
    )
    span = f"{academic_year(story.years[0])} to {year}"
    heads = ("", "Grant", "General Fund", "New places", "Capital", "In bought places", "Awaiting a place", "Minutes")
    known = [at for at in range(len(heads)) if any(row[at] is not None for row in rows)]
    worked = (
        f"Money: cash of financial years {span} added up, other spending in the tables included; the Dedicated Schools "
        "Grant on lines that it pays for, the General Fund on home to school transport. New places and capital: what "
        "is not committed already. "
    )
    return Exhibit(
        "options",
        ("The options side by side",),
        f"{'' if story.release else worked}Children and minutes one way: {year}.",
        tuple(heads[at] for at in known),
        tuple(tuple(row[at] for at in known) for row in rows),
        notes=tuple(note for note in notes if note),
    )


def _gates(content: Content) -> Exhibit:
    rows = tuple(
        (one.label, _lawful(content, one), _deliverable(one), _capital(content, one)) for one in _shown(content)
    )
    return Exhibit(
        "gates",
        ("Each option through three gates",),
        "Lawful: nobody waits for provision that is owed at once (Children and Families Act 2014, section 42), and "
        "schemes go through the process that the law sets; this is evidence, and whether an option is lawful is for "
        "the "
        "Monitoring Officer to say. Deliverable: the last date of the first step, counted back "
        "from the September. Capital: the council’s own, against what the model allows.",
        ("", "Lawful", "Deliverable by its September", "Capital"),
        rows,
    )


def _opened(one: Option) -> list[dict[str, Any]]:
    if one.key == NOTHING:
        return []
    opened = (one.story.summary.get("programme") or {}).get("opened", [])
    return [row for row in opened if row.get("decided") != "committed"]


def _lawful(content: Content, one: Option) -> Cell:
    waits = [figure for figure in one.story.register.of(f"awaiting.{one.of}") if figure.value >= ONE]
    if waits:
        worst = max(waits, key=lambda figure: figure.value)
        verb = "awaits" if worst.text == "1" else "await"
        return say(f"Not passed: {{worst}} {child(worst)} {verb} a place in {_year(worst)}", worst=worst)
    if any(row["flags"] for row in _opened(one)):
        return "Nobody waits; its schemes go through statutory process first"
    return "Nobody waits; no statutory process that the model knows"


def _year(figure: Figure) -> str:
    return academic_year(int(figure.row["year"]))


def _deliverable(one: Option) -> Cell:
    opened = _opened(one)
    if not opened:
        return "Passed: no new scheme"
    processes = [int(row["opens"]) for row in opened if row["flags"]]
    if processes:
        when = dates_for(min(processes))
        begins, notice = in_words(when.consultation), in_words(when.notice)
        return f"Only if consultation begins by {begins} and notices are out by {notice}"
    return f"Only if the schools agree by {in_words(dates_for(min(int(row['opens']) for row in opened)).decision)}"


def _capital(content: Content, one: Option) -> Cell:
    if not _opened(one):
        return "Passed: none needed"
    ours, budget = one.story.get("programme_capital_by_payer.ours"), one.story.get("capital_budget")
    if ours is None or ours.value < SMALL_CHANGE:
        return "Passed: none of the council’s own"
    if budget is None:
        return say("{ours} to be found: the model sets no limit", ours=ours)
    return say("Passed: {ours} of {budget}", ours=ours, budget=budget)


def _scores(content: Content) -> tuple[Block | None, ...]:
    work, shown = content.workings, _shown(content)
    heads = ("", *(one.label for one in shown))
    scores: list[tuple[Cell, ...]] = []
    measures: list[tuple[Cell, ...]] = []
    for criterion in CRITERIA:
        found = [work.get(f"{SCORE}_{criterion.key}", one.key) for one in shown]
        if any(found):
            scores.append((criterion.label, *(cell or "–" for cell in found)))
            measures.append((criterion.short, *(work.get(criterion.key, one.key) or "–" for one in shown)))
    if not scores:
        return (("This result has no tables to score options by.",),)
    how = tuple((one.label, one.measured, one.good[0], one.fair[0], one.poor) for one in CRITERIA)
    return (
        (
            "Scores sort the options; they do not decide. Each is three (good), two (fair) or one (poor) by the "
            "thresholds below, and nothing else: no judgement is in them, and they are not added up, since what "
            "weighs most is for members to say. The figures they rest on stand in the second table, and how each is "
            "worked out in workings.csv beside this paper.",
        ),
        Exhibit(
            "scores",
            ("Scores by criterion",),
            "Three is good, two fair, one poor. A dash: no new places, or not known.",
            heads,
            tuple(scores),
        ),
        Exhibit(
            "scored-on",
            ("What the scores rest on",),
            "What is measured for each criterion, in the order above; the table below says how.",
            heads,
            tuple(measures),
        ),
        Exhibit(
            "thresholds",
            ("How each criterion is scored",),
            "The thresholds are assumptions of this tool, the same for every council; officers may weigh otherwise, "
            "and "
            "should then say so.",
            ("Criterion", "Measure", "Three", "Two", "One"),
            how,
        ),
    )


def _not_preferred(content: Content) -> tuple[Block | None, ...]:
    shown = [one for one in _shown(content) if one.key not in (NOTHING, PREFERRED)]
    nothing = content.options[NOTHING]
    return (Points(tuple(_why(content, one) for one in (nothing, *shown))),)


def _why(content: Content, one: Option) -> Words:
    """Why an option is not preferred, from its figures."""
    more = content.workings.get("over_preferred", one.key)
    label = f"{one.label}: "
    if one.key == "demand":
        return joined(
            (f"{label}not an alternative but what earlier help would change.",),
            _beside(more),
            ("It rests on the help working as the scenario says, which this tool cannot test.",),
        )
    waits = _waits_more(content, one)
    reason = (NOT_PUBLISHED,) if content.story.release else _beside(more)
    if more is not None and abs(more.value) < SMALL_CHANGE and not waits:
        return (f"{label}comes to the same cost as the preferred option, to the nearest thousand pounds.",)
    if one.key in ("bases_first", "special_first") and not _opened(one):
        reason = joined(("None of its schemes lowers cost, so it brings no new place.",), reason)
    if more is not None and more.value <= -SMALL_CHANGE:
        reason = joined(reason, waits or _policy(one, content))
    else:
        reason = joined(reason, waits)
    return joined((f"{label}not preferred.",), reason)


def _beside(more: Figure | None) -> Words:
    if more is None:
        return ("What it costs beside the preferred option is not known.",)
    if abs(more.value) < SMALL_CHANGE:
        return ("It costs the same as the preferred option over all years, to the nearest thousand pounds.",)
    way = "more" if more.value > 0 else "less"
    return say(
        f"Over all years it costs {{more}} {way} than the preferred option, grant and General Fund together, before "
        "capital.",
        more=Bare(more),
    )


def _waits_more(content: Content, one: Option) -> Words:
    last = content.story.last
    theirs, ours = one.story.get(f"awaiting.{one.of}.{last}"), content.story.get(f"awaiting.plan.{last}")
    if theirs is None or ours is None or theirs.value < ours.value + ONE:
        return ()
    verb = "awaits" if theirs.text == "1" else "await"
    return say(
        f"{{theirs}} {child(theirs)} {verb} a place in {academic_year(last)}, against {{ours}}: nobody may wait to "
        "save "
        "money.",
        theirs=theirs,
        ours=ours,
    )


def _policy(one: Option, content: Content) -> Words:
    """Why an option that costs less money is still not preferred."""
    missed = [] if one.key == NOTHING else rules_missed(one.story)
    if missed and not rules_missed(content.story):
        return (f"It misses a policy that the preferred option keeps: {missed[0][0]}.",)
    return (
        "The plan counts more than money of these years: children who wait, are above places or travel far, families "
        "whose likely request is turned down, and what comes later or was discounted. Officers should say what "
        "decides.",
    )
