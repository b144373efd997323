"""Views kept under a name: an address of their own, shared with a unit, showing each reader what they may see."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.test import Client

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.views import save_view, share_view
from guatu.hub.ledger.models import Ledger, SavedView
from tests.hub.people import NOW, City
from tests.hub.web.grid.conftest import Enters, Shows


@pytest.fixture
def weekly(ledger: Ledger, city: City) -> SavedView:
    """Zhao's, of what is being built, with the costs."""
    return save_view(
        ledger=ledger, name="周会", view="items", query="where=stage%3Ais%3Abuilding&columns=cost", by=city.actor("zhao"),
        at=NOW,
    )  # fmt: skip


def test_a_view_keeps_what_the_table_asks_and_opens_it_by_its_address(
    client: Client, city: City, ledger: Ledger, shows: Shows
) -> None:
    client.force_login(city.people["li"])
    answer = client.post(
        "/ledgers/works/views/save?where=stage:is:building&sort=-cost&page=3&view=items", {"name": " 周 会 "}
    )
    kept = SavedView.objects.get()

    assert (kept.name, kept.owner, kept.shared_with) == ("周 会", city.people["li"], None)
    assert answer["Location"] == client.get(f"/views/{kept.pk}")["Location"] == f"/ledgers/works?{kept.query}"
    page = shows(answer["Location"], who="li")
    assert f'<a href="/views/{kept.pk}" aria-current="true">' in page and "管理“周 会”" in page
    assert "aria-current" not in shows("/ledgers/works", who="li").split('class="saved')[1].split("</div>")[0]
    assert Record.objects.filter(kind="view.saved").count() == 1


def test_two_views_of_one_person_have_two_names(client: Client, city: City, weekly: SavedView) -> None:
    client.force_login(city.people["zhao"])
    answer = client.post("/ledgers/works/views/save", {"name": "周会"})

    assert answer.status_code == 409 and "同名" in answer.content.decode()
    with pytest.raises(IntegrityError):
        SavedView.objects.create(ledger=weekly.ledger, owner=weekly.owner, name="周会", view="items")


def test_a_shared_view_is_found_under_its_unit_and_shows_only_what_its_reader_may_see(
    enters: Enters, shows: Shows, client: Client, city: City, weekly: SavedView
) -> None:
    enters("东桥", unit="town", stage="building", cost=70_000_000)
    enters("西桥", unit="west", stage="building", cost=90_000_000)
    assert "周会" not in shows("/ledgers/works", who="li")

    share_view(view=weekly, unit=city.units["east"], by=city.actor("zhao"), at=NOW)

    assert "周会" in shows("/ledgers/works", who="li") and "赵调度" in shows("/ledgers/works", who="li")
    assert "周会" not in shows("/ledgers/works", who="qian")
    client.force_login(city.people["li"])
    page = shows(client.get(f"/views/{weekly.pk}")["Location"], who="li")
    assert "东桥" in page and "西桥" not in page
    client.force_login(city.people["qian"])
    assert client.get(f"/views/{weekly.pk}").status_code == 404


def test_nobody_shares_a_view_with_a_unit_where_they_see_no_items(city: City, weekly: SavedView) -> None:
    SavedView.objects.update(owner=city.people["li"])

    with pytest.raises(NotAllowed):
        share_view(view=weekly, unit=city.units["west"], by=city.actor("li"), at=NOW)


def test_nobody_changes_another_s_view_though_it_is_shared_with_them(
    client: Client, city: City, weekly: SavedView
) -> None:
    share_view(view=weekly, unit=city.units["city"], by=city.actor("zhao"), at=NOW)
    client.force_login(city.people["li"])

    for deed in ("rename", "share", "unshare", "delete"):
        assert client.post(f"/views/{weekly.pk}/{deed}", {"name": "夺", "unit": "东关镇"}).status_code == 404
    assert SavedView.objects.get().name == "周会"


def test_a_view_is_renamed_shared_kept_to_oneself_and_deleted_with_a_record_of_each(
    client: Client, city: City, weekly: SavedView
) -> None:
    client.force_login(city.people["zhao"])
    client.post(f"/views/{weekly.pk}/rename", {"name": "月会"})
    client.post(f"/views/{weekly.pk}/share", {"unit": "东城区"})
    assert SavedView.objects.get().shared_with == city.units["east"]
    client.post(f"/views/{weekly.pk}/unshare")
    assert SavedView.objects.get().shared_with is None
    client.post(f"/views/{weekly.pk}/delete")

    assert not SavedView.objects.exists()
    told = list(Record.objects.filter(kind__startswith="view.").order_by("pk").values_list("kind", flat=True))
    assert told == ["view.saved", "view.renamed", "view.shared", "view.unshared", "view.deleted"]


def test_a_view_is_shared_no_further_than_one_sees_oneself(client: Client, city: City, ledger: Ledger) -> None:
    mine = save_view(ledger=ledger, name="镇里", view="items", query="", by=city.actor("li"), at=NOW)
    client.force_login(city.people["li"])

    answer = client.post(f"/views/{mine.pk}/share", {"unit": f"#{city.units['city'].pk}"})

    assert answer.status_code == 422
    assert SavedView.objects.get().shared_with is None
