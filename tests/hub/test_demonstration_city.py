"""The demonstration city fills an empty hub, and shows everything a tree and posts can be."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from guatu.hub.accounts.actions.site import NotEmpty
from guatu.hub.accounts.models import Person, Post, Succession, Unit
from guatu.hub.accounts.tree import tree_on
from tests.hub.people import NOW

DEMO = Path(__file__).resolve().parents[2] / "demo"


def demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location("demo_hub", DEMO / "hub.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_demonstration_city_has_its_tree_its_history_and_its_cast(db: None) -> None:
    slips = demo().fill(NOW)

    districts = [
        sum(node.kind == "district" for node in tree_on(day).nodes.values())
        for day in (date(2012, 11, 30), date(2012, 12, 1))
    ]
    assert districts == [12, 10]
    jimo = Unit.objects.get(code="370215")
    assert list(jimo.spans.values_list("title_zh", "code", "valid_from")) == [
        ("即墨市", "370282", date(2010, 1, 1)),
        ("即墨区", "370215", date(2017, 10, 30)),
    ]
    assert Unit.objects.filter(kind="town").count() == 134 and Unit.objects.filter(kind="zone").count() == 11
    assert Succession.objects.filter(unit__title_zh="四方区").get().successor.title_zh == "市北区"
    assert Post.objects.exclude(stands_in_for=None).active_on(NOW.date()).count() == 1
    assert Person.objects.get(username="chen").posts.active_on(NOW.date()).count() == 2
    assert len(slips) == Person.objects.count() == 24
    assert all(Person.objects.get(pk=slip.person.pk).check_password(slip.password) for slip in slips)


def test_a_hub_that_has_begun_is_left_alone(db: None) -> None:
    demo().fill(NOW)
    with pytest.raises(NotEmpty):
        demo().fill(NOW)

    assert Person.objects.count() == 24
