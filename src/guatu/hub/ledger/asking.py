"""Which items of a ledger are asked for: the same words for pages, exports and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import UnitAncestry
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.models.items import ItemQuerySet, ItemState


@dataclass(frozen=True, slots=True)
class ItemsAsked:
    """Words to find them by, a unit with all under it, a list they are on, their state; blank asks nothing, state apart."""

    q: str = ""
    unit: int | None = None
    list: str = ""
    state: str = ItemState.ACTIVE.value

    @classmethod
    def of(cls, said: Mapping[str, str]) -> ItemsAsked:
        """From an address or a form; a unit or state that cannot be is not asked for."""
        words = {name: said.get(name, "").strip() for name in ("q", "unit", "list", "state")}
        unit = int(words["unit"]) if words["unit"].isascii() and words["unit"].isdigit() else None
        state = words["state"] if words["state"] in ItemState.values else ItemState.ACTIVE.value
        return cls(words["q"], unit if unit is not None and unit < 2**63 else None, words["list"], state)

    def said(self) -> dict[str, str]:
        """As an address says it: what is asked, no blanks."""
        plain = {name: "" if value is None else str(value) for name, value in asdict(self).items()}
        return {name: value for name, value in plain.items() if value and (name, value) != ("state", ItemState.ACTIVE)}

    def items(self, ledger: Ledger, actor: Actor) -> ItemQuerySet:
        """Those of a ledger that the actor may see, in no order."""
        found = Item.objects.visible_to(actor).filter(ledger=ledger, state=self.state).found_by(self.q)
        if self.unit is not None:
            found = found.filter(unit__in=UnitAncestry.objects.filter(ancestor_id=self.unit).values("descendant_id"))
        return found.on_list(self.list) if self.list else found
