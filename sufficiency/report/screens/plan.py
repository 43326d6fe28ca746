"""The screen of a plan: a headline to read out, whole children and round pounds, and the detail behind it.

Its figures come from the register and the summary; nothing is worked out here.
"""

from __future__ import annotations

from sufficiency.report.content import Register
from sufficiency.report.screens.against import against_block
from sufficiency.report.screens.children import (
    empty_beside_bought,
    journeys,
    placed_elsewhere,
    places_at_a_glance,
    places_in_full,
    types_of_setting,
)
from sufficiency.report.screens.impact import impact_at_a_glance, impact_block
from sufficiency.report.screens.money import money_at_a_glance, money_blocks
from sufficiency.report.screens.opening_words import opening
from sufficiency.report.screens.place_values import place_values_block
from sufficiency.report.screens.programme import appraisal_screen_lines, opens_at_a_glance, programme_block
from sufficiency.report.screens.rules import rules_at_a_glance, rules_in_words
from sufficiency.report.screens.waiting import awaiting, short_at_a_glance
from sufficiency.report.words import sentences
from sufficiency.result import Result

MORE = "More: budget lines, types of setting, every option, place values: --detail."
MOST_WARNINGS = 20


def screen(result: Result, *, detail: bool = False) -> str:
    """The headline of a plan, under 45 lines; with `detail` every block on money, children, options, rules and place
    values after it.
    """
    summary, register = result.summary, Register(result)
    more = [] if detail else [MORE]
    blocks = [
        opening(summary, register),
        places_at_a_glance(register, summary),
        money_at_a_glance(summary, register),
        opens_at_a_glance(summary),
        against_block(summary),
        [
            *short_at_a_glance(summary, register),
            *journeys(summary, register, full=False),
            *impact_at_a_glance(summary, register),
            *placed_elsewhere(summary, register, full=False),
            *rules_at_a_glance(summary.get("rules", [])),
            *more,
        ],
    ]
    return _text([*blocks, *(_detail(result, register) if detail else [])])


def _detail(result: Result, register: Register) -> list[list[str]]:
    summary = result.summary
    return [
        places_in_full(register, summary),
        *money_blocks(summary, register, result.frames),
        types_of_setting(summary, register),
        journeys(summary, register, full=True),
        impact_block(summary, register),
        awaiting(summary, register),
        programme_block(summary),
        placed_elsewhere(summary, register, full=True),
        empty_beside_bought(summary, register),
        rules_in_words(summary.get("rules", []), proven=summary["status"] != "stopped"),
        place_values_block(summary),
        _warnings(summary.get("warnings", [])),
    ]


def appraisal_screen(result: Result, *, detail: bool = False) -> str:
    """What the appraisal of options adds to the screen of a plan that was shown before it."""
    return _text([appraisal_screen_lines(result.summary, detail=detail)])


def _warnings(warnings: list[str]) -> list[str]:
    if not warnings:
        return []
    more = len(warnings) - MOST_WARNINGS
    lines = [f"Warnings: {len(warnings):,}", *sentences(*warnings[:MOST_WARNINGS], indent=2)]
    return [*lines, f"  and {more:,} more: sufficiency check, or warnings in summary.json"] if more > 0 else lines


def _text(blocks: list[list[str]]) -> str:
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
