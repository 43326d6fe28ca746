"""Which setting and line of a model a row of another team's file is about: by URN, then by name. Nothing is guessed."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd
from rapidfuzz import fuzz, process

from sufficiency.problems import shown
from sufficiency.tables import Tables

BY_URN, BY_NAME, BY_LINE = "by URN", "by name", "by line"
_LIKE = 82.0
"""Of 100: names that look as much alike as this are shown, so that a planner may look; they are never matched."""
_SHOWN = 2


def matched(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """`at` (setting), `line` (blank: the setting as a whole) and `why` for each row with `setting, name` and perhaps
    `line`; `at` is blank where no setting matches, and `why` says what is like it.
    """
    finder = _Finder(tables)
    keys = rows.reindex(columns=["setting", "name", "line"], fill_value="").itertuples(index=False, name=None)
    found = [finder.find(*(str(part) for part in key)) for key in keys]
    return pd.DataFrame(found, columns=["at", "line", "why"], index=rows.index)


def plain_name(name: str) -> str:
    """A name as it is compared: plain letters and digits in lower case, `&` as `and`, `St` as `saint`, no `the`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold().replace("&", " and ")
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’`]", "", plain)).split()
    words = ["saint" if word == "st" else word for word in words]
    return " ".join(words[1:] if words[:1] == ["the"] else words)


class _Finder:
    def __init__(self, tables: Tables) -> None:
        settings = tables.settings
        self.names = {str(code): str(name) for code, name in zip(settings["setting"], settings["name"], strict=True)}
        self.lines = {
            str(line): str(at) for line, at in zip(tables.places["line"], tables.places["setting"], strict=True)
        }
        self.plain: dict[str, list[str]] = {}
        for code, name in self.names.items():
            self.plain.setdefault(plain_name(name), []).append(code)

    def find(self, code: str, name: str, line: str) -> tuple[str, str, str]:
        """Setting, line and why, for the cells of a row."""
        if code and not any(sign.isdigit() for sign in code) and code not in self.names and not name:
            code, name = "", code  # a column called Setting may hold names
        if not code and not name:
            return self._by_line_alone(line)
        at, why = self._setting(code, name)
        if at and line and self.lines.get(line) != at:
            return "", "", f"the setting matches ({at}), but it has no line {shown(line)}"
        return at, line, why

    def _setting(self, code: str, name: str) -> tuple[str, str]:
        if code in self.names:
            return code, BY_URN
        if code:
            return "", f"no setting of the model has this URN{self._alike(name)}"
        same = self.plain.get(plain_name(name), [])
        if len(same) == 1:
            return same[0], BY_NAME
        if same:
            return "", f"several settings have this name ({', '.join(same)}): give the URN"
        return "", f"no setting of the model has this name{self._alike(name)}"

    def _by_line_alone(self, line: str) -> tuple[str, str, str]:
        if not line:
            return "", "", "the row names no setting"
        at = self.lines.get(line, "")
        return (at, line, BY_LINE) if at else ("", "", f"no line of the model is called {shown(line)}")

    def _alike(self, name: str) -> str:
        wanted = plain_name(name)
        near = process.extract(wanted, list(self.plain), scorer=fuzz.token_sort_ratio, score_cutoff=_LIKE, limit=_SHOWN)
        named = [f"{shown(self.names[code])} ({code})" for hit in near for code in self.plain[str(hit[0])]]
        return f"; like {' or '.join(named[:_SHOWN])}: give the URN if it is the same" if wanted and named else ""
