"""A city's own changes to an installed pack: a small pack that extends it, with versions of its own, laid over every upgrade.

What it says is plain data, as a person may also write it in a file:

    ledgers:
      projects:
        title: {zh: …, en: …}
        fields: [{key: cost, title: …}, {key: own_remark, title: …, type: text}]
        lists: […]                       # milestones, duties, links, remarks, visit_boxes likewise
    settings:
      - {rulebook: …, setting: …, value: …, why: …}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations import Pack
from guatu.hub.ledger.differences import Difference
from guatu.hub.ledger.models import PackVersion
from guatu.hub.ledger.packs import Content, kept_content
from guatu.text import Refusal, Text

OWN = "_own"
"""What a base pack's key is followed by in the key of its overlay."""
PARTS = ("fields", "lists", "milestones", "duties", "links", "remarks", "visit_boxes")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_SAYING = "ledgers, settings"


class WrongOverlay(Refusal):
    """What is given as a city's own changes is none."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """The changes, in the words of a pack's files."""

    ledgers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: tuple[Mapping[str, Any], ...] = ()

    @property
    def empty(self) -> bool:
        return not self.ledgers and not self.settings

    @property
    def text(self) -> str:
        """As a person may write it in a file."""
        return _dumped({"ledgers": dict(self.ledgers), "settings": list(self.settings)})

    @classmethod
    def read(cls, text: str, where: str) -> Overlay:
        """From a file a person wrote; its shape is checked here, its meaning when the pack is read."""
        try:
            told = yaml.safe_load(text) or {}
        except yaml.YAMLError as error:
            raise WrongOverlay(
                where,
                Text(f"不是合法的 YAML：{error}", f"is not valid YAML: {error}"),
                Text("多半是缩进或引号。", "Usually indentation or a quote."),
            ) from error
        ledgers, settings = _parts(told)
        if ledgers is None or settings is None:
            raise WrongOverlay(
                where,
                Text(f"最外层只能有 {_SAYING}", f"may hold {_SAYING} and nothing else"),
                Text("见“改业务包”一页的样子。", "See the how-to on changing a pack for its shape."),
            )
        found = cls(ledgers, tuple(settings))
        found.check(where)
        return found

    def check(self, where: str) -> None:
        """Keys that can be names of files and columns."""
        for key in [*self.ledgers, *(one.get("key", "") for part in self._entries() for one in part)]:
            if not isinstance(key, str) or not _KEY.fullmatch(key):
                raise WrongOverlay(
                    where,
                    Text(f"键“{key}”不合写法", f"'{key}' cannot be a key"),
                    Text(
                        "用小写字母、数字和下划线，字母开头。", "Small letters, digits and underscores, a letter first."
                    ),
                )

    def _entries(self) -> list[list[Mapping[str, Any]]]:
        return [list(said.get(part, ())) for said in self.ledgers.values() for part in PARTS]

    def with_entry(self, ledger: str, part: str, entry: Mapping[str, Any]) -> Overlay:
        """With one more entry of a part of a ledger; one of the same key gets what is said anew."""
        said = dict(self.ledgers.get(ledger, {}))
        entries = [dict(one) for one in said.get(part, ())]
        known = next((one for one in entries if one["key"] == entry["key"]), None)
        if known is None:
            entries.append(dict(entry))
        else:
            added = list(known.get("choices", ())) + list(entry.get("choices", ()))
            known |= dict(entry) | ({"choices": added} if added else {})
        return self._with_ledger(ledger, {**said, part: entries})

    def with_title(self, ledger: str, title: Text) -> Overlay:
        return self._with_ledger(ledger, {**self.ledgers.get(ledger, {}), "title": as_data(title)})

    def with_setting(self, rulebook: str, setting: str, value: str, why: Text) -> Overlay:
        others = [one for one in self.settings if (one["rulebook"], one["setting"]) != (rulebook, setting)]
        chosen = {"rulebook": rulebook, "setting": setting, "value": value, "why": as_data(why)}
        return Overlay(self.ledgers, (*others, chosen))

    def without(self, place: str) -> Overlay:
        """Without one change, by its place: ledger/part/key, ledger/title, or settings/rulebook/setting."""
        match place.split("/"):
            case ["settings", rulebook, setting]:
                kept = [one for one in self.settings if (one["rulebook"], one["setting"]) != (rulebook, setting)]
                return Overlay(self.ledgers, tuple(kept))
            case [ledger, "title"]:
                said = {key: what for key, what in self.ledgers.get(ledger, {}).items() if key != "title"}
                return self._with_ledger(ledger, said)
            case [ledger, part, key]:
                said = dict(self.ledgers.get(ledger, {}))
                said[part] = [one for one in said.get(part, ()) if one["key"] != key]
                return self._with_ledger(ledger, {name: what for name, what in said.items() if what})
        return self

    def _with_ledger(self, ledger: str, said: Mapping[str, Any]) -> Overlay:
        ledgers = {**self.ledgers, ledger: said}
        return Overlay({key: what for key, what in ledgers.items() if what}, self.settings)

    def over(self, base: PackVersion, version: str, on: date) -> Content:
        """The content of the pack that holds these changes over a content of the base."""
        key = base.key + OWN
        about = {
            "pack": key,
            "title": {"zh": f"{base.title_zh}（本地）", "en": f"{base.title_en} (own changes)"},
            "version": version,
            "effective_from": on.isoformat(),
            "source": {"zh": "本地对业务包的修改", "en": "This site's own changes to the pack"},
            "extends": [base.key],
        }
        files = {"pack.yaml": _dumped(about)}
        for ledger, said in self.ledgers.items():
            files[f"ledgers/{ledger}.yaml"] = _dumped({"ledger": ledger, **said})
        if self.settings:
            files["settings.yaml"] = _dumped({"settings": list(self.settings)})
        return Content(key, {key: files, **kept_content(base).files})


def _parts(told: Any) -> tuple[dict[str, Any] | None, list[Any] | None]:
    """What a file says of ledgers and of settings; None where it has another shape."""
    if not isinstance(told, dict) or set(told) - {"ledgers", "settings"}:
        return None, None
    ledgers, settings = told.get("ledgers", {}), told.get("settings", [])
    sound = isinstance(ledgers, dict) and isinstance(settings, list)
    if not sound or not all(isinstance(one, dict) for one in [*ledgers.values(), *settings]):
        return None, None
    return ledgers, settings


def overlay_in(version: PackVersion | None) -> Overlay:
    """What a kept version says in files of its own about ledgers and settings; nothing where there is no version."""
    if version is None:
        return Overlay()
    files = kept_content(version).files[version.key]
    ledgers = {}
    for path, text in files.items():
        if path == "ledger.yaml" or path.startswith("ledgers/"):
            said = yaml.safe_load(text)
            ledgers[said.pop("ledger")] = said
    settings = yaml.safe_load(files["settings.yaml"])["settings"] if "settings.yaml" in files else []
    return Overlay(ledgers, tuple(settings))


def conflicts(overlay: Overlay, old: Pack, new: Pack) -> list[Difference]:
    """Where a new content of the base no longer bears the city's changes, or says now what the city renamed."""
    found: list[Difference] = []
    for key, said in overlay.ledgers.items():
        if key in old.ledgers and key not in new.ledgers:
            what = Text(f"本地改过台账“{key}”", f"this site changed ledger '{key}'")
            found.append(Difference(what, Text("新版没有它", "the new version has none of that key")))
        elif key in old.ledgers:
            for part in PARTS:
                before, after = declared_part(old.ledgers[key], part), declared_part(new.ledgers[key], part)
                found += [_conflict(one, before, after) for one in said.get(part, ()) if _differs(one, before, after)]
    return found


def _differs(entry: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    key = entry["key"]
    if (key in before) != (key in after):
        return True
    return key in before and "title" in entry and before[key].title != after[key].title


def _conflict(entry: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    key = entry["key"]
    if key not in after:
        what = Text(f"本地改过“{before[key].title.zh}”（{key}）", f"this site changed '{before[key].title.en}' ({key})")
        return Difference(
            what,
            Text("新版没有它；先撤销本地这一处", "the new version has none; take that change of the site back first"),
        )
    if key not in before:
        what = Text(
            f"本地加的“{entry['title']['zh']}”（{key}）", f"'{entry['title']['en']}' ({key}), added by this site"
        )
        return Difference(
            what,
            Text(
                f"新版也有同键的“{after[key].title.zh}”；本地的换一个键",
                f"the new version has '{after[key].title.en}' by that key; give the site's another key",
            ),
        )
    return Difference(
        Text(
            f"“{before[key].title.zh}”新版称“{after[key].title.zh}”，本地仍称“{entry['title']['zh']}”",
            f"'{before[key].title.en}' is '{after[key].title.en}' in the new version; this site goes on calling it "
            f"'{entry['title']['en']}'",
        )
    )


def declared_part(ledger: LedgerDeclaration, part: str) -> Mapping[str, Any]:
    """What a ledger declares in one part of its file, by key."""
    parts: Mapping[str, Mapping[str, Any]] = {
        "fields": ledger.fields,
        "lists": ledger.lists,
        "milestones": ledger.milestones,
        "duties": ledger.duties,
        "links": {**ledger.links, **ledger.link_kinds},
        "remarks": ledger.remark_kinds,
        "visit_boxes": ledger.visit_boxes,
    }
    return parts[part]


def as_data(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _dumped(data: object) -> str:
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120))
