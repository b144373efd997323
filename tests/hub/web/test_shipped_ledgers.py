"""Every pack that ships, installed in one site; an item of each of their ledgers entered through its form, as a dispatcher does."""

from __future__ import annotations

from django.test import Client

from guatu.declarations import FieldDeclaration, FieldType, load_pack
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations.packs import pack_names
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.fields import facts_of, ledger_code, stated_lists
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.packs import declared
from tests.hub.people import NOW, City, build_city

CODES = {FieldType.PROJECT_CODE: "2101-370215-04-01-123456", FieldType.CREDIT_CODE: "91370200MA3C0T8L7T"}
ANSWERS = {
    FieldType.TEXT: "东关街道办报来",
    FieldType.INTEGER: "3",
    FieldType.NUMBER: "100.5",
    FieldType.MONEY: "12.34",
    FieldType.AREA: "20.5",
    FieldType.PERCENT: "62.5",
    FieldType.DATE: "2026-05-31",
    FieldType.FLAG: "true",
}


def answer(one: FieldDeclaration) -> str:
    if one.type is FieldType.CHOICE:
        return next(iter(one.states))
    if one.type in CODES:
        return ""
    return str(one.least or 0) if one.least is not None else ANSWERS.get(one.type, "")


def filled(ledger: LedgerDeclaration, unit: str) -> dict[str, object]:
    facts = {f"f-{key}": answer(one) for key, one in facts_of(ledger).items()}
    return {**facts, "unit": unit, "name": f"{ledger.item.zh}一", "on": "2026-06-01", "lists": stated_lists(ledger)[:1]}


def test_every_shipped_pack_is_installed_in_one_site_and_an_item_of_each_ledger_entered(db: None) -> None:
    city: City = build_city()
    for name in sorted(pack_names(), key=lambda one: len(load_pack(one).folders)):
        install_pack(folder=name, by=city.actor("sun"), at=NOW)
    client = Client()
    client.force_login(city.people["zhao"])

    answers = {}
    for ledger in Ledger.objects.select_related("pack"):
        form = filled(declared(ledger), f"东关镇 #{city.units['town'].pk}")
        sent = client.post(f"/ledgers/{ledger.key}/items/enter", form, headers={"Idempotency-Key": ledger.key})
        answers[ledger.key] = sent.status_code

    refused = {key: status for key, status in answers.items() if status != 302}
    assert refused == {} and len(answers) >= 20
    assert Item.objects.count() == len(answers)
    for item in Item.objects.select_related("ledger__pack"):
        known = facts_of(declared(item.ledger))
        given = {key for key, one in known.items() if answer(one) and key != ledger_code(declared(item.ledger))}
        assert given == set(item.values), item.ledger.key
