"""Whom doors of units, people, signing in, the record and the site itself let in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from guatu.hub.accounts.actions.units import placed
from guatu.hub.accounts.models import Load, LoadState, Person, Post
from guatu.text import Text
from tests.hub.people import PASSWORD
from tests.hub.permissions.door import (
    AUDIT,
    CHILD,
    EVERYBODY,
    EVERYWHERE,
    MINE,
    OTHERS,
    REVEALERS,
    ROLES,
    SECURITY,
    SIGNED_IN,
    SYSTEM,
    Body,
    Door,
    Let,
    nothing,
)
from tests.hub.permissions.world import MADE, PLACES, SINCE, Caller, World, soon


def _new_password(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"old": PASSWORD, "new": "river-bridge-lantern", "again": "river-bridge-lantern"}


def _token(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"post": world.post(place, caller).pk, "name": "export", "expires_on": soon()}


def _new_unit(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    parent = world.unit(place, caller).pk
    return {"parent_id": parent, "kind": "enterprise", "title_zh": "新设", "on": str(timezone.localdate())}


def _name(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"title_zh": "改名", "on": str(timezone.localdate())}


def _code(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"code": "", "on": str(timezone.localdate())}


def zone(world: World) -> int:
    """Another unit directly under `own`."""
    return placed(parent=world.units["own"], kind="zone", title=Text("园区", "Park"), on=SINCE, at=MADE).pk


def _another_place(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"parent_id": zone(world), "on": str(timezone.localdate())}


def _another_to_merge(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"units": [zone(world)], "on": str(timezone.localdate())}


def _left_by_all(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """Nobody holds a post at `child` any more: what is not refused for that reason is refused for who asks."""
    Post.objects.filter(unit=world.units["child"]).update(ends_on=timezone.localdate())
    return {"on": str(timezone.localdate()), "reason": "撤销"}


def _two_parts(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {**_left_by_all(world, caller, place), "parts": [{"title_zh": "甲部"}, {"title_zh": "乙部"}]}


def _new_person(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"unit_id": world.unit(place, caller).pk, "username": "newcomer", "name": "新来的"}


def _moved_person(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"unit_id": world.unit(place, caller).pk, "phone": "13600000000"}


def reason(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"reason": "调离"}


def _without_posts(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    today = timezone.localdate()
    Post.objects.filter(person=world.person(place, caller), starts_on__lt=today).update(ends_on=today)
    return {"reason": "本人要求"}


def _new_post(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    unit, person = world.unit(place, caller).pk, world.person(place, caller).pk
    return {"person_id": person, "unit_id": unit, "role": "leader", "starts_on": str(soon())}


def _from_soon(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"on": str(soon()), "reason": "轮岗"}


def _somebody_else(world: World, place: str) -> int:
    return world.residents["own" if place == "child" else "child"].pk


def _stand_in(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {
        "person_id": _somebody_else(world, place),
        "starts_on": str(soon()),
        "ends_on": str(soon() + timedelta(days=7)),
    }


def _successor(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"person_id": _somebody_else(world, place), "on": str(soon())}


def _form(body: Body, **more: str) -> Body:
    """The same, as a page's form sends it: every field, numbers as words."""

    def filled(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
        return {**dict.fromkeys(("title_en", "code", "reason"), ""), **body(world, caller, place), **more}

    return filled


def _into_zone(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {**_left_by_all(world, caller, place), "other": f"#{zone(world)}"}


def _halves(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {**_left_by_all(world, caller, place), "zh-1": "甲部", "zh-2": "乙部"}


def _details(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {
        "unit": f"#{world.unit(place, caller).pk}",
        "username": "newcomer",
        "name": "新来的",
        "phone": "13600000000",
    }


def _leader(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"person": world.person(place, caller).username, "role": "leader", "starts_on": str(soon())}


def _other_by_name(body: Body) -> Body:
    def named(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
        return {
            **body(world, caller, place),
            "person": world.residents["own" if place == "child" else "child"].username,
        }

    return named


def _whose_slip(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """Residents have no password of their own yet; a caller has."""
    Person.objects.filter(pk__in=[one.pk for one in world.residents.values()]).update(password_changed_at=None)
    return {"person": world.person(place, caller).pk}


def _file(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {
        "file": SimpleUploadedFile("units.xlsx", b"not read before the worker does"),
        "on": str(timezone.localdate()),
    }


def _posts_wait(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """A load taken by the resident of a place, that asks for a post there."""
    resident = world.person(place, caller)
    row = [resident.username, world.unit(place, caller).pk, "leader", "", str(soon())]
    Load.objects.filter(submitter=resident).update(state=LoadState.POSTS, read=json.dumps([row]))
    return {}


PAGES_OF_CHANGES: Mapping[str, Door] = {
    "unit_open": Door(Let(SYSTEM), body=_form(_new_unit, order="0"), records="unit.opened"),
    "unit_rename": Door(Let(SYSTEM), body=_form(_name), records="unit.renamed"),
    "unit_recode": Door(Let(SYSTEM), body=_form(_code), records="unit.recoded"),
    "unit_correct": Door(Let(SYSTEM), body=_form(_name, order="1"), records="unit.corrected"),
    "unit_move": Door(Let(SYSTEM, CHILD), body=_form(_into_zone), records="unit.moved"),
    "unit_merge": Door(Let(SYSTEM, CHILD), body=_form(_into_zone), records="unit.merged"),
    "unit_divide": Door(Let(SYSTEM, CHILD), body=_form(_halves), records="unit.divided"),
    "unit_close": Door(Let(SYSTEM, CHILD), body=_form(_left_by_all), records="unit.closed"),
    "post_assign": Door(Let(SECURITY, OTHERS), body=_form(_leader), records="post.assigned"),
    "post_end": Door(Let(SECURITY), body=_from_soon, records="post.ended"),
    "post_stand_in": Door(Let(SECURITY), body=_other_by_name(_stand_in), records="post.stand_in_named"),
    "post_hand_over": Door(Let(SECURITY), body=_other_by_name(_successor), records="post.handed_over"),
    "person_create": Door(Let(SYSTEM), body=_form(_details), records="person.created"),
    "person_change": Door(Let(SYSTEM), body=_form(_details), records="person.changed"),
    "person_disable": Door(Let(SYSTEM, OTHERS), body=reason, records="person.disabled"),
    "person_reveal": Door(Let(REVEALERS), body=_form(reason, field="phone", reason="催报"), records="person.revealed"),
    "person_erase": Door(Let(SECURITY, OTHERS), body=_without_posts, records="person.erased"),
}
"""Changes that have a page with a form at the same address: whoever may send it sees it, whether or not it would be done."""


def _filed(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"holder": "box", "where": "issue 3"}


DOORS_OF_PEOPLE: Mapping[tuple[str, str], Door] = {
    # pages
    ("home", "GET"): Door(Let(SIGNED_IN)),
    ("language", "POST"): Door(Let(EVERYBODY), body=lambda *_: {"language": "en", "back": "/units"}),
    ("units", "GET"): Door(Let(ROLES)),
    ("unit", "GET"): Door(Let(ROLES)),
    **{(name, "POST"): door for name, door in PAGES_OF_CHANGES.items()},
    **{(name, "GET"): Door(*(Let(one.who) for one in door.lets)) for name, door in PAGES_OF_CHANGES.items()},
    ("person_erase", "GET"): Door(Let(SECURITY, OTHERS)),  # nobody is asked why they erase themselves
    ("people", "GET"): Door(Let(ROLES)),
    ("person", "GET"): Door(Let(ROLES)),
    ("person_enable", "POST"): Door(Let(SYSTEM), body=nothing, records="person.enabled"),
    ("slips", "GET"): Door(Let(SYSTEM)),
    ("slips_print", "POST"): Door(Let(SYSTEM, OTHERS), body=_whose_slip, records="person.slips_printed"),
    ("loads", "GET"): Door(Let(SIGNED_IN)),
    ("loads", "POST"): Door(Let(SYSTEM, MINE | {*PLACES}), body=_file, records="unit.load_submitted"),
    ("load_template", "GET"): Door(Let(SYSTEM)),
    ("load", "GET"): Door(Let(SIGNED_IN, MINE)),
    ("load_accept", "POST"): Door(Let(SYSTEM, MINE), body=nothing, records="unit.load_accepted"),
    ("load_posts", "POST"): Door(Let(SECURITY, OTHERS), body=_posts_wait, records="post.load_accepted"),
    ("load_give_up", "POST"): Door(Let(SIGNED_IN, MINE), body=nothing, records="unit.load_discarded"),
    ("load_marked", "GET"): Door(Let(SIGNED_IN, MINE)),
    ("own_data", "GET"): Door(Let(SIGNED_IN)),
    ("own_data_copy", "POST"): Door(Let(SIGNED_IN), body=nothing, records="person.copy_given"),
    ("look", "GET"): Door(Let(SIGNED_IN)),
    ("tokens", "GET"): Door(Let(SIGNED_IN)),
    ("token_issue", "POST"): Door(Let(ROLES - {"leader"}, MINE), body=_token, records="token.issued"),
    ("token_revoke", "POST"): Door(Let(SIGNED_IN, MINE), Let(SECURITY), body=nothing, records="token.revoked"),
    ("calendars", "GET"): Door(Let(SIGNED_IN)),
    ("first_steps", "GET"): Door(Let(SIGNED_IN, EVERYWHERE)),
    ("guide", "GET"): Door(Let(SIGNED_IN, EVERYWHERE)),
    ("audit", "GET"): Door(Let(AUDIT)),
    ("audit_export", "POST"): Door(Let(AUDIT), body=nothing, records="audit.exported"),
    ("audit_checkpoint", "GET"): Door(Let(AUDIT)),
    ("audit_checkpoint_filed", "POST"): Door(Let(AUDIT, EVERYWHERE), body=_filed, records="audit.checkpoint_printed"),
    # signing in
    ("account_login", "GET"): Door(Let(EVERYBODY)),
    ("account_login", "POST"): Door(Let(EVERYBODY), body=nothing),
    ("account_logout", "POST"): Door(Let(SIGNED_IN), body=nothing, records="session.signed_out", stays_in=False),
    ("mfa_authenticate", "GET"): Door(Let(EVERYBODY), stays_in=False),
    ("mfa_authenticate", "POST"): Door(Let(EVERYBODY), body=nothing, stays_in=False),
    ("mfa_login_webauthn", "GET"): Door(Let(EVERYBODY)),
    ("mfa_login_webauthn", "POST"): Door(Let(EVERYBODY), body=nothing),
    ("openid_connect_login", "GET"): Door(Let(EVERYBODY), stays_in=False),
    ("openid_connect_callback", "GET"): Door(Let(EVERYBODY), stays_in=False),
    # one's own account
    ("account", "GET"): Door(Let(SIGNED_IN)),
    ("account_password", "GET"): Door(Let(SIGNED_IN)),
    ("account_password", "POST"): Door(
        Let(SIGNED_IN, MINE | set(PLACES)), body=_new_password, records="sign_in.password_changed"
    ),
    ("account_reauthenticate", "GET"): Door(Let(SIGNED_IN)),
    ("account_reauthenticate", "POST"): Door(Let(SIGNED_IN), body=nothing),
    ("mfa_reauthenticate", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_reauthenticate", "POST"): Door(Let(SIGNED_IN), body=nothing),
    ("mfa_reauthenticate_webauthn", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_reauthenticate_webauthn", "POST"): Door(Let(SIGNED_IN), body=nothing),
    ("mfa_index", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_activate_totp", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_activate_totp", "POST"): Door(Let(SIGNED_IN), body=nothing),
    ("mfa_deactivate_totp", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_deactivate_totp", "POST"): Door(Let(SIGNED_IN), body=nothing, records="sign_in.second_factor_removed"),
    ("mfa_add_webauthn", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_add_webauthn", "POST"): Door(Let(SIGNED_IN), body=nothing),
    ("mfa_remove_webauthn", "GET"): Door(Let(SIGNED_IN, MINE)),
    ("mfa_remove_webauthn", "POST"): Door(Let(SIGNED_IN, MINE), body=nothing, records="sign_in.second_factor_removed"),
    ("mfa_view_recovery_codes", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_generate_recovery_codes", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_generate_recovery_codes", "POST"): Door(Let(SIGNED_IN), body=nothing, records="sign_in.recovery_codes_made"),
    ("session_end", "POST"): Door(Let(SIGNED_IN, MINE), body=nothing, records="session.ended"),
    ("sessions_end_others", "POST"): Door(Let(SIGNED_IN), body=nothing, records="session.ended"),
    # others' sign-in
    ("person_reset_password", "POST"): Door(Let(SECURITY, OTHERS), body=reason, records="sign_in.password_reset"),
    ("person_slip", "GET"): Door(Let(SECURITY)),
    ("person_reset_second_factor", "POST"): Door(
        Let(SECURITY, OTHERS), body=reason, records="sign_in.second_factor_removed"
    ),
    ("person_end_sessions", "POST"): Door(Let(SECURITY, OTHERS), body=reason, records="session.ended"),
    # watching the site
    ("health_live", "GET"): Door(Let(EVERYBODY)),
    ("health_ready", "GET"): Door(Let(EVERYBODY)),
    ("metrics", "GET"): Door(Let(EVERYBODY)),
    # API
    ("api-1:openapi-json", "GET"): Door(Let(EVERYBODY)),
    ("api-1:me", "GET"): Door(Let(ROLES)),
    ("api-1:units", "GET"): Door(Let(ROLES)),
    ("api-1:units", "POST"): Door(Let(SYSTEM), body=_new_unit, records="unit.opened"),
    ("api-1:unit_tree", "GET"): Door(Let(ROLES)),
    ("api-1:unit", "GET"): Door(Let(ROLES)),
    ("api-1:unit_history", "GET"): Door(Let(ROLES)),
    ("api-1:unit_successors", "GET"): Door(Let(ROLES)),
    ("api-1:unit_rename", "POST"): Door(Let(SYSTEM), body=_name, records="unit.renamed"),
    ("api-1:unit_recode", "POST"): Door(Let(SYSTEM), body=_code, records="unit.recoded"),
    ("api-1:unit_correct", "POST"): Door(Let(SYSTEM), body=lambda *_: {"title_zh": "改正"}, records="unit.corrected"),
    ("api-1:unit_move", "POST"): Door(Let(SYSTEM, CHILD), body=_another_place, records="unit.moved"),
    ("api-1:unit_close", "POST"): Door(Let(SYSTEM, CHILD), body=_left_by_all, records="unit.closed"),
    ("api-1:unit_merge", "POST"): Door(Let(SYSTEM), body=_another_to_merge, records="unit.merged"),
    ("api-1:unit_divide", "POST"): Door(Let(SYSTEM, CHILD), body=_two_parts, records="unit.divided"),
    ("api-1:people", "GET"): Door(Let(ROLES)),
    ("api-1:people", "POST"): Door(Let(SYSTEM), body=_new_person, records="person.created"),
    ("api-1:person", "GET"): Door(Let(ROLES)),
    ("api-1:person_change", "POST"): Door(Let(SYSTEM), body=_moved_person, records="person.changed"),
    ("api-1:person_disable", "POST"): Door(Let(SYSTEM, OTHERS), body=reason, records="person.disabled"),
    ("api-1:person_enable", "POST"): Door(Let(SYSTEM), body=nothing, records="person.enabled"),
    ("api-1:person_erase", "POST"): Door(Let(SECURITY, OTHERS), body=_without_posts, records="person.erased"),
    ("api-1:posts", "GET"): Door(Let(ROLES)),
    ("api-1:posts", "POST"): Door(Let(SECURITY, OTHERS), body=_new_post, records="post.assigned"),
    ("api-1:post", "GET"): Door(Let(ROLES)),
    ("api-1:post_end", "POST"): Door(Let(SECURITY), body=_from_soon, records="post.ended"),
    ("api-1:post_stand_in", "POST"): Door(Let(SECURITY), body=_stand_in, records="post.stand_in_named"),
    ("api-1:post_hand_over", "POST"): Door(Let(SECURITY), body=_successor, records="post.handed_over"),
    ("api-1:tokens", "GET"): Door(Let(ROLES)),
    ("api-1:token_revoke", "POST"): Door(Let(ROLES, MINE), Let(SECURITY), body=nothing, records="token.revoked"),
    ("api-1:audit_records", "GET"): Door(Let(AUDIT)),
    ("api-1:audit_checkpoints", "GET"): Door(Let(AUDIT)),
    ("api-1:audit_chain", "GET"): Door(Let(AUDIT)),
}
