"""Who else might try an action: everybody in the city, and somebody of every role in another zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.db import transaction

from guatu.hub.accounts.actions.tree_changes import placed
from guatu.hub.accounts.actor import Actor, NotAllowed
from guatu.hub.accounts.models import Person, Post
from guatu.hub.accounts.roles import ROLES
from guatu.hub.audit.acting import ACTIONS
from guatu.hub.audit.models import Record
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.text import Text
from tests.hub.changes.actions import CHANGES, load_all_actions
from tests.hub.changes.change import Change
from tests.hub.changes.reach import CITY, TWO_SIDED, reach_of
from tests.hub.people import LONG_AGO, NOW, City, build_city

load_all_actions()
ALSO: Mapping[str, frozenset[str]] = {
    "person.reveal": frozenset({"zhao", "feng"}),
    "person.copy": frozenset({"everybody"}),
    "news.see": frozenset({"everybody"}),
    "token.revoke": frozenset({"zhou"}),
    "attachment.attach": frozenset({"zhao"}),
    "target.answer": frozenset({"zheng"}),
    **dict.fromkeys(
        (
            "milestone.claim",
            "milestone.check",
            "milestone.withdraw",
            "remark.add",
            "visit.keep",
            "visit.change",
            "visit.see",
            "visit.drop_in",
            "figures.report",
            "figures.put_back",
        ),
        frozenset({"zhao"}),
    ),
    "import.submit": frozenset({"zhao"}),
    "import.take": frozenset({"zhao"}),
    "import.undo": frozenset({"zhao"}),
    "import.discard": frozenset({"zhao"}),
    "import.ask_to_read": frozenset({"zhao"}),
    "import.ask_to_take": frozenset({"zhao"}),
    "import.ask_to_undo": frozenset({"zhao"}),
    "import.cannot_undo": frozenset({"zhao"}),
    "import.answer": frozenset({"zhao"}),
    "import.leave_out": frozenset({"zhao"}),
    "import.put_back": frozenset({"zhao"}),
    "import.confirm_columns": frozenset({"zhao"}),
    # Rows of a load are held to the sender's units one by one when it is read.
    "units.submit_load": frozenset({"system_administrator of another zone"}),
    # Everybody who sees items may take out those, every auditor records: in another zone they see nothing of here.
    "audit.export": frozenset({"audit_administrator of another zone"}),
    "item.export": frozenset({"wang", "zhao", "qian", "zheng", "feng"})
    | {f"{role} of another zone" for role in ("dispatcher", "reporter", "reviewer", "leader", "inspector")},
    "view.save": frozenset({"wang", "zhao", "qian", "zheng", "feng"})
    | {f"{role} of another zone" for role in ("dispatcher", "reporter", "reviewer", "leader", "inspector")},
    "audit.note_printed": frozenset({"audit_administrator of another zone"}),
}
"""Who may make an action beside whoever its row in `actions.py` names, by their names in the cast."""

ONES_OWN = frozenset({
    "units.keep_reading", "units.set_back_load", "units.give_up_load", "person.choose_language", "session.end_own",
    "sign_in.change_password", "sign_in.add_codes", "sign_in.add_passkey", "sign_in.remove_factor",
    "sign_in.make_recovery_codes", "token.revoke",
})  # fmt: skip
"""Actions on what is one's own, which want no post."""


def let_in_wrongly(name: str) -> list[str]:
    """Everybody who should be refused an action, and was not; all they did is taken back."""
    if name == "site.begin" or "everybody" in ALSO.get(name, frozenset()):
        return []
    wrong: list[str] = []
    with a_city_taken_back() as city:
        CHANGES[name].before(city)
        meant = CHANGES[name].arguments(city)["by"]
        for who, actor in everybody(city).items():
            if isinstance(meant, OnBehalf):
                break  # no person asks for it: the worker or a command on the machine itself does
            if actor.person_id != meant.person_id and who not in ALSO.get(name, frozenset()):
                wrong += _tried(name, city, who, actor)
        if isinstance(meant, Actor) and name not in ONES_OWN:
            wrong += _tried(name, city, "whoever is meant, all their posts ended,", replace(meant, posts=()))
    return wrong


@contextmanager
def a_city_taken_back() -> Iterator[City]:
    """A city, and afterwards all as it was, with whatever a change needs of the settings."""
    holders = settings.AUDIT_HOLDERS
    try:
        with transaction.atomic():
            yield build_city()
            transaction.set_rollback(True)
    finally:
        settings.AUDIT_HOLDERS = holders


def _tried(name: str, city: City, who: str, actor: Actor) -> list[str]:
    before = Record.objects.count()
    try:
        with transaction.atomic():
            ACTIONS[name](**{**CHANGES[name].arguments(city), "by": actor}, at=NOW)
            transaction.set_rollback(True)
    except NotAllowed:
        return [] if Record.objects.count() == before else [f"{who} was refused {name}, but it is on the record"]
    except Exception as error:
        return [f"{who} was not refused {name} for who they are, but: {error!r}"]
    return [f"{who} was let in to {name}"]


def reaches_wrongly(name: str) -> list[str]:
    """Where a post is enough for an action, or not, and the table of reaches says otherwise."""
    found = (
        []
        if suffices_at(name, CHANGES[name]) == reach_of(name)
        else [f"{name}: {sorted(suffices_at(name, CHANGES[name]))}"]
    )
    for said, (action, change) in TWO_SIDED.items():
        if action == name and (enough := suffices_at(name, change)) != CITY:
            found.append(f"{said} is made with a post at {sorted(enough)}, not at the city alone")
    return found


def suffices_at(name: str, change: Change) -> frozenset[str]:
    """At which unit of the city, by its short name, a post of the very role an action is meant for is enough to make it."""
    with a_city_taken_back() as city:
        change.before(city)
        meant = change.arguments(city)["by"]
        role = next((post.role for post in city.posts.values() if post.person_id == meant.person_id), None)
        if isinstance(meant, OnBehalf) or role is None:
            enough = frozenset[str]()
        else:
            holders = {key: _newcomer(f"{role} at {key}", unit.pk, role) for key, unit in city.units.items()}
            enough = frozenset(key for key, actor in holders.items() if not _is_refused(name, change, city, actor))
    return enough


def _is_refused(name: str, change: Change, city: City, actor: Actor) -> bool:
    """For who they are; whatever else stands against it, they were let in."""
    try:
        with transaction.atomic():
            ACTIONS[name](**{**change.arguments(city), "by": actor}, at=NOW)
            transaction.set_rollback(True)
    except NotAllowed:
        return True
    except Exception:
        return False
    return False


def everybody(city: City) -> dict[str, Actor]:
    """The cast, somebody of every role in another zone, somebody without a post, and somebody disabled."""
    actors = {name: city.actor(name) for name in city.people}
    other = placed(parent=city.units["city"], kind="zone", title=Text("新区", "New Zone"), on=LONG_AGO, at=NOW)
    for role in ROLES:
        actors[f"{role} of another zone"] = _newcomer(f"other-{role}", other.pk, role)
    actors["nobody"] = Actor(_person("nobody").pk, (), Source(Door.WEB))
    disabled = _newcomer("disabled", city.units["city"].pk, "system_administrator", is_active=False)
    actors["disabled"] = disabled
    return actors


def _newcomer(name: str, unit: int, role: str, *, is_active: bool = True) -> Actor:
    person = _person(name, is_active=is_active)
    Post.objects.create(person=person, unit_id=unit, role=role, starts_on=LONG_AGO)
    return Actor.of(person, at=NOW, source=Source(Door.WEB))


def _person(name: str, *, is_active: bool = True) -> Person:
    person = Person(username=name, name=name, is_active=is_active)
    person.set_unusable_password()
    person.save()
    return person
