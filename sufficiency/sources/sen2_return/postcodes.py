"""The council's own lookup from postcodes to small areas."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from sufficiency.sources.sen2_return.text import columns_of, unusable

_POSTCODE = ("pcds", "pcd", "pcd2", "pcd7", "pcd8", "postcode")
_AREA = ("lsoa21cd", "lsoa21", "lsoacode", "lsoa", "area", "areacode", "wardcode", "wd24cd", "wd25cd")
ONS_CODE = re.compile(r"[EW][0-9]{8}")
"""Codes of the Office for National Statistics: nothing else is ever written as a home."""


def read_postcodes(path: Path) -> pd.Series[str]:
    """The area code of each postcode; postcodes in capitals without spaces. ONS's Postcode Directory is read as it is.

    Raises InputError where a column is missing, or a code is none of ONS's.
    """
    known = {*_POSTCODE, *_AREA}
    frame = columns_of(path.read_bytes(), path.name, lambda name: name in known)
    postcode = next((name for name in _POSTCODE if name in frame), None)
    area = next((name for name in _AREA if name in frame), None)
    if postcode is None or area is None:
        fix = "give a table with the columns postcode and LSOA21CD, such as ONS's Postcode Directory"
        raise unusable("the lookup needs a column of postcodes and one of area codes", path.name, fix)
    frame = frame[(frame[postcode] != "") & (frame[area] != "")]
    strange = ~frame[area].str.fullmatch(ONS_CODE)
    if strange.any():
        row = int(frame.index[strange.to_numpy()][0])
        raise unusable("the area is no code of ONS", path.name, "give codes such as E01000001", row, area)
    homes = pd.Series(frame[area].to_numpy(), index=compact(frame[postcode]))
    first = homes[~homes.index.duplicated()]
    other = first.reindex(homes.index).to_numpy() != homes.to_numpy()
    if other.any():
        row = int(frame.index[other][0])
        raise unusable("the postcode has another area above", path.name, "keep one of the two rows", row, postcode)
    return first


def compact(postcodes: pd.Series[str]) -> pd.Index[str]:
    """Postcodes in capitals without spaces."""
    return pd.Index(postcodes.str.upper().str.replace(r"\s", "", regex=True))
