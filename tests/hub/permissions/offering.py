"""What pages offer: links and buttons, each of them open to whoever is shown it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from tests.hub.permissions.doors import ARGUMENTS, DOORS
from tests.hub.permissions.knocking import knock
from tests.hub.permissions.matching import lets_in
from tests.hub.permissions.routes import Route
from tests.hub.permissions.world import PLACES, SHARED, Caller, World

Offer = tuple[str, str]
"""A method and an address."""


@dataclass(slots=True)
class _Form:
    """A form of a page; one whose buttons all lead elsewhere leads nowhere itself."""

    method: str
    address: str
    leads: bool = False
    leads_elsewhere: bool = False


class _Offers(HTMLParser):
    """Links, forms, and buttons that send a form elsewhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._links: list[Offer] = []
        self._forms: list[_Form] = []
        self._by_id: dict[str, _Form] = {}
        self._buttons: list[tuple[_Form | str, Mapping[str, str]]] = []
        """With the form each is in, or the id of the form it names."""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in said:
            self._links.append(("GET", said["href"]))
        self._links += [(way.upper(), said[f"hx-{way}"]) for way in ("get", "post") if f"hx-{way}" in said]
        if tag == "form":
            form = _Form(said.get("method", "get").upper(), said.get("action", ""))
            self._forms.append(form)
            self._by_id[said.get("id", "")] = form
        elif said.get("type", "submit" if tag == "button" else "") in ("submit", "image"):
            self._buttons.append((said["form"] if "form" in said else self._forms[-1], said))

    def all(self) -> list[Offer]:
        for named, said in self._buttons:
            form = self._by_id[named] if isinstance(named, str) else named
            if "formaction" in said:
                form.leads_elsewhere = True
                self._links.append((said.get("formmethod", form.method).upper(), said["formaction"]))
            else:
                form.leads = True
        forms = [(one.method, one.address) for one in self._forms if one.leads or not one.leads_elsewhere]
        return list(dict.fromkeys([*self._links, *forms]))


def offers_of(page: str, address: str) -> list[Offer]:
    """What a page at an address offers on this site, wherever it leads but to the page itself."""
    here, offers = urlsplit(address).path, []
    for method, target in _Offers(page).all():
        to = urlsplit(urljoin(f"http://site{address}", target))
        is_of_the_site = to.netloc == "site" and not to.path.startswith(settings.STATIC_URL)
        if is_of_the_site and (method, to.path) != ("GET", here):
            offers.append((method, to.path))
    return list(dict.fromkeys(offers))


def refused(world: World, caller: Caller, pages: Mapping[str, str]) -> Iterator[str]:
    """Each offer that whoever reads these pages would be refused."""
    offered: dict[Offer, str] = {}
    for address, page in pages.items():
        if page.lstrip().startswith("<"):
            for one in offers_of(page, address):
                offered.setdefault(one, address)
    for (method, address), page in offered.items():
        if (why := _refused(world, caller, method, address)) is not None:
            yield f"{page} offers {method} {address}: {why}"


def _refused(world: World, caller: Caller, method: str, address: str) -> str | None:
    try:
        match = resolve(address)
    except Resolver404:
        return "nothing is there"
    route = Route(match.view_name, tuple(match.kwargs))
    place = _place(world, caller, route, match)
    if place is None:
        return _answered(caller, method, address)
    door = DOORS.get((route.name, method))
    return None if lets_in(door, caller, route, place) else _why(knock(world, caller, route, method, door, place)[0])


def _place(world: World, caller: Caller, route: Route, match: ResolverMatch) -> str | None:
    """Where lies what an address speaks of; nothing if it is none of what lies at a place."""
    for place in (*PLACES, SHARED) if caller.post is None else ("mine", *PLACES, SHARED):
        if all(str(ARGUMENTS[name](world, caller, place)) == str(value) for name, value in match.kwargs.items()):
            return place
    return None


def _answered(caller: Caller, method: str, address: str) -> str | None:
    """What lies at no place is asked for, and a form that is then shown is sent: an empty one is not refused, but sent back."""
    cache.clear()
    with transaction.atomic():
        answer = getattr(caller.client, method.lower())(address, headers=caller.headers("offered"))
        page = "" if answer.streaming else answer.content.decode(errors="replace")
        transaction.set_rollback(True)
    if method == "GET" and ("POST", address) in offers_of(page, address):
        return _answered(caller, "POST", address)
    return _why(answer)


def _why(answer: HttpResponse) -> str | None:
    return f"refused with {answer.status_code}" if answer.status_code in (401, 403, 404, 405) else None
