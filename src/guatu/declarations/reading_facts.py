"""What a ledger's file says of dated facts and relations: milestones, duties, links, remarks, visits.

An extending pack may rename an inherited one and change what it demands; what it does not say stays as inherited.
"""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from guatu.declarations.entries import Entry, meant_or
from guatu.declarations.ledger import (
    DutyDeclaration,
    Holder,
    Ledger,
    LinkDeclaration,
    LinkKind,
    MilestoneDeclaration,
    RemarkKind,
    VisitBox,
)
from guatu.text import Text


def read_milestones(entry: Entry, inherited: Mapping[str, MilestoneDeclaration]) -> dict[str, MilestoneDeclaration]:
    """Milestones over those inherited; one that comes after itself, or after one that is not there, is a problem."""
    found = dict(inherited)
    for one in entry.entries("milestones"):
        key = one.word("key")
        base = found.get(key)
        found[key] = MilestoneDeclaration(
            key=key,
            title=one.text("title", default=base.title if base else None),
            standard=one.text("standard", default=base.standard if base else None),
            source=one.text("source", default=base.source if base else None),
            place=one.place,
            planned=one.optional("planned") or (base.planned if base else None),
            actual=one.optional("actual") or (base.actual if base else None),
            reached=one.optional("reached") or (base.reached if base else None),
            after=_after(one, base),
        )
        one.done()
    for milestone in found.values():
        for before in milestone.after:
            if before not in found:
                entry.problems.add(
                    milestone.place,
                    Text(f"没有节点“{before}”", f"there is no milestone '{before}'"),
                    meant_or(before, found, Text("先在 milestones 中声明它。", "Declare it under milestones first.")),
                )
    _no_circle(entry, found)
    return found


def _after(entry: Entry, base: MilestoneDeclaration | None) -> Mapping[str, int]:
    after = entry.entry("after")
    if after is None:
        return base.after if base else {}
    found = {key: after.number(key, default=0) for key in after.mapping}
    for key, days in found.items():
        if days < 0:
            after.wrong(
                key,
                Text(f"间隔不能是 {days} 个工作日", f"{days} working days is no distance"),
                Text("写 0 或更大的整数。", "Give 0 or a larger whole number."),
            )
    return found


def _no_circle(entry: Entry, milestones: Mapping[str, MilestoneDeclaration]) -> None:
    try:
        TopologicalSorter({key: one.after.keys() for key, one in milestones.items()}).prepare()
    except CycleError as error:
        circle = error.args[1]
        place = next((milestones[key].place for key in circle if key in milestones), entry.place)
        entry.problems.add(
            place,
            Text(
                f"节点的先后绕成了圈：{' → '.join(circle)}", f"milestones come after one another: {' -> '.join(circle)}"
            ),
            Text("去掉其中一个 after。", "Take one 'after' away."),
        )


def read_duties(entry: Entry, inherited: Mapping[str, DutyDeclaration]) -> dict[str, DutyDeclaration]:
    """Duty slots over those inherited."""
    found = dict(inherited)
    for one in entry.entries("duties"):
        key = one.word("key")
        base = found.get(key) or DutyDeclaration(key, Text("", ""), one.place)
        found[key] = DutyDeclaration(
            key=key,
            title=one.text("title", default=base.title if key in found else None),
            place=one.place,
            fields=one.words("fields") or base.fields,
            required=one.flag("required", default=base.required),
            held_by=_holders(one) or base.held_by,
            several=one.flag("several", default=base.several),
            level=one.number("level", default=1) if one.has("level") else base.level,
        )
        one.done()
    return found


def _holders(entry: Entry) -> tuple[Holder, ...]:
    known = {holder.value: holder for holder in Holder}
    words = entry.words("held_by")
    for word in words:
        if word not in known:
            entry.wrong(
                "held_by",
                Text(f"不认识“{word}”", f"'{word}' is nobody who holds a duty"),
                Text(f"可用：{'、'.join(known)}。", f"Use: {', '.join(known)}."),
            )
    return tuple(known[word] for word in words if word in known)


def read_remarks(entry: Entry, inherited: Mapping[str, RemarkKind]) -> dict[str, RemarkKind]:
    """Books of remarks over those inherited; one of them at most is that of visits."""
    found = dict(inherited)
    for one in entry.entries("remarks"):
        key = one.word("key")
        base = found.get(key)
        found[key] = RemarkKind(
            key=key,
            title=one.text("title", default=base.title if base else None),
            place=one.place,
            of_visits=one.flag("of_visits", default=base.of_visits if base else False),
        )
        one.done()
    for again in [kind for kind in found.values() if kind.of_visits][1:]:
        entry.problems.add(
            again.place,
            Text(
                f"“{again.key}”之前已有记走访的",
                f"what is seen on a visit goes into another one than '{again.key}' already",
            ),
            Text("只留一处 of_visits: true。", "Keep of_visits: true in one place."),
        )
    return found


def read_boxes(entry: Entry, inherited: Mapping[str, VisitBox]) -> dict[str, VisitBox]:
    """What is ticked on a visit, over what is inherited."""
    found = dict(inherited)
    for one in entry.entries("visit_boxes"):
        key = one.word("key")
        base = found.get(key)
        found[key] = VisitBox(key, one.text("title", default=base.title if base else None), one.place)
        one.done()
    return found


def read_links(
    entry: Entry, ledger: str, base: Ledger | None
) -> tuple[dict[str, LinkDeclaration], dict[str, LinkKind]]:
    """Links over those inherited: by fields that hold the same (`same`), and those people state (`to`)."""
    by_fields = dict(base.links) if base else {}
    kinds = dict(base.link_kinds) if base else {}
    for one in entry.entries("links"):
        key = one.word("key")
        same = one.entry("same")
        if same is not None or (key not in kinds and not one.has("to")):
            by_fields[key] = _by_fields(one, key, same)
        else:
            kinds[key] = _kind(one, key, ledger, kinds.get(key))
        one.done()
    return by_fields, kinds


def _by_fields(entry: Entry, key: str, same: Entry | None) -> LinkDeclaration:
    found = LinkDeclaration(
        key=key,
        title=entry.text("title"),
        place=entry.place,
        same={own: same.word(own) for own in same.mapping} if same else {},
    )
    if not found.same:
        entry.wrong(
            "same",
            Text(
                f"联系“{key}”没有说凭哪些字段，也没有说连到哪本台账",
                f"link '{key}' says neither by which fields nor to which ledger",
            ),
            Text(
                "写成 same: {本行字段: 对方字段}，或 to: [台账]。",
                "Write same: {field here: field there}, or to: [ledger].",
            ),
        )
    return found


def _kind(entry: Entry, key: str, ledger: str, base: LinkKind | None) -> LinkKind:
    return LinkKind(
        key=key,
        title=entry.text("title", default=base.title if base else None),
        back=entry.text("back", default=base.back if base else None),
        to=tuple(ledger if one == "this" else one for one in entry.words("to")) or (base.to if base else ()),
        place=entry.place,
        acyclic=entry.flag("acyclic", default=base.acyclic if base else False),
        single=entry.flag("single", default=base.single if base else False),
    )
