"""Every operation of the API, a module per area."""

from __future__ import annotations

from ninja import NinjaAPI

from guatu.hub.api import units

api = NinjaAPI(title="Guatu 挂图", version="1", docs_url=None, urls_namespace="api-1")
api.add_router("/units", units.router)
