"""Who may open which route, in one table; a route or a method that is not in it is closed.

The table speaks of functions: whether any post of the actor allows this anywhere. Over which objects, the queryset word
`visible_to` and the actions' `require` decide, from the same roles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from guatu.hub.accounts.actor import Actor, NotAllowed
from guatu.hub.accounts.addresses import address_of
from guatu.hub.accounts.requests import BesideViews
from guatu.hub.accounts.roles import Permission
from guatu.hub.api.bearer import actor_of_header
from guatu.hub.api.problems import problem
from guatu.hub.audit.source import Door, Source
from guatu.hub.config.requests import request_id
from guatu.hub.web.refusals import refused_page


class Open(Enum):
    TO_ALL = "to all"
    TO_SIGNED_IN = "to whoever is signed in"


Rule = Open | Permission
ALL, SIGNED_IN, P = Open.TO_ALL, Open.TO_SIGNED_IN, Permission

POLICY: Mapping[str, Mapping[str, Rule]] = {
    # pages
    "home": {"GET": SIGNED_IN},
    "language": {"POST": ALL},
    "units": {"GET": P.SEE_UNITS},
    "unit": {"GET": P.SEE_UNITS},
    **{
        f"unit_{change}": {"GET": P.MANAGE_UNITS, "POST": P.MANAGE_UNITS}
        for change in ("open", "rename", "recode", "correct", "move", "merge", "divide", "close")
    },
    **{
        f"post_{change}": {"GET": P.ASSIGN_POSTS, "POST": P.ASSIGN_POSTS}
        for change in ("assign", "end", "stand_in", "hand_over")
    },
    "people": {"GET": P.SEE_UNITS},
    "person": {"GET": P.SEE_UNITS},
    **{
        f"person_{change}": {"GET": P.MANAGE_PEOPLE, "POST": P.MANAGE_PEOPLE}
        for change in ("create", "change", "disable")
    },
    "person_enable": {"POST": P.MANAGE_PEOPLE},
    "person_reveal": {"GET": P.REVEAL_PERSONAL_DATA, "POST": P.REVEAL_PERSONAL_DATA},
    "person_erase": {"GET": P.ERASE_PERSONAL_DATA, "POST": P.ERASE_PERSONAL_DATA},
    "slips": {"GET": P.MANAGE_PEOPLE},
    "slips_print": {"POST": P.MANAGE_PEOPLE},
    "loads": {"GET": SIGNED_IN, "POST": P.MANAGE_UNITS},
    "load": {"GET": SIGNED_IN},  # one's own, or waiting for one
    "load_template": {"GET": P.MANAGE_UNITS},
    "load_accept": {"POST": P.MANAGE_UNITS},
    "load_posts": {"POST": P.ASSIGN_POSTS},
    "load_give_up": {"POST": SIGNED_IN},
    "load_marked": {"GET": SIGNED_IN},
    "own_data": {"GET": SIGNED_IN},
    "own_data_copy": {"POST": SIGNED_IN},
    "look": {"GET": SIGNED_IN},
    "first_steps": {"GET": SIGNED_IN},
    "guide": {"GET": SIGNED_IN},
    "due": {"GET": P.SEE_ITEMS},
    "calendars": {"GET": SIGNED_IN},
    "news": {"GET": P.SEE_ITEMS},
    "news_seen": {"POST": P.SEE_ITEMS},
    "report": {"GET": P.REPORT_ITEMS},
    "visit_new": {"GET": P.SEE_ITEMS},
    "visit_calendar": {"GET": P.SEE_ITEMS},
    "visits": {"GET": P.SEE_ITEMS},
    "visit": {"GET": P.SEE_ITEMS},
    "visit_keep": {"POST": P.REPORT_ITEMS},
    "visit_change": {"GET": P.REPORT_ITEMS, "POST": P.REPORT_ITEMS},
    "visit_stop": {"GET": P.REPORT_ITEMS, "POST": P.REPORT_ITEMS},
    "visit_seen": {"GET": P.REPORT_ITEMS, "POST": P.REPORT_ITEMS},
    "figures": {"GET": P.REPORT_ITEMS, "POST": P.REPORT_ITEMS},
    "figure_cell": {"GET": P.REPORT_ITEMS, "POST": P.REPORT_ITEMS},
    "figure_cell_undo": {"POST": P.REPORT_ITEMS},
    "tokens": {"GET": SIGNED_IN},
    "token_issue": {"POST": P.ISSUE_TOKENS},
    "token_revoke": {"POST": SIGNED_IN},  # one's own, or with RESET_SIGN_IN over its post
    "search": {"GET": P.SEE_ITEMS},
    "packs": {"GET": P.MANAGE_PACKS},
    "pack": {"GET": P.MANAGE_PACKS},
    **{
        f"pack_{change}": {"GET": P.MANAGE_PACKS, "POST": P.MANAGE_PACKS}
        for change in (
            "install",
            "rename",
            "add_field",
            "add_list",
            "add_milestone",
            "add_duty",
            "add_link",
            "add_remark",
            "add_box",
            "add_choice",
            "choose",
        )
    },
    "pack_take_back": {"POST": P.MANAGE_PACKS},
    "ledgers": {"GET": P.SEE_ITEMS},
    **{f"items_{part}": {"GET": P.SEE_ITEMS} for part in ("map", "points", "areas")},
    "items_gantt": {"GET": P.SEE_ITEMS},
    **{
        name: {"GET": P.SEE_ITEMS}
        for name in ("items", "items_ask", "items_columns", "items_board", "items_calendar", "items_charts", "view")
    },
    **{f"view_{change}": {"GET": P.SEE_ITEMS, "POST": P.SEE_ITEMS} for change in ("save", "rename", "share")},
    **{f"view_{change}": {"POST": P.SEE_ITEMS} for change in ("unshare", "delete")},
    "items_compare": {"GET": P.SEE_ITEMS},
    **{
        name: {"GET": P.CHANGE_ITEMS, "POST": P.CHANGE_ITEMS} for name in ("items_together", "items_paste", "item_cell")
    },
    "item_cell_undo": {"POST": P.CHANGE_ITEMS},
    "items_export": {"POST": P.SEE_ITEMS},
    "item": {"GET": P.SEE_ITEMS},
    **{
        f"item_{change}": {"GET": P.CHANGE_ITEMS, "POST": P.CHANGE_ITEMS}
        for change in ("enter", "change", "move", "state", "place")
    },
    "goals": {"GET": P.SEE_ITEMS},
    "goal": {"GET": P.SEE_ITEMS},
    **{
        f"goal_{change}": {"GET": P.MANAGE_GOALS, "POST": P.MANAGE_GOALS}
        for change in ("open", "change", "end", "assign", "link")
    },
    "goal_attachments": {"GET": P.SEE_ITEMS},
    "goal_attachment_send": {"POST": P.ATTACH_FILES},
    "goal_unlink": {"POST": P.MANAGE_GOALS},
    "target": {"GET": P.SEE_ITEMS},
    **{f"target_{change}": {"GET": P.MANAGE_GOALS, "POST": P.MANAGE_GOALS} for change in ("set", "adjust", "split")},
    "target_answer": {"POST": P.ANSWER_TARGETS},
    "target_reached": {"GET": P.REPORT_ITEMS, "POST": P.REPORT_ITEMS},
    "paper": {"GET": P.SEE_ITEMS},
    "paper_word": {"GET": P.SEE_ITEMS},
    "paper_draw": {"POST": P.MANAGE_GOALS},
    "paper_sign": {"POST": P.SIGN_PAPERS},
    "item_attachments": {"GET": P.SEE_ITEMS},
    "attachment_send": {"POST": P.ATTACH_FILES},
    "attachment": {"GET": P.SEE_ITEMS},
    "attachment_file": {"GET": P.SEE_ITEMS},
    "attachment_small": {"GET": P.SEE_ITEMS},
    "attachment_erase": {"GET": P.CHANGE_ITEMS, "POST": P.CHANGE_ITEMS},
    **{
        name: {"GET": P.CHANGE_ITEMS, "POST": P.CHANGE_ITEMS}
        for name in (
            "milestone_plan",
            "milestone_order",
            "milestone_schedule",
            "milestone_baseline",
            "duty_assign",
            "duty_hand_over",
            "duty_end",
            "link_add",
            "link_end",
            "ledger_year",
            "list_redraw",
            "item_merge_choose",
            "item_merge",
            "item_apart",
            "year_plan",
            "year_leave",
        )
    },
    **{
        name: {"GET": P.REPORT_ITEMS, "POST": P.REPORT_ITEMS}
        for name in ("milestone_claim", "milestone_withdraw", "remark_add")
    },
    "doubles": {"GET": P.CHANGE_ITEMS},
    "milestone_check": {"GET": P.CHECK_ITEMS, "POST": P.CHECK_ITEMS},
    "milestone_verify": {"GET": P.VERIFY_ITEMS, "POST": P.VERIFY_ITEMS},
    "imports": {"GET": P.IMPORT_REPORTS},
    "import_send": {"POST": P.IMPORT_REPORTS},
    "import": {"GET": P.SEE_ITEMS},
    "import_line": {"GET": P.SEE_ITEMS},
    "import_progress": {"GET": P.SEE_ITEMS},
    **{
        f"import_{deed}": {"POST": P.IMPORT_REPORTS}
        for deed in ("take", "undo", "discard", "answer", "leave_out", "put_back", "columns_confirm")
    },
    **{
        name: {"GET": P.SEE_ITEMS}
        for name in ("rounds", "round", "round_figure", "round_points", "round_points_of", "item_why")
    },
    "round_judge": {"POST": P.JUDGE_ROUNDS},
    **{f"import_{page}": {"GET": P.IMPORT_REPORTS} for page in ("file", "marked", "columns", "sheet")},
    "audit": {"GET": P.SEE_AUDIT},
    "audit_export": {"POST": P.SEE_AUDIT},
    "audit_checkpoint": {"GET": P.SEE_AUDIT},
    "audit_checkpoint_filed": {"POST": P.SEE_AUDIT},
    # signing in
    "account_login": {"GET": ALL, "POST": ALL},
    "account_logout": {"POST": SIGNED_IN},
    "mfa_authenticate": {"GET": ALL, "POST": ALL},
    "mfa_login_webauthn": {"GET": ALL, "POST": ALL},
    "openid_connect_login": {"GET": ALL},
    "openid_connect_callback": {"GET": ALL},
    # one's own account
    "account": {"GET": SIGNED_IN},
    "account_password": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "account_reauthenticate": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "mfa_reauthenticate": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "mfa_reauthenticate_webauthn": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "mfa_index": {"GET": SIGNED_IN},
    "mfa_activate_totp": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "mfa_deactivate_totp": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "mfa_add_webauthn": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "mfa_remove_webauthn": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "mfa_generate_recovery_codes": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "mfa_view_recovery_codes": {"GET": SIGNED_IN},
    "session_end": {"POST": SIGNED_IN},
    "sessions_end_others": {"POST": SIGNED_IN},
    # others' sign-in, over whom a post allows it
    "person_reset_password": {"POST": P.RESET_SIGN_IN},
    "person_slip": {"GET": P.RESET_SIGN_IN},
    "person_reset_second_factor": {"POST": P.RESET_SIGN_IN},
    "person_end_sessions": {"POST": P.RESET_SIGN_IN},
    # whoever watches over the site; metrics ask for this machine or a token themselves
    "health_live": {"GET": ALL},
    "health_ready": {"GET": ALL},
    "metrics": {"GET": ALL},
    # API
    "api-1:api-root": {},  # the library's own; there is nothing to see
    "api-1:openapi-json": {"GET": ALL},
    "api-1:me": {"GET": SIGNED_IN},
    "api-1:units": {"GET": P.SEE_UNITS, "POST": P.MANAGE_UNITS},
    "api-1:unit_tree": {"GET": P.SEE_UNITS},
    "api-1:unit": {"GET": P.SEE_UNITS},
    "api-1:unit_history": {"GET": P.SEE_UNITS},
    "api-1:unit_successors": {"GET": P.SEE_UNITS},
    "api-1:unit_rename": {"POST": P.MANAGE_UNITS},
    "api-1:unit_recode": {"POST": P.MANAGE_UNITS},
    "api-1:unit_correct": {"POST": P.MANAGE_UNITS},
    "api-1:unit_move": {"POST": P.MANAGE_UNITS},
    "api-1:unit_close": {"POST": P.MANAGE_UNITS},
    "api-1:unit_merge": {"POST": P.MANAGE_UNITS},
    "api-1:unit_divide": {"POST": P.MANAGE_UNITS},
    "api-1:people": {"GET": P.SEE_UNITS, "POST": P.MANAGE_PEOPLE},
    "api-1:person": {"GET": P.SEE_UNITS},
    "api-1:person_change": {"POST": P.MANAGE_PEOPLE},
    "api-1:person_disable": {"POST": P.MANAGE_PEOPLE},
    "api-1:person_enable": {"POST": P.MANAGE_PEOPLE},
    "api-1:person_erase": {"POST": P.ERASE_PERSONAL_DATA},
    "api-1:posts": {"GET": P.SEE_UNITS, "POST": P.ASSIGN_POSTS},
    "api-1:post": {"GET": P.SEE_UNITS},
    "api-1:post_end": {"POST": P.ASSIGN_POSTS},
    "api-1:post_stand_in": {"POST": P.ASSIGN_POSTS},
    "api-1:post_hand_over": {"POST": P.ASSIGN_POSTS},
    "api-1:tokens": {"GET": SIGNED_IN},
    "api-1:token_revoke": {"POST": SIGNED_IN},  # one's own, or with RESET_SIGN_IN over its post
    "api-1:ledgers": {"GET": P.SEE_ITEMS},
    "api-1:ledger_schema": {"GET": P.SEE_ITEMS},
    "api-1:ledger_items": {"GET": P.SEE_ITEMS, "POST": P.CHANGE_ITEMS},
    "api-1:ledger_imports": {"GET": P.SEE_ITEMS, "POST": P.IMPORT_REPORTS},
    **{f"api-1:{part}": {"GET": P.SEE_ITEMS} for part in ("import", "import_findings", "import_steps")},
    **{f"api-1:import_{part}": {"GET": P.IMPORT_REPORTS} for part in ("columns", "file", "marked")},
    **{
        f"api-1:import_{deed}": {"POST": P.IMPORT_REPORTS}
        for deed in ("take", "read", "undo", "discard", "answer", "leave_out", "put_back", "columns_confirm")
    },
    "api-1:ledger_export": {"GET": P.SEE_ITEMS},
    "api-1:ledger_rows": {"GET": P.SEE_ITEMS},
    "api-1:item": {"GET": P.SEE_ITEMS},
    **{f"api-1:item_{part}": {"GET": P.SEE_ITEMS} for part in ("row", "revisions", "milestones", "milestone", "lists")},
    **{f"api-1:item_{part}": {"GET": P.SEE_ITEMS, "POST": P.CHANGE_ITEMS} for part in ("baselines", "duties", "links")},
    **{f"api-1:item_{part}": {"GET": P.SEE_ITEMS, "POST": P.REPORT_ITEMS} for part in ("remarks", "figures")},
    **{f"api-1:milestone_{deed}": {"POST": P.CHANGE_ITEMS} for deed in ("plan", "order", "schedule")},
    **{f"api-1:milestone_{deed}": {"POST": P.REPORT_ITEMS} for deed in ("claim", "withdraw")},
    "api-1:milestone_check": {"POST": P.CHECK_ITEMS},
    "api-1:milestone_verify": {"POST": P.VERIFY_ITEMS},
    **{f"api-1:{deed}": {"POST": P.CHANGE_ITEMS} for deed in ("duty_hand_over", "duty_end", "link_end", "list_redraw")},
    **{f"api-1:item_{change}": {"POST": P.CHANGE_ITEMS} for change in ("change", "move", "state")},
    "api-1:item_attachments": {"GET": P.SEE_ITEMS, "POST": P.ATTACH_FILES},
    "api-1:goal_attachments": {"GET": P.SEE_ITEMS, "POST": P.ATTACH_FILES},
    "api-1:attachment": {"GET": P.SEE_ITEMS},
    "api-1:attachment_file": {"GET": P.SEE_ITEMS},
    "api-1:attachment_erase": {"POST": P.CHANGE_ITEMS},
    **{f"api-1:{part}": {"GET": P.SEE_ITEMS} for part in ("goal_schema", "goal_tree", "goal", "goal_revisions")},
    **{
        f"api-1:{part}": {"GET": P.SEE_ITEMS, "POST": P.MANAGE_GOALS}
        for part in ("goals", "goal_duties", "goal_items", "goal_targets")
    },
    **{f"api-1:goal_{deed}": {"POST": P.MANAGE_GOALS} for deed in ("change", "end", "unlink")},
    **{f"api-1:{part}": {"GET": P.SEE_ITEMS} for part in ("target", "target_parts", "target_versions")},
    **{f"api-1:target_{deed}": {"POST": P.MANAGE_GOALS} for deed in ("adjust", "split")},
    "api-1:target_reached": {"GET": P.SEE_ITEMS, "POST": P.REPORT_ITEMS},
    "api-1:target_answer": {"POST": P.ANSWER_TARGETS},
    "api-1:goal_papers": {"GET": P.SEE_ITEMS, "POST": P.MANAGE_GOALS},
    **{f"api-1:{part}": {"GET": P.SEE_ITEMS} for part in ("paper", "paper_word", "item_years")},
    "api-1:doubles": {"GET": P.CHANGE_ITEMS},
    "api-1:ledger_year": {"GET": P.SEE_ITEMS, "POST": P.CHANGE_ITEMS},
    **{f"api-1:{deed}": {"POST": P.CHANGE_ITEMS} for deed in ("year_plan", "year_leave", "item_merge", "item_apart")},
    "api-1:audit_records": {"GET": P.SEE_AUDIT},
    "api-1:audit_checkpoints": {"GET": P.SEE_AUDIT},
    "api-1:audit_chain": {"GET": P.SEE_AUDIT},
}


class PolicyMiddleware(BesideViews):
    """Gives every request its actor and holds it to the table."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        assert request.resolver_match is not None
        name = request.resolver_match.view_name
        is_api = name.startswith("api-")
        rules = POLICY.get(name, {})
        rule = rules.get("GET" if request.method == "HEAD" else str(request.method))
        request.source = source_of(request, is_api)  # type: ignore[attr-defined]  # ours, for what happens before anybody is signed in
        request.actor = actor_of(request, is_api)  # type: ignore[attr-defined]  # ours, read by views as request.actor
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if rule is None:
            return _closed(sorted(rules), is_api)
        if rule is ALL or (actor is not None and (isinstance(rule, Open) or actor.may(rule))):
            return None
        if actor is None:
            return (
                problem(401, headers={"WWW-Authenticate": "Bearer"}) if is_api else redirect_to_login(_page_of(request))
            )
        refusal = NotAllowed(rule if isinstance(rule, Permission) else Permission.SEE_UNITS, request.path)
        return problem(403, "not_allowed", refusal) if is_api else refused_page(request, refusal, 403)


def _page_of(request: HttpRequest) -> str:
    """Where to come back to after signing in: the page, or that of the form that was sent, whose text the browser kept."""
    sent_from = urlsplit(request.headers.get("Referer", ""))
    if request.method in ("GET", "HEAD") or sent_from.netloc != request.get_host():
        return request.get_full_path()
    return sent_from._replace(scheme="", netloc="").geturl()


def _closed(methods: list[str], is_api: bool) -> HttpResponse:
    if not is_api:
        return HttpResponseNotAllowed(methods)
    return problem(405, headers={"Allow": ", ".join(methods)}) if methods else problem(404)


def actor_of(request: HttpRequest, is_api: bool) -> Actor | None:
    """Whoever sends the request: the API knows tokens alone, pages the session alone."""
    source = source_of(request, is_api)
    if is_api:
        return actor_of_header(request.headers.get("Authorization", ""), at=timezone.now(), source=source)
    if not request.user.is_authenticated:
        return None
    return Actor.of(request.user, at=timezone.now(), source=source)


def source_of(request: HttpRequest, is_api: bool) -> Source:
    """From where the request comes."""
    return Source(
        Door.API if is_api else Door.WEB,
        address=address_of(request),
        request=request_id(),
        idempotency_key=request.headers.get("Idempotency-Key", ""),
    )
