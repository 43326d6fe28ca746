"""What a program knows of the options in it: the columns of openings, and of the preferences that hang on them."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import sparse

from sufficiency.arrays import Flags, Ints


@dataclass(frozen=True)
class OptionColumns:
    """Y openings, then N preferences that may give way in lines that may close; they stand after the slack.

    `opening_names` [Y] and `limit_names` name the openings, and the rows of their limits, in an LP file. `whole` [Y]
    openings are 0 or 1, the others any share. `returned` [(T+1) · C, Y]: children whom an opening sends to look for a
    place. `year` and `pair` [N] say whose preference gives way.
    """

    opening_names: list[str]
    limit_names: list[str]
    whole: Flags
    returned: sparse.csr_matrix
    year: Ints
    pair: Ints

    @property
    def openings(self) -> int:
        """Y."""
        return len(self.opening_names)

    @property
    def preferences(self) -> int:
        """N."""
        return len(self.pair)
