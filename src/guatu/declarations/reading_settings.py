"""`settings.yaml`: values a pack chooses for the settings of its rulebooks, beside the values these were shipped with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from guatu.declarations.entries import Entry, meant_or
from guatu.declarations.located import Mapping_, Place, Sequence_, read_yaml
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class ChosenSetting:
    """A value for one setting of one rulebook, and why it was chosen."""

    rulebook: str
    setting: str
    written: str
    why: Text
    place: Place


def read_settings(
    entry: Entry, inherited: Iterable[ChosenSetting], rulebooks: Callable[[], Mapping[str, Path]]
) -> tuple[ChosenSetting, ...]:
    """Chosen values over those inherited; one no rulebook has, or that it does not allow, goes to the entry's problems."""
    found = {(one.rulebook, one.setting): one for one in inherited}
    for one in entry.entries("settings"):
        chosen = ChosenSetting(
            rulebook=one.word("rulebook"),
            setting=one.word("setting"),
            written=one.word("value"),
            why=one.text("why"),
            place=one.at("value"),
        )
        one.done()
        found[chosen.rulebook, chosen.setting] = chosen
        _check(one, chosen, rulebooks())
    entry.done()
    return tuple(found.values())


def _check(entry: Entry, chosen: ChosenSetting, rulebooks: Mapping[str, Path]) -> None:
    if chosen.rulebook not in rulebooks:
        _unknown(entry, "rulebook", Text("细则", "rulebook"), chosen.rulebook, rulebooks)
        return
    known = declared_settings(rulebooks[chosen.rulebook])
    if chosen.setting not in known:
        _unknown(entry, "setting", Text("设置", "setting"), chosen.setting, known)
        return
    allowed = known[chosen.setting].get("allowed") or ()
    if allowed and chosen.written not in {str(one) for one in allowed}:
        listed = ", ".join(str(one) for one in allowed)
        entry.wrong(
            "value",
            Text(
                f"设置“{chosen.setting}”不能取 {chosen.written}",
                f"setting '{chosen.setting}' cannot be {chosen.written}",
            ),
            Text(f"可取：{listed}。", f"Choose among: {listed}."),
        )


def _unknown(entry: Entry, key: str, what: Text, name: str, known: Iterable[str]) -> None:
    listed = list(known)
    all_of_them = Text(f"可用：{'、'.join(listed) or '（无）'}。", f"There are: {', '.join(listed) or '(none)'}.")
    entry.wrong(
        key,
        Text(f"没有{what.zh}“{name}”", f"there is no {what.en} '{name}'"),
        meant_or(name, listed, all_of_them),
    )


def declared_settings(rulebook: Path) -> dict[str, Mapping_]:
    """The settings a rulebook's file declares, by key, as they are written: title, value, allowed, why."""
    listed = read_yaml(rulebook).get("settings")
    entries = listed if isinstance(listed, Sequence_) else ()
    return {str(one["key"]): one for one in entries if isinstance(one, Mapping_) and "key" in one}
