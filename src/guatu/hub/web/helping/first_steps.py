"""The first ten minutes as a page: each step ticked from what the person really did, by the record, or looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.models import Record
from guatu.hub.ledger.models import Import, Ledger
from guatu.hub.ledger.models.imports import ImportState
from guatu.hub.web.helping.seen import kinds_seen
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; `address` is where, if it can be done now."""

    title: Text
    how: Text
    button: Text
    address: str
    done: bool


def first_steps(request: ActorRequest) -> HttpResponse:
    """A constant number of queries, whatever was done."""
    steps = list(_steps(request))
    following = next((number for number, one in enumerate(steps) if not one.done), None)
    words = {
        "steps": [(one, number == following) for number, one in enumerate(steps)],
        "done": sum(one.done for one in steps),
        "count": len(steps),
    }
    return render(request, "helping/first_steps.html", words)


def _steps(request: ActorRequest) -> Iterable[Step]:
    actor, looked = request.actor, kinds_seen(request)
    did = set(
        Record.objects.filter(person_id=actor.person_id, kind__startswith="import.")
        .values_list("kind", flat=True)
        .distinct()
    )
    yield Step(
        Text("登录", "Sign in"),
        Text("您已经登录了。", "You are signed in."),
        Text("看账号", "Your account"),
        reverse("account"),
        True,
    )
    yield Step(
        Text("看我的桌面", "Look at your desk"),
        Text("等您办的、快到期的都在这里，每天从这里开始。", "What waits for you and what falls due stands here; begin here each day."),
        Text("到桌面", "To the desk"), reverse("home"), "desk" in looked,
    )  # fmt: skip
    if not actor.may(Permission.SEE_ITEMS):
        return
    ledger = Ledger.objects.order_by("pk").only("key").first()
    if ledger is None:
        return
    yield Step(
        Text("打开一本台账", "Open a ledger"),
        Text("上面一句话就是筛选：选一个区，再点一个名称看档案。", "The sentence above filters: choose a district, then a project's name."),
        Text("打开台账", "Open it"), reverse("items", args=[ledger.key]), "ledger" in looked,
    )  # fmt: skip
    if actor.may(Permission.IMPORT_REPORTS):
        yield from _sending(request, ledger, did, looked)
    yield Step(
        Text("在地图上看一眼", "Look at the map"),
        Text("“底色看”换一个，再点一个区。", "Colour by something else, then click a district."),
        Text("看地图", "To the map"), reverse("items_map", args=[ledger.key]), "map" in looked,
    )  # fmt: skip


def _sending(request: ActorRequest, ledger: Ledger, did: set[str], looked: set[str]) -> Iterable[Step]:
    mine = Import.objects.visible_to(request.actor, Permission.IMPORT_REPORTS).filter(ledger=ledger)
    latest = mine.exclude(state=ImportState.DISCARDED).order_by("-pk").only("pk").first()
    taken = mine.filter(state=ImportState.TAKEN).order_by("-pk").only("pk").first()
    sending = reverse("imports", args=[ledger.key])
    here = reverse("import", args=[latest.pk]) if latest is not None else sending
    yield Step(
        Text("报一个工作簿", "Send a workbook"),
        Text(
            "演示城市的工作簿在 demo/2021-08 里；选单位和期，把文件拖进去。",
            "The demonstration city's workbooks lie in demo/2021-08; choose unit and round, drop the file.",
        ),
        Text("去报送", "Send one"), sending, "import.submitted" in did,
    )  # fmt: skip
    yield Step(
        Text("答一个疑问", "Answer a question"),
        Text("读完会问拿不准的：选“是同一个”或写这一格应写的；没有疑问的，列一项例外也算。",
             "Once read, it asks what is in doubt: choose, or write what the cell should say; leaving an item out counts too."),
        Text("看读出了什么", "See what was read"), here, bool(did & {"import.answered", "import.left_out"}),
    )  # fmt: skip
    yield Step(
        Text("入账", "Take it"),
        Text("看清“入账后的变化”，点右上角。入错了可以撤销。", "Look at what it would change, then press the button. It can be undone."),
        Text("去入账", "Take it"), here, "import.taken" in did,
    )  # fmt: skip
    changed = taken.items.order_by("pk").values_list("item_id", flat=True).first() if taken is not None else None
    yield Step(
        Text("看变了什么", "See the difference"),
        Text("打开一个变了的事项，到“历史”里看哪一期改了哪几处。", "Open an item that changed; its history says what changed."),
        Text("看一个事项", "Open one"), reverse("item", args=[changed]) if changed is not None else here,
        "item" in looked and "import.taken" in did,
    )  # fmt: skip
