"""Which items of a ledger are asked for: the same words for pages, exports and programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.datastructures import MultiValueDict

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Unit, UnitAncestry, below
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.roles import Permission
from guatu.hub.composed import ByKey
from guatu.hub.ledger.encodings import Json, WrongValue, accepted
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.indexing import DeclaredValue
from guatu.hub.ledger.models import Item, Ledger, Milestone
from guatu.hub.ledger.models.items import ItemQuerySet, ItemState
from guatu.hub.ledger.models.milestones import Fact
from guatu.hub.ledger.packs import declared
from guatu.text import Refusal, Text

FEW = 50
"""Units under one that are named to the database, rather than looked for there."""
_LOOKUPS = {"is": "", "from": "__gte", "to": "__lte", "lacks": "__isnull"}
NONE = "-"
"""In place of a milestone: none was reached."""
_YEAR = re.compile("[12][0-9]{3}")
_ORDERED = (FieldType.INTEGER, FieldType.MONEY, FieldType.AREA, FieldType.DATE)


class WrongCondition(Refusal):
    """A condition on a field that cannot be asked."""

    def __init__(self, said: str, ledger: LedgerDeclaration) -> None:
        known = ", ".join(key for key, one in facts_of(ledger).items() if one.filterable) or "—"
        super().__init__(
            said[:80],
            Text("不能这样筛选", "cannot be asked"),
            Text(
                f"写成 字段:is:值 或 字段:lacks:，金额、面积、整数和日期还可用 from、to；可筛选的字段：{known}。",
                f"Write field:is:value or field:lacks:; money, areas, whole numbers and days also take from and to. Fields: {known}.",
            ),
        )


@dataclass(frozen=True, slots=True)
class ItemsAsked:
    """Words to find them by, a unit with all under it, a list they are on, their state; blank asks nothing, state apart.

    `where` holds conditions on filterable fields, `field:is:value`, `field:from:value`, `field:to:value` or `field:lacks:`,
    values as the ledger keeps them; all of them hold. `reached` asks for items whose last milestone reached, in the ledger's
    order, is this one; `NONE` for those that reached none. `left` asks for those withdrawn or merged in a year. `since` asks
    for what was changed after a sequence number, whatever its state.
    """

    q: str = ""
    unit: int | None = None
    list: str = ""
    state: str = ItemState.ACTIVE.value
    where: tuple[str, ...] = ()
    since: int | None = None
    reached: str = ""
    light: str = ""
    """A severity: items whose light in the latest round judged is this one."""
    left: int | None = None

    @classmethod
    def of(cls, said: Mapping[str, str]) -> ItemsAsked:
        """From an address or a form (`request.GET`, whose `where` may come several times); a unit or state that cannot be
        is not asked for."""
        words = {name: _plain(said.get(name, "")) for name in ("q", "unit", "list", "state", "reached", "left")}
        state = words["state"] if words["state"] in ItemState.values else ItemState.ACTIVE.value
        conditions = said.getlist("where") if isinstance(said, MultiValueDict) else [said.get("where", "")]
        where = tuple(dict.fromkeys(plain for one in conditions if (plain := _plain(one))))
        left = int(words["left"]) if _YEAR.fullmatch(words["left"]) else None
        return cls(
            words["q"],
            whole_number(words["unit"]),
            words["list"],
            state,
            where,
            reached=words["reached"],
            light=_word(said, "light"),
            left=left,
        )

    def said(self) -> dict[str, str]:
        """As an address says it: what is asked, no blanks."""
        plain = {name: value for name in _NAMES if (value := getattr(self, name)) not in (None, "", ())}
        words = {name: " ".join(value) if isinstance(value, tuple) else str(value) for name, value in plain.items()}
        return {name: value for name, value in words.items() if (name, value) != ("state", ItemState.ACTIVE)}

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """As an address or the hidden fields of a form say it, `where` once for each condition."""
        plain = ((name, value) for name, value in self.said().items() if name != "where")
        return (*plain, *(("where", one) for one in self.where))

    def items(self, ledger: Ledger, actor: Actor) -> ItemQuerySet:
        """Those of a ledger that the actor may see, in no order."""
        return self._of(ledger, seen_by(actor))

    def items_and_name(self, ledger: Ledger, actor: Actor) -> tuple[ItemQuerySet, Hashable | None]:
        """The items, and what names them for `fold`: none where accesses, judged rounds or many units have a say in which
        they are. Few units are named themselves, for a unit may come to stand under another."""
        if not sees_everything(actor):
            return self._of(ledger, Item.objects.visible_to(actor)), None
        units = _few_below(self.unit) if self.unit is not None else None
        named = not self.light and (self.unit is None or units is not None)
        found = self._of(ledger, Item.objects.all(), units)
        return found, (ledger.pk, ledger.pack_id, self, units) if named else None

    def _of(self, ledger: Ledger, seen: ItemQuerySet, units: tuple[int, ...] | None = None) -> ItemQuerySet:
        found = seen.filter(ledger=ledger).found_by(self.q)
        if self.left is not None:
            found = found.filter(left_on__year=self.left)
        if self.since is not None:
            found = found.filter(sequence__gt=self.since)
        elif self.left is None or self.state != ItemState.ACTIVE:
            found = found.filter(state=self.state)
        if self.where:
            asked = conditions(declared(ledger), self.where)
            values = {f"value_of_{key}": DeclaredValue(key, "values") for key, _ in asked}
            found = found.alias(**values).filter(
                **{f"value_of_{key}{_LOOKUPS[way]}": value for (key, way), value in asked.items()}
            )
        if self.unit is not None:
            found = found.filter(unit__in=units if units is not None else below([self.unit]))
        if self.reached:
            found = found.filter(reached_last(declared(ledger), self.reached))
        if self.light:
            found = _by_light[0](found, ledger, self.light)
        return found.on_list(self.list) if self.list else found


_NAMES = tuple(one.name for one in fields(ItemsAsked))


def _plain(said: str) -> str:
    """Without blanks around it, nor the null character, which no database takes."""
    return said.replace("\0", "").strip()


ByLight = Callable[[ItemQuerySet, Ledger, str], ItemQuerySet]
_by_light: list[ByLight] = [lambda items, ledger, light: items.none()]


def lights_narrow(by: ByLight) -> None:
    """How `light` narrows items is known by the layer above, which judges rounds; it says so as the site starts."""
    _by_light[0] = by


def _word(said: Mapping[str, str], name: str) -> str:
    """A key an address says; what cannot be one is not asked for."""
    word = said.get(name, "").strip()
    return word if word.isidentifier() else ""


@ByKey
def _first_below(unit: Any) -> Any:
    """The ids of a unit and those under it, one more than are few."""
    under = UnitAncestry.objects.filter(ancestor=unit).order_by("descendant_id")
    return under.values_list("descendant_id", flat=True)[: FEW + 1]


def _few_below(unit: int) -> tuple[int, ...] | None:
    """A unit and all under it, as the tree is now; none where they are many."""
    found = tuple(_first_below.all(unit))
    return found if len(found) <= FEW else None


def seen_by(actor: Actor) -> ItemQuerySet:
    """Items the actor may see; of whoever sees every item, no item is asked about one by one."""
    return Item.objects.all() if sees_everything(actor) else Item.objects.visible_to(actor)


@ByKey
def _other_tops(tops: Any) -> Any:
    """Units at the top of the tree that are none of these."""
    return Unit.objects.filter(parent=None).exclude(pk__in=tops).values_list("pk", flat=True)[:1]


def sees_everything(actor: Actor) -> bool:
    """Whether the actor sees every unit there is, and with them every item."""
    tops = actor.units_with(Permission.SEE_ITEMS)
    return bool(tops) and not _other_tops.all(tuple(sorted(tops)))


def reached_last(ledger: LedgerDeclaration, key: str) -> Q:
    """Items that reached this milestone and none that the ledger names after it; `NONE`: no milestone at all."""
    keys = list(ledger.milestones)
    if key != NONE and key not in keys:
        return Q(pk=None)
    reached = Milestone.objects.in_force().counting().filter(item=OuterRef("pk"), fact=Fact.ACTUAL)
    after = keys if key == NONE else keys[keys.index(key) + 1 :]
    none_after = ~Q(Exists(reached.filter(key__in=after))) if after else Q()
    return none_after if key == NONE else Q(Exists(reached.filter(key=key))) & none_after


def conditions(ledger: LedgerDeclaration, where: tuple[str, ...]) -> dict[tuple[str, str], Json]:
    """Field and way -> value; of several of a kind the last."""
    fields, found = facts_of(ledger), dict[tuple[str, str], Json]()
    for said in where:
        key, _, rest = said.partition(":")
        way, _, value = rest.partition(":")
        field = fields.get(key)
        if field is None or not field.filterable or way not in _LOOKUPS:
            raise WrongCondition(said, ledger)
        if way in ("from", "to") and field.type not in _ORDERED:
            raise WrongCondition(said, ledger)
        found[key, way] = True if way == "lacks" else kept_as_said(field, value)
    return found


def kept_as_said(field: FieldDeclaration, said: str) -> Json:
    """A value as an address says it, in the form the ledger keeps."""
    if field.type is FieldType.FLAG:
        return accepted(field, {"true": True, "false": False}.get(said, said))
    if field.type in (FieldType.INTEGER, FieldType.MONEY, FieldType.AREA):
        if not said.removeprefix("-").isdecimal() or not said.isascii() or len(said) > 19:
            raise WrongValue(field, said)
        return accepted(field, int(said))
    return accepted(field, said)
