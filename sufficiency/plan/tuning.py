"""How the optimum is sought: sizes and steps. They change how long it takes, never what is optimal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """The usual sizes and steps, measured with `bench/`; tests pass smaller ones."""

    boxstep_arcs: int = 4_000
    """Arcs beside the cheapest in the program of a step: fewer cost more steps, more a slower one. A case that has no
    more in all is written whole.
    """
    contested_arcs: int = 1_000
    """Arcs beside the cheapest in the PuLP program, over those that the steps found in use."""
    sensitivity_arcs: int = 8_000
    """Arcs beside the cheapest in the program that questions beside the plan are put to, at first."""
    whole_arcs: int = 10_000
    """Arcs up to which a program of options goes to HiGHS in one piece."""
    valued_places: int = 20
    """How many of the highest place values are found by solving again."""

    narrowest_box: float = 200.0
    """£: at first prices may move at least so far: where many arcs tie, the nearest say nothing about how far."""
    widest_box: float = 2_000.0
    """£: and at most so far, unless the nearest arcs reach further."""
    box_reach: float = 10.0
    """Times as far as the nearest arcs reach may prices move at first, within the two."""
    good_step: float = 0.1
    """Share of the rise that a step promised from which it is kept."""
    exact_step: float = 0.99
    """Share of it from which it is exact."""
    most_steps: int = 400

    most_smoothed_arcs: int = 24_000
    fewest_smoothed_arcs: int = 5_000
    """How many of the nearest arcs the bound is smoothed over at first, and at last."""
    smoothed_share: float = 0.25
    """Never more than this share of all: the most expensive arcs say nothing about prices."""
    fewer_arcs: float = 0.6
    """Times as many arcs after a smoothed step that brought little."""
    little_rise: float = 1e-5
    """Rise of the bound that is little, as a share of it."""
    first_reach: float = 500.0
    """£ by which a price may move in the first smoothed step."""
    further: float = 4.0
    """Times as far a price may move after a smoothed step that held it back, and as little after one not kept."""
    good_smoothed_step: float = 0.25
    """Share of the promised rise from which a smoothed step is good."""
    damping: float = 1e-3
    """Share of its own curvature added to that of each price: where nothing bends, nothing says how far to go."""
    falls: float = 3.0
    """Times τ that the nearest arcs reach: the furthest of them is taken by a share of exp(−3), a twentieth."""
    straight: float = 1e-3
    """Children per £: the greatest curvature is taken to be so much at least."""
    most_smoothed_steps: int = 30


TUNING = Tuning()
"""What every plan is sought with."""
