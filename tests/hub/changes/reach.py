"""How far a post reaches in each action: the units at which a post of the role it is meant for is enough to make it.

Written by hand beside the code, for the case of `actions.py`; and for actions on two objects, for a case in which these lie in different
districts, where a post over one of them is not enough.
"""

from __future__ import annotations

from collections.abc import Mapping

from guatu.hub.accounts.actions.people import Details
from guatu.hub.accounts.actions.successions import Part
from guatu.hub.audit.acting import ACTIONS
from guatu.hub.ledger.actions.together import Together
from guatu.hub.ledger.actions.years import Redrawn, TakenIn
from guatu.hub.ledger.models import Goal, Item, Ledger
from guatu.text import Text
from tests.hub.changes.actions import CHANGES
from tests.hub.changes.change import DAY, Change
from tests.hub.changes.goals import AIM
from tests.hub.people import LONG_AGO, NOW, City

EVERYWHERE = frozenset({"city", "east", "town", "west", "bureau"})
TOWN = frozenset({"city", "east", "town"})
"""What is done lies in the town; whoever holds a post there or above it may do it."""
CITY = frozenset({"city"})
NOBODY = frozenset[str]()
"""Only the very person, or nobody at all, whatever post somebody holds."""

REACH: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("units.submit_load", "person.copy", "item.export", "view.save", "news.see", "audit.export", "audit.note_printed"),
        EVERYWHERE,
    ),
    **dict.fromkeys(
        (
            "units.keep_reading", "units.accept_load", "units.carry_out_load", "units.carry_out_posts", "units.set_back_load",
            "units.give_up_load", "site.begin", "site.back_up", "site.restore", "person.choose_language", "session.sign_in",
            "session.fail", "session.sign_out", "session.end_own", "sign_in.change_password", "sign_in.add_codes",
            "sign_in.add_passkey", "sign_in.remove_factor", "sign_in.make_recovery_codes", "sign_in.link_provider",
            "token.issue", "token.revoke", "attachment.look", "view.rename", "view.share", "view.unshare", "view.delete",
            "round.keep_results", "round.keep_refusal", "import.read",
        ),
        NOBODY,
    ),
    **dict.fromkeys(
        (
            "unit.move", "sign_in.reset_factors", "pack.install", "pack.overlay", "item.move", "goal.open", "goal.change",
            "goal.end", "goal.assign", "goal.link", "goal.unlink", "target.set", "target.adjust", "target.split",
            "target.reach", "paper.draw", "paper.sign",
        ),
        CITY,
    ),
    "units.accept_posts": CITY | {"east"},
    "unit.open": CITY | {"east"},
    "unit.correct": CITY | {"bureau"},
    "unit.close": CITY | {"bureau"},
    "unit.merge": CITY | {"west"},
    "unit.divide": CITY | {"west"},
    "person.change": CITY | {"east"},
    "target.answer": CITY | {"west"},
}  # fmt: skip
"""Whatever is not here is done in the town."""


def reach_of(name: str) -> frozenset[str]:
    return REACH.get(name, TOWN)


def _an_item_each(city: City) -> None:
    CHANGES["item.change"].before(city)
    ledger, zhao = Ledger.objects.get(), city.actor("zhao")
    ACTIONS["item.enter"](ledger=ledger, unit=city.units["west"], name="西城地块", on=LONG_AGO, by=zhao, at=NOW)


def _east() -> Item:
    found: Item = Item.objects.get(name="东关地块")
    return found


def _west() -> Item:
    found: Item = Item.objects.get(name="西城地块")
    return found


def _a_goal_of_the_west(city: City) -> None:
    CHANGES["goal.open"].before(city)
    ACTIONS["goal.open"](
        pack="campaign", level="campaign", parent=None, unit=city.units["west"], wanted=AIM, by=city.actor("zhao"), at=NOW
    )  # fmt: skip


def _merged(one: str, into: str) -> Change:
    return Change(
        lambda city: {"units": [city.units[one]], "into": city.units[into], "on": DAY, "by": city.actor("sun")}
    )


_ITEMS = (_east, _west)
TWO_SIDED: Mapping[str, tuple[str, Change]] = {
    "a unit merged into one of another district": ("unit.merge", _merged("town", "west")),
    "a unit merged into one of another district, from the other side": ("unit.merge", _merged("west", "town")),
    "a district divided, whose parts stand under the city": (
        "unit.divide",
        Change(lambda city: {"unit": city.units["east"], "parts": [Part(Text("甲", "A"))], "on": DAY, "by": city.actor("sun")}),
    ),
    "a unit moved into another district": (
        "unit.move",
        Change(lambda city: {"unit": city.units["town"], "parent": city.units["west"], "on": DAY, "by": city.actor("sun")}),
    ),
    "a person who goes to another district": (
        "person.change",
        Change(lambda city: {
            "person": city.people["li"], "name": "李填报", "unit": city.units["west"], "details": Details(), "by": city.actor("sun"),
        }),
    ),
    "an item moved to another district": (
        "item.move",
        Change(
            lambda city: {"item": _east(), "unit": city.units["west"], "on": DAY, "reason": "调整", "by": city.actor("zhao")},
            before=_an_item_each,
        ),
    ),
    "an item merged into one of another district": (
        "item.merge",
        Change(
            lambda city: {"item": _west(), "into": _east(), "on": DAY, "reason": "同一宗地", "by": city.actor("zhao")},
            before=_an_item_each,
        ),
    ),
    "two items of two districts told apart": (
        "item.tell_apart",
        Change(
            lambda city: {"one": _west(), "other": _east(), "reason": "两宗地", "by": city.actor("zhao")}, before=_an_item_each
        ),
    ),
    "an item set to lie in another district": (
        "item.set_together",
        Change(
            lambda city: {
                "ledger": Ledger.objects.get(), "on": DAY, "reason": "调整", "by": city.actor("zhao"),
                "changes": [Together(_east(), _east().revision, {}, unit=city.units["west"])],
            },
            before=_an_item_each,
        ),
    ),
    "an item made part of one of another district": (
        "link.make",
        Change(
            lambda city: {"source": _east(), "target": _west(), "kind": "part_of", "on": DAY, "by": city.actor("zhao")},
            before=_an_item_each,
        ),
    ),
    "a year of two districts' items": (
        "year.open",
        Change(
            lambda city: {
                "ledger": Ledger.objects.get(), "year": 2026, "taken": [TakenIn(one(), {}) for one in _ITEMS], "by": city.actor("zhao"),
            },
            before=_an_item_each,
        ),
    ),
    "a list drawn over two districts' items": (
        "list.redraw",
        Change(
            lambda city: {
                "ledger": Ledger.objects.get(), "key": "idle", "changes": [Redrawn(one(), True, "认定") for one in _ITEMS], "on": DAY,
                "by": city.actor("zhao"),
            },
            before=_an_item_each,
        ),
    ),
    "a goal under another district's": (
        "goal.open",
        Change(
            lambda city: {
                "pack": "campaign", "level": "campaign", "parent": Goal.objects.get(), "unit": city.units["east"], "wanted": AIM,
                "by": city.actor("zhao"),
            },
            before=_a_goal_of_the_west,
        ),
    ),
}  # fmt: skip
"""Cases in which a post over one side is not enough: only over the city is it over both."""
