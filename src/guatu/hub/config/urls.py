"""Every address of the site; `policy.py` says who may open which."""

from __future__ import annotations

from django.urls import include, path

from guatu.hub.api.routes import api
from guatu.hub.config import health, metrics

urlpatterns = [
    path("", include("guatu.hub.web.urls")),
    path("api/", api.urls),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics.metrics, name="metrics"),
]

handler400 = "guatu.hub.config.errors.bad_request"
handler403 = "guatu.hub.config.errors.forbidden"
handler404 = "guatu.hub.config.errors.not_found"
handler500 = "guatu.hub.config.errors.failed"
