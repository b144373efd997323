"""Addresses of the table, its forms and the other views of the same items."""

from __future__ import annotations

from django.urls import path

from guatu.hub.web.grid import asking_form, columns_form, pages

LEDGER = "ledgers/<slug:ledger_key>"

urlpatterns = [
    path(LEDGER, pages.items, name="items"),
    path(f"{LEDGER}/ask", asking_form.asking, name="items_ask"),
    path(f"{LEDGER}/columns", columns_form.columns, name="items_columns"),
]
