"""The drill of steady load in short: requests leave at their times, none meets an error; `drills/steady_load.py` runs it whole."""

from __future__ import annotations

from django.db import connection
from drills.restore_elsewhere import postgresql_place, sqlite_place
from drills.steady_load import drill

from tests.hub.config.test_serving import free_port


def test_people_who_read_steadily_meet_no_error(db: None) -> None:
    given = connection.settings_dict
    server = f"postgresql://{given['USER']}@{given['HOST']}:{given['PORT']}/postgres"
    place_of = sqlite_place if connection.vendor == "sqlite" else (lambda: postgresql_place(server))

    answers, pages = drill(place_of, rate=5, seconds=4, port=free_port(), workers=1, people=3)

    assert pages > 10
    assert answers.statuses == {200: 20}
    assert not answers.failed
