"""Changes of packs, items and whatever is known of an item: files, milestones, duties, figures, years, lists, views."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from guatu.hub.audit.acting import ACTIONS
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.hub.ledger.actions.duties import Answerable
from guatu.hub.ledger.actions.together import Together
from guatu.hub.ledger.actions.visits import Photo, Seen
from guatu.hub.ledger.actions.years import Redrawn, TakenIn
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.exports.formats import Format
from guatu.hub.ledger.models import (
    Attachment,
    Duty,
    Figure,
    Item,
    KeptVisit,
    Ledger,
    Link,
    PackVersion,
    SavedView,
    VisitStop,
)
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.overlays import Overlay
from guatu.office.attachments.kinds import AttachmentKind
from guatu.office.attachments.reading import Looked
from guatu.standards.coordinates import LonLat
from guatu.text import Text
from tests.hub.changes.change import DAY, TODAY, Change
from tests.hub.people import LONG_AGO, NOW, City

PDF = b"%PDF-1.4\n%%EOF\n"
SEEN = Seen(DAY, "现场踏勘", ["as_told"], [Photo("现场.pdf", PDF)])


DOSSIER = Path(__file__).resolve().parents[1] / "dossier"


def a_ledger(city: City) -> None:
    ACTIONS["pack.install"](folder=DOSSIER, by=city.actor("sun"), at=NOW)


def an_item(city: City) -> None:
    a_ledger(city)
    ledger, zhao = Ledger.objects.get(), city.actor("zhao")
    ACTIONS["item.enter"](ledger=ledger, unit=city.units["town"], name="东关地块", on=LONG_AGO, by=zhao, at=NOW)


def _a_visit(city: City) -> None:
    an_item(city)
    keep, items = ACTIONS["visit.keep"], [Item.objects.get()]
    keep(items=items, on=DAY, by=city.actor("li"), at=NOW)


def _a_view(city: City) -> None:
    a_ledger(city)
    ledger, li = Ledger.objects.get(), city.actor("li")
    ACTIONS["view.save"](ledger=ledger, name="周会", view="items", query="", by=li, at=NOW)


def _a_shared_view(city: City) -> None:
    _a_view(city)
    SavedView.objects.update(shared_with=city.units["town"])


def _two_items(city: City) -> None:
    an_item(city)
    ledger, zhao = Ledger.objects.get(), city.actor("zhao")
    ACTIONS["item.enter"](ledger=ledger, unit=city.units["town"], name="东关二号地块", on=LONG_AGO, by=zhao, at=NOW)


def parcel() -> Item:
    found: Item = Item.objects.get(name="东关地块")
    return found


def _a_plan_of_milestones(city: City) -> None:
    an_item(city)
    ACTIONS["milestone.plan"](item=parcel(), key="begun", on=TODAY, by=city.actor("zhao"), at=NOW)


def _a_claim(city: City) -> None:
    an_item(city)
    li = city.actor("li")
    ACTIONS["milestone.claim"](item=parcel(), key="begun", on=DAY, evidence="施工许可 2025-7", by=li, at=NOW)


def _a_checked_claim(city: City) -> None:
    _a_claim(city)
    ACTIONS["milestone.check"](item=parcel(), key="begun", accepted=True, by=city.actor("wang"), at=NOW)


def _a_figure_by_hand(city: City) -> None:
    an_item(city)
    ACTIONS["figures.report"](
        item=parcel(), period="2026-05", figures={"delivered": 12_000_000}, seen=0, by=city.actor("li"), at=NOW
    )  # fmt: skip


def _reported() -> int:
    return Figure.objects.get(superseded_by_sequence=None).sequence


def _a_duty(city: City) -> None:
    an_item(city)
    ACTIONS["duty.assign"](
        item=parcel(), slot="lead", holder=Answerable(unit=city.units["bureau"]), on=LONG_AGO, by=city.actor("zhao"), at=NOW
    )  # fmt: skip


def _a_link(city: City) -> None:
    _two_items(city)
    ACTIONS["link.make"](
        source=parcel(), target=Item.objects.get(name="东关二号地块"), kind="part_of", on=LONG_AGO, by=city.actor("zhao"), at=NOW
    )  # fmt: skip


def _in_the_year(city: City) -> None:
    an_item(city)
    ledger, taken = Ledger.objects.get(), [TakenIn(parcel(), {"year_plan": 5_000_000})]
    ACTIONS["year.open"](ledger=ledger, year=2026, taken=taken, by=city.actor("zhao"), at=NOW)


def the_worker() -> OnBehalf:
    return OnBehalf(None, None, None, Source(Door.WORKER))


def _an_attachment(city: City) -> None:
    an_item(city)
    ACTIONS["attachment.attach"](to=Item.objects.get(), name="批复.pdf", content=PDF, by=city.actor("li"), at=NOW)


ITEMS: Mapping[str, Change] = {
    "pack.install": Change(lambda city: {"folder": "land_disposal", "by": city.actor("sun")}),
    "pack.overlay": Change(
        lambda city: {
            "base": PackVersion.objects.get(), "seen": "", "by": city.actor("sun"),
            "overlay": Overlay().with_title("land_disposal", Text("土地台账", "Land")),
        },
        before=a_ledger,
    ),
    "item.enter": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "unit": city.units["town"], "name": "东关地块", "on": DAY,
            "by": city.actor("zhao"),
        },
        before=a_ledger,
    ),
    "item.change": Change(
        lambda city: {
            "item": Item.objects.get(), "seen": 1, "name": "北关地块", "on": DAY, "reason": "更正",
            "by": city.actor("zhao"),
        },
        before=an_item,
    ),
    "item.move": Change(
        lambda city: {
            "item": Item.objects.get(), "unit": city.units["west"], "on": DAY, "reason": "区划调整",
            "by": city.actor("zhao"),
        },
        before=an_item,
    ),
    "item.place": Change(
        lambda city: {
            "item": Item.objects.get(), "seen": 1, "place": LonLat(120.38, 36.07), "on": DAY, "reason": "现场核对",
            "by": city.actor("zhao"),
        },
        before=an_item,
    ),
    "item.set_state": Change(
        lambda city: {
            "item": Item.objects.get(), "state": ItemState.WITHDRAWN, "on": DAY, "reason": "退出",
            "by": city.actor("zhao"),
        },
        before=an_item,
    ),
    "attachment.attach": Change(
        lambda city: {"to": Item.objects.get(), "name": "批复.pdf", "content": PDF, "by": city.actor("li")},
        before=an_item,
    ),
    "attachment.look": Change(
        lambda city: {
            "one": Attachment.objects.get(), "looked": Looked(AttachmentKind.PDF, PDF, "1" * 64), "by": the_worker(),
        },
        before=_an_attachment,
    ),
    "attachment.erase": Change(
        lambda city: {"one": Attachment.objects.get(), "reason": "附错了", "by": city.actor("zhao")},
        before=_an_attachment,
    ),
    "item.export": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "asked": ItemsAsked(q="地块"), "format": Format.CSV, "language": "zh",
            "by": city.actor("li"),
        },
        before=an_item,
    ),
    "item.set_together": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "on": DAY, "reason": "统一口径", "by": city.actor("zhao"),
            "changes": [Together(one, 1, {"way": "划拨"}) for one in Item.objects.order_by("pk")],
        },
        before=_two_items,
    ),
    "view.save": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "name": "周会", "view": "items", "query": "q=1", "by": city.actor("li"),
        },
        before=a_ledger,
    ),
    "view.rename": Change(
        lambda city: {"view": SavedView.objects.get(), "name": "月会", "by": city.actor("li")}, before=_a_view
    ),
    "view.share": Change(
        lambda city: {"view": SavedView.objects.get(), "unit": city.units["town"], "by": city.actor("li")},
        before=_a_view,
    ),
    "view.unshare": Change(
        lambda city: {"view": SavedView.objects.get(), "by": city.actor("li")}, before=_a_shared_view
    ),
    "view.delete": Change(lambda city: {"view": SavedView.objects.get(), "by": city.actor("li")}, before=_a_view),
    "milestone.plan": Change(
        lambda city: {"item": parcel(), "key": "begun", "on": TODAY, "by": city.actor("zhao")}, before=an_item
    ),
    "milestone.claim": Change(
        lambda city: {"item": parcel(), "key": "begun", "on": DAY, "evidence": "许可 7 号", "by": city.actor("li")},
        before=an_item,
    ),
    "milestone.check": Change(
        lambda city: {"item": parcel(), "key": "begun", "accepted": True, "by": city.actor("wang")}, before=_a_claim
    ),
    "milestone.verify": Change(
        lambda city: {"item": parcel(), "key": "begun", "accepted": True, "by": city.actor("feng")},
        before=_a_checked_claim,
    ),
    "milestone.withdraw": Change(
        lambda city: {"item": parcel(), "key": "begun", "reason": "报错", "by": city.actor("li")}, before=_a_claim
    ),
    "milestone.order": Change(
        lambda city: {
            "item": parcel(), "key": "begun", "after": "supplied", "days": 30, "reason": "合同约定",
            "by": city.actor("zhao"),
        },
        before=an_item,
    ),
    "milestone.schedule": Change(
        lambda city: {"item": parcel(), "end": "begun", "on": TODAY, "reason": "倒排", "by": city.actor("zhao")},
        before=an_item,
    ),
    "milestone.set_baseline": Change(
        lambda city: {"item": parcel(), "title": "2026 年度计划", "on": TODAY, "by": city.actor("zhao")},
        before=_a_plan_of_milestones,
    ),
    "duty.assign": Change(
        lambda city: {
            "item": parcel(), "slot": "answerable", "holder": Answerable(person=city.people["li"]), "on": DAY,
            "by": city.actor("zhao"),
        },
        before=an_item,
    ),
    "duty.hand_over": Change(
        lambda city: {
            "duty": Duty.objects.get(), "holder": Answerable(unit=city.units["east"]), "on": DAY, "reason": "调整分工",
            "by": city.actor("zhao"),
        },
        before=_a_duty,
    ),
    "duty.end": Change(
        lambda city: {"duty": Duty.objects.get(), "on": DAY, "reason": "不再牵头", "by": city.actor("zhao")},
        before=_a_duty,
    ),
    "link.make": Change(
        lambda city: {
            "source": parcel(), "target": Item.objects.get(name="东关二号地块"), "kind": "part_of", "on": DAY,
            "by": city.actor("zhao"),
        },
        before=_two_items,
    ),
    "link.end": Change(
        lambda city: {"link": Link.objects.get(), "on": DAY, "reason": "分立", "by": city.actor("zhao")}, before=_a_link
    ),
    "year.open": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "year": 2026, "taken": [TakenIn(parcel(), {"year_plan": 5_000_000})],
            "by": city.actor("zhao"),
        },
        before=an_item,
    ),
    "year.adjust_plan": Change(
        lambda city: {
            "item": parcel(), "year": 2026, "field": "year_plan", "value": 4_000_000, "reason": "年中调整",
            "by": city.actor("zhao"),
        },
        before=_in_the_year,
    ),
    "year.leave": Change(
        lambda city: {"item": parcel(), "year": 2026, "on": DAY, "reason": "缓建", "by": city.actor("zhao")},
        before=_in_the_year,
    ),
    "list.redraw": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "key": "idle", "changes": [Redrawn(parcel(), True, "认定闲置")], "on": DAY,
            "by": city.actor("zhao"),
        },
        before=an_item,
    ),
    "item.merge": Change(
        lambda city: {
            "item": Item.objects.get(name="东关二号地块"), "into": parcel(), "on": DAY, "reason": "同一宗地",
            "by": city.actor("zhao"),
        },
        before=_two_items,
    ),
    "item.tell_apart": Change(
        lambda city: {
            "one": Item.objects.get(name="东关二号地块"), "other": parcel(), "reason": "两宗地", "by": city.actor("zhao"),
        },
        before=_two_items,
    ),
    "visit.keep": Change(
        lambda city: {"items": [parcel()], "on": DAY, "who": "督查组", "by": city.actor("li")}, before=an_item
    ),
    "visit.change": Change(
        lambda city: {
            "visit": KeptVisit.objects.get(), "on": DAY, "who": "", "why": "复核", "by": city.actor("li"),
        },
        before=_a_visit,
    ),
    "visit.see": Change(
        lambda city: {"stop": VisitStop.objects.get(), "seen": SEEN, "by": city.actor("li")}, before=_a_visit
    ),
    "visit.drop_in": Change(lambda city: {"item": parcel(), "seen": SEEN, "by": city.actor("li")}, before=an_item),
    "remark.add": Change(
        lambda city: {
            "item": parcel(), "kind": "work", "on": DAY, "text": "现场踏勘", "by": city.actor("li"),
        },
        before=an_item,
    ),
    "news.see": Change(lambda city: {"up_to": 1, "by": city.actor("li")}, before=an_item),
    "figures.report": Change(
        lambda city: {
            "item": parcel(), "period": "2026-05", "figures": {"delivered": 12_000_000}, "seen": 0, "by": city.actor("li"),
        },
        before=an_item,
    ),
    "figures.put_back": Change(
        lambda city: {"item": parcel(), "period": "2026-05", "field": "delivered", "seen": _reported(), "by": city.actor("li")},
        before=_a_figure_by_hand,
    ),
}  # fmt: skip
