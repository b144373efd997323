"""A pack: a folder of declarations that make one system, read and checked as a whole.

    pack.yaml         key, title, version, source, effective_from, extends
    ledger.yaml       fields, lists, definitions, blanks (or ledgers/*.yaml when there are several)
    checks.yaml       rules across a row, two rounds, two units, a total (or checks/*.yaml, one for each ledger)
    units.yaml        the unit tree of one place
    indicators.yaml   indicators every rulebook of the pack may use
    rulebooks/*.yaml  dated, cited rules with worked examples
    documents/*.yaml  templates of circulars and bulletins

A pack may extend others: it adds fields, lists, words and units, and may add synonyms to what it inherits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from guatu.declarations.checks import Checks
from guatu.declarations.entries import Entry, Problems, is_encoding, nearest, no_encoding, top_entry
from guatu.declarations.ledger import (
    Basis,
    DutyDeclaration,
    FieldDeclaration,
    FieldType,
    Ledger,
    LinkDeclaration,
    ListDeclaration,
    MilestoneDeclaration,
    Proportions,
    UnitDeclaration,
)
from guatu.declarations.located import Place
from guatu.declarations.reading_checks import read_checks
from guatu.text import Refusal, Text


class NoSuchPack(Refusal):
    """No folder and no shipped pack of that name."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack with everything it inherits already merged in."""

    key: str
    title: Text
    version: str
    source: Text
    effective_from: str
    folders: tuple[Path, ...]
    """Its own folder first, then those it extends."""
    ledgers: Mapping[str, Ledger]
    units: Mapping[str, UnitDeclaration]

    @property
    def folder(self) -> Path:
        return self.folders[0]

    @property
    def ledger(self) -> Ledger:
        """The ledger of a pack that has one; with several, the first declared."""
        return next(iter(self.ledgers.values()))

    def files(self, folder: str, suffix: str = ".yaml") -> dict[str, Path]:
        """Declaration files in a sub-folder by stem, an extending pack's own winning over inherited ones."""
        found: dict[str, Path] = {}
        for root in reversed(self.folders):
            for path in sorted((root / folder).glob(f"*{suffix}")):
                found[path.stem] = path
        return found

    def nearest(self, name: str, lacking: Text) -> Path:
        """The pack's own file of this name, or the inherited one; a Refusal says `lacking` where there is none."""
        for root in self.folders:
            if (path := root / name).is_file():
                return path
        raise Refusal(
            f"{self.folder.name}/{name}",
            lacking,
            Text(f"写一份 {name}，或 extends 一个有它的业务包。", f"Write {name}, or extend a pack that has one."),
        )

    def indicators(self) -> tuple[Path, ...]:
        """Indicator files, inherited ones first."""
        return tuple(path for root in reversed(self.folders) if (path := root / "indicators.yaml").is_file())

    def rulebook(self, key: str) -> Path:
        known = self.files("rulebooks")
        if key in known:
            return known[key]
        meant = nearest(key, known)
        raise Refusal(
            f"--rulebook {key}",
            Text(f"业务包“{self.key}”没有这部细则", f"pack '{self.key}' has no such rulebook"),
            Text(
                f"可用：{'、'.join(known) or '（无）'}" + (f"；是不是“{meant}”？" if meant else "。"),
                f"It has: {', '.join(known) or '(none)'}." + (f" Did you mean '{meant}'?" if meant else ""),
            ),
        )


def shipped_packs() -> Path:
    """Where the packs that come with Guatu lie: in the wheel, or in the checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "packs"
    return inside if inside.is_dir() else package.parents[1] / "packs"


def pack_names() -> tuple[str, ...]:
    """Names of the shipped packs."""
    return tuple(sorted(path.parent.name for path in shipped_packs().glob("*/pack.yaml")))


def find_pack(name: str, *, beside: Path | None = None) -> Path:
    """The folder of a pack given by path or by the name of a shipped one."""
    shipped = shipped_packs() / name
    own = [Path(name), shipped] if beside is None else [beside / name, beside.parent / name, shipped, Path(name)]
    for folder in own:
        if (folder / "pack.yaml").is_file():
            return folder
    meant = nearest(name, pack_names())
    raise NoSuchPack(
        name,
        Text("没有这个业务包", "there is no such pack"),
        Text(
            f"给出一个含 pack.yaml 的文件夹，或自带的：{'、'.join(pack_names())}"
            + (f"；是不是“{meant}”？" if meant else "。"),
            f"Give a folder that holds pack.yaml, or a shipped one: {', '.join(pack_names())}."
            + (f" Did you mean '{meant}'?" if meant else ""),
        ),
    )


def load_pack(name: str | Path) -> Pack:
    """Load a pack by folder or shipped name, with all it extends; every problem is listed with its line."""
    problems = Problems()
    pack = _load(find_pack(str(name)), problems, ())
    problems.refuse()
    return pack


def _load(folder: Path, problems: Problems, seen: tuple[Path, ...]) -> Pack:
    entry = top_entry(folder / "pack.yaml", problems)
    if folder in seen:
        entry.wrong(
            "extends",
            Text("业务包互相继承，绕成了圈", "packs extend one another in a circle"),
            Text("去掉其中一个 extends。", "Remove one 'extends'."),
        )
        problems.refuse()
    bases = [_load(find_pack(base, beside=folder), problems, (*seen, folder)) for base in entry.words("extends")]
    ledgers: dict[str, Ledger] = {}
    units: dict[str, UnitDeclaration] = {}
    for base in bases:
        ledgers |= base.ledgers
        units |= base.units
    for path in _declared(folder, "ledger"):
        ledger = _ledger(top_entry(path, problems), ledgers)
        ledgers[ledger.key] = ledger
    for path in _declared(folder, "checks"):
        _add_checks(top_entry(path, problems), ledgers)
    if (folder / "units.yaml").is_file():
        units |= _units(top_entry(folder / "units.yaml", problems), units)
    pack = Pack(
        key=entry.word("pack"),
        title=entry.text("title"),
        version=entry.word("version"),
        source=entry.text("source"),
        effective_from=entry.word("effective_from"),
        folders=(folder, *(root for base in bases for root in base.folders)),
        ledgers=ledgers,
        units=units,
    )
    entry.done()
    return pack


_SEVERAL = {"ledger": "ledgers", "checks": "checks"}


def _declared(folder: Path, name: str) -> list[Path]:
    """The one file of that name, or those of its folder."""
    single = folder / f"{name}.yaml"
    return [single] if single.is_file() else sorted((folder / _SEVERAL[name]).glob("*.yaml"))


def _add_checks(entry: Entry, ledgers: dict[str, Ledger]) -> None:
    key = entry.word("checks")
    if key not in ledgers:
        _unknown_ledger(entry, key, ledgers)
        return
    ledgers[key] = replace(ledgers[key], checks=read_checks(entry, ledgers[key].checks, list(ledgers[key].fields)))


def _unknown_ledger(entry: Entry, key: str, known: Mapping[str, Ledger]) -> None:
    entry.wrong(
        "checks",
        Text(f"没有台账“{key}”", f"there is no ledger '{key}'"),
        Text(f"写台账的键：{'、'.join(known)}。", f"Name the ledger it is about: {', '.join(known)}."),
    )


def _ledger(entry: Entry, inherited: Mapping[str, Ledger]) -> Ledger:
    key = entry.word("ledger")
    base = inherited.get(key)
    fields = dict(base.fields) if base else {}
    for one in entry.entries("fields"):
        declared = _field(one, fields)
        fields[declared.key] = declared
    lists = dict(base.lists) if base else {}
    for one in entry.entries("lists"):
        listed = _list(one, lists)
        lists[listed.key] = listed
    definitions = dict(base.definitions) if base else {}
    for one in entry.entries("definitions"):
        definitions[one.word("key")] = (one.text("title"), one.word("formula"), one.at("formula"))
        one.done()
    blanks = dict(base.blanks) if base else {}
    for reason, words in entry.word_lists("blanks").items():
        blanks[reason] = _union(blanks.get(reason, ()), words)
    ledger = Ledger(
        key=key,
        title=entry.text("title", default=base.title if base else None),
        item=entry.text("item", default=base.item if base else None),
        fields=fields,
        lists=lists,
        definitions=definitions,
        blanks=blanks,
        no_tags=_union(base.no_tags if base else (), entry.words("no_tags")),
        identity=_identity(entry, fields) or (base.identity if base else ()),
        milestones={**(base.milestones if base else {}), **_milestones(entry)},
        duties={**(base.duties if base else {}), **_duties(entry)},
        links={**(base.links if base else {}), **_links(entry)},
        proportions=_proportions(entry, base),
        encoding=_encoding(entry) or (base.encoding if base else None),
        unit_field=entry.optional("unit_field") or (base.unit_field if base else None),
        date_spellings=_date_spellings(entry) or (base.date_spellings if base else ()),
        checks=base.checks if base else Checks(),
        place=entry.place,
    )
    _check_references(ledger, entry)
    entry.done()
    return ledger


def _encoding(entry: Entry) -> str | None:
    encoding = entry.optional("encoding")
    if encoding is not None and not is_encoding(encoding):
        entry.wrong("encoding", *no_encoding(encoding))
        return None
    return encoding


_DAY_PARTS = re.compile(r"(?=.*y)(?=.*m)(?=.*d)(?:yyyy|yy|mm?|dd?)([^a-z0-9]+(?:yyyy|yy|mm?|dd?)){2}")


def _date_spellings(entry: Entry) -> tuple[str, ...]:
    spellings = entry.words("date_spellings")
    for one in spellings:
        if not _DAY_PARTS.fullmatch(one):
            entry.wrong(
                "date_spellings",
                Text(f"“{one}”不是日期写法", f"'{one}' is no way to write a day"),
                Text(
                    "用 d、m、yyyy 写出次序，例如 dd/mm/yyyy、d.m.yy。",
                    "Write d, m and yyyy in order, as dd/mm/yyyy or d.m.yy.",
                ),
            )
    return spellings


def _identity(entry: Entry, fields: Mapping[str, FieldDeclaration]) -> tuple[tuple[str, ...], ...]:
    if not entry.has("identity"):
        return ()
    identity = tuple(tuple(str(key) for key in keys) for keys in entry.mapping["identity"])
    for key in (key for keys in identity for key in keys if key not in fields):
        _unknown(entry, "identity", key, fields)
    return identity


def _proportions(entry: Entry, base: Ledger | None) -> Proportions:
    one = entry.entry("proportions")
    if one is None:
        return base.proportions if base else Proportions()
    found = Proportions(
        beyond_column=one.number("beyond_column", default=0) or None,
        beyond_whole=one.number("beyond_whole", default=0) or None,
    )
    one.done()
    return found


def _milestones(entry: Entry) -> dict[str, MilestoneDeclaration]:
    found: dict[str, MilestoneDeclaration] = {}
    for one in entry.entries("milestones"):
        key = one.word("key")
        found[key] = MilestoneDeclaration(
            key=key,
            title=one.text("title"),
            standard=one.text("standard"),
            source=one.text("source"),
            place=one.place,
            planned=one.optional("planned"),
            actual=one.optional("actual"),
            reached=one.optional("reached"),
        )
        one.done()
    return found


def _duties(entry: Entry) -> dict[str, DutyDeclaration]:
    found: dict[str, DutyDeclaration] = {}
    for one in entry.entries("duties"):
        key = one.word("key")
        found[key] = DutyDeclaration(
            key=key,
            title=one.text("title"),
            place=one.place,
            fields=one.words("fields"),
            required=one.flag("required"),
        )
        one.done()
    return found


def _links(entry: Entry) -> dict[str, LinkDeclaration]:
    found: dict[str, LinkDeclaration] = {}
    for one in entry.entries("links"):
        same = one.entry("same")
        key = one.word("key")
        found[key] = LinkDeclaration(
            key=key,
            title=one.text("title"),
            place=one.place,
            same={own: same.word(own) for own in same.mapping} if same else {},
        )
        if not found[key].same:
            one.wrong(
                "same",
                Text(f"联系“{key}”没有说凭哪些字段", f"link '{key}' does not say by which fields"),
                Text("写成 same: {本行字段: 对方字段}。", "Write same: {field here: field there}."),
            )
        one.done()
    return found


def _check_references(ledger: Ledger, entry: Entry) -> None:
    """Every field another declaration points at must exist."""
    named: list[tuple[Place, str | None]] = [(entry.at("unit_field"), ledger.unit_field)]
    for declared in ledger.fields.values():
        named += [(declared.place, declared.foreign), (declared.place, declared.dated_by)]
    for milestone in ledger.milestones.values():
        named += [(milestone.place, key) for key in (milestone.planned, milestone.actual, milestone.reached)]
    for duty in ledger.duties.values():
        named += [(duty.place, key) for key in duty.fields]
    for link in ledger.links.values():
        named += [(link.place, key) for pair in link.same.items() for key in pair]
    for place, key in named:
        if key is not None and key not in ledger.fields:
            _unknown(entry, "fields", key, ledger.fields, place)


def _unknown(entry: Entry, key: str, name: str, known: Mapping[str, Any], place: Place | None = None) -> None:
    meant = nearest(name, known)
    entry.problems.add(
        place or entry.at(key),
        Text(f"没有字段“{name}”", f"there is no field '{name}'"),
        Text(
            f"是不是“{meant}”？" if meant else "先在 fields 中声明它。",
            f"Did you mean '{meant}'?" if meant else "Declare it under fields first.",
        ),
    )


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _merged(first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {key: _union(first.get(key, ()), second.get(key, ())) for key in {**first, **second}}


def _field(entry: Entry, known: Mapping[str, FieldDeclaration]) -> FieldDeclaration:
    """A new field, or words added to an inherited one (which keeps its type: DESIGN §4a.7)."""
    key = entry.word("key")
    synonyms = entry.words("synonyms")
    states = entry.word_lists("states")
    if key in known:
        base = known[key]
        title = entry.text("title", default=base.title)
        required = entry.flag("required", default=base.required)
        unit = entry.optional("unit") or base.unit
        if entry.has("type"):
            entry.wrong(
                "type",
                Text(f"字段“{key}”的类型不能改", f"the type of inherited field '{key}' cannot change"),
                Text("换一个新键，保留旧字段。", "Declare a new key and keep the old field."),
            )
        entry.done()
        return replace(
            base,
            title=title,
            required=required,
            unit=unit,
            synonyms=_union(base.synonyms, synonyms),
            states=_merged(base.states, states),
        )
    kind = FieldType(entry.word("type", default="text", allowed=[kind.value for kind in FieldType]))
    basis = Basis(entry.word("basis", allowed=[basis.value for basis in Basis])) if entry.has("basis") else None
    declared = FieldDeclaration(
        key=key,
        title=entry.text("title"),
        type=kind,
        place=entry.place,
        synonyms=synonyms,
        unit=entry.optional("unit"),
        unit_holds=entry.flag("unit_holds"),
        several=entry.flag("several"),
        currency=entry.optional("currency"),
        foreign=entry.optional("foreign"),
        measure=entry.optional("measure"),
        basis=basis,
        states=states,
        dated_by=entry.optional("dated_by"),
        required=entry.flag("required"),
        negative=entry.flag("negative"),
        least=entry.number("least", default=0) if entry.has("least") else None,
        most=entry.number("most", default=0) if entry.has("most") else None,
        personal=entry.flag("personal"),
    )
    if kind is FieldType.MONEY and declared.currency is None:
        entry.wrong(
            "type",
            Text(f"金额字段“{key}”没有币种", f"money field '{key}' has no currency"),
            Text("加上 currency: CNY。", "Add currency: CNY."),
        )
    entry.done()
    return declared


def _list(entry: Entry, known: Mapping[str, ListDeclaration]) -> ListDeclaration:
    key = entry.word("key")
    base = known.get(key)
    declared = ListDeclaration(
        key=key,
        title=entry.text("title", default=base.title if base else None),
        place=entry.place,
        synonyms=_union(base.synonyms if base else (), entry.words("synonyms")),
        where=entry.optional("where") or (base.where if base else None),
    )
    entry.done()
    return declared


def _units(entry: Entry, known: Mapping[str, UnitDeclaration]) -> dict[str, UnitDeclaration]:
    units: dict[str, UnitDeclaration] = {}
    for one in entry.entries("units"):
        unit = UnitDeclaration(
            code=one.word("code"),
            title=one.text("title"),
            place=one.place,
            synonyms=one.words("synonyms"),
            parent=one.optional("parent"),
            peers=one.optional("peers"),
        )
        units[unit.code] = unit
        if unit.parent is not None and unit.parent not in units and unit.parent not in known:
            one.wrong(
                "parent",
                Text(f"上级单位“{unit.parent}”还没有声明", f"parent unit '{unit.parent}' is not declared yet"),
                Text("把上级写在下级之前。", "Declare a parent before its children."),
            )
        one.done()
    entry.done()
    return units
