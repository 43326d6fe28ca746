"""How many random cases a property is tried on: SUFFICIENCY_EXAMPLES says whether few (as a rule), some or all."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

FEWEST = 3


def examples(many: int, **more: Any) -> settings:
    """`many` cases in the profile `all`, two fifths of them in `some`, a tenth in `few`; not fewer than `FEWEST`."""
    share = settings.default.max_examples / 100
    return settings(max_examples=max(min(FEWEST, many), round(many * share)), deadline=None, **more)
