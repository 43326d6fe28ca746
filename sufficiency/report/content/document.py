"""All that a report says, made once: every form shows this and works nothing out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sufficiency.model import Model
from sufficiency.report.content.appeals import appeals
from sufficiency.report.content.assumptions import assumptions
from sufficiency.report.content.beside import Beside, Option, Weighed, options_of
from sufficiency.report.content.children import places_and_children
from sufficiency.report.content.evidence import steps_down, whom_no_base_can_meet
from sufficiency.report.content.exhibit import Chapter, Exhibit, Headline
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.finding import finding, headlines, more_to_say
from sufficiency.report.content.impact import impact
from sufficiency.report.content.money import money
from sufficiency.report.content.occupancy import occupancy
from sufficiency.report.content.programme import programme
from sufficiency.report.content.scenarios import scenarios_side_by_side
from sufficiency.report.content.story import Story, story_of
from sufficiency.report.content.stress import stress
from sufficiency.report.content.sureness import sureness
from sufficiency.report.content.values import place_values
from sufficiency.report.content.weighing import weighing
from sufficiency.report.content.words import Words, plain
from sufficiency.report.content.workings import Workings, workings_of
from sufficiency.result import Result


@dataclass(frozen=True)
class Content:
    """What a report says of a result and of the scenarios beside it. `figures`: every figure that a form may
    print; `others`: the scenarios by name. Of the paper: its `options` that have figures, `weighed` with the reason
    where one has none, and `workings`.
    """

    story: Story
    finding: Words
    more: tuple[Words, ...]
    headlines: tuple[Headline, ...]
    chapters: tuple[Chapter, ...]
    figures: tuple[Figure, ...]
    others: Mapping[str, Story] = field(default_factory=dict)
    options: Mapping[str, Option] = field(default_factory=dict)
    weighed: tuple[Weighed, ...] = ()
    workings: Workings = field(default_factory=Workings)

    @property
    def finds(self) -> list[str]:
        """What the plan finds, a plain sentence each."""
        return [plain(words) for words in (self.finding, *self.more)]


def left_out(story: Story) -> Chapter:
    """Of a release, what is never published and why; of a result in full there is nothing."""
    rows: tuple[tuple[str, ...], ...] = tuple(story.release["left_out"]) if story.release else ()
    about = "Each with the reason. The sheet or file notes has the same list."
    exhibit = Exhibit("left-out-of-release", ("What is left out, and why",), about, ("What", "Why"), rows)
    return Chapter("left-out", "What is left out", (), (exhibit,) if rows else ())


def content_of(
    result: Result, model: Model, scenarios: Mapping[str, Beside] | None = None, weighed: Sequence[Weighed] = ()
) -> Content:
    """The content of a report on a result of `model`, with the results of scenarios by name, and the options that a
    paper weighs.
    """
    story = story_of(result)
    others = {name: story_of(one.result, name, one.folder) for name, one in (scenarios or {}).items()}
    chapters = (
        places_and_children(story),
        occupancy(story),
        money(story),
        programme(story),
        scenarios_side_by_side(story, others),
        place_values(story),
        impact(story),
        sureness(story),
        assumptions(story, model),
        left_out(story),
    )
    options = options_of(story, weighed)
    workings = Workings()
    if not story.release:
        workings = workings_of(
            weighing(options),
            steps_down(story, options),
            whom_no_base_can_meet(options),
            stress(story, model),
            appeals(story),
        )
    figures = {one.id: one for beside in (story, *others.values()) for one in beside.register}
    figures |= {one.id: one for option in options.values() for one in option.story.register}
    return Content(
        story,
        finding(story),
        more_to_say(story),
        headlines(story),
        tuple(chapter for chapter in chapters if chapter.exhibits or chapter.sentences),
        (*figures.values(), *workings.figures),
        others,
        options,
        tuple(weighed),
        workings,
    )
