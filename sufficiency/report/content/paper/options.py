"""Part three of the paper: options considered, each through its gates, and those that are not proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sufficiency.report.content.document import Content
from sufficiency.report.content.evidence import NO_BASE, why_no_base
from sufficiency.report.content.exhibit import Cell, Exhibit
from sufficiency.report.content.finding import SMALL_CHANGE
from sufficiency.report.content.paper.delivery import dates_for, in_words
from sufficiency.report.content.paper.facts import as_proposal, child, exhibit, name_of, programme_figures, proposed
from sufficiency.report.content.paper.parts import Block, Points, Section, Statement, some
from sufficiency.report.content.paper.scheme_impact import with_and_without
from sufficiency.report.content.paper.weighed import options_weighed
from sufficiency.report.content.programme import breaks_even, saves
from sufficiency.report.content.scenarios import side_by_side
from sufficiency.report.content.story import Story
from sufficiency.report.content.words import Words, say
from sufficiency.report.words import academic_year, present_value

PAYERS = {"ours": "the council", "central": "central government"}
MOST_ROWS = 8
"""Rows of evidence that a reader takes in."""
SPECIAL = ("special_school", "special_free_school", "alternative_provision")
DIRECTOR = "Director of Children’s Services"


def options_considered(content: Content) -> Section:
    """Part three."""
    story = content.story
    parts = (
        *options_weighed(content),
        Section("Scenarios asked for", some(_scenarios(content))),
        Section("Schemes proposed", some(*_before_cards(story)), tuple(_card(story, *one) for one in proposed(story))),
        Section("Schemes considered and not proposed", some(_left_out(story))),
        Section("Other programmes", some(exhibit(content, "alternatives"))),
        Section("Growth of special schools and alternative provision", some(*_growth(content))),
    )
    weighed = (
        "Each option is put through three gates first: is it lawful, can it be there by its September, and is there "
        "capital. Then it is scored. Every scheme in it"
    )
    return Section(
        "Part three: options considered",
        (
            (
                f"{'Every scheme' if story.release else weighed} is a proposal, subject to consultation, statutory "
                "process and decision.",
            ),
        ),
        tuple(one for one in parts if one.blocks or one.sections),
    )


def _scenarios(content: Content) -> Exhibit | None:
    """Scenarios named to the report that are none of the options."""
    weighed = {one.scenario for one in content.weighed if one.beside is not None}
    others = {name: story for name, story in content.others.items() if name not in weighed}
    if not others:
        return None
    table = side_by_side(content.story, others)
    notes = tuple(tuple(as_proposal(one) if isinstance(one, str) else one for one in note) for note in table.notes)
    return replace(table, notes=notes)


def _before_cards(story: Story) -> tuple[Block | None, ...]:
    if not programme_figures(story):
        return (("The model has no options for new places.",),)
    if not proposed(story):
        return (("No scheme is proposed: on the figures given none lowers cost within the rules and the capital.",),)
    budget, ours = story.get("capital_budget"), story.get("programme_capital_by_payer.ours")
    limit = say("Capital: {ours} of the council’s own, of {budget} that the model allows.", ours=ours, budget=budget)
    return (
        limit or ("The model sets no limit on capital.",),
        ("What each scheme saves is not published.",)
        if story.release
        else (
            "What each scheme saves is against the best programme without it, so savings do not add up; below zero it "
            "costs more in that year. Dates are the latest, counted back from the September with the longest time "
            "allowed for each step; time to build is not in them. What a scheme costs if it is late is not in its "
            "card: "
            "plan that as a scenario.",
        ),
        ("What the schools say, and whether each can be built and staffed in time, is for officers to judge:",),
        Statement(DIRECTOR),
    )


def _full_year(story: Story, option: str, row: Mapping[str, object]) -> list[tuple[Cell, ...]]:
    """What is saved in the first year with all places, below 0 where it costs more."""
    year = row.get("full_year")
    if not isinstance(year, int | float) or year != year:
        return []
    when = academic_year(int(year))
    return [
        (f"Saved in {when}, its first full year, all funds", story.get(f"options_appraisal_full_year_saving.{option}")),
        ("Of it, in the high needs grant", story.get(f"options_appraisal_full_year_dsg.{option}")),
    ]


def _card(story: Story, option: str, year: int) -> Section:
    """The delivery card of a scheme."""
    figures = programme_figures(story)
    row: Mapping[str, object] = next((one for one in figures.get("appraisal", []) if one["option"] == option), {})
    one = next(one for one in figures["opened"] if one["option"] == option and int(one["opens"]) == year)
    end, process = f"{option}.{year}", str(one.get("flags") or "")
    capital = story.get(f"option_capital.{end}")
    payer = PAYERS.get(str(row.get("capital_by", "")), "")
    rows: list[tuple[Cell, ...]] = [
        ("Where", _setting(story, str(one["setting"]))),
        ("Places when full", story.get(f"option_places.{end}")),
        ("Proposed for", story.get(f"option_opens.{end}")),
        ("Gate: lawful", _lawful(story, process)),
        ("Gate: by its September", _in_time(story, year, process)),
        ("Gate: capital", _capital_gate(story, capital is not None and capital.value >= SMALL_CHANGE, payer)),
        ("Capital", capital),
        ("Capital a place", story.get(f"options_appraisal_capital_a_place.{option}")),
        (f"Saves, {present_value(story.years[0])}", saves(story, option, figures)),
        ("Saving covers the council’s capital by", breaks_even(story, option)),
        *_full_year(story, option, row),
        *_dates(year, bool(process)),
    ]
    card = Exhibit(
        f"card-{option}",
        ("Delivery card",),
        "",
        ("What", "This proposal"),
        tuple(one for one in rows if one[1] is not None),
    )
    return Section(
        name_of(story, option),
        some(card, with_and_without(story, option), *((*_IMPROVEMENT, Statement(DIRECTOR)) if process else ())),
    )


_IMPROVEMENT: tuple[Block, ...] = (
    (
        "SEN improvement test: how the proposal is likely to lead to improvements, under each of its headings. The "
        "table above is evidence for it, and no more.",
    ),
    Points(
        (
            ("Standard of provision: what children will learn and achieve that they do not today.",),
            ("Quality of provision: staff, specialists, buildings and access to the curriculum.",),
            ("Range of provision: needs and ages that are met nearer to home than today.",),
        )
    ),
)


def _setting(story: Story, setting: str) -> str:
    settings = story.result.settings
    found = settings.loc[settings["setting"].astype(str) == setting, "name"]
    return str(found.iloc[0]) if len(found) and str(found.iloc[0]) else setting


def _lawful(story: Story, process: str) -> str:
    if process:
        return f"requires: {process}"
    return "not published" if story.release else "no statutory threshold that the model knows is met"


def _in_time(story: Story, year: int, process: str) -> str:
    if story.release and not process:
        return "not published"
    if year == story.years[0]:
        return (
            "it is the first of the plan: dates below may have passed, and the proposal is then for a later one"
            if process
            else "it is the first of the plan, so the school has to agree at once"
        )
    return "if the steps below are done by their dates, and the places are built in time"


def _capital_gate(story: Story, takes: bool, payer: str) -> str:
    if not takes:
        return "takes no capital"
    if payer == PAYERS["central"]:
        return "paid by central government"
    if story.get("capital_budget") is None:
        return f"paid by {payer or 'the council'}; the model sets no limit"
    return "within the capital that the model allows"


def _dates(year: int, process: bool) -> list[tuple[Cell, ...]]:
    when = dates_for(year)
    if not process:
        return [("Places named in plans for the next phase by", in_words(when.decision))]
    return [
        ("Consultation begins by (six weeks of term)", in_words(when.consultation)),
        ("Notice published by (four weeks for representations)", in_words(when.notice)),
        ("Representations end by (decision within two months)", in_words(when.representations_end)),
        ("Decision, and places named in plans for the next phase, by", in_words(when.decision)),
    ]


def _left_out(story: Story) -> Exhibit | None:
    """Options that are not proposed, and what a programme with them would cost more."""
    figures = programme_figures(story)
    closed = [row for row in figures.get("appraisal", []) if row["part"] <= 0]
    if not closed:
        return None
    rows = tuple((str(row["name"] or row["option"]), _why_not(story, str(row["option"]))) for row in closed)
    return Exhibit(
        "left-out",
        ("Schemes considered and not proposed, and why",),
        f"Against the plan: {present_value(story.years[0])}, money and policy weights.",
        ("Scheme", "Why it is not proposed"),
        rows,
    )


def _why_not(story: Story, option: str) -> Cell:
    table = story.frame("alternatives")
    rows = None if table is None else table[table["option"] == option]
    if rows is None or not len(rows):
        return "no programme among the next best has it"
    rank = int(rows["programme"].min())
    exact = story.register.of(f"alternatives_costs_more.{rank}")
    if exact:
        return say("the cheapest of the next-best programmes with it costs {more} more", more=exact[0])
    least = story.register.of(f"alternatives_costs_more_least.{rank}")
    if not least:
        return "a programme with it costs more; how much is not known"
    return say("the cheapest of the next-best programmes with it costs at least {least} more", least=least[0])


def _growth(content: Content) -> tuple[Block | None, ...]:
    """DfE asks why need cannot be met in bases where special or AP places grow."""
    story = content.story
    kinds = {row["option"]: row["type"] for row in programme_figures(story).get("appraisal", [])}
    grown = [name_of(story, option) for option, _ in proposed(story) if kinds.get(option) in SPECIAL]
    if not grown:
        return (("No scheme proposed adds places in special schools or alternative provision.",),)
    asked: Words = (
        f"Proposals that add such places: {'; '.join(grown)}. DfE asks of a Local SEND Reform Plan why this need "
        "cannot "
        "be met in specialist bases.",
    )
    places = {str(row["setting"]) for row in programme_figures(story)["opened"] if kinds.get(row["option"]) in SPECIAL}
    return (asked, _no_base(content, _placed_at(story, places)), _largest_gap(story), Statement(DIRECTOR))


def _placed_at(story: Story, settings: set[str]) -> set[str]:
    """Needs and phases, as `SEMH primary`, of the children whom the plan places at settings."""
    table = story.frame("placements")
    if table is None:
        return set()
    rows = table[table["setting"].astype(str).isin(settings)]
    return {f"{need} {phase}" for need, phase in zip(rows["need"], rows["phase"], strict=True)}


def _no_base(content: Content, placed: set[str]) -> Exhibit | Words:
    """Children whom no base could take, by those needs and phases that are placed at the schemes that grow."""
    story = content.story
    found = [one for one in content.workings.of(NO_BASE) if str(one.row["item"]) in placed]
    if not found:
        if any(
            one.story.frame("bases_first") is not None
            for key, one in content.options.items()
            if key in ("bases_first", "preferred")
        ):
            return (
                "Evidence against it: for every child of these needs and phases who starts or changes phase there is a "
                "base, there already or among the schemes, that could take the need within the journey guideline. Cost "
                "and places decided.",
            )
        return ("Whom bases could take is worked out with the option that puts bases first, which was not planned.",)
    rows: list[tuple[Cell, ...]] = []
    for figure in found[:MOST_ROWS]:
        need, _, phase = str(figure.row["item"]).partition(" ")
        why = as_proposal(why_no_base(content.options, need, phase))
        rows.append((story.label("needs", need), story.label("phases", phase), figure, why))
    return Exhibit(
        "no-base",
        ("Children whom no specialist base could take",),
        "Children who start or change phase, of the needs and phases that the plan places there, all years added up, "
        "the "
        "most first; bases that are there and those among the schemes. The reason is that of most of them.",
        ("Primary need", "Phase", "Children", "Why"),
        tuple(rows),
    )


def _largest_gap(story: Story) -> Words:
    largest = story.register.of("gaps_shortfall")
    if not largest:
        return ()
    gap = largest[0]
    return say(
        f"The largest shortage is in {{locality}}, of {{gap}} {child(gap)} without a state-funded place ({{need}}, "
        "{phase}, {year}).",
        gap=gap,
        locality=str(gap.row["locality"]),
        need=story.label("needs", str(gap.row["need"])),
        phase=story.label("phases", str(gap.row["phase"])).lower(),
        year=academic_year(int(gap.row["year"])),
    )
