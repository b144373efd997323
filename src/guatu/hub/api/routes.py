"""Every operation of the API, a module per area."""

from __future__ import annotations

from guatu.hub.api import (
    attachments,
    audit,
    doubles,
    duties,
    exports,
    figures,
    goals,
    import_contents,
    imports,
    item_changes,
    items,
    links,
    me,
    milestones,
    papers,
    people,
    posts,
    reached,
    remarks,
    targets,
    tokens,
    unit_changes,
    years,
)
from guatu.hub.api.description import DescribedApi
from guatu.hub.api.refusals import answer_refusals

api = DescribedApi(
    title="挂图 Guatu",
    version="1",
    description="程序用的门：与网页同样的动作、同样的权限、同样的记录。 The door for programs: the same actions, permissions and "
    "records as the pages. How to: docs/reference/api.md",
    docs_url=None,
    urls_namespace="api-1",
)
FILL_THE_ROUTERS = (item_changes, figures, milestones, duties, links, remarks, reached, years, doubles, import_contents)
"""Modules whose operations stand on the routers of items and ledgers, an address having one router for all its methods."""
answer_refusals(api)
api.add_router("/me", me.router)
api.add_router("/units", unit_changes.router)
api.add_router("/people", people.router)
api.add_router("/posts", posts.router)
api.add_router("/ledgers", exports.ledger_router)
api.add_router("/imports", imports.router)
api.add_router("/items", items.router)
api.add_router("/duties", duties.router)
api.add_router("/links", links.router)
api.add_router("/goals", goals.router)
api.add_router("/targets", targets.router)
api.add_router("/papers", papers.router)
api.add_router("/attachments", attachments.router)
api.add_router("/tokens", tokens.router)
api.add_router("/audit", audit.router)
