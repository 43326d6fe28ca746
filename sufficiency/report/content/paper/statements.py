"""What officers say: statements that stay placeholders, each with the evidence for it."""

from __future__ import annotations

from sufficiency.report.content.document import Content
from sufficiency.report.content.finding import ONE, SMALL_CHANGE
from sufficiency.report.content.paper.facts import exhibit, name_of, near_years, over_budget, proposed
from sufficiency.report.content.paper.parts import Block, Points, Section, Statement, some
from sufficiency.report.content.story import PLAN, Story
from sufficiency.report.content.words import Bare, Words, say
from sufficiency.report.words import academic_year

DIRECTOR = "Director of Children’s Services"


def _section(title: str, officer: str, *evidence: Block | None) -> Section:
    return Section(title, (Statement(officer), *some(*evidence)))


def implications(content: Content) -> tuple[Section, ...]:
    """Statutory process, consultation, due regard, and the implications every report to Cabinet has."""
    story = content.story
    return (
        Section(
            "Statutory process and consultation",
            (),
            (
                _section("Statutory process", "Monitoring Officer", *_process(story)),
                _section("Consultation and its outcome", DIRECTOR, *_consulted(story)),
            ),
        ),
        Section(
            "Equality",
            (),
            (_section("Due regard: mitigations and review date", "Equality lead", *_due_regard(story)),),
        ),
        Section(
            "Implications",
            (),
            (
                _section("Financial", "Section 151 officer", *_financial(story)),
                _section("Legal", "Monitoring Officer", *_legal(story)),
                _section("Workforce", "Director of Human Resources", *_workforce(story)),
                _section("Property and capital", "Head of Property", *_property(story)),
                _section("Procurement", "Head of Procurement", *_procurement(story)),
                _section("Transport", "Head of Transport", *_transport(story)),
                _section("Climate and environment", "Climate lead", *_climate(story)),
                _section(
                    "Data protection",
                    "Data Protection Officer",
                    _data(story),
                ),
            ),
        ),
        Section("Risk", (), (_section("Risks and how they are managed", DIRECTOR, *_risks(content)),)),
        Section("Monitoring and review", (), (_section("How progress is reported", DIRECTOR, _review(story)),)),
        Section("Background papers and appendices", (_background(story),)),
    )


def _process(story: Story) -> tuple[Block, ...]:
    opened = {str(one["option"]): str(one.get("flags") or "") for one in _opened(story)}
    items: list[Words] = [(f"{name_of(story, option)}: {flags}",) for option, flags in opened.items() if flags]
    law: Words = (
        "Maintained schools: School Organisation (Prescribed Alterations) Regulations of 2013, proposals with four "
        "weeks for representations. Academies: the trust applies for a significant change, after consultation, with "
        "the council’s support.",
    )
    if not items and story.release:
        return (("Which proposals meet a statutory threshold is not published.",),)
    if not items:
        return (("No proposal meets a statutory threshold that the model knows.",),)
    return (("By proposal, as the tables of the model describe it:",), Points(tuple(items)), law)


def _opened(story: Story) -> list[dict[str, object]]:
    return list((story.summary.get("programme") or {}).get("opened", []))


def _consulted(story: Story) -> tuple[Words, ...]:
    return (
        (
            "The Children and Families Act 2014, section 27, requires the council to keep provision under review and "
            "to consult children, parents, schools and others. Consultation takes place while proposals are still at a "
            "formative stage; nothing in this paper decides what it is about.",
        ),
    )


def _due_regard(story: Story) -> tuple[Words, ...]:
    duty: Words = (
        "Members must themselves have due regard to the equality duty (Equality Act 2010, section 149). Every child in "
        "this plan has special educational needs, and many are disabled within the meaning of that Act.",
    )
    if story.frame("impact") is None:
        none = "is not published" if story.release else "was not worked out for this plan"
        return (duty, (f"How groups of children fare {none}.",))
    return (duty, ("Figures by need, phase, locality and deprivation are in part four.",))


def _financial(story: Story) -> tuple[Words, ...]:
    found: list[Words] = []
    for year in near_years(story):
        over = over_budget(story, year)
        way = "above" if over.value >= SMALL_CHANGE else "below"
        found.append(
            say(f"In {academic_year(year)} the plan spends {{over}} {way} all budgets together.", over=Bare(over))
        )
    balance = story.get(f"deficit_balance.{story.balance_year}.{PLAN}")
    if balance is not None:
        kind = "deficit" if balance.value < 0 else "balance"
        found.append(
            say(
                f"The {kind} carried forward at 31 March {story.balance_year + 1} is {{balance}} under the plan.",
                balance=Bare(balance) if balance.value < 0 else balance,
            )
        )
    if not found and not story.release:
        found.append(("The model has no budget and no grant to set spending against.",))
    return tuple(found)


def _data(story: Story) -> Words:
    made = "The plan is made from counts by area, need and phase; the tables hold no names. "
    if story.release:
        return (f"{made}{story.release['why']}",)
    return (
        f"{made}Some counts are below five: this draft is for those who plan places, and has to be checked before it "
        "is published.",
    )


def _legal(story: Story) -> tuple[Words, ...]:
    return (
        (
            "Cost and suitability are not grounds to refuse a mainstream place (Children and Families Act 2014, "
            "section 33). Families may ask for a maintained school, academy, college, non-maintained special school or "
            "approved independent school (section 38). Provision is owed at once (section 42).",
        ),
        ("The plan chooses places for numbers of children. It places no child: each plan is decided on its own.",),
    )


def _workforce(story: Story) -> tuple[Words, ...]:
    places = story.get("programme_places")
    if places is None or places.value < ONE:
        return (("No new places are proposed.",),)
    return (say("{places} new places would need staff. The model plans places and money, not staff.", places=places),)


def _property(story: Story) -> tuple[Words, ...]:
    capital = story.get("programme_capital")
    if capital is None or capital.value < SMALL_CHANGE:
        return (("No capital is proposed.",),)
    return (
        say(
            "{capital} of capital in all, contingency included as far as the model has it, in pounds of the years it "
            "is spent in.",
            capital=capital,
        ),
    )


def _procurement(story: Story) -> tuple[Words, ...]:
    last = story.last
    bought = story.get(f"bought.{PLAN}.{last}")
    if bought is None:
        return ()
    verb = "is" if bought.text == "1" else "are"
    return (
        say(
            f"{{bought}} of the children of {academic_year(last)} {verb} in bought places under the plan.",
            bought=bought,
        ),
    )


def _transport(story: Story) -> tuple[Words, ...]:
    year = academic_year(story.last)
    return (
        say(
            f"Journeys cost the General Fund {{plan}} in {year} under the plan; {{nothing}} if we do nothing more.",
            plan=story.get(f"spend.{PLAN}.{story.last}.general_fund"),
            nothing=story.get(f"spend.unmitigated.{story.last}.general_fund"),
        ),
    )


def _climate(story: Story) -> tuple[Words, ...]:
    return (
        say(
            f"The mean journey one way in {academic_year(story.last)} is {{plan}} km under the plan; {{nothing}} km if "
            "we do nothing more.",
            plan=story.get(f"mean_km.{PLAN}.{story.last}"),
            nothing=story.get(f"mean_km.unmitigated.{story.last}"),
        ),
    )


def _risks(content: Content) -> tuple[Block | None, ...]:
    story = content.story
    risks: list[Words] = [
        ("Demand: more children, or other needs, than the central forecast.",),
        ("The market: providers may not sell places at the prices in the tables, or may raise fees faster.",),
        ("Appeals: families may ask for other places than the plan has for their children, and succeed.",),
    ]
    if proposed(story):
        risks.insert(
            1, ("Slippage: a proposal that is late leaves its children where they would be without it, and bought.",)
        )
    if story.get(f"deficit_in_year.{story.last}.{PLAN}") is not None:
        risks.append(("Funding: what follows the statutory override after 31 March 2028 is not known.",))
    return (Points(tuple(risks)), exhibit(content, "rules"))


def _review(story: Story) -> Words:
    return (
        "The plan is made again each year from new counts, and its figures for the year before are set beside what "
        "happened.",
    )


def _background(story: Story) -> Points:
    attribution = str(story.summary.get("attribution", ""))
    roads: tuple[Words, ...] = ((f"{attribution}.",),) if attribution else ()
    return Points(
        (
            ("The workbook of the plan: every table, every assumption with its source, and the files behind them.",),
            ("The page of the plan: the same findings with a map and charts.",),
            ("The list of figures: each number in this paper, and the cell of the result that it is read from.",),
            *roads,
        )
    )
