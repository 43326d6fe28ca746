"""The modules of the return that counting needs, and the columns of each; whatever else a file holds is not kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Module:
    """One module of the return: its `columns` that are used, and those by which its file is recognised. Names are those
    of COLLECT's Blade export, which are the elements of the XML in small letters.
    """

    columns: tuple[str, ...]
    marks: frozenset[str]
    must: tuple[str, ...] = ()


_PLACEMENT = (
    "urn",
    "ukprn",
    "sensetting",
    "placementrank",
    "entrydate",
    "leavingdate",
    "senunitindicator",
    "resourcedprovisionindicator",
)

MODULES: dict[str, Module] = {
    "placement": Module(("activeplanstableid", *_PLACEMENT), frozenset({"placementdetailtableid"})),
    "need": Module(("activeplanstableid", "sentype", "sentyperank"), frozenset({"senneedtableid"})),
    "plan": Module(("activeplanstableid", "requeststableid"), frozenset({"activeplanstableid", "requeststableid"})),
    "request": Module(("requeststableid", "persontableid"), frozenset({"requeststableid", "persontableid"})),
    "person": Module(("persontableid", "personbirthdate", "postcode"), frozenset({"persontableid", "personbirthdate"})),
    "return": Module(("referencedate",), frozenset({"sen2tableid", "referencedate"})),
}
"""In the order in which a file is recognised: a module deeper in the return has the keys of those above it too."""

OF_ONE_TABLE: dict[str, tuple[str, ...]] = {
    "sentype": ("sentype", "need", "primaryneed", "need1", "senneed1", "primarysenneed", "sentype1"),
    "ncy": ("ncy", "yeargroup", "ncyearactual", "nationalcurriculumyear", "actualncy"),
    "personbirthdate": ("personbirthdate", "dateofbirth", "dob", "birthdate"),
    "postcode": ("postcode", "homepostcode"),
    "area": ("lsoa", "lsoa21cd", "lsoa2021", "lsoacode", "lsoa21", "homelsoa", "area"),
    "urn": ("urn", "schoolurn", "settingurn", "currenturn"),
    "ukprn": ("ukprn",),
    "sensetting": ("sensetting", "currentsensetting"),
    "placementrank": ("placementrank",),
    "entrydate": ("entrydate", "placementstartdate"),
    "leavingdate": ("leavingdate", "placementleavingdate"),
    "senunitindicator": ("senunitindicator", "senunit", "senunitflag"),
    "resourcedprovisionindicator": ("resourcedprovisionindicator", "resourcedprovision", "rp", "rpflag"),
}
"""Headings of one table with a row for each child, letters and digits alone, and the column that each stands for."""

SEN_SETTINGS: dict[str, str] = {
    "OLA": "arrangements by the local authority, section 61 (EOTAS)",
    "OPA": "alternative arrangements by parents or the young person, section 42(5), other than home education",
    "EHE": "elective home education",
    "EYP": "early years provider without a URN",
    "OTH": "other, or a type of setting named and no setting",
    "NEET": "not in education, employment or training, aged 16 to 25",
    "NIEC": "not in education or training, notice to cease issued",
    "NIEO": "not in education or training, other",
}
"""Codes of placements without a URN: items 4.7c and 5.7c of DfE's guide for 2025."""
