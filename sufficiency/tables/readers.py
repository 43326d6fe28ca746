"""How one cell is read, by the kind of its column: text in, a value or a `Fault` out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sufficiency.codes import LEVELS, NEEDS, SCHOOL_PHASES, SETTING_TYPES, normal_code
from sufficiency.problems import did_you_mean, shown, unseen_sign
from sufficiency.tables.fault import Fault
from sufficiency.tables.numbers import age_alone, largest, out_of_range, plain_number
from sufficiency.tables.phase_words import ages_or_year_groups, phase_codes, whole_phases, year_groups
from sufficiency.tables.words import NEED_HINTS, NEED_WORDS, PHASE_HINTS, PHASE_WORDS, TYPE_HINTS, TYPE_WORDS, means_any
from sufficiency.tables.years import date_in, year_of

if TYPE_CHECKING:
    from sufficiency.model import Model
    from sufficiency.tables.schema.columns import Column

Reader = Callable[[str], Any]
"""Takes the trimmed text of a cell that is not blank; gives its value, or a `Fault`."""

_EXCEL_ERRORS = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!)", re.IGNORECASE
)


def reader_of(column: Column, model: Model) -> Reader:
    """The reader of a column's cells."""
    read = _READERS[column.kind](column, model)

    def checked(text: str) -> Any:
        if text.startswith("#") and _EXCEL_ERRORS.fullmatch(text):
            return Fault("an Excel error", "fix the formula in the workbook, then save it again")
        unseen = unseen_sign(text)
        if unseen:
            return Fault(f"it contains an invisible character ({unseen})", "delete the cell and type it again")
        return read(text)

    return checked


def _id_reader(column: Column, model: Model) -> Reader:
    if column.blank:
        return lambda text: _code(text, _NO_CODE) if text.casefold() in _NO_CODE or not text.isalnum() else text
    return lambda text: text if text.isalnum() else _code(text)


_NO_CODE = frozenset({"n/a", "#n/a", "none", "nil", "null", "nan", "-", "–", "—", "tbc", "tba", "any", "all"})


def _code(text: str, blanks: frozenset[str] = frozenset()) -> str | Fault:
    """A code as it is meant: Excel's `113842.0` is 113842, and its `1.13842E+05` may be one of many. `blanks`: words
    that people write where a cell should be empty.
    """
    if text.casefold() in blanks:
        return Fault("not a code", "leave the cell empty")
    if re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", text):
        fix = "format the column as Text and take the code from its source again"
        return Fault("a code turned into a rounded number: its last digits may be lost", fix)
    return text.partition(".")[0] if re.fullmatch(r"\d+\.0+", text) else text


def _text_reader(column: Column, model: Model) -> Reader:
    return _budget_line if column.name.endswith("budget_line") else lambda text: text


def _budget_line(text: str) -> str | Fault:
    """A section 251 line, of which Excel makes a date: 1.2.1 is 1 February 2001 to it."""
    day = date_in(text)
    if day is None:
        return text
    typed = f"{day.day}.{day.month}.{day.year % 100}"
    return Fault(f"a date: Excel makes one of {typed}", f"format the column as Text and type {typed} again")


def _number_reader(column: Column, model: Model) -> Reader:
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    most = largest(column)
    whole = column.unit in {"years", "NCY"}

    def read(text: str) -> float | Fault:
        number = plain_number(age_alone(text) if whole else text, column)
        if isinstance(number, Fault):
            return number
        if not (low <= number <= high and abs(number) <= most):
            return out_of_range(number, column)
        if whole and number % 1:
            return Fault("not a whole year", "give the age or year group at the start of the academic year")
        return number

    return read


def _year_reader(column: Column, model: Model) -> Reader:
    return lambda text: year_of(text, column, model)


_YES = {"true", "yes", "y", "1", "1.0", "t"}
_NO = {"false", "no", "n", "0", "0.0", "f"}


def _flag_reader(column: Column, model: Model) -> Reader:
    def read(text: str) -> bool | Fault:
        word = text.casefold()
        if word in _YES or word in _NO:
            return word in _YES
        return Fault("neither true nor false", "write true or false")

    return read


def _need_code(word: str) -> str | Fault:
    code = word.upper()
    if code in NEEDS:
        return code
    plain = normal_code(word)
    if plain in NEED_WORDS:
        return NEED_WORDS[plain]
    fix = f"give {NEED_HINTS[plain]}" if plain in NEED_HINTS else did_you_mean(word, NEEDS)
    return Fault("not a primary need code", fix)


def _need_reader(column: Column, model: Model) -> Reader:
    return _any_is_blank(_need_code, column)


def _any_is_blank(read: Reader, column: Column) -> Reader:
    return lambda text: "" if column.blank and means_any(text, column.kind) else read(text)


def _type_reader(column: Column, model: Model) -> Reader:
    def read(text: str) -> str | Fault:
        code = normal_code(text)
        if code in SETTING_TYPES:
            return code
        if code in TYPE_WORDS:
            return TYPE_WORDS[code]
        fix = f"give {TYPE_HINTS[code]}" if code in TYPE_HINTS else did_you_mean(code, SETTING_TYPES)
        return Fault("not a setting type", fix)

    return _any_is_blank(read, column)


def _level_code(word: str) -> str | Fault:
    code = normal_code(word)
    return code if code in LEVELS else Fault("not a level of provision", did_you_mean(code, LEVELS))


def _level_reader(column: Column, model: Model) -> Reader:
    return _any_is_blank(_level_code, column)


def _phase_reader(column: Column, model: Model) -> Reader:
    def read(text: str) -> str | Fault:
        codes = phase_codes(text, model)
        if isinstance(codes, Fault):
            return codes
        # a cost may hold for several phases: apart by spaces here, a row for each once the table is complete
        if len(codes) == 1 or column.blank:
            return " ".join(codes)
        return Fault("several phases in one row", "give each phase its own row")

    return _any_is_blank(read, column)


def several(text: str, known: Callable[[str], bool]) -> list[str]:
    """The words of a cell that lists codes: apart by spaces, commas, semicolons, `&` or `and`; `post 16` stays one
    word where it is known.
    """
    if known(text):
        return [text]
    words: list[str] = []
    for listed in re.split(r"[,;|\n]+", text):
        parts = [listed] if known(listed.strip()) else re.split(r"[/+&]+|\band\b", listed)
        for part in parts:
            words += [part.strip()] if known(part.strip()) else part.split()
    return words


def _list_reader(
    read_one: Reader, known: Callable[[str], bool], order: Iterable[str], when_any: tuple[str, ...], kind: str
) -> Reader:
    rank = {code: position for position, code in enumerate(order)}

    def read(text: str) -> tuple[str, ...] | Fault:
        if means_any(text, kind):
            return when_any
        codes: set[str] = set()
        for word in several(text, known):
            value = read_one(word)
            if isinstance(value, Fault):
                return _about(word, text, value)
            codes |= {value} if isinstance(value, str) else set(value)
        return tuple(sorted(codes, key=rank.__getitem__))

    return read


def _about(word: str, text: str, fault: Fault) -> Fault:
    return fault if word == text else Fault(f"{shown(word)} is {fault.what}", fault.fix)


def _needs_reader(column: Column, model: Model) -> Reader:
    def known(word: str) -> bool:
        return word.upper() in NEEDS or normal_code(word) in {*NEED_WORDS, *NEED_HINTS}

    return _list_reader(_need_code, known, NEEDS, tuple(NEEDS), column.kind)


def _phases_reader(column: Column, model: Model) -> Reader:
    codes = tuple(phase.code for phase in model.phase_list)
    names = {*codes, *SCHOOL_PHASES, *PHASE_WORDS, *PHASE_HINTS}

    def known(word: str) -> bool:
        return normal_code(word) in names or year_groups(word) is not None

    by_word = _list_reader(lambda word: phase_codes(word, model), known, codes, codes, column.kind)

    def read(text: str) -> tuple[str, ...] | Fault:
        words = several(text, known)
        groups = [year_groups(word) for word in words]
        spans = [span for span in groups if span is not None and not any(map(ages_or_year_groups, words))]
        if len(spans) == len(groups) > 1:  # year groups one by one are whole phases together
            return whole_phases({ncy for first, last in spans for ncy in range(first, last + 1)}, model.phase_list)
        codes_or_fault: tuple[str, ...] | Fault = by_word(text)
        return codes_or_fault

    return read


def _levels_reader(column: Column, model: Model) -> Reader:
    return _list_reader(_level_code, lambda word: normal_code(word) in LEVELS, LEVELS, (), column.kind)


def _ids_reader(column: Column, model: Model) -> Reader:
    return lambda text: tuple(dict.fromkeys(several(text, lambda _: False)))


def _numbers_reader(column: Column, model: Model) -> Reader:
    def read(text: str) -> tuple[float, ...] | Fault:
        numbers: list[float] = []
        for word in several(text, lambda _: False):
            number = plain_number(word, column)
            if isinstance(number, Fault):
                return _about(word, text, number)
            if not 0 <= number <= 1:
                return _about(word, text, Fault("not a share from 0 to 1", "write shares, such as 0.3 0.6 1"))
            numbers.append(number)
        return tuple(numbers)

    return read


_READERS: dict[str, Callable[[Column, Model], Reader]] = {
    "id": _id_reader,
    "text": _text_reader,
    "need": _need_reader,
    "phase": _phase_reader,
    "level": _level_reader,
    "type": _type_reader,
    "year": _year_reader,
    "number": _number_reader,
    "flag": _flag_reader,
    "needs": _needs_reader,
    "phases": _phases_reader,
    "levels": _levels_reader,
    "ids": _ids_reader,
    "numbers": _numbers_reader,
}


def blank_value(column: Column, model: Model) -> Any:
    """What a blank cell of a column reads as."""
    if column.default == "" and column.kind in {"needs", "phases"}:
        return ()
    if column.default is not None:
        return column.default
    if column.kind in {"number", "year"}:
        return math.nan
    if column.kind == "needs":
        return tuple(NEEDS)
    if column.kind == "phases":
        return tuple(phase.code for phase in model.phase_list)
    if column.kind == "numbers":
        return (1.0,)
    if column.kind in {"levels", "ids"}:
        return ()
    return False if column.kind == "flag" else ""


__all__ = ["Fault", "Reader", "blank_value", "reader_of", "several"]
