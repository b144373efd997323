"""Which passwords may be chosen, and how long one is good."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from guatu.hub.accounts.models import Person
from guatu.hub.accounts.sign_in.profile import PasswordRules, profile
from guatu.text import Text

_KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a password may not be chosen; `name` is what a profile's examples call it."""

    name: str
    what: Text


def faults(password: str, rules: PasswordRules, *, names: Iterable[str] = ()) -> list[Fault]:
    """Everything that speaks against a password as it stands."""
    found = []
    if len(password) < rules.least_length:
        found.append(
            Fault(
                "length",
                Text(
                    f"至少 {rules.least_length} 位，现在 {len(password)} 位。",
                    f"At least {rules.least_length} characters; this has {len(password)}.",
                ),
            )
        )
    if len(password) > rules.most_length:
        found.append(
            Fault("length", Text(f"最多 {rules.most_length} 位。", f"At most {rules.most_length} characters."))
        )
    if sum(bool(re.search(kind, password)) for kind in _KINDS) < rules.kinds:
        found.append(
            Fault(
                "kinds",
                Text(
                    f"大写字母、小写字母、数字、其他字符中至少要有 {rules.kinds} 种。",
                    f"Use at least {rules.kinds} of: capitals, small letters, digits, other characters.",
                ),
            )
        )
    if rules.refuse_common and _is_common(password):
        found.append(
            Fault("common", Text("太常见，已在泄露的密码表里。", "Too common: it is on lists of leaked passwords."))
        )
    if rules.refuse_names and _is_made_of_names(password, names):
        found.append(
            Fault(
                "names",
                Text(
                    "不能只由您的姓名、用户名或单位名称组成。",
                    "It must not be made of your name, your sign-in name or your unit's name.",
                ),
            )
        )
    return found


def faults_for(person: Person, password: str) -> list[Fault]:
    """What speaks against a password for a person: the rules, their names, their former passwords."""
    rules = profile().passwords
    found = faults(password, rules, names=names_around(person))
    former = [person.password]
    if rules.remember:
        former += person.former_passwords.order_by("-replaced_at").values_list("password", flat=True)[: rules.remember]
    if any(check_password(password, one) for one in former):
        found.append(Fault("former", Text("和用过的密码相同。", "You have used this password before.")))
    return found


def names_around(person: Person) -> list[str]:
    """Names a rival would try first."""
    units = person.posts.select_related("unit")
    return [
        person.name,
        person.username,
        *(name for post in units for name in (post.unit.title_zh, post.unit.title_en)),
    ]


def is_stale(person: Person, at: datetime) -> bool:
    """Whether the profile asks for a change because the password is too old."""
    days = profile().passwords.rotate_days
    return bool(days) and (person.password_changed_at is None or at - person.password_changed_at > timedelta(days=days))


def slip_has_expired(person: Person, at: datetime) -> bool:
    """Whether a first password lay around too long to be used."""
    return (
        person.must_change_password
        and person.first_password_at is not None
        and at - person.first_password_at > timedelta(days=profile().passwords.slip_days)
    )


def _is_common(password: str) -> bool:
    return password.lower().strip() in _common()


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _is_made_of_names(password: str, names: Iterable[str]) -> bool:
    """Whether nothing worth guessing is left when names, digits at the ends and joints are taken away."""
    plain = rest = re.sub(r"[\s\d\W_]+", "", password.lower())
    parts = sorted({part for name in names for part in _parts(name)}, key=len, reverse=True)
    for part in parts:
        rest = rest.replace(part, "")
    return rest != plain and len(rest) < 4


def _parts(name: str) -> list[str]:
    plain = re.sub(r"[\s\d\W_]+", "", name.lower())
    words = [word for word in re.split(r"[\s\d\W_]+", name.lower()) if len(word) > 2]
    return [one for one in (plain, *words) if len(one) > 1]
