"""How people sign in, as data: a profile file, read and checked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from guatu.declarations.entries import Entry, Problems, top_entry
from guatu.declarations.located import Mapping_
from guatu.hub.accounts.roles import ROLES
from guatu.text import Text

SHIPPED = Path(__file__).parent / "profiles"
LANES = ("known", "fresh", "repeated", "records")


@dataclass(frozen=True, slots=True)
class PasswordRules:
    least_length: int
    most_length: int
    kinds: int
    refuse_common: bool
    refuse_names: bool
    rotate_days: int
    remember: int
    slip_days: int


@dataclass(frozen=True, slots=True)
class SessionLimits:
    idle: timedelta
    absolute: timedelta
    confirm: timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """How many checks a second a lane takes, and how many at once after a rest."""

    per_second: int
    burst: int


@dataclass(frozen=True, slots=True)
class Throttling:
    free_failures: int
    waits: tuple[timedelta, ...]
    forget: timedelta
    device: timedelta
    codes_per_day: int
    lanes: dict[str, Pace]

    def wait_after(self, failures: int) -> timedelta:
        """How long the next attempt waits after so many failures."""
        beyond = failures - self.free_failures
        return timedelta(0) if beyond < 0 else self.waits[min(beyond, len(self.waits) - 1)]


@dataclass(frozen=True, slots=True)
class Hashing:
    memory_kib: int
    passes: int
    threads: int


@dataclass(frozen=True, slots=True)
class PasswordExample:
    password: str
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examples:
    """What the file itself says must come out of it."""

    passwords: tuple[PasswordExample, ...]
    waits: tuple[tuple[int, int], ...]
    second_factor: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    title: Text
    effective_from: date | None
    sources: tuple[str, ...]
    passwords: PasswordRules
    second_factor_roles: frozenset[str]
    sessions: SessionLimits
    throttling: Throttling
    hashing: Hashing
    examples: Examples


def profile() -> Profile:
    """The profile this site signs people in by."""
    return read_profile(path_of(settings.SIGN_IN_PROFILE))


def path_of(name: str) -> Path:
    """The shipped profile of that name, or the file at that path."""
    shipped = SHIPPED / f"{name}.yaml"
    return shipped if shipped.exists() else Path(name)


@cache
def read_profile(path: Path) -> Profile:
    """Read a profile; everything wrong in it is refused together, by line."""
    problems = Problems()
    top = top_entry(path, problems)
    found = Profile(
        name=top.word("profile"),
        title=top.text("title"),
        effective_from=top.day("effective_from"),
        sources=top.words("sources"),
        passwords=_passwords(_part(top, "passwords")),
        second_factor_roles=_roles(_part(top, "second_factor")),
        sessions=_sessions(_part(top, "sessions")),
        throttling=_throttling(_part(top, "throttling")),
        hashing=_hashing(_part(top, "hashing")),
        examples=_examples(_part(top, "examples")),
    )
    if found.effective_from is None or not found.sources:
        top.wrong(
            "profile",
            Text("没有写明日期和依据", "has no date and no sources"),
            Text("写上 effective_from 和 sources。", "Write effective_from and sources."),
        )
    top.done()
    problems.refuse()
    return found


def _part(entry: Entry, key: str) -> Entry:
    found = entry.entry(key)
    if found is None:
        entry.wrong(
            key, Text(f"缺少“{key}”", f"'{key}' is missing"), Text("照自带的文件写。", "See the shipped files.")
        )
        return _empty(entry)
    return found


def _empty(entry: Entry) -> Entry:
    """What stands for a missing part: it is reported once, not again for each of its keys."""
    nothing = Mapping_()
    nothing.place, nothing.places = entry.place, {}
    return Entry(nothing, Problems())


def _whole(entry: Entry, key: str, least: int, most: int) -> int:
    """A number within bounds; one outside is a problem of its line."""
    value = entry.number(key, default=least)
    if not entry.has(key) or not least <= value <= most:
        entry.wrong(
            key,
            Text(f"“{key}”要写 {least} 到 {most} 的整数", f"'{key}' must be a whole number from {least} to {most}"),
            Text(f"例如 {key}: {least}。", f"For instance {key}: {least}."),
        )
    return value


def _passwords(entry: Entry) -> PasswordRules:
    rules = PasswordRules(
        least_length=_whole(entry, "least_length", 8, 64),
        most_length=_whole(entry, "most_length", 64, 1024),
        kinds=_whole(entry, "kinds", 1, 4),
        refuse_common=entry.flag("refuse_common", default=True),
        refuse_names=entry.flag("refuse_names", default=True),
        rotate_days=_whole(entry, "rotate_days", 0, 3650),
        remember=_whole(entry, "remember", 0, 24),
        slip_days=_whole(entry, "slip_days", 1, 365),
    )
    entry.done()
    return rules


def _roles(entry: Entry) -> frozenset[str]:
    roles = entry.words("required_roles")
    for unknown in sorted(set(roles) - set(ROLES)):
        entry.wrong(
            "required_roles",
            Text(f"没有角色“{unknown}”", f"there is no role '{unknown}'"),
            Text(f"可用：{'、'.join(ROLES)}。", f"Known: {', '.join(ROLES)}."),
        )
    entry.done()
    return frozenset(roles)


def _sessions(entry: Entry) -> SessionLimits:
    limits = SessionLimits(
        idle=timedelta(minutes=_whole(entry, "idle_minutes", 1, 24 * 60)),
        absolute=timedelta(hours=_whole(entry, "absolute_hours", 1, 24 * 31)),
        confirm=timedelta(minutes=_whole(entry, "confirm_minutes", 1, 60)),
    )
    entry.done()
    return limits


def _throttling(entry: Entry) -> Throttling:
    lanes = _part(entry, "lanes")
    found = Throttling(
        free_failures=_whole(entry, "free_failures", 1, 100),
        waits=tuple(timedelta(seconds=seconds) for seconds in _waits(entry)),
        forget=timedelta(minutes=_whole(entry, "forget_minutes", 5, 24 * 60)),
        device=timedelta(days=_whole(entry, "device_days", 1, 730)),
        codes_per_day=_whole(entry, "codes_per_day", 10, 1000),
        lanes={lane: _pace(_part(lanes, lane)) for lane in LANES},
    )
    lanes.done()
    entry.done()
    return found


def _waits(entry: Entry) -> Iterator[int]:
    written = entry.words("waits_seconds")
    if not written or any(not one.isdecimal() or int(one) > 59 for one in written):
        entry.wrong(
            "waits_seconds",
            Text("要写一列不到 60 的秒数", "must be a list of seconds below 60"),
            Text(
                "等得再久，对手就能用错误密码把人挡在截止时间之外。",
                "With longer waits a rival could keep somebody out past a deadline by wrong passwords.",
            ),
        )
        return
    yield from (int(one) for one in written)


def _pace(entry: Entry) -> Pace:
    pace = Pace(_whole(entry, "per_second", 1, 1000), _whole(entry, "burst", 1, 10_000))
    entry.done()
    return pace


def _hashing(entry: Entry) -> Hashing:
    found = Hashing(
        memory_kib=_whole(entry, "memory_kib", 7168, 1_048_576),
        passes=_whole(entry, "passes", 1, 10),
        threads=_whole(entry, "threads", 1, 8),
    )
    entry.done()
    return found


def _examples(entry: Entry) -> Examples:
    found = Examples(
        passwords=tuple(
            PasswordExample(one.word("password"), one.words("refused")) for one in entry.entries("passwords")
        ),
        waits=tuple(
            (one.number("failures", default=0), one.number("seconds", default=0)) for one in entry.entries("waits")
        ),
        second_factor=tuple((one.word("role"), one.flag("required")) for one in entry.entries("second_factor")),
    )
    entry.done()
    return found
