"""Every address of the site; `policy.py` says who may open which."""

from __future__ import annotations

from django.urls import include, path

from guatu.hub.api.routes import api

urlpatterns = [
    path("", include("guatu.hub.web.urls")),
    path("api/", api.urls),
]
