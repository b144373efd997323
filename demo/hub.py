"""Fill an empty hub with the demonstration city: its tree since 2010, its departments, zones and firms, and a cast to sign in as.

Everything goes through the same actions people use. `fill` takes seconds; the passwords it returns are kept nowhere.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.hub.accounts.actions.people import Details, Slip, create_person
from guatu.hub.accounts.actions.posts import assign_post, name_stand_in
from guatu.hub.accounts.actions.site import FirstAdministrator, begin_site
from guatu.hub.accounts.actions.successions import merge_units
from guatu.hub.accounts.actions.units import open_unit, recode_unit, rename_unit
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person, Post, Unit
from guatu.hub.accounts.sign_in.first_passwords import first_password
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.text import Text

CITY = Path(__file__).resolve().parent / "city"
ADMINISTRATORS = (
    ("system_administrator", "sun", "孙维新"),
    ("security_administrator", "zhou", "周安民"),
    ("audit_administrator", "wu", "吴鉴清"),
)
LEAVE_BEGAN, LEAVE_LASTS = timedelta(days=20), timedelta(days=90)
SOURCE = Source(Door.CLI, request="demo")


@transaction.atomic
def fill(at: datetime) -> list[Slip]:
    """The whole city as of `at`, in an empty database; each person with the password they can sign in with."""
    rows = _rows("units.csv")
    city = next(rows)
    administrators = [FirstAdministrator(*one, first_password()) for one in ADMINISTRATORS]
    root = begin_site(
        title=Text(city["title_zh"], city["title_en"]),
        code=city["code"],
        since=date.fromisoformat(city["opened_on"]),
        administrators=administrators,
        by=OnBehalf(None, None, None, SOURCE),
        at=at,
    )
    slips = [Slip(Person.objects.get(username=one.username), one.password) for one in administrators]
    system, security, _ = (Actor.of(slip.person, at=at, source=SOURCE) for slip in slips)
    units = {city["key"]: root}
    _open_and_change(units, list(rows), by=system, at=at)
    slips += _cast(units, system=system, security=security, at=at)
    for slip in slips:  # as if everybody had set a password already: nobody trying things out wants to
        Person.objects.filter(pk=slip.person.pk).update(must_change_password=False, password_changed_at=at)
    return slips


def _open_and_change(units: dict[str, Unit], rows: list[dict[str, str]], *, by: Actor, at: datetime) -> None:
    """Opened and changed in the order of days, so that codes are held to what was in force then."""
    changes = list(_rows("history.csv"))
    for day in sorted({row["opened_on"] for row in rows} | {change["on"] for change in changes}):
        for row in rows:
            if row["opened_on"] == day:
                units[row["key"]] = open_unit(
                    parent=units[row["parent"]],
                    kind=row["kind"],
                    title=Text(row["title_zh"], row["title_en"]),
                    code=row["code"],
                    order=int(row["order"]),
                    on=date.fromisoformat(day),
                    by=by,
                    at=at,
                )
        for change in changes:
            if change["on"] == day:
                _change(units, change, by=by, at=at)


def _change(units: Mapping[str, Unit], change: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    on, changed = date.fromisoformat(change["on"]), [units[key] for key in change["unit"].split()]
    match change["what"]:
        case "rename":
            rename_unit(unit=changed[0], title=Text(change["title_zh"], change["title_en"]), on=on, by=by, at=at)
        case "recode":
            recode_unit(unit=changed[0], code=change["code"], on=on, by=by, at=at)
        case "merge":
            merge_units(units=changed, into=units[change["into"]], on=on, reason=change["reason"], by=by, at=at)
        case unknown:
            raise ValueError(f"history.csv: '{unknown}' is no change.")


def _cast(units: Mapping[str, Unit], *, system: Actor, security: Actor, at: datetime) -> list[Slip]:
    slips: dict[str, Slip] = {}
    posts: dict[str, Post] = {}
    for number, row in enumerate(_rows("cast.csv")):
        unit, key = units[row["unit"]], row["username"]
        if key not in slips:
            details = Details.checked(phone=f"0532-0000{number:04d}", email=f"{key}@example.cn")
            slips[key] = create_person(unit=unit, username=key, name=row["name"], details=details, by=system, at=at)
        if row["stands_in_for"]:
            began = localdate(at) - LEAVE_BEGAN
            name_stand_in(
                post=posts[row["stands_in_for"]],
                person=slips[key].person,
                starts_on=began,
                ends_on=began + LEAVE_LASTS,
                reason="产假代班",
                by=security,
                at=at,
            )
            continue
        posts[key] = assign_post(
            person=slips[key].person,
            unit=unit,
            role=row["role"],
            title=Text(row["title_zh"], row["title_en"]),
            starts_on=date.fromisoformat(row["starts_on"]),
            by=security,
            at=at,
        )
    return list(slips.values())


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (CITY / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def main() -> int:
    """Fill the database that the environment names, and print who may sign in."""
    for slip in fill(timezone.now()):
        posts = "、".join(str(post) for post in slip.person.posts.select_related("unit"))
        print(f"{slip.person.username:<8}{slip.password}  {slip.person.name}  {posts}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
