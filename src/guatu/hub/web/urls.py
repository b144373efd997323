"""Addresses of the pages."""

from __future__ import annotations

from allauth.account.views import login, logout
from django.urls import path

from guatu.hub.web import home, tokens, units

urlpatterns = [
    path("", home.home, name="home"),
    path("language", home.language, name="language"),
    path("sign-in", login, name="account_login"),
    path("sign-out", logout, name="account_logout"),
    path("units", units.tree, name="units"),
    path("units/<int:unit_id>", units.unit, name="unit"),
    path("tokens", tokens.tokens, name="tokens"),
    path("tokens/issue", tokens.issue, name="token_issue"),
    path("tokens/<int:token_id>/revoke", tokens.revoke, name="token_revoke"),
]
