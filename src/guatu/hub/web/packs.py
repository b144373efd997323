"""Packs of the site: what is installed in which version, what ships with it, what an upgrade would change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from guatu.declarations import Pack, load_pack, read_yaml
from guatu.declarations.packs import find_pack, pack_names
from guatu.declarations.reading_settings import declared_settings
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.packs import install_pack, may_manage_packs, require_packs
from guatu.hub.ledger.indexing import keys_without_index
from guatu.hub.ledger.models import Ledger, PackVersion
from guatu.hub.ledger.overlays import OWN, PARTS, Overlay, overlay_in
from guatu.hub.ledger.packs import loaded
from guatu.hub.ledger.upgrades import current_version, upgrade_to
from guatu.hub.web.page_forms import PageForm, answered
from guatu.text import Text

PART_WORDS: Mapping[str, Text] = {
    "fields": Text("字段", "Field"),
    "lists": Text("清单", "List"),
    "milestones": Text("节点", "Milestone"),
    "duties": Text("责任岗", "Duty"),
    "links": Text("联系", "Link"),
    "remarks": Text("日志种类", "Book of remarks"),
    "visit_boxes": Text("走访要点", "Box of visits"),
}


def packs(request: ActorRequest) -> HttpResponse:
    current = {one.key: one for one in PackVersion.objects.filter(is_current=True).defer("files").order_by("pk")}
    ledgers: dict[str, list[Text]] = {}
    for ledger in Ledger.objects.select_related("pack").defer("pack__files").order_by("pk"):
        ledgers.setdefault(ledger.pack.overlay_of or ledger.pack.key, []).append(ledger.title)
    shipped = _shipped()
    installed = [
        {"pack": one, "own": current.get(one.key + OWN), "ledgers": ledgers.get(one.key, ()), "ships": shipped.get(one.key)}
        for one in current.values()
        if not one.overlay_of
    ]  # fmt: skip
    offered = {name: one for name, one in shipped.items() if one["pack"] not in current}
    words = {"installed": installed, "offered": offered, "may_manage": may_manage_packs(request.actor)}
    return render(request, "packs/packs.html", words)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, dict[str, Any]]:
    """What ships with this installation, by name: key, title, version, without reading whole packs."""
    found = {}
    for name in pack_names():
        told = read_yaml(find_pack(name) / "pack.yaml")
        title = told.get("title", {})
        found[name] = {
            "pack": str(told.get("pack")),
            "title": Text(str(title.get("zh", name)), str(title.get("en", name))),
            "version": str(told.get("version", "")),
            "name": name,
        }
    return found


def pack(request: ActorRequest, pack_key: str) -> HttpResponse:
    base = installed_base(pack_key)
    own = current_version(pack_key + OWN)
    read, original = loaded(own or base), loaded(base)
    settings, may_manage = settings_of(own or base), may_manage_packs(request.actor)
    words = {
        "base": base,
        "own": own,
        "pack": read,
        "since": original.effective_from,
        "source": original.source,
        "ledgers": [(one, len(one.fields), len(one.lists)) for one in read.ledgers.values()],
        "changes": _changes(overlay_in(own), read, settings),
        "settings": settings,
        "lacking": _without_index(read),
        "versions": PackVersion.objects.filter(key__in=[pack_key, pack_key + OWN]).defer("files").order_by("-pk")[:30],
        "ships": next((one for one in _shipped().values() if one["pack"] == pack_key), None),
        "may_see_items": request.actor.may(Permission.SEE_ITEMS),
        "may_manage": may_manage,
        "may_change": may_manage
        and Ledger.objects.filter(pack__in=[one.pk for one in (base, own) if one is not None]).exists(),
    }
    return render(request, "packs/pack.html", words)


def _without_index(read: Pack) -> list[Text]:
    """Fields of the pack that people filter by and that have no index yet."""
    lacking = set(keys_without_index())
    titles = {
        key: one.title for ledger in read.ledgers.values() for key, one in ledger.fields.items() if one.filterable
    }
    return [title for key, title in titles.items() if key in lacking]


def installed_base(pack_key: str) -> PackVersion:
    """A pack that is installed, not a site's own changes to one."""
    return get_object_or_404(PackVersion, key=pack_key, is_current=True, overlay_of="")


def _changes(overlay: Overlay, read: Pack, settings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """This site's changes in words, each with its place."""
    found: list[dict[str, Any]] = []
    for key, said in overlay.ledgers.items():
        where = read.ledgers[key].title
        if "title" in said:
            what = Text("台账名称", "Name of the ledger")
            found.append({"place": f"{key}/title", "where": where, "what": what, "said": _text(said["title"])})
        for part in PARTS:
            for entry in said.get(part, ()):
                title = _text(entry["title"]) if "title" in entry else Text(entry["key"], entry["key"])
                choices = [_text(one["title"]) for one in entry.get("choices", ())]
                listed = Text("、".join(one.zh for one in choices), ", ".join(one.en for one in choices))
                more = Text(f"（选项：{listed.zh}）", f" (choices: {listed.en})") if choices else Text("", "")
                told = Text(f"{title.zh}{more.zh}", f"{title.en}{more.en}")
                place = f"{key}/{part}/{entry['key']}"
                found.append({"place": place, "where": where, "what": PART_WORDS[part], "said": told})
    known = {(one["rulebook"], one["key"]): one for one in settings}
    for one in overlay.settings:
        rulebook, key = str(one["rulebook"]), str(one["setting"])
        declared = known.get((rulebook, key))
        where, title, titles = Text(rulebook, rulebook), Text(key, key), dict[str, Text]()
        if declared is not None:
            where, title, titles = declared["rulebook_title"], declared["title"], declared["titles"]
        value, why = _value_said(str(one["value"]), titles), _text(one["why"])
        told = Text(f"{title.zh}：{value.zh}（{why.zh}）", f"{title.en}: {value.en} ({why.en})")
        place = f"settings/{rulebook}/{key}"
        found.append({"place": place, "where": where, "what": Text("设置", "Setting"), "said": told})
    return found


def settings_of(version: PackVersion) -> list[dict[str, Any]]:
    """Every setting of the pack's rulebooks, with the value that judges now; values as keys, and as people read them."""
    chosen = {(one.rulebook, one.setting): one.written for one in loaded(version).settings}
    found = []
    for one in _settings_of(version.hash, version.pk):
        now = chosen.get((one["rulebook"], one["key"]))
        found.append(
            {**one, "chosen": now, "chosen_said": _value_said(now, one["titles"]) if now is not None else None}
        )
    return found


@lru_cache(maxsize=16)
def _settings_of(hash_: str, version_id: int) -> tuple[dict[str, Any], ...]:
    """Rulebooks are long: they are read once for each content of a pack."""
    read = loaded(PackVersion.objects.get(pk=version_id, hash=hash_))
    return tuple(
        _setting(name, title, key, told)
        for name, path in read.files("rulebooks").items()
        for title in [_text(read_yaml(path)["title"])]
        for key, told in declared_settings(path).items()
    )


def _setting(rulebook: str, title: Text, key: str, told: Mapping[str, Any]) -> dict[str, Any]:
    titles = {str(word): _text(said) for word, said in (told.get("titles") or {}).items()}
    value = str(told["value"])
    return {
        "rulebook": rulebook,
        "rulebook_title": title,
        "key": key,
        "title": _text(told["title"]),
        "value": value,
        "value_said": _value_said(value, titles),
        "allowed": {str(one): _value_said(str(one), titles) for one in told.get("allowed") or ()},
        "titles": titles,
        "why": _text(told["why"]),
    }


_PLAIN_WORDS = {"true": Text("是", "yes"), "false": Text("否", "no")}
_POINTS = re.compile(r"(-?[0-9.]+)pp")


def _value_said(written: str, titles: Mapping[str, Text]) -> Text:
    """A setting's value as people read it: by its declared title; figures with their unit in words."""
    if (points := _POINTS.fullmatch(written)) is not None:
        return Text(f"{points[1]} 个百分点", f"{points[1]} percentage points")
    return titles.get(written) or _PLAIN_WORDS.get(written) or Text(written, written)


def _text(told: Mapping[str, str]) -> Text:
    return Text(str(told.get("zh", "")), str(told.get("en", "")))


def install(request: ActorRequest, shipped: str) -> HttpResponse:
    """What installing a shipped pack would change, in words; sent, it is installed."""
    if shipped not in pack_names():
        raise Http404
    require_packs(request.actor)
    read = load_pack(shipped)
    upgrade = upgrade_to(read)
    return answered(
        request,
        PageForm(request.POST if request.method == "POST" else None),
        lambda _: install_pack(folder=shipped, by=request.actor, at=timezone.now()),
        title=Text("升级", "Upgrade") if upgrade.current is not None else Text("安装", "Install"),
        subject=read.title.in_(spoken()),
        back=reverse("packs"),
        done=Text("已安装。", "Installed."),
        template="packs/install.html",
        more={
            "read": read,
            "upgrade": upgrade,
            "same": upgrade.current is not None and upgrade.current.hash == upgrade.content.hash,
        },
    )
