"""From a ledger's file to `Ledger`: its fields, lists, definitions and the words units write.

A pack that extends another adds to the ledgers it inherits; a field it inherits keeps its type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from guatu.declarations.checks import Checks
from guatu.declarations.entries import Entry, is_encoding, no_encoding
from guatu.declarations.ledger import FieldDeclaration, FieldType, Ledger, ListDeclaration, Proportions
from guatu.declarations.located import Place
from guatu.declarations.reading_facts import read_boxes, read_duties, read_links, read_milestones, read_remarks
from guatu.declarations.reading_fields import read_field, union, unknown_field
from guatu.declarations.reading_rounds import read_rounds
from guatu.declarations.rounds import Rounds
from guatu.standards.coordinates import CoordinateSystem
from guatu.text import Text


def read_ledger(entry: Entry, inherited: Mapping[str, Ledger]) -> Ledger:
    """The ledger of a file, over the inherited one of its key; what is wrong with it goes to the entry's problems."""
    key = entry.word("ledger")
    base = inherited.get(key)
    fields = dict(base.fields) if base else {}
    for one in entry.entries("fields"):
        declared = read_field(one, fields)
        fields[declared.key] = declared
    links, link_kinds = read_links(entry, key, base)
    ledger = Ledger(
        key=key,
        title=entry.text("title", default=base.title if base else None),
        item=entry.text("item", default=base.item if base else None),
        fields=fields,
        lists=_lists(entry, base),
        definitions=_definitions(entry, base),
        blanks=_blanks(entry, base),
        no_tags=union(base.no_tags if base else (), entry.words("no_tags")),
        identity=_identity(entry, fields) or (base.identity if base else ()),
        milestones=read_milestones(entry, base.milestones if base else {}),
        duties=read_duties(entry, base.duties if base else {}),
        links=links,
        link_kinds=link_kinds,
        remark_kinds=read_remarks(entry, base.remark_kinds if base else {}),
        visit_boxes=read_boxes(entry, base.visit_boxes if base else {}),
        proportions=_proportions(entry, base),
        rounds=read_rounds(entry, base.rounds if base else Rounds()),
        forecast_from=_forecast(entry, base),
        encoding=_encoding(entry) or (base.encoding if base else None),
        position=_position(entry, fields) or (base.position if base else None),
        address=entry.optional("address") or (base.address if base else None),
        position_system=_position_system(entry) or (base.position_system if base else CoordinateSystem.CGCS2000),
        unit_field=entry.optional("unit_field") or (base.unit_field if base else None),
        date_spellings=_date_spellings(entry) or (base.date_spellings if base else ()),
        checks=base.checks if base else Checks(),
        place=entry.place,
    )
    _check_references(ledger, entry)
    entry.done()
    return ledger


def _lists(entry: Entry, base: Ledger | None) -> dict[str, ListDeclaration]:
    lists = dict(base.lists) if base else {}
    for one in entry.entries("lists"):
        listed = _list(one, lists)
        lists[listed.key] = listed
    return lists


def _definitions(entry: Entry, base: Ledger | None) -> dict[str, tuple[Text, str, Place]]:
    definitions = dict(base.definitions) if base else {}
    for one in entry.entries("definitions"):
        definitions[one.word("key")] = (one.text("title"), one.word("formula"), one.at("formula"))
        one.done()
    return definitions


def _blanks(entry: Entry, base: Ledger | None) -> dict[str, tuple[str, ...]]:
    blanks = dict(base.blanks) if base else {}
    for reason, words in entry.word_lists("blanks").items():
        blanks[reason] = union(blanks.get(reason, ()), words)
    return blanks


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
        unknown_field(entry, "identity", key, fields)
    return identity


def _position(entry: Entry, fields: Mapping[str, FieldDeclaration]) -> tuple[str, str] | None:
    keys = entry.words("position")
    if keys and (len(keys) != 2 or any(key not in fields or fields[key].type is not FieldType.NUMBER for key in keys)):
        entry.wrong(
            "position",
            Text("要写两个小数字段：经度、纬度", "names two number fields: longitude, latitude"),
            Text("写成 position: [longitude, latitude]。", "Write position: [longitude, latitude]."),
        )
        return None
    return (keys[0], keys[1]) if keys else None


def _position_system(entry: Entry) -> CoordinateSystem | None:
    said = entry.optional("position_system")
    if said is not None and said not in list(CoordinateSystem):
        known = ", ".join(CoordinateSystem)
        entry.wrong(
            "position_system",
            Text(f"不认识坐标系“{said}”", f"nobody knows the coordinate system '{said}'"),
            Text(f"写其中之一：{known}。", f"Write one of {known}."),
        )
        return None
    return CoordinateSystem(said) if said is not None else None


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


def _forecast(entry: Entry, base: Ledger | None) -> int | None:
    one = entry.entry("forecast")
    if one is None:
        return base.forecast_from if base else None
    found = one.number("from_last", default=3)
    one.done()
    if found < 2:
        one.wrong(
            "from_last",
            Text("预测至少要看最近 2 期", "a forecast goes on from 2 figures at least"),
            Text("写 2 或更大的整数，例如 from_last: 3。", "Write 2 or more, for instance from_last: 3."),
        )
    return found


def _check_references(ledger: Ledger, entry: Entry) -> None:
    """Every field another declaration points at must exist."""
    named: list[tuple[Place, str | None]] = [
        (entry.at("unit_field"), ledger.unit_field),
        (entry.at("address"), ledger.address),
    ]
    for declared in ledger.fields.values():
        named += [(declared.place, declared.foreign), (declared.place, declared.dated_by)]
    for milestone in ledger.milestones.values():
        named += [(milestone.place, key) for key in (milestone.planned, milestone.actual, milestone.reached)]
    for duty in ledger.duties.values():
        named += [(duty.place, key) for key in duty.fields]
    named += [(entry.at("rounds"), key) for key in ledger.rounds.asks]
    for link in ledger.links.values():
        named += [(link.place, key) for pair in link.same.items() for key in pair]
    for place, key in named:
        if key is not None and key not in ledger.fields:
            unknown_field(entry, "fields", key, ledger.fields, place)


def _list(entry: Entry, known: Mapping[str, ListDeclaration]) -> ListDeclaration:
    key = entry.word("key")
    base = known.get(key)
    declared = ListDeclaration(
        key=key,
        title=entry.text("title", default=base.title if base else None),
        place=entry.place,
        synonyms=union(base.synonyms if base else (), entry.words("synonyms")),
        where=entry.optional("where") or (base.where if base else None),
        was=entry.words("was") or (base.was if base else ()),
    )
    entry.done()
    return declared
