"""Microsoft Project XML (MSPDI): https://learn.microsoft.com/office-project/xml-data-interchange.

Lags and slack are tenths of a minute, costs hundredths of the currency, durations ISO 8601. The file is read element by element:
only tasks are kept whole, whatever else it holds is dropped as it passes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from fractions import Fraction
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from guatu.office.containers.limits import Limits
from guatu.office.schedules.facts import (
    Costs,
    Dates,
    PercentKind,
    ScheduledActivity,
    ScheduledLink,
    ScheduleFile,
)
from guatu.office.schedules.refusals import refused
from guatu.office.schedules.written import exact_number, moment, require_fewer, share, unreadable
from guatu.standards.scheduling import LinkKind
from guatu.text import Text

KIND = Text("Microsoft Project XML", "Microsoft Project XML")
_NAMESPACE = "{http://schemas.microsoft.com/project}"
_LINKS = {
    "0": LinkKind.FINISH_FINISH,
    "1": LinkKind.FINISH_START,
    "2": LinkKind.START_FINISH,
    "3": LinkKind.START_START,
}
_ELAPSED_FORMATS = {4, 6, 8, 10, 12}
_PERCENT_FORMATS = {19, 20}
_ESTIMATED = 32
"""Added to a format for "estimated"."""
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
_MOST_MINUTES = 24 * 60


def read_mspdi(name: str, content: bytes, limits: Limits) -> ScheduleFile:
    """Read the bytes of a file. Raises UnreadableSchedule, naming the task and the value where there is one."""
    facts: dict[str, str] = {}
    tasks: list[Element] = []
    try:
        for element in _elements(name, content):
            tag = element.tag.removeprefix(_NAMESPACE)
            if tag != "Task":
                facts[tag] = element.text or ""
                continue
            tasks.append(element)
            require_fewer(name, len(tasks), limits)
    except DefusedXmlException:
        raise refused(name, "含有 DTD 或实体定义，不予读取", "defines a DTD or entities and is not read") from None
    except ParseError as error:
        raise refused(name, f"不是完整的 XML（{error}）", f"is no well-formed XML ({error})") from None
    except (LookupError, ValueError) as error:  # an encoding expat does not know
        raise refused(name, f"的编码读不了（{error}）", f"is in an encoding that cannot be read ({error})") from None
    per_day = _minutes_per_day(name, facts)
    activities = tuple(_activity(name, task) for task in tasks if _text(task, "IsNull") != "1")
    return ScheduleFile(
        name=name,
        kind=KIND,
        title=facts.get("Title") or facts.get("Name") or name,
        start=moment(name, "StartDate", facts.get("StartDate")),
        finish=moment(name, "FinishDate", facts.get("FinishDate")),
        currency=facts.get("CurrencyCode") or None,
        hours_per_day=Fraction(per_day, 60),
        activities=activities,
        baselines=sum(bool(one.baselines) for one in activities),
    )


def _elements(name: str, content: bytes) -> Iterator[Element]:
    """The project's own plain values and its tasks; everything else is forgotten as soon as it ends."""
    stack: list[Element] = []
    in_task = False
    for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            if not stack:
                _require_project(name, element)
            in_task = in_task or _is_task(stack, element)
            stack.append(element)
            continue
        stack.pop()
        if _is_task(stack, element):
            in_task = False
            yield element
        elif len(stack) == 1 and not len(element):
            yield element
        if stack and not in_task:
            stack[-1].remove(element)


def _is_task(above: list[Element], element: Element) -> bool:
    return len(above) == 2 and element.tag == f"{_NAMESPACE}Task" and above[1].tag == f"{_NAMESPACE}Tasks"


def _require_project(name: str, root: Element) -> None:
    if root.tag != f"{_NAMESPACE}Project":
        found = root.tag.rpartition("}")[2][:60]
        raise refused(
            name,
            f"是 XML，但不是 Microsoft Project 的（根元素为“{found}”）",
            f"is XML, but not of Microsoft Project (its root is '{found}')",
        )


def _activity(name: str, task: Element) -> ScheduledActivity:
    uid = _text(task, "UID") or "?"
    where = f"{name} UID {uid}"
    method = _text(task, "EarnedValueMethod")
    physical = method == "1"
    critical = _text(task, "Critical")
    return ScheduledActivity(
        uid=uid,
        code=_text(task, "WBS") or _text(task, "OutlineNumber") or uid,
        name=_text(task, "Name") or "",
        level=int(exact_number(where, "OutlineLevel", _text(task, "OutlineLevel")) or 0),
        is_summary=_text(task, "Summary") == "1",
        is_milestone=_text(task, "Milestone") == "1",
        is_critical=None if critical is None else critical == "1",
        forecast=_dates(where, task, "Start", "Finish"),
        actual=_dates(where, task, "ActualStart", "ActualFinish"),
        baselines=dict(_baselines(where, task)),
        percent=_share(where, task, "PhysicalPercentComplete" if physical else "PercentComplete"),
        percent_kind=PercentKind.PHYSICAL if physical else PercentKind.DURATION,
        duration_hours=_hours(where, _text(task, "Duration")),
        slack_hours=_tenths(where, "TotalSlack", _text(task, "TotalSlack")),
        links=tuple(_link(where, link) for link in task.iterfind(f"{_NAMESPACE}PredecessorLink")),
        costs=_costs(where, task),
    )


def _text(element: Element, tag: str) -> str | None:
    found = element.findtext(f"{_NAMESPACE}{tag}")
    return found.strip() if found and found.strip() else None


def _dates(where: str, element: Element, start: str, finish: str) -> Dates:
    return Dates(moment(where, start, _text(element, start)), moment(where, finish, _text(element, finish)))


def _baselines(where: str, task: Element) -> Iterator[tuple[int, Dates]]:
    for one in task.iterfind(f"{_NAMESPACE}Baseline"):
        number = exact_number(where, "Baseline/Number", _text(one, "Number"))
        yield int(number or 0), _dates(where, one, "Start", "Finish")


def _costs(where: str, task: Element) -> Costs:
    """Budget is the cost of baseline 0; planned, earned and actual are the software's own BCWS, BCWP, ACWP."""
    agreed = next((one for one in task.iterfind(f"{_NAMESPACE}Baseline") if (_text(one, "Number") or "0") == "0"), None)
    budget = None if agreed is None else exact_number(where, "Baseline/Cost", _text(agreed, "Cost"))
    found = [budget, *(exact_number(where, tag, _text(task, tag)) for tag in ("BCWS", "BCWP", "ACWP"))]
    return Costs(*(None if one is None else round(one) for one in found))


def _link(where: str, link: Element) -> ScheduledLink:
    kind = _text(link, "Type") or "1"
    if kind not in _LINKS:
        raise refused(where, f"的联系类型“{kind}”无法识别", f"has a link of unknown type '{kind}'")
    lag = exact_number(where, "LinkLag", _text(link, "LinkLag")) or Fraction(0)
    written = int(exact_number(where, "LagFormat", _text(link, "LagFormat")) or 0)
    form = written - _ESTIMATED if written > _ESTIMATED else written
    predecessor = _text(link, "PredecessorUID") or ""
    if form in _PERCENT_FORMATS:
        return ScheduledLink(predecessor, _LINKS[kind], elapsed=form == 20, percent=lag / 100)
    return ScheduledLink(predecessor, _LINKS[kind], lag / 600, elapsed=form in _ELAPSED_FORMATS)


def _share(where: str, task: Element, tag: str) -> Fraction | None:
    return share(where, tag, _text(task, tag))


def _tenths(where: str, tag: str, text: str | None) -> Fraction | None:
    """Tenths of a minute as hours."""
    value = exact_number(where, tag, text)
    return None if value is None else value / 600


def _hours(where: str, text: str | None) -> Fraction | None:
    """An ISO 8601 duration of days, hours, minutes and seconds as hours."""
    if text is None:
        return None
    match = _DURATION.fullmatch(text)
    if match is None or len(text) > 40:
        raise unreadable(where, "Duration", text)
    sign, days, hours, minutes, seconds = match.groups()
    total = (
        Fraction(days or 0) * 24 + Fraction(hours or 0) + Fraction(minutes or 0) / 60 + Fraction(seconds or 0) / 3600
    )
    return -total if sign else total


def _minutes_per_day(name: str, facts: dict[str, str]) -> int:
    minutes = exact_number(name, "MinutesPerDay", facts.get("MinutesPerDay") or None)
    if minutes is None:
        return 8 * 60
    if not 0 < minutes <= _MOST_MINUTES or minutes.denominator != 1:
        raise unreadable(name, "MinutesPerDay", facts["MinutesPerDay"])
    return int(minutes)
