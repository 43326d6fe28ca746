"""How one cell is read, by the kind of its column: text in, a value or a `Fault` out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sufficiency.codes import LEVELS, NEEDS, SCHOOL_PHASES, SETTING_TYPES, normal_code
from sufficiency.phases import phases_named
from sufficiency.problems import did_you_mean, share_for, shown, unseen_sign
from sufficiency.tables.words import NEED_WORDS, PHASE_WORDS, TYPE_WORDS

if TYPE_CHECKING:
    from sufficiency.model import Model
    from sufficiency.tables.schema.columns import Column

LARGEST_NUMBER, MOST_POUNDS_EACH, MOST_CHILDREN, LONGEST_JOURNEY = 1e12, 1e9, 1e5, 1e4
"""Children or places in one cell of a table (an assumption): more is a slip of the pen."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_NUMBER = 40
"""Letters of a cell in which a number is looked for that was meant."""


@dataclass(frozen=True)
class Fault:
    """Why a cell cannot be read, and the likely mend."""

    what: str
    mend: str = ""


Reader = Callable[[str], Any]
"""Takes the trimmed text of a cell that is not blank; gives its value, or a `Fault`."""

_EXCEL_ERRORS = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!)", re.IGNORECASE
)
_SUPPRESSED = {"c", "x", "z", "*", "..", "low", "supp", "[c]", "[x]", "[z]", "<5", "<10", "<6", "~"}
_NOTHING = {"n/a", "na", "nan", "null", "none", "nil", "-", "–", "—", "?", "tbc", "tba", "."}


def reader_of(column: Column, model: Model) -> Reader:
    """The reader of a column's cells."""
    read = _READERS[column.kind](column, model)

    def checked(text: str) -> Any:
        if text.startswith("#") and _EXCEL_ERRORS.fullmatch(text):
            return Fault("an Excel error", "mend the formula in the workbook, then save it again")
        unseen = unseen_sign(text)
        if unseen:
            return Fault(f"a sign in it is not seen ({unseen})", "delete the cell and type it again")
        return read(text)

    return checked


def _id_reader(column: Column, model: Model) -> Reader:
    return lambda text: text.partition(".")[0] if re.fullmatch(r"\d+\.0+", text) else text


def _text_reader(column: Column, model: Model) -> Reader:
    return lambda text: text


def _number_reader(column: Column, model: Model) -> Reader:
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    largest = _largest(column)

    def read(text: str) -> float | Fault:
        number = plain_number(text, column)
        if isinstance(number, Fault) or (low <= number <= high and abs(number) <= largest):
            return number
        return _out_of_range(number, column)

    return read


def _largest(column: Column) -> float:
    """Beyond what a number of its unit is a slip: children, km or minutes, £ a child, a place or a year."""
    if column.unit in {"children", "places"}:
        return MOST_CHILDREN
    if column.unit in {"km", "minutes"}:
        return LONGEST_JOURNEY
    return MOST_POUNDS_EACH if column.unit.startswith("£/") else LARGEST_NUMBER


def plain_number(text: str, column: Column) -> float | Fault:
    """The number in a cell: plain, with thousands separators or with a pound sign."""
    try:
        number = float(text)
        if math.isfinite(number) and "_" not in text and text.isascii():
            return number
    except ValueError:
        pass
    bare = text.replace("\u2212", "-").replace("\u00a0", "").replace(" ", "")
    bare = re.sub(r"^(-?)(?:£|GBP)", r"\1", bare)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", bare, re.ASCII):
        number = float(bare)
        if math.isfinite(number):
            return number
    return _not_a_number(text, bare, column)


def _not_a_number(text: str, bare: str, column: Column) -> Fault:
    word = bare.casefold()
    if re.fullmatch(r"[+-]?(inf|infinity|\d+e\d+)", word):
        return Fault("not a finite number", "leave the cell empty" if column.blank else "give a number")
    if word in _NOTHING:
        return Fault("not a number", "leave the cell empty" if column.blank else "give a number, 0 where there is none")
    if word in _SUPPRESSED:
        return Fault("a suppressed figure, not a number", "give an estimate of it, such as 3")
    percent = re.fullmatch(r"(-?\d+(?:\.\d+)?)%", bare)
    if percent:
        return Fault("a percentage, not a number", f"write {float(percent[1]) / 100:g}")
    thousands = re.fullmatch(r"(\d+(?:\.\d+)?)([km])", word)
    if thousands:
        return Fault("not a number", f"write {float(thousands[1]) * (1e3 if thousands[2] == 'k' else 1e6):.0f}")
    brackets = re.fullmatch(r"\(£?([\d,]+(?:\.\d+)?)\)", bare)
    if brackets:
        return Fault("not a number", f"write -{brackets[1].replace(',', '')} for an amount below 0")
    if re.fullmatch(r"-?\d+,\d{1,2}", bare):
        return Fault("not a number", f"write {bare.replace(',', '.')}")
    inside = re.findall(r"-?\d[\d,]*(?:\.\d+)?", text) if len(text) <= LONGEST_NUMBER else []
    return Fault(
        "not a number",
        f"write the number alone: {inside[0]}" if len(inside) == 1 else "write a number, such as 12.5",
    )


def _out_of_range(number: float, column: Column) -> Fault:
    if abs(number) > _largest(column):
        return Fault("too large to be true", "check the number")
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return Fault(f"must be between {low:g} and {high:g}", share_for(number) if high == 1 else "")
    if low is not None and number < low:
        return Fault(f"must be {low:g} or more" if low else "a number below 0", "" if low else "give 0 or more")
    return Fault(f"must be {high:g} or less")


def _year_reader(column: Column, model: Model) -> Reader:
    first = FIRST_YEAR if column.minimum is None else int(column.minimum)
    month = "April" if column.name == "financial_year" else "September"
    start = f"year of the {month} in which it starts"

    def read(text: str) -> float | Fault:
        if column.default is not None and text == f"{column.default}":
            return float(column.default)
        written = re.fullmatch(r"(\d{4})(?:\.0+)?(?:\s*[/–-]\s*(\d{2}|\d{4}))?", text, re.ASCII)
        if not written:
            inside = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
            return Fault("not a year", f"write the {start}, such as {inside[0] if inside else model.years[0]}")
        year = int(written[1])
        if written[2] and int(written[2]) not in {year + 1, (year + 1) % 100}:
            return Fault("not one academic year", f"write {year} for {year}/{(year + 1) % 100:02d}")
        if not first <= year <= LAST_YEAR:
            return Fault(f"a year outside {first}–{LAST_YEAR}", f"write the {start}, such as {model.years[0]}")
        return float(year)

    return read


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
    meant = NEED_WORDS.get(normal_code(word))
    mend = f"did you mean {shown(meant)}?" if meant else did_you_mean(word, NEEDS)
    return Fault("not a primary need code", mend)


def _need_reader(column: Column, model: Model) -> Reader:
    return _any_is_blank(_need_code, column)


def _any_is_blank(read: Reader, column: Column) -> Reader:
    return lambda text: "" if column.blank and text.casefold() in {"any", "all"} else read(text)


def _type_reader(column: Column, model: Model) -> Reader:
    def read(text: str) -> str | Fault:
        code = normal_code(text)
        if code in SETTING_TYPES:
            return code
        label = next((known for known, words in SETTING_TYPES.items() if normal_code(words) == code), None)
        meant = TYPE_WORDS.get(code, label)
        mend = f"did you mean {shown(meant)}?" if meant else did_you_mean(code, SETTING_TYPES)
        return Fault("not a setting type", mend)

    return _any_is_blank(read, column)


def _level_code(word: str) -> str | Fault:
    code = normal_code(word)
    return code if code in LEVELS else Fault("not a level of provision", did_you_mean(code, LEVELS))


def _level_reader(column: Column, model: Model) -> Reader:
    return _any_is_blank(_level_code, column)


def _phase_codes(word: str, model: Model) -> tuple[str, ...] | Fault:
    """The phases of one word: a code, a range of year groups, or a school phase where year groups are the
    phases.
    """
    phases = model.phase_list
    bare = word.removesuffix(".0")
    named = phases_named(bare, phases)
    if named is not None:
        return named
    codes = [phase.code for phase in phases]
    listed = codes if model.phases != "year_groups" else [*SCHOOL_PHASES, "a year group from -4 to 20"]
    meant = PHASE_WORDS.get(normal_code(word))
    if meant in codes:
        return Fault("not a phase of the model", f"did you mean {shown(str(meant))}?")
    year_group = re.fullmatch(r"(?:y|yr|year|ncy)?_?(-?\d+)", normal_code(bare))
    holding = next((p.code for p in phases if year_group and p.first <= int(year_group[1]) <= p.last), None)
    if holding is not None:
        return Fault("not a phase of the model", f"that year group is in {shown(holding)}")
    if re.fullmatch(r"-?\d+--?\d+", bare) or normal_code(word) in SCHOOL_PHASES:
        return Fault("not whole phases of the model", f"use one of: {', '.join(listed)}")
    return Fault(
        "not a phase of the model",
        did_you_mean(normal_code(word), codes, f"use one of: {', '.join(listed[:12])}"),
    )


def _phase_reader(column: Column, model: Model) -> Reader:
    def read(text: str) -> str | Fault:
        codes = _phase_codes(text, model)
        if isinstance(codes, Fault):
            return codes
        # a cost may hold for several phases: apart by spaces here, a row for each once the table is complete
        if len(codes) == 1 or column.blank:
            return " ".join(codes)
        return Fault("several phases in one row", "give each phase its own row")

    return _any_is_blank(read, column)


def several(text: str, known: Callable[[str], bool]) -> list[str]:
    """The words of a cell that lists codes: apart by spaces, commas or semicolons; `post 16` stays one word
    where it is known.
    """
    words: list[str] = []
    for part in re.split(r"[,;|/+\n]+", text):
        if known(part.strip()):
            words.append(part.strip())
        else:
            words.extend(part.split())
    return words


def _list_reader(
    read_one: Reader,
    known: Callable[[str], bool],
    order: Iterable[str],
    when_any: tuple[str, ...],
    phrases: Container[str] = (),
) -> Reader:
    rank = {code: position for position, code in enumerate(order)}

    def read(text: str) -> tuple[str, ...] | Fault:
        if text.casefold() in {"any", "all"}:
            return when_any
        codes: set[str] = set()
        for word in several(text, known):
            found = read_one(word)
            if isinstance(found, Fault):
                return read_one(text) if normal_code(text) in phrases else _about(word, text, found)
            codes |= {found} if isinstance(found, str) else set(found)
        return tuple(sorted(codes, key=rank.__getitem__))

    return read


def _about(word: str, text: str, fault: Fault) -> Fault:
    return fault if word == text else Fault(f"{shown(word)} is {fault.what}", fault.mend)


def _needs_reader(column: Column, model: Model) -> Reader:
    return _list_reader(_need_code, lambda word: word.upper() in NEEDS, NEEDS, tuple(NEEDS), NEED_WORDS)


def _phases_reader(column: Column, model: Model) -> Reader:
    codes = tuple(phase.code for phase in model.phase_list)
    names = {*codes, *SCHOOL_PHASES}
    return _list_reader(
        lambda word: _phase_codes(word, model),
        lambda word: normal_code(word) in names,
        codes,
        codes,
        PHASE_WORDS,
    )


def _levels_reader(column: Column, model: Model) -> Reader:
    return _list_reader(_level_code, lambda word: normal_code(word) in LEVELS, LEVELS, ())


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
