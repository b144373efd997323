"""`guatu hub check` names what is missing for production, and nothing that is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from guatu.hub.audit.holders import holders_named
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.hub.config import fitness
from guatu.hub.config.actions import record_backup
from guatu.hub.config.fitness import Grade, findings
from guatu.hub.config.models import Pulse
from tests.hub.people import City

OPERATOR = OnBehalf(None, None, None, Source(Door.CLI))
Break = Callable[[object, pytest.MonkeyPatch], None]


@pytest.fixture
def fit(city: City, settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):  # type: ignore[no-untyped-def]
    """A site set up as it should be, on a database that is as it should be."""
    at = timezone.now()
    settings.TLS = True
    settings.HOSTS = ["guatu.example.gov.cn"]
    settings.BACKUPS = tmp_path
    settings.EMAIL_HOST = "mail.example.gov.cn"
    settings.AUDIT_HOLDERS = holders_named(["discipline=mail:audit@example.gov.cn", "print=paper"])
    Pulse.objects.create(worker="w", started_at=at, seen_at=at)
    record_backup(backup={"manifest": "0" * 64}, by=OPERATOR, at=at - timedelta(hours=2))
    monkeypatch.setattr(fitness, "weaknesses", lambda: [])
    monkeypatch.setattr(fitness, "_database", lambda at: iter(()))
    return settings


def grades() -> dict[str, Grade]:
    """The worst grade of each matter."""
    order = [Grade.FINE, Grade.ADVICE, Grade.MISSING]
    found: dict[str, Grade] = {}
    for one in findings(timezone.now()):
        found[one.matter.en] = max(found.get(one.matter.en, Grade.FINE), one.grade, key=order.index)
    return found


def test_a_site_set_up_as_it_should_be_is_fit(fit: object) -> None:
    assert set(grades().values()) == {Grade.FINE}


def _late_backup(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BACKUP_HOURS = 1


def _silent_worker(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    Pulse.objects.all().delete()


def _changed(name: str, value: object) -> Break:
    return lambda settings, monkeypatch: setattr(settings, name, value)


def _found(name: str, value: object) -> Break:
    return lambda settings, monkeypatch: monkeypatch.setattr(fitness, name, value)


@pytest.mark.parametrize(
    ("change", "matter", "grade"),
    [
        (_changed("TLS", False), "TLS", Grade.MISSING),
        (_changed("HOSTS", ["localhost"]), "Host names", Grade.MISSING),
        (_changed("HOSTS", ["*"]), "Host names", Grade.MISSING),
        (_changed("DEBUG", True), "Debugging", Grade.MISSING),
        (_changed("SECRET_KEY", "short"), "The site's secret", Grade.MISSING),
        (_changed("AUDIT_HOLDERS", ()), "Holders of the record outside", Grade.MISSING),
        (_changed("EMAIL_HOST", ""), "Mail", Grade.ADVICE),
        (_late_backup, "Backups", Grade.MISSING),
        (_silent_worker, "Background work", Grade.MISSING),
        (_found("unsealed", lambda: 5000), "Sealing of the record", Grade.MISSING),
        (_found("keys_without_index", lambda: ["cost"]), "Indexes of fields people filter by", Grade.ADVICE),
        (_found("missing_migrations", lambda: ["audit.0999_later"]), "Database version", Grade.MISSING),
    ],
)
def test_what_is_missing_is_named_and_nothing_else(  # type: ignore[no-untyped-def]
    fit, monkeypatch: pytest.MonkeyPatch, change: Break, matter: str, grade: Grade
) -> None:
    change(fit, monkeypatch)

    assert {name: one for name, one in grades().items() if one is not Grade.FINE} == {matter: grade}


def test_backups_beside_the_site_are_advised_against(fit) -> None:  # type: ignore[no-untyped-def]
    fit.BACKUPS = fit.HOME / "backups"

    assert grades()["Backups"] is Grade.ADVICE


def test_people_who_still_have_a_first_password_are_counted(fit: object, city: City) -> None:
    city.people["li"].must_change_password = True
    city.people["li"].save()

    assert grades()["First passwords"] is Grade.ADVICE
    city.people["li"].is_active = False
    city.people["li"].save()
    assert "First passwords" not in grades()


def test_a_role_that_owns_the_record_is_named_on_postgresql(city: City) -> None:
    """The tests' own role makes the tables, so it is exactly what must be noticed."""
    found = {one.matter.en: one.grade for one in findings(timezone.now())}

    if connection.vendor == "postgresql":
        assert found["Rights on the record"] is Grade.MISSING
    else:
        assert found["Database"] is Grade.MISSING


@pytest.mark.parametrize("one", ["zh", "en"])
def test_everything_missing_comes_with_what_to_do(one: str, city: City) -> None:
    for finding in findings(timezone.now()):
        assert finding.said.in_(one)  # type: ignore[arg-type]
        if finding.grade is not Grade.FINE and finding.matter.en != "Holders of the record outside":
            assert finding.remedy.in_(one)  # type: ignore[arg-type]
