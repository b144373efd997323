"""Addresses of the table, its forms and the other views of the same items."""

from __future__ import annotations

from django.urls import path

from guatu.hub.web.grid import (
    asking_form,
    board,
    calendar,
    cells,
    charts,
    columns_form,
    figure_cells,
    pages,
    pasting,
    saved,
    together,
)
from guatu.hub.web.helping.seen import looked_at

LEDGER = "ledgers/<slug:ledger_key>"

urlpatterns = [
    path(LEDGER, looked_at("ledger")(pages.items), name="items"),
    path(f"{LEDGER}/ask", asking_form.asking, name="items_ask"),
    path(f"{LEDGER}/columns", columns_form.columns, name="items_columns"),
    path(f"{LEDGER}/board", board.board, name="items_board"),
    path(f"{LEDGER}/calendar", calendar.calendar, name="items_calendar"),
    path(f"{LEDGER}/charts", charts.charts, name="items_charts"),
    path(f"{LEDGER}/together", together.together, name="items_together"),
    path(f"{LEDGER}/paste", pasting.paste, name="items_paste"),
    path("items/<int:item_id>/cells/<slug:field_key>", cells.cell, name="item_cell"),
    path("items/<int:item_id>/cells/<slug:field_key>/undo", cells.undo, name="item_cell_undo"),
    path("items/<int:item_id>/figures/<str:period>/<slug:figure_key>", figure_cells.figure, name="figure_cell"),
    path("items/<int:item_id>/figures/<str:period>/<slug:figure_key>/undo", figure_cells.undo, name="figure_cell_undo"),
    path(f"{LEDGER}/views/save", saved.save, name="view_save"),
    path("views/<int:view_id>", saved.view, name="view"),
    path("views/<int:view_id>/rename", saved.rename, name="view_rename"),
    path("views/<int:view_id>/share", saved.share, name="view_share"),
    path("views/<int:view_id>/unshare", saved.unshare, name="view_unshare"),
    path("views/<int:view_id>/delete", saved.delete, name="view_delete"),
]
