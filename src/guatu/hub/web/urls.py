"""Addresses of the pages."""

from __future__ import annotations

from allauth.account.views import login, logout
from django.urls import path

from guatu.hub.web import audit, home, people, people_changes, posts, slips, tokens, unit_changes, units

urlpatterns = [
    path("", home.home, name="home"),
    path("language", home.language, name="language"),
    path("sign-in", login, name="account_login"),
    path("sign-out", logout, name="account_logout"),
    path("units", units.tree, name="units"),
    path("units/<int:unit_id>", units.unit, name="unit"),
    path("units/<int:unit_id>/open", unit_changes.open_child, name="unit_open"),
    path("units/<int:unit_id>/rename", unit_changes.rename, name="unit_rename"),
    path("units/<int:unit_id>/recode", unit_changes.recode, name="unit_recode"),
    path("units/<int:unit_id>/correct", unit_changes.correct, name="unit_correct"),
    path("units/<int:unit_id>/move", unit_changes.move, name="unit_move"),
    path("units/<int:unit_id>/merge", unit_changes.merge, name="unit_merge"),
    path("units/<int:unit_id>/divide", unit_changes.divide, name="unit_divide"),
    path("units/<int:unit_id>/close", unit_changes.close, name="unit_close"),
    path("units/<int:unit_id>/posts/assign", posts.assign, name="post_assign"),
    path("posts/<int:post_id>/end", posts.end, name="post_end"),
    path("posts/<int:post_id>/stand-in", posts.stand_in, name="post_stand_in"),
    path("posts/<int:post_id>/hand-over", posts.hand_over, name="post_hand_over"),
    path("people", people.people, name="people"),
    path("people/create", people_changes.create, name="person_create"),
    path("people/slips", slips.waiting, name="slips"),
    path("people/slips/print", people_changes.slips, name="slips_print"),
    path("people/<int:person_id>", people.person, name="person"),
    path("people/<int:person_id>/change", people_changes.change, name="person_change"),
    path("people/<int:person_id>/disable", people_changes.disable, name="person_disable"),
    path("people/<int:person_id>/enable", people_changes.enable, name="person_enable"),
    path("people/<int:person_id>/reveal", people_changes.reveal, name="person_reveal"),
    path("people/<int:person_id>/erase", people_changes.erase, name="person_erase"),
    path("my-data", people.own_data, name="own_data"),
    path("my-data/copy", people.copy_of_own_data, name="own_data_copy"),
    path("tokens", tokens.tokens, name="tokens"),
    path("tokens/issue", tokens.issue, name="token_issue"),
    path("tokens/<int:token_id>/revoke", tokens.revoke, name="token_revoke"),
    path("audit", audit.records, name="audit"),
    path("audit/export", audit.export, name="audit_export"),
    path("audit/checkpoint", audit.checkpoint, name="audit_checkpoint"),
    path("audit/checkpoint/<int:checkpoint_id>/filed", audit.filed, name="audit_checkpoint_filed"),
]
