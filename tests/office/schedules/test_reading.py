"""Schedule files: counts and dates as their software gives them; whatever is no schedule, broken or hostile is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import datetime
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.office.containers.limits import Limits
from guatu.office.containers.refusals import UnreadableWorkbook
from guatu.office.containers.trial import try_out
from guatu.office.schedules import PercentKind, ScheduleFile, UnreadableSchedule, read_schedule
from guatu.standards.scheduling import LinkKind

DATA = Path(__file__).parent / "data"
REFERENCE = json.loads((DATA / "reference_answers.json").read_text(encoding="utf-8"))
PROJECT = '<Project xmlns="http://schemas.microsoft.com/project">{}</Project>'
TASK = "<Tasks><Task><UID>1</UID><Name>Piling</Name>{}</Task></Tasks>"


def counts(schedule: ScheduleFile) -> dict[str, object]:
    forecasts = [one.forecast for one in schedule.activities]
    return {
        "tasks": len(schedule.activities),
        "summary": sum(one.is_summary for one in schedule.activities),
        "milestones": len(schedule.milestones),
        "critical": sum(bool(one.is_critical) for one in schedule.activities),
        "predecessor_links": sum(len(one.links) for one in schedule.activities),
        "tasks_with_baseline": schedule.baselines,
        "link_types": dict(Counter(link.kind.value for one in schedule.activities for link in one.links)),
        "first": min(one.start for one in forecasts if one.start).isoformat(),
        "last": max(one.finish for one in forecasts if one.finish).isoformat(),
    }


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_counts_are_as_the_software_gives_them(name: str) -> None:
    expected = {key: value for key, value in REFERENCE[name].items() if key != "source"}

    assert counts(read_schedule(DATA / name)) == expected


def test_each_kind_of_link_has_the_dates_microsoft_project_computed() -> None:
    tasks = {one.uid: one for one in read_schedule(DATA / "mspdi_relations.xml").activities}

    assert {uid: f"{one.forecast.start:%m-%d}" for uid, one in tasks.items()} == {
        "0": "09-21", "1": "09-21", "2": "09-22", "3": "09-25", "4": "09-25", "5": "09-22",
    }  # fmt: skip
    (lagged,) = tasks["3"].links
    assert (lagged.predecessor, lagged.kind, lagged.lag_hours) == ("2", LinkKind.START_START, 8)
    assert tasks["5"].forecast.finish == datetime(2006, 9, 25, 8)


def test_lags_in_weeks_and_leads_are_read() -> None:
    links = [link for one in read_schedule(DATA / "mspdi_task_links_2019.xml").activities for link in one.links]
    leads = [link for one in read_schedule(DATA / "mspdi_sample.xml").activities for link in one.links]

    assert [link.lag_hours / 8 for link in links] == [0, 1, 2, 5, 10, 2, 2, 2]
    assert min(link.lag_hours for link in leads) == -8


def test_a_baseline_is_kept_by_its_number() -> None:
    task = read_schedule(DATA / "mspdi_baselines_small.xml").activities[1]

    assert task.baseline(1).start == datetime(2001, 1, 1, 9)
    assert task.baseline(0).start is None
    assert task.costs.bac is None


def test_percent_complete_is_what_the_activity_says_it_measures() -> None:
    done = {
        one.name: (one.percent, one.percent_kind) for one in read_schedule(DATA / "p6_percent_complete.xer").activities
    }

    for kind in PercentKind:
        for percent in (0, 25, 75, 100):
            assert done[f"{kind.value.title()} {percent}%"] == (Fraction(percent, 100), kind)


def test_a_broken_calendar_hides_no_task() -> None:
    assert len(read_schedule(DATA / "p6_invalid_calendar.xer").activities) == 12


# Refused


def write(folder: Path, content: str | bytes, name: str = "plan.xml") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


BOMB = (
    '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
    + PROJECT.format("<Title>&i;</Title>")
)
OUTSIDE = '<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + PROJECT.format("<Title>&x;</Title>")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOMB, "entities"),
        (OUTSIDE, "entities"),
        ('<!DOCTYPE b SYSTEM "http://localhost/b.dtd">' + PROJECT.format(""), "DTD"),
        (PROJECT.format(TASK)[:-9], "well-formed"),
        ('<?xml version="1.0" encoding="EBCDIC-99"?>' + PROJECT.format(""), "encod"),
        ("<Project/>", "not of Microsoft Project"),
        ("<html><body>plan</body></html>", "not of Microsoft Project"),
        ("", "no schedule"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".mpp"),
        (PROJECT.format(TASK.format("<Start>soon</Start>")), "soon"),
        (PROJECT.format(TASK.format("<Duration>8 hours</Duration>")), "8 hours"),
        (PROJECT.format(TASK.format("<PercentComplete>130</PercentComplete>")), "130"),
        (PROJECT.format(TASK.format("<TotalSlack>1e9999999</TotalSlack>")), "1e9999999"),
        (PROJECT.format(TASK.format("<PredecessorLink><Type>7</Type></PredecessorLink>")), "'7'"),
        (PROJECT.format("<MinutesPerDay>0</MinutesPerDay>"), "'0'"),
    ],
    ids=[
        "entity bomb", "entity from a file", "outside DTD", "cut off", "unknown encoding", "no namespace", "web page",
        "empty", "mpp", "bad date", "bad duration", "bad percent", "huge number", "unknown link", "no hours in a day",
    ],
)  # fmt: skip
def test_what_is_no_sound_schedule_is_refused_with_the_reason(content: str | bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableSchedule) as refused:
        read_schedule(write(tmp_path, content))

    assert said in refused.value.what.en
    assert refused.value.where.startswith("plan.xml")
    assert refused.value.remedy.zh


@pytest.mark.parametrize("name", ["planner_project1.xml", "mpx_sample1.txt"])
def test_other_planning_software_is_named_with_what_to_export(name: str) -> None:
    with pytest.raises(UnreadableSchedule) as refused:
        read_schedule(DATA / name)

    assert "XER" in refused.value.remedy.zh


def test_a_value_that_cannot_be_read_is_named_with_its_task(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSchedule) as refused:
        read_schedule(write(tmp_path, PROJECT.format(TASK.format("<Finish>31/12</Finish>"))))

    assert refused.value.where == "plan.xml UID 1"
    assert "Finish" in refused.value.what.zh


def test_a_file_beyond_the_machines_limits_is_refused_with_the_setting(tmp_path: Path) -> None:
    many = PROJECT.format("<Tasks>" + "<Task><UID>1</UID></Task>" * 4 + "</Tasks>")

    with pytest.raises(UnreadableSchedule) as rows:
        read_schedule(write(tmp_path, many), Limits(rows=3))
    with pytest.raises(UnreadableSchedule) as size:
        read_schedule(write(tmp_path, PROJECT.format(" " * (1024 * 1024 + 1))), Limits(file_mb=1))

    assert "GUATU_MOST_ROWS" in rows.value.remedy.en
    assert "GUATU_MOST_FILE_MB" in size.value.remedy.en


def test_a_file_that_takes_too_much_memory_or_time_harms_only_its_child(tmp_path: Path) -> None:
    tasks = "<Tasks>" + "<Task><UID>1</UID><Name>Piling</Name></Task>" * 150_000 + "</Tasks>"
    path = write(tmp_path, PROJECT.format(tasks))

    # In a fresh process: one that has worked has memory lying about that a child may use up first.
    said = subprocess.run([sys.executable, "-c", _READ, str(path)], capture_output=True, text=True).stderr
    with pytest.raises(UnreadableWorkbook) as seconds:
        try_out(path.name, partial(_toil, path), Limits(seconds=1))

    assert "GUATU_MOST_MEMORY_MB" in said
    assert "GUATU_MOST_SECONDS" in seconds.value.remedy.en


_READ = """
import sys
from pathlib import Path
from guatu.office.containers.limits import Limits
from guatu.office.schedules import read_schedule
read_schedule(Path(sys.argv[1]), Limits(rows=1_000_000, memory_mb=2))
"""


def _toil(path: Path) -> None:
    while path:
        pass


def test_what_is_not_a_task_takes_no_room(tmp_path: Path) -> None:
    """A hundred thousand elements beside the tasks, and a nest of fifty thousand, are passed over."""
    beside = "<Resources>" + "<Resource><UID>1</UID></Resource>" * 100_000 + "</Resources>"
    nest = "<Views>" + "<View>" * 50_000 + "</View>" * 50_000 + "</Views>"

    schedule = read_schedule(write(tmp_path, PROJECT.format(beside + nest + TASK.format(""))))

    assert [one.name for one in schedule.activities] == ["Piling"]


RELATIONS = (DATA / "mspdi_relations.xml").read_bytes()
PERCENT = (DATA / "p6_percent_complete.xer").read_bytes()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([RELATIONS, PERCENT]), st.data())
def test_damaged_bytes_are_read_or_refused_and_never_anything_else(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 40))
    put = data.draw(st.binary(max_size=20))
    path = write(tmp_path_factory.mktemp("damaged"), whole[:at] + put + whole[at + length :])

    try:
        schedule = read_schedule(path)
    except UnreadableSchedule as refused:
        assert refused.what.zh and refused.remedy.zh
    else:
        assert schedule.name == "plan.xml"
