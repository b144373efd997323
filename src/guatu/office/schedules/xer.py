"""Primavera P6 XER: tab-separated tables, `%T` a table, `%F` its columns, `%R` a row, `%E` the end; Windows-1252.

Percent complete is what the activity says it is: of duration, physical, or of units. Only the first follows from hours left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from guatu.office.containers.limits import Limits
from guatu.office.schedules.facts import Dates, PercentKind, ScheduledActivity, ScheduledLink, ScheduleFile
from guatu.office.schedules.refusals import refused
from guatu.office.schedules.written import exact_number, moment, require_fewer, share
from guatu.standards.scheduling import LinkKind
from guatu.text import Text

KIND = Text("Primavera P6 XER", "Primavera P6 XER")
_LINKS = {
    "PR_FS": LinkKind.FINISH_START,
    "PR_SS": LinkKind.START_START,
    "PR_FF": LinkKind.FINISH_FINISH,
    "PR_SF": LinkKind.START_FINISH,
}
_PERCENTS = {"CP_Drtn": PercentKind.DURATION, "CP_Phys": PercentKind.PHYSICAL, "CP_Units": PercentKind.UNITS}
_MILESTONES = ("TT_Mile", "TT_FinMile")
_TABLES = ("CURRTYPE", "PROJECT", "CALENDAR", "TASK", "TASKPRED")

Row = Mapping[str, str]


def read_xer(name: str, content: bytes, limits: Limits) -> ScheduleFile:
    """Read the bytes of a file that holds one project. Raises UnreadableSchedule, naming the line or the activity."""
    tables = _tables(name, content, limits)
    projects = {row["proj_id"]: row for row in tables["PROJECT"] if row.get("proj_id")}
    used = {row.get("proj_id", "") for row in tables["TASK"]}
    if len(used) > 1:
        raise refused(
            name,
            f"里有 {len(used)} 个项目",
            f"holds {len(used)} projects",
            Text("每个项目导出一个 XER。", "Export one XER for each project."),
        )
    project = next((projects[key] for key in used if key in projects), {})
    limit = _hours(name, project, "critical_drtn_hr_cnt") or Fraction(0)
    by_path = project.get("critical_path_type") == "CT_DrivPath"
    links = _links(name, tables["TASKPRED"])
    activities = tuple(_activity(name, row, links, limit, by_path) for row in tables["TASK"])
    calendar = next((row for row in tables["CALENDAR"] if row.get("clndr_id") == project.get("clndr_id")), {})
    starts = [one.forecast.start for one in activities if one.forecast.start]
    finishes = [one.forecast.finish for one in activities if one.forecast.finish]
    return ScheduleFile(
        name=name,
        kind=KIND,
        title=project.get("proj_short_name") or name,
        start=min(starts, default=None),
        finish=max(finishes, default=None),
        currency=_currency(content),
        hours_per_day=_hours(name, calendar, "day_hr_cnt") or Fraction(8),
        activities=activities,
        baselines=sum(bool(one.baselines) for one in activities),
    )


def _tables(name: str, content: bytes, limits: Limits) -> dict[str, list[Row]]:
    """The tables a schedule is made of; the others are passed over."""
    tables: dict[str, list[Row]] = {key: [] for key in _TABLES}
    rows: list[Row] | None = None
    columns: list[str] = []
    for number, line in enumerate(content.decode("cp1252", "replace").split("\n"), 1):
        kind, *cells = line.rstrip("\r").split("\t")
        if kind == "%T":
            rows, columns = tables.get(cells[0] if cells else ""), []
        elif kind == "%F":
            columns = cells
        elif kind == "%R" and rows is not None:
            if len(cells) > len(columns):
                raise refused(
                    f"{name}:{number}",
                    f"这一行有 {len(cells)} 格，列名只有 {len(columns)} 个",
                    f"has {len(cells)} cells in this row and {len(columns)} column names",
                    _AGAIN,
                )
            rows.append(dict(zip(columns, cells, strict=False)))
            require_fewer(name, len(rows), limits)
    return tables


_AGAIN = Text("从 Primavera P6 重新导出 XER。", "Export the XER from Primavera P6 again.")


def _currency(content: bytes) -> str | None:
    """The last cell of the header line."""
    header = content.split(b"\n", 1)[0].decode("cp1252", "replace").rstrip("\r").split("\t")
    return header[-1] if len(header) > 1 and len(header[-1]) == 3 and header[-1].isupper() else None


def _links(name: str, rows: Iterable[Row]) -> dict[str, list[ScheduledLink]]:
    found: dict[str, list[ScheduledLink]] = {}
    for row in rows:
        kind = row.get("pred_type", "")
        if kind not in _LINKS:
            raise refused(
                f"{name} TASKPRED", f"的联系类型“{kind}”无法识别", f"has a link of unknown type '{kind}'", _AGAIN
            )
        lag = _hours(name, row, "lag_hr_cnt") or Fraction(0)
        found.setdefault(row.get("task_id", ""), []).append(
            ScheduledLink(row.get("pred_task_id", ""), _LINKS[kind], lag)
        )
    return found


def _activity(
    name: str, row: Row, links: Mapping[str, list[ScheduledLink]], limit: Fraction, by_path: bool
) -> ScheduledActivity:
    uid = row.get("task_id", "")
    where = f"{name} {row.get('task_code') or uid}"
    slack = _hours(where, row, "total_float_hr_cnt")
    kind = _PERCENTS.get(row.get("complete_pct_type", ""), PercentKind.DURATION)
    actual = _dates(where, row, "act_start_date", "act_end_date")
    return ScheduledActivity(
        uid=uid,
        code=row.get("task_code") or uid,
        name=row.get("task_name", ""),
        level=1,
        is_summary=row.get("task_type") == "TT_WBS",
        is_milestone=row.get("task_type") in _MILESTONES,
        is_critical=row.get("driving_path_flag") == "Y" if by_path else None if slack is None else slack <= limit,
        forecast=_forecast(where, row, actual),
        actual=actual,
        baselines={0: _dates(where, row, "target_start_date", "target_end_date")},
        percent=_percent(where, row, kind),
        percent_kind=kind,
        duration_hours=_hours(where, row, "target_drtn_hr_cnt"),
        slack_hours=slack,
        links=tuple(links.get(uid, ())),
    )


def _forecast(where: str, row: Row, actual: Dates) -> Dates:
    """What happened where it has, else the remaining work as scheduled, else the early dates."""
    early = _dates(where, row, "early_start_date", "early_end_date")
    left = _dates(where, row, "restart_date", "reend_date")
    return Dates(actual.start or early.start or left.start, actual.finish or early.finish or left.finish)


def _percent(where: str, row: Row, kind: PercentKind) -> Fraction | None:
    """Complete, 0 to 1, by the measure the activity declares; None where it has nothing to measure."""
    if kind is PercentKind.PHYSICAL:
        return share(where, "phys_complete_pct", row.get("phys_complete_pct"))
    if kind is PercentKind.UNITS:
        done = _units(where, row, "act_work_qty", "act_equip_qty")
        left = _units(where, row, "remain_work_qty", "remain_equip_qty")
        return done / (done + left) if done + left else None
    planned = _hours(where, row, "target_drtn_hr_cnt")
    remaining = _hours(where, row, "remain_drtn_hr_cnt")
    if planned is None or remaining is None or planned == 0:
        return None
    return max(Fraction(0), (planned - remaining) / planned)


def _dates(where: str, row: Row, start: str, finish: str) -> Dates:
    return Dates(moment(where, start, row.get(start)), moment(where, finish, row.get(finish)))


def _hours(where: str, row: Row, column: str) -> Fraction | None:
    return exact_number(where, column, row.get(column))


def _units(where: str, row: Row, *columns: str) -> Fraction:
    """Labour and equipment units together."""
    return sum((_hours(where, row, column) or Fraction(0) for column in columns), Fraction(0))
