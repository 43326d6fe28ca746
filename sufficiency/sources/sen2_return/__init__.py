"""The SEN2 person-level return, read into counts of children; nothing that says who a child is leaves this package.

Structure and codes: DfE, *Special educational needs person level survey 2025: guide* (v1.4) and its technical
specification. Messages about a return name files, columns and rows, and never show a cell.
"""

from sufficiency.sources.sen2_return.counts import COUNT_COLUMNS, Counted, count_children
from sufficiency.sources.sen2_return.extract import Extract, read_extract
from sufficiency.sources.sen2_return.postcodes import read_postcodes

__all__ = ["COUNT_COLUMNS", "Counted", "Extract", "count_children", "read_extract", "read_postcodes"]
