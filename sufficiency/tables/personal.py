"""Columns that say who a child is: no table may have them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sufficiency.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_PERSONAL = frozenset(
    [
        "surname",
        "familyname",
        "lastname",
        "forename",
        "forenames",
        "firstname",
        "givenname",
        "givennames",
        "preferredname",
        "middlename",
        "middlenames",
        "pupilname",
        "childname",
        "childsname",
        "childrensname",
        "studentname",
        "learnername",
        "fullname",
        "nameofchild",
        "nameofpupil",
        "upn",
        "formerupn",
        "uniquepupilnumber",
        "pupilupn",
        "uln",
        "uniquelearnernumber",
        "nhsnumber",
        "nhsno",
        "pupilid",
        "childid",
        "personid",
        "learnerid",
        "dob",
        "dateofbirth",
        "birthdate",
        "birthday",
        "personbirthdate",
        "childdob",
        "pupildob",
    ]
)
_OF_A_HOME = frozenset(
    ["postcode", "homepostcode", "pupilpostcode", "childpostcode", "address", "homeaddress", "addressline", "street"]
)
"""Of a child in tables of children; tables of places may have them."""
PLACES_ON_THE_MAP = frozenset({"areas", "settings", "options", "agreements"})


def personal_columns(names: Sequence[str], table: str) -> list[str]:
    """The headings, as written, that say who a child is. Postcodes and addresses do in tables of children, and do not
    in tables of places.
    """
    banned = _PERSONAL if table in PLACES_ON_THE_MAP else _PERSONAL | _OF_A_HOME
    return [name for name in names if re.sub(r"[^a-z]", "", name.casefold()) in banned]


def refuse_personal(names: Sequence[str], table: str, file: str) -> list[Problem]:
    """A Problem for each column that says who a child is. It names the column, and shows none of its cells."""
    what = "the column identifies children; the table is not read"
    fix = "delete the column, or count the children with `sufficiency deidentify`"
    return [Problem(what, file, column=name, fix=fix) for name in personal_columns(names, table)]
