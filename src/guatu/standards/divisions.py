"""Administrative divisions (GB/T 2260): codes, names, parents, retired codes, functional zones, names in use.

Everything known is data beside this module (`data/README.md`); callers add their own aliases and zones.
Divisions are provinces, cities and districts with six-digit codes, and functional zones (功能区), which have no
GB/T 2260 code and are a level of their own.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from guatu.text import Refusal, Text

# Rows that only hold the counties a province administers itself; they are no places.
_GROUPINGS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
_SUFFIX = re.compile("(?:自治区|自治州|自治县|自治旗|地区|林区|特区|[省市区县旗盟])$")


class UnknownDivision(Refusal):
    """No division has this code."""

    def __init__(self, code: str, where: str) -> None:
        super().__init__(
            where,
            Text(f"行政区划代码“{code}”不存在", f"there is no division with the code '{code}'"),
            Text(
                "写 6 位代码；功能区或新区划请在业务包中补充。",
                "Write a six-digit code; add a functional zone or a new division in the pack.",
            ),
        )


class Level(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    FUNCTIONAL_ZONE = "functional_zone"


@dataclass(frozen=True, slots=True)
class Retirement:
    """When a code was abolished, what took its place, and where that is written."""

    year: int
    successors: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Division:
    """One division. `code` has six digits; a functional zone's may be any other key."""

    code: str
    name: str
    level: Level
    parent: str | None
    retired: Retirement | None = None
    aliases: tuple[str, ...] = ()
    """Other names by which it is known everywhere."""

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a division; with a `scope`, known only when looking inside that division."""

    name: str
    code: str
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The divisions a name may mean, by code. One only: `division` is it. A retired one comes when no other fits."""

    candidates: tuple[Division, ...]

    @property
    def division(self) -> Division | None:
        return self.candidates[0] if len(self.candidates) == 1 else None


class Divisions:
    """A table of divisions that looks up by code and by name. Never changed once made."""

    def __init__(self, divisions: Iterable[Division], aliases: Iterable[Alias] = ()) -> None:
        self._by_code = {division.code: division for division in divisions}
        self._aliases = tuple(aliases)
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._short_names: defaultdict[str, set[str]] = defaultdict(set)
        self._retired_names: defaultdict[str, set[str]] = defaultdict(set)
        self._scoped: defaultdict[str, list[Alias]] = defaultdict(list)
        for alias in self._aliases:
            division = self.require(alias.code, where=alias.name)
            if alias.scope:
                self._scoped[alias.name].append(alias)
            elif alias.name not in division.aliases:
                self._by_code[division.code] = replace(division, aliases=(*division.aliases, alias.name))
        for division in self._by_code.values():
            self._index(division)

    def extended(self, divisions: Iterable[Division] = (), aliases: Iterable[Alias] = ()) -> Divisions:
        """This table with more zones and names, which win where codes are equal."""
        return Divisions((*self._by_code.values(), *divisions), (*self._aliases, *aliases))

    def __iter__(self) -> Iterator[Division]:
        """Every division, retired ones too, in the order of the table."""
        return iter(self._by_code.values())

    # -- by code -------------------------------------------------------------------------------------------

    def get(self, code: str) -> Division | None:
        """The division of a code; also of `37`, `3702` and the twelve-digit codes of statistics (370203000000)."""
        if code in self._by_code:
            return self._by_code[code]
        if re.fullmatch(r"[0-9]{2}|[0-9]{4}", code):
            return self._by_code.get(code.ljust(6, "0"))
        if re.fullmatch(r"[0-9]{12}", code):
            return self._by_code.get(code[:6] if code.endswith("000000") else code[:9])
        return None

    def require(self, code: str, *, where: str | None = None) -> Division:
        """As `get`, but an unknown code is `UnknownDivision` at `where` (the code itself, if not given)."""
        division = self.get(code)
        if division is None:
            raise UnknownDivision(code, where or code)
        return division

    def chain(self, code: str) -> tuple[Division, ...]:
        """From the province down to the division itself."""
        division = self.require(code)
        above = self.chain(division.parent) if division.parent else ()
        return (*above, division)

    def children(self, code: str) -> tuple[Division, ...]:
        """The divisions in force directly under this one, by code."""
        parent = self.require(code).code
        found = (division for division in self if division.parent == parent and not division.retired)
        return tuple(sorted(found, key=lambda division: division.code))

    def current(self, code: str) -> tuple[Division, ...]:
        """What a code stands for today: itself, or the successors of a retired one."""
        division = self.require(code)
        if not division.retired:
            return (division,)
        return tuple(now for successor in division.retired.successors for now in self.current(successor))

    def is_within(self, code: str, ancestor: str) -> bool:
        """Whether a division is `ancestor` or lies under it."""
        return self.require(ancestor) in self.chain(code)

    # -- by name -------------------------------------------------------------------------------------------

    def find(self, name: str, within: str | None = None) -> Found:
        """The divisions a name may mean, under `within` if given; never a guess.

        Full names and aliases come first, then names without their 市, 区 or 县 (of two characters at least), then
        names preceded by their province or city (`某某市某某区`), then names of abolished divisions.
        """
        wanted = re.sub(r"\s", "", unicodedata.normalize("NFKC", name))
        return (
            self._found(self._names.get(wanted, set()) | self._scoped_codes(wanted, within), within)
            or self._found(self._short_names.get(wanted, set()), within)
            or self._after_a_parent(wanted, within)
            or self._found(self._retired_names.get(wanted, set()), within)
            or Found(())
        )

    def _index(self, division: Division) -> None:
        if division.retired:
            self._retired_names[division.name].add(division.code)
        elif division.name not in _GROUPINGS:
            for name in (division.name, *division.aliases):
                self._names[name].add(division.code)
            short = _SUFFIX.sub("", division.name)
            if division.level is not Level.FUNCTIONAL_ZONE and 2 <= len(short) < len(division.name):
                self._short_names[short].add(division.code)

    def _scoped_codes(self, name: str, within: str | None) -> set[str]:
        if within is None:
            return set()
        return {
            alias.code for alias in self._scoped.get(name, ()) if alias.scope and self.is_within(within, alias.scope)
        }

    def _found(self, codes: set[str], within: str | None) -> Found | None:
        kept = sorted(code for code in codes if within is None or self.is_within(code, within))
        return Found(tuple(self._by_code[code] for code in kept)) if kept else None

    def _after_a_parent(self, name: str, within: str | None) -> Found | None:
        """Divisions named with their province or city before them, the longest such beginning first."""
        for length in range(len(name) - 1, 1, -1):
            prefix, rest = name[:length], name[length:]
            codes = self._names.get(prefix, set()) | self._short_names.get(prefix, set())
            parents = [code for code in codes if self._by_code[code].level in (Level.PROVINCE, Level.CITY)]
            found = {
                division.code
                for parent in parents
                for division in self.find(rest, parent).candidates
                if division.code != parent
            }
            if kept := self._found(found, within):
                return kept
        return None


@cache
def national_divisions() -> Divisions:
    """The whole country as of the data's date, with the retired codes, zones and aliases met so far."""
    return Divisions(
        (*_provinces_cities_and_districts(), *_zones(), *_retired()),
        (Alias(row["alias"], row["code"], row["scope"] or None) for row in _rows("aliases.csv")),
    )


def all_divisions() -> tuple[Division, ...]:
    """Every place in force in the whole country, functional zones included, each after its parent."""
    return tuple(
        division for division in national_divisions() if not division.retired and division.name not in _GROUPINGS
    )


def _provinces_cities_and_districts() -> Iterator[Division]:
    for row in _rows("provinces.csv"):
        yield Division(row["code"] + "0000", row["name"], Level.PROVINCE, None)
    groupings = set()
    for row in _rows("cities.csv"):
        code, province = row["code"] + "00", row["provinceCode"] + "0000"
        if row["name"] in _GROUPINGS:
            groupings.add(code)
        yield Division(code, row["name"], Level.CITY, province)
    for row in _rows("areas.csv"):
        code, city = row["code"], row["cityCode"] + "00"
        if code == city:  # a city without districts is listed as its own
            continue
        level = Level.FUNCTIONAL_ZONE if code[4] == "7" else Level.DISTRICT
        yield Division(code, row["name"], level, row["provinceCode"] + "0000" if city in groupings else city)


def _zones() -> Iterator[Division]:
    for row in _rows("zones.csv"):
        yield Division(row["key"], row["name"], Level.FUNCTIONAL_ZONE, row["parent"])


def _retired() -> Iterator[Division]:
    for row in _rows("retired.csv"):
        retirement = Retirement(int(row["year"]), tuple(row["successors"].split()), row["source"])
        yield Division(row["code"], row["name"], Level.DISTRICT, row["parent"], retirement)


def _rows(file: str) -> Iterator[Mapping[str, str]]:
    text = files("guatu.standards").joinpath("data", file).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
