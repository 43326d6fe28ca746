"""`[disclosure]`: how figures are made safe to publish."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sufficiency.fields import Number, Section


class Disclosure(Section):
    """How `report --publish` protects small numbers of children."""

    threshold: Annotated[int, Field(ge=2, le=100), Number] = 5
    """Numbers of children below it, but for 0, are protected: what is published leaves a range at least this wide for
    each of them. 5 as in DfE's statistics of children in need, which suppress 1 to 5.
    """
    base: Annotated[int, Field(ge=2, le=100), Number] = 5
    """Published numbers of children are multiples of it. At least the threshold: else the range left would be too
    narrow.
    """
