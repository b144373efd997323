"""Addresses of the pages."""

from __future__ import annotations

from allauth.account.views import login, logout
from django.urls import path

from guatu.hub.web import home, units

urlpatterns = [
    path("", home.home, name="home"),
    path("language", home.language, name="language"),
    path("sign-in", login, name="account_login"),
    path("sign-out", logout, name="account_logout"),
    path("units", units.tree, name="units"),
    path("units/<int:unit_id>", units.unit, name="unit"),
]
