"""A made SEN2 return of any size, in the three forms in which councils hold one. Its people do not exist."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

NEEDS = ("ASD", "SEMH", "SLCN", "MLD")
URNS = ("113842", "141122", "150007")
LSOAS = ("E01000001", "E01000002", "E01000003")
COUNT_DAY = "2026-01-15"


@dataclass(frozen=True)
class MadeReturn:
    """`children`: what is true of each; `modules`: the frames of the Blade export."""

    children: pd.DataFrame
    modules: dict[str, pd.DataFrame]

    @property
    def personal(self) -> list[str]:
        """Every value that says who a child is."""
        people = self.modules["person"]
        columns = ["surname", "forename", "personbirthdate", "postcode", "upn", "uniquelearnernumber"]
        return [value for column in columns for value in people[column]]

    def write_csv(self, folder: Path) -> Path:
        folder.mkdir()
        for name, frame in self.modules.items():
            frame.to_csv(folder / f"Blade-Export_15-01-2026_{name}.csv", index=False)
        return folder

    def write_postcodes(self, file: Path) -> Path:
        pairs = pd.DataFrame({"pcds": self.modules["person"]["postcode"], "lsoa21cd": self.children["area"]})
        pairs.drop_duplicates("pcds").to_csv(file, index=False)
        return file

    def write_xml(self, file: Path) -> Path:
        persons = []
        details = self.modules["placementdetail"].set_index("activeplanstableid")
        needs = self.modules["senneed"].set_index("activeplanstableid")
        for number, person in enumerate(self.modules["person"].to_dict("records")):
            plan = f"A{number}"
            placement = _elements(details.loc[[plan]], "PlacementDetail")
            need = _elements(needs.loc[[plan]], "SENneed")
            own = "".join(
                f"<{key}>{escape(str(value))}</{key}>" for key, value in person.items() if "tableid" not in key
            )
            persons.append(f"<Person>{own}<Requests><ActivePlans>{placement}{need}</ActivePlans></Requests></Person>")
        header = f"<Header><CollectionDetails><ReferenceDate>{COUNT_DAY}</ReferenceDate></CollectionDetails></Header>"
        file.write_text(f"<Message>{header}<Persons>{''.join(persons)}</Persons></Message>", encoding="utf-8")
        return file

    def write_table(self, file: Path) -> Path:
        people, details = self.modules["person"], self.modules["placementdetail"].drop_duplicates("activeplanstableid")
        table = pd.concat([people.reset_index(drop=True), details.reset_index(drop=True)], axis=1)
        table = table[[column for column in table if not column.endswith("tableid")]]
        table["SENtype"] = self.children["need"].to_numpy()
        table.to_csv(file, index=False)
        return file


def made_return(count: int = 60, seed: int = 0, urns: tuple[str, ...] = URNS) -> MadeReturn:
    """A return of `count` children, each with one plan, two needs and one or two placements at `urns`, one of them
    ended.
    """
    draw = np.random.default_rng(seed)
    year_group = draw.integers(0, 14, count)
    children = pd.DataFrame(
        {
            "need": draw.choice(NEEDS, count),
            "year_group": year_group,
            "area": draw.choice(LSOAS, count),
            "urn": draw.choice(urns, count),
            "sen_unit": draw.choice(["yes", "no"], count),
            "entry_year": 2025 - draw.integers(0, 3, count),
        }
    )
    keys = [str(number) for number in range(count)]
    # born in May: at the age of NCY + 4 on 31 August 2025
    born = [f"{2025 - 4 - group}-May-{1 + number % 28:02d} 00:00:00" for number, group in enumerate(year_group)]
    homes = children["area"].str[-1]
    person = pd.DataFrame(
        {
            "persontableid": [f"P{key}" for key in keys],
            "surname": [f"Quillfeather{key}x" for key in keys],
            "forename": [f"Zebedee{key}x" for key in keys],
            "personbirthdate": born,
            "postcode": [f"ZZ{home} {1 + number % 9}QQ" for number, home in enumerate(homes)],
            "upn": [f"Z99912345{number:04d}" for number in range(count)],
            "uniquelearnernumber": [f"99{number:08d}" for number in range(count)],
        }
    )
    plans = pd.DataFrame(
        {"activeplanstableid": [f"A{key}" for key in keys], "requeststableid": [f"R{key}" for key in keys]}
    )
    requests = pd.DataFrame({"requeststableid": plans["requeststableid"], "persontableid": person["persontableid"]})
    now = pd.DataFrame(
        {
            "placementdetailtableid": [f"D{key}" for key in keys],
            "activeplanstableid": plans["activeplanstableid"],
            "urn": children["urn"],
            "ukprn": "",
            "sensetting": "",
            "placementrank": "1",
            "entrydate": [f"{year}-Sep-03 00:00:00" for year in children["entry_year"]],
            "leavingdate": "",
            "senunitindicator": (children["sen_unit"] == "yes").astype(int).astype(str),
            "resourcedprovisionindicator": "0",
        }
    )
    ended = now.head(count // 3).assign(
        placementdetailtableid="E", urn="100000", entrydate="2019-Sep-02 00:00:00", leavingdate="2022-Jul-20 00:00:00"
    )
    first = pd.DataFrame(
        {"activeplanstableid": plans["activeplanstableid"], "sentype": children["need"], "sentyperank": "1"}
    )
    second = first.assign(sentype="HI", sentyperank="2")
    needs = pd.concat([second, first], ignore_index=True).assign(senneedtableid=lambda frame: frame.index.astype(str))
    details = pd.concat([now, ended], ignore_index=True)
    header = pd.DataFrame({"sen2tableid": ["S"], "referencedate": ["2026-Jan-15 00:00:00"]})
    modules = {"sen2": header, "person": person, "requests": requests, "activeplans": plans}
    return MadeReturn(children, {**modules, "placementdetail": details, "senneed": needs})


def _elements(rows: pd.DataFrame, name: str) -> str:
    records = rows.drop(columns=[column for column in rows if column.endswith("tableid")]).to_dict("records")
    inner = ("".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in record.items()) for record in records)
    return "".join(f"<{name}>{fields}</{name}>" for fields in inner)
