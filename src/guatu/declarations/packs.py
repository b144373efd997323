"""A pack: a folder of declarations that make one system, read and checked as a whole.

    pack.yaml         key, title, version, source, effective_from, extends
    ledger.yaml       fields, lists, definitions, blanks (or ledgers/*.yaml when there are several)
    checks.yaml       rules across a row, two rounds, two units, a total (or checks/*.yaml, one for each ledger)
    units.yaml        the unit tree of one place
    goals.yaml        levels of goals, their indicators, and the papers they are signed in
    indicators.yaml   indicators every rulebook of the pack may use
    settings.yaml     values chosen for settings of the rulebooks
    rulebooks/*.yaml  dated, cited rules with worked examples
    documents/*.yaml  templates of circulars and bulletins
    boundaries/*.geojson  outlines of its units, for maps (`guatu.declarations.boundaries`)

A pack may extend others: it adds fields, lists, words and units, and may add synonyms to what it inherits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from guatu.declarations.entries import Entry, Problems, nearest, top_entry
from guatu.declarations.goals import Goals
from guatu.declarations.ledger import Ledger, UnitDeclaration
from guatu.declarations.reading_checks import read_checks
from guatu.declarations.reading_goals import read_goals
from guatu.declarations.reading_ledgers import read_ledger
from guatu.declarations.reading_settings import ChosenSetting, read_settings
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
    settings: tuple[ChosenSetting, ...] = ()
    """Values chosen for the settings of its rulebooks, those of a pack that extends another over the inherited ones."""
    goals: Goals | None = None
    """Its own, or those of the last pack it extends that declares goals."""

    @property
    def folder(self) -> Path:
        return self.folders[0]

    @property
    def ledger(self) -> Ledger:
        """The ledger of a pack that has one; with several, the first declared."""
        return next(iter(self.ledgers.values()))

    def files(self, folder: str, suffix: str = ".yaml") -> dict[str, Path]:
        """Declaration files in a sub-folder by stem, an extending pack's own winning over inherited ones."""
        return _files(self.folders, folder, suffix)

    def chosen(self, rulebook: str) -> tuple[ChosenSetting, ...]:
        """Values chosen for a rulebook's settings."""
        return tuple(one for one in self.settings if one.rulebook == rulebook)

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
        ledger = read_ledger(top_entry(path, problems), ledgers)
        ledgers[ledger.key] = ledger
    for path in _declared(folder, "checks"):
        _add_checks(top_entry(path, problems), ledgers)
    if (folder / "units.yaml").is_file():
        units |= _units(top_entry(folder / "units.yaml", problems), units)
    folders = (folder, *(root for base in bases for root in base.folders))
    settings = tuple({(one.rulebook, one.setting): one for base in bases for one in base.settings}.values())
    if (folder / "settings.yaml").is_file():
        chosen = top_entry(folder / "settings.yaml", problems)
        settings = read_settings(chosen, settings, partial(_files, folders, "rulebooks", ".yaml"))
    goals = next((base.goals for base in reversed(bases) if base.goals is not None), None)
    if (folder / "goals.yaml").is_file():
        goals = read_goals(top_entry(folder / "goals.yaml", problems), ledgers)
    pack = Pack(
        key=entry.word("pack"),
        title=entry.text("title"),
        version=entry.word("version"),
        source=entry.text("source"),
        effective_from=entry.word("effective_from"),
        folders=folders,
        ledgers=ledgers,
        units=units,
        settings=settings,
        goals=goals,
    )
    entry.done()
    return pack


def _files(folders: Sequence[Path], folder: str, suffix: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for root in reversed(folders):
        for path in sorted((root / folder).glob(f"*{suffix}")):
            found[path.stem] = path
    return found


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
