"""Rounds as pages: judged, ranked, from a number to its rows, from a light to its reason and the cell behind; and who sees what."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.accounts.models import Person
from guatu.hub.assessment.models import Run
from guatu.hub.assessment.task import judge
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.models import Duty, Item, Ledger
from tests.hub.assessment.conftest import judged  # noqa: F401
from tests.hub.assessment.test_rounds import begin, judged_run
from tests.hub.people import NOW, City


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, "guatu.hub.accounts.sign_in.backends.PersonBackend")
    return client


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_dispatcher_has_a_round_judged_and_reads_the_league(judged: Ledger, city: City) -> None:  # noqa: F811
    client = signed_in(city.people["zhao"])

    sent = client.post("/ledgers/works/rounds/judge", {"period": "2026-04", "rulebook": "late"})

    run = Run.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/rounds/{run.pk}")
    assert "等待评判" in text_of(client, f"/rounds/{run.pk}")
    judge.func(run.pk)
    page = text_of(client, f"/rounds/{run.pk}")
    assert page.index("西城区") < page.index("东城区") < page.index("挂图市</a>")  # by rank, the whole below
    assert "100.0%" in page and 'data-sides="1 / 1"' in page and "+50.0" in page
    assert "2026年4月" in text_of(client, "/ledgers/works/rounds")


def test_a_number_leads_to_its_items_and_an_item_to_its_reason(judged: Ledger, city: City) -> None:  # noqa: F811
    run = judged_run(judged, city, "2026-04")
    client, whole, east = signed_in(city.people["zhao"]), city.units["city"].pk, Item.objects.get(name="东桥")

    figure = text_of(client, f"/rounds/{run.pk}/units/{whole}/begun_rate")
    assert "西桥" in figure and "东桥" not in figure and "1 / 2" in figure
    assert "东桥" in text_of(client, f"/rounds/{run.pk}/units/{whole}/begun_rate?part=1")
    why = text_of(client, f"/items/{east.pk}/why/{run.pk}")
    assert "到期未开工的，亮红灯" in why and "应于2026年3月1日完工，还没有开工" in why
    assert f"/items/{east.pk}/why/{run.pk}" in text_of(client, f"/items/{east.pk}")


def test_the_drawer_is_the_same_reason_without_the_page_around_it(judged: Ledger, city: City) -> None:  # noqa: F811
    run, east = judged_run(judged, city, "2026-04"), Item.objects.get(name="东桥")

    drawer = signed_in(city.people["zhao"]).get(f"/items/{east.pk}/why/{run.pk}", headers={"HX-Request": "true"})

    said = drawer.content.decode()
    assert "到期未开工的，亮红灯" in said and "<html" not in said and "data-close" in said


def test_the_next_round_shows_moves_and_what_became_worse(judged: Ledger, city: City) -> None:  # noqa: F811
    judged_run(judged, city, "2026-02")
    march = judged_run(judged, city, "2026-03")
    client = signed_in(city.people["zhao"])

    desk = text_of(client, "/")
    assert (
        "比上期变差的" in desk
        and "东桥" in desk
        and f"/items/{Item.objects.get(name='东桥').pk}/why/{march.pk}" in desk
    )
    assert "各期" in text_of(client, f"/rounds/{march.pk}") and "sparkline" in text_of(client, f"/rounds/{march.pk}")
    unit = text_of(client, f"/units/{city.units['east'].pk}")
    assert "开工率" in unit and "0 / 1" in unit


def test_a_restated_round_says_so_and_one_judged_alike_leads_to_the_first(judged: Ledger, city: City) -> None:  # noqa: F811
    first, client = judged_run(judged, city, "2026-04"), signed_in(city.people["zhao"])
    same = judged_run(judged, city, "2026-04")
    assert "逐字相同" in text_of(client, f"/rounds/{same.pk}")

    begin(city, "东桥", date(2026, 4, 10))
    second = judged_run(judged, city, "2026-04")

    assert f"/rounds/{second.pk}" in text_of(client, f"/rounds/{first.pk}")


def test_qian_sees_the_published_ranks_and_only_the_rows_of_the_own_district(judged: Ledger, city: City) -> None:  # noqa: F811
    run, qian = judged_run(judged, city, "2026-04"), signed_in(city.people["qian"])
    whole, east = city.units["city"].pk, Item.objects.get(name="东桥")

    league = text_of(qian, f"/rounds/{run.pk}")
    assert "东城区" in league and f'/units/{city.units["east"].pk}"' not in league
    figure = text_of(qian, f"/rounds/{run.pk}/units/{whole}/begun_rate?part=1")
    assert "西桥" in figure and "东桥" not in figure and "其中 1 个不在您能看到的范围里" in figure
    assert qian.get(f"/items/{east.pk}/why/{run.pk}").status_code == 404
    assert "东桥" not in text_of(qian, "/")
    refused = qian.post("/ledgers/works/rounds/judge", {"period": "2026-05", "rulebook": "late"})
    assert refused.status_code == 403 and Run.objects.count() == 1


def test_whoever_sees_no_item_of_a_ledger_sees_none_of_its_rounds(judged: Ledger, city: City) -> None:  # noqa: F811
    run = judged_run(judged, city, "2026-04")
    Item.objects.get(name="西桥").accesses.all().delete()
    qian = signed_in(city.people["qian"])

    for path in (
        "/ledgers/works/rounds",
        f"/rounds/{run.pk}",
        f"/rounds/{run.pk}/units/{city.units['west'].pk}/begun_rate",
    ):
        assert qian.get(path).status_code == 404
    assert signed_in(city.people["sun"]).get(f"/rounds/{run.pk}").status_code == 403


@pytest.mark.parametrize("page", ["league", "figure", "desk", "unit", "why"])
def test_pages_ask_the_same_queries_whatever_the_number_of_items(judged: Ledger, city: City, page: str) -> None:  # noqa: F811
    client = signed_in(city.people["zhao"])

    def asked(period: str) -> int:
        run = judged_run(judged, city, period)
        east, city_unit = Item.objects.get(name="东桥").pk, city.units["city"].pk
        path = {
            "league": f"/rounds/{run.pk}", "figure": f"/rounds/{run.pk}/units/{city_unit}/begun_rate?part=1",
            "desk": "/", "unit": f"/units/{city_unit}", "why": f"/items/{east}/why/{run.pk}",
        }[page]  # fmt: skip
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    asked("2026-02")
    few = asked("2026-03")
    for number in range(12):
        enter_item(
            ledger=judged, unit=city.units["town"], name=f"新桥{number}", values={"due": date(2026, 3, 1), "begun": False},
            on=date(2026, 1, 1), by=city.actor("zhao"), at=NOW,
        )  # fmt: skip

    assert asked("2026-04") == few


def test_the_desk_says_how_many_more_became_worse_and_leads_to_the_table_by_light(
    judged: Ledger,  # noqa: F811
    city: City,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enter_item(
        ledger=judged, unit=city.units["town"], name="中桥", values={"due": date(2026, 3, 1), "begun": False},
        on=date(2026, 1, 1), by=city.actor("zhao"), at=NOW,
    )  # fmt: skip
    judged_run(judged, city, "2026-02")
    judged_run(judged, city, "2026-03")
    zhao = signed_in(city.people["zhao"])
    assert "按灯排的表" not in text_of(zhao, "/")

    monkeypatch.setattr("guatu.hub.web.rounds.lit.MOST_MOVED", 1)
    desk = text_of(zhao, "/")
    assert "还有 1 个。" in desk and 'href="/ledgers/works?sort=light"' in desk


def test_the_desk_tells_first_of_what_one_answers_for(judged: Ledger, city: City) -> None:  # noqa: F811
    east, zheng = Item.objects.get(name="东桥"), city.people["zheng"]
    Duty.objects.create(item=east, slot="lead", person=zheng, valid_from=date(2026, 1, 1))
    judged_run(judged, city, "2026-02")
    judged_run(judged, city, "2026-03")

    assert "我负责的，比上期变了的" in text_of(signed_in(zheng), "/")
    assert "我负责的，比上期变了的" not in text_of(signed_in(city.people["zhao"]), "/")


def test_a_duty_of_a_unit_is_answered_for_by_who_reports_for_it(judged: Ledger, city: City) -> None:  # noqa: F811
    east = Item.objects.get(name="东桥")
    duty = Duty.objects.create(item=east, slot="lead", unit=east.unit, valid_from=date(2026, 1, 1))
    judged_run(judged, city, "2026-02")
    judged_run(judged, city, "2026-03")
    reporter = signed_in(next(one.person for one in east.unit.posts.filter(role="reporter")))

    assert "我负责的，比上期变了的" in text_of(reporter, "/")
    Duty.objects.filter(pk=duty.pk).update(valid_to=date(2026, 2, 1))
    assert "我负责的，比上期变了的" not in text_of(reporter, "/")


def test_a_count_of_lights_leads_to_the_items_that_have_it_and_each_to_its_why(judged: Ledger, city: City) -> None:  # noqa: F811
    run = judged_run(judged, city, "2026-04")
    client, east = signed_in(city.people["zhao"]), Item.objects.get(name="东桥")
    assert "?unit=" in text_of(client, "/") and "light=lagging" in text_of(client, "/")

    page = text_of(client, "/ledgers/works?light=lagging")

    assert "东桥" in page and "西桥" not in page
    assert "灯为“滞后”" in page and "共 1 个" in page
    assert f'<a class="lamp" href="/items/{east.pk}/why/{run.pk}">' in page
    assert "东桥" in text_of(client, "/ledgers/works/board?light=lagging")
    assert "西桥" not in text_of(client, "/ledgers/works/board?light=lagging")
    assert (
        client.get("/ledgers/works/ask?light=lagging&ask=1&state=active")["Location"] == "/ledgers/works?light=lagging"
    )


def test_before_a_round_is_judged_no_item_has_a_light(judged: Ledger, city: City) -> None:  # noqa: F811
    page = text_of(signed_in(city.people["zhao"]), "/ledgers/works")

    assert "东桥" in page and "lamp" not in page
    assert "没有符合的" in text_of(signed_in(city.people["zhao"]), "/ledgers/works?light=lagging")


def test_a_round_asked_for_twice_is_judged_once(judged: Ledger, city: City) -> None:  # noqa: F811
    client, asked = signed_in(city.people["zhao"]), {"period": "2026-04", "rulebook": "late"}

    first, second = (client.post("/ledgers/works/rounds/judge", asked)["Location"] for _ in range(2))

    assert first == second == f"/rounds/{Run.objects.get().pk}"
    judge.func(Run.objects.get().pk)
    judge.func(Run.objects.get().pk)
    assert Run.objects.get().state == "judged"
