"""A made county over two rounds: four towns, projects with and without codes, phases and halves that only look alike.

Everything is clean until a case is seeded; the generator keeps its own record of each: which finding, of which grade,
in which workbook, sheet and cell.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openpyxl

from guatu.dispatch.job import read_round
from guatu.dispatch.reconciliation.decisions import write_decisions
from guatu.dispatch.request import RoundRequest
from guatu.dispatch.round import Round, evaluate_round
from guatu.dispatch.store import write_arrivals, write_cells, write_findings
from guatu.standards.credit_codes import check_character, organisation_check_character
from guatu.standards.periods import Period
from tests.dispatch.cast import no_notice

TOWNS = ("东关镇", "西岭乡", "南浦镇", "北山乡")
UNITS = """\
units:
  - {code: "990000", title: {zh: 清河县, en: Qinghe}}
  - {code: "990001", parent: "990000", title: {zh: 东关镇, en: Dongguan}}
  - {code: "990002", parent: "990000", title: {zh: 西岭乡, en: Xiling}}
  - {code: "990003", parent: "990000", title: {zh: 南浦镇, en: Nanpu}}
  - {code: "990004", parent: "990000", title: {zh: 北山乡, en: Beishan}}
"""
SHEETS = ("市重点", "区重点")
COLUMNS = (
    ("number", "序号"), ("name", "项目名称"), ("code", "项目代码"), ("owner_code", "统一社会信用代码"), ("total", "总投资(万元)"),
    ("plan", "2021年度计划投资(万元)"), ("month", "{m}月完成投资(万元)"), ("ytd", "1-{m}月累计完成投资(万元)"),
    ("since", "自开工累计完成投资(万元)"), ("rate", "完成率%"), ("plan_start", "计划开工时间"), ("start", "实际开工时间"),
    ("started", "是否开工"), ("included_on", "纳统时间"), ("included", "是否纳统"),
    ("plan_finish", "计划竣工时间"), ("finish", "实际竣工时间"),
)  # fmt: skip
LETTER = {key: chr(ord("A") + place) for place, (key, _) in enumerate(COLUMNS)}
PLACES = (
    "清河", "滨海", "青石", "云台", "凤凰", "龙泉", "白沙", "桃源", "金沙", "玉泉", "松岭", "柳林",
    "石桥", "河口", "临港", "新兴", "永安", "太平", "长乐", "丰收", "红旗", "东风", "胜利", "和平",
)  # fmt: skip
THINGS = (
    "污水处理厂", "生物医药产业园", "冷链物流中心", "智能装备制造基地", "实验学校", "人民医院门诊楼", "数据中心", "滨河公园",
    "农产品交易市场", "新材料研究院", "体育馆", "变电站", "集成电路封装线", "养老服务综合体", "粮食储备库", "跨河大桥",
)  # fmt: skip


@dataclass(eq=False)
class Project:
    """What a town says of one project in one round; amounts in 万元."""

    name: str
    code: str
    owner_code: str
    total: int
    plan: int
    ytd: int
    month: int
    prior: int
    """Done before this year."""
    months: tuple[int, int, int, int, int, int] = (3, 3, 4, 0, 0, 0)
    """Planned and actual start, inclusion: months of 2021."""
    changed: dict[str, Any] = field(default_factory=dict)
    """What is written in place of the truth."""

    def row(self, number: int) -> dict[str, Any]:
        started = {
            "plan_start": f"2021年{self.months[0]}月", "start": f"2021年{self.months[1]}月", "started": "是",
            "included_on": f"2021年{self.months[2]}月", "included": "是", "plan_finish": "2023年12月", "finish": "/",
        }  # fmt: skip
        plain = {
            "number": number, "name": self.name, "code": self.code or "/", "owner_code": self.owner_code or "/",
            "total": self.total, "plan": self.plan, "month": self.month, "ytd": self.ytd, "since": self.prior + self.ytd,
            "rate": round(100 * self.ytd / self.plan, 2), **started,
        }  # fmt: skip
        return {**plain, **self.changed}

    def later(self, month: int) -> Project:
        """The same one round on."""
        return replace(self, ytd=self.ytd + month, month=month, changed={})


@dataclass(frozen=True)
class Expected:
    """A finding the generator knows of. `cell` is empty where there is none to name."""

    code: str
    grade: str
    workbook: str
    sheet: str
    cell: str


Towns = dict[str, dict[str, list[Project]]]
"""Town -> sheet -> its projects in order."""


@dataclass
class World:
    """Two rounds of every town, and what is wrong with the second."""

    random: random.Random
    before: Towns = field(default_factory=dict)
    now: Towns = field(default_factory=dict)
    seeded: list[tuple[str, str, str, str, str, Project | None]] = field(default_factory=list)
    """Code, grade, town, sheet, column and project of every case; without a project, the last row of the sheet."""
    totals: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """What the 合计 of a town's sheet says besides the truth."""

    def expect(self, code: str, grade: str, town: str, sheet: str, key: str, project: Project | None = None) -> None:
        self.seeded.append((code, grade, town, sheet, key, project))

    @property
    def expected(self) -> list[Expected]:
        return sorted((self._place(*one) for one in self.seeded), key=str)

    def _place(self, code: str, grade: str, town: str, sheet: str, key: str, project: Project | None) -> Expected:
        if not sheet:
            return Expected(code, grade, f"{town}.xlsx", "", "")
        projects = self.now[town][sheet]
        row = 3 + (len(projects) if project is None else projects.index(project))
        return Expected(code, grade, f"{town}.xlsx", sheet, f"{LETTER[key]}{row}")


def made_world(seed: int) -> World:
    """A clean county: eight codes' worth of projects per town, phases, halves and numbered works with equal totals."""
    world = World(random.Random(seed))
    names = [f"{place}{thing}" for place in PLACES for thing in THINGS]
    world.random.shuffle(names)
    taken = iter(names)
    numbers = iter(world.random.sample(range(1000, 90000), 400))  # totals, and the tails of codes
    for town in TOWNS:
        projects = [_project(world.random, next(taken), next(numbers), coded=place % 3 != 0) for place in range(36)]
        for pair in (("一期", "二期"), ("南区", "北区"), ("1#厂房", "2#厂房"), ("一标段", "二标段"), ("Ⅰ期", "Ⅱ期")):
            # Everything but the mark is equal: name, owner, total.
            base, total, owner = next(taken), next(numbers), credit_code(world.random)
            for mark in pair:
                one = _project(world.random, f"{base}{mark}", total, coded=False)
                projects.append(replace(one, owner_code=owner))
        city, district = projects[:12], projects[12:]
        world.before[town] = {SHEETS[0]: city, SHEETS[1]: [*district, *city[:3]]}  # three are on both lists
    world.now = {town: _a_month_on(world.random, sheets) for town, sheets in world.before.items()}
    return world


def _a_month_on(rng: random.Random, sheets: dict[str, list[Project]]) -> dict[str, list[Project]]:
    later: dict[str, Project] = {}
    for projects in sheets.values():
        for one in projects:
            later.setdefault(one.name, one.later(rng.randint(one.plan // 40, one.plan // 20)))
    return {sheet: [replace(later[one.name], changed={}) for one in projects] for sheet, projects in sheets.items()}


def _project(rng: random.Random, name: str, total: int, *, coded: bool) -> Project:
    plan = total * rng.randint(30, 60) // 100
    ytd = plan * rng.randint(30, 70) // 100
    return Project(
        name=name,
        code=f"2103-370285-48-01-{total:06d}" if coded else "",
        owner_code=credit_code(rng),
        total=total,
        plan=plan,
        ytd=ytd,
        month=ytd // 7,
        prior=total * rng.randint(0, 20) // 100,
        months=(rng.randint(2, 5), rng.randint(2, 5), rng.randint(5, 6), 0, 0, 0),
    )


def credit_code(rng: random.Random) -> str:
    eight = "MA" + "".join(rng.choice("0123456789ABCDEFGH") for _ in range(6))
    body = f"91370285{eight}{organisation_check_character(eight)}"
    return body + check_character(body)


# -- seeded cases: each takes a project nobody has touched, and records what must be said ------------------------


def seed_all(world: World) -> World:
    """One case of every kind."""
    free = _untouched(world)
    for case in CASES:
        case(world, free)
    return world


Free = Iterator[tuple[str, Project]]


def _untouched(world: World) -> dict[bool, Free]:
    """Coded and uncoded plain projects of the second sheet, town after town."""

    def of(coded: bool) -> Free:
        places = [(town, one) for town in TOWNS for one in world.now[town][SHEETS[1]][:24] if bool(one.code) is coded]
        world.random.shuffle(places)
        return iter(places)

    return {coded: of(coded) for coded in (True, False)}


def _facts_differ(world: World, free: dict[bool, Free]) -> None:
    town = world.random.choice(TOWNS)
    names = {one.name for one in world.now[town][SHEETS[0]]}
    project = next(one for one in world.now[town][SHEETS[1]] if one.name in names)
    project.changed["plan_start"] = "2021年1月"
    world.expect("differs_between_rows", "question", town, SHEETS[1], "plan_start", project)


def _written(
    code: str, grade: str, key: str, change: Callable[[Project], dict[str, Any]], *, coded: bool = True
) -> Any:
    def case(world: World, free: dict[bool, Free]) -> None:
        town, project = next(free[coded])
        project.changed.update(change(project))
        world.expect(code, grade, town, SHEETS[1], key, project)

    return case


def _cumulative_fell(project: Project) -> dict[str, Any]:
    """As if a digit had been lost; the other figures go with it, or they would be said, too."""
    ytd = project.ytd - project.month - 50
    return {"ytd": ytd, "month": "/", "since": "/", "rate": round(100 * ytd / project.plan, 2)}


def _since_start_below_year(world: World, free: dict[bool, Free]) -> None:
    town, project = next(free[False])
    old = next(one for one in world.before[town][SHEETS[1]] if one.name == project.name)
    old.prior = 0  # begun this year, so that the figure is not below last round's as well
    project.changed["since"] = project.ytd - 1
    world.expect("since_start_below_year", "question", town, SHEETS[1], "since", project)


def _done_beyond_plan(project: Project) -> dict[str, Any]:
    plan = project.ytd * 10 // 25
    return {"plan": plan, "rate": round(100 * project.ytd / plan, 2)}


def _plan_beyond_total(project: Project) -> dict[str, Any]:
    plan = project.total * 12 // 10
    return {"plan": plan, "rate": round(100 * project.ytd / plan, 2)}


def _done_beyond_total(project: Project) -> dict[str, Any]:
    return {"since": project.total * 13 // 10}


def _in_two_units(world: World, free: dict[bool, Free]) -> None:
    first, second = sorted((next(free[True]) for _ in range(2)), key=lambda one: TOWNS.index(one[0]))
    if first[0] == second[0]:
        return _in_two_units(world, free)
    second[1].changed["code"] = first[1].code
    # Last round the second had a code of its own, so it is known again by its name only.
    old = next(one for one in world.before[second[0]][SHEETS[1]] if one.name == second[1].name)
    old.code = ""
    world.expect("same_project_in_two_units", "question", second[0], SHEETS[1], "code", second[1])


def _moves(world: World, free: dict[bool, Free], *, coded: bool) -> None:
    town, project = next(free[coded])
    new = next(one for one in TOWNS if one != town)
    world.now[town][SHEETS[1]].remove(project)
    world.now[new][SHEETS[1]].append(project)
    code, grade, key = ("moved_to_another_unit", "warning", "code") if coded else ("likely_moved", "question", "name")
    world.expect(code, grade, new, SHEETS[1], key, project)


def _renamed(world: World, free: dict[bool, Free], *, coded: bool) -> None:
    town, project = next(free[coded])
    project.name = f"{project.name[:2]}现代化{project.name[2:]}项目"
    code, grade = ("renamed", "warning") if coded else ("likely_renamed", "question")
    world.expect(code, grade, town, SHEETS[1], "name", project)


def _duplicate_of_owner(world: World, free: dict[bool, Free]) -> None:
    town, project = next(free[False])
    _add(world, town, replace(project, name=f"{project.name}项目", total=project.total + 7, changed={}))
    world.expect("likely_duplicate_of_owner", "question", town, SHEETS[1], "name", world.now[town][SHEETS[1]][-1])


def _duplicate_in_another_town(world: World, free: dict[bool, Free]) -> None:
    town, project = next(free[False])
    other = TOWNS[TOWNS.index(town) + 1] if town != TOWNS[-1] else None
    if other is None:
        return _duplicate_in_another_town(world, free)
    _add(world, other, replace(project, name=f"新建{project.name}工程", owner_code="", code="", changed={}))
    world.expect("likely_duplicate", "question", other, SHEETS[1], "name", world.now[other][SHEETS[1]][-1])


def _add(world: World, town: str, project: Project) -> None:
    world.now[town][SHEETS[1]].append(project)


def _gone(world: World, free: dict[bool, Free]) -> None:
    town, project = next(free[True])
    world.now[town][SHEETS[1]].remove(project)
    world.expect("gone", "question", town, "", "")


def _wrong_total(world: World, free: dict[bool, Free]) -> None:
    town = world.random.choice(TOWNS)
    world.totals[town, SHEETS[0]] = {"total": 12345}
    world.expect("control_difference", "question", town, SHEETS[0], "total")


def _wrong_count(world: World, free: dict[bool, Free]) -> None:
    town = next(one for one in TOWNS if (one, SHEETS[0]) not in world.totals)
    world.totals[town, SHEETS[0]] = {"count": 5}
    world.expect("count_difference", "question", town, SHEETS[0], "number")


CASES: tuple[Callable[[World, dict[bool, Free]], Any], ...] = (
    _in_two_units,
    lambda world, free: _moves(world, free, coded=True),
    lambda world, free: _moves(world, free, coded=False),
    lambda world, free: _renamed(world, free, coded=True),
    lambda world, free: _renamed(world, free, coded=False),
    _duplicate_of_owner,
    _duplicate_in_another_town,
    _gone,
    _facts_differ,
    _written("cumulative_fell", "question", "ytd", _cumulative_fell),
    _written("month_not_the_difference", "warning", "month", lambda one: {"month": one.month + 9}),
    _since_start_below_year,
    _written("done_beyond_plan", "warning", "ytd", _done_beyond_plan),
    _written("done_beyond_total", "warning", "total", _done_beyond_total),
    _written("plan_beyond_total", "warning", "plan", _plan_beyond_total),
    _written("rate_disagrees", "question", "rate", lambda one: {"rate": 101.5}),
    _written("date_in_future", "question", "start", lambda one: {"start": "2021年12月"}),
    _written("start_years_before_plan", "question", "start", lambda one: {"start": "2012年5月"}),
    _written("finish_years_before_plan", "question", "finish", lambda one: {"finish": "2021年7月"}),
    _written("not_started_but_dated", "question", "started", lambda one: {"started": "否"}),
    _written("not_included_but_dated", "question", "included", lambda one: {"included": "否"}, coded=False),
    _wrong_total,
    _wrong_count,
)  # fmt: skip


# -- as workbooks and rounds ----------------------------------------------------------------------------------------


def write_towns(folder: Path, towns: Towns, month: int, totals: dict[tuple[str, str], dict[str, Any]]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for town, sheets in towns.items():
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, projects in sheets.items():
            page = book.create_sheet(name)
            page.append([f"{town}2021年1-{month}月重点项目调度表"])
            page.append([title.format(m=month) for _, title in COLUMNS])
            rows = [one.row(number) for number, one in enumerate(projects, 1)]
            for row in rows:
                page.append([row[key] for key, _ in COLUMNS])
            said = totals.get((town, name), {})
            sums = {key: sum(row[key] for row in rows if isinstance(row[key], int)) for key in ("total", "plan")}
            sums["total"] += said.get("total", 0)
            count = len(rows) + said.get("count", 0)
            page.append([f"合计({count}个)", *(sums.get(key, "") for key, _ in COLUMNS[1:])])
        book.save(folder / f"{town}.xlsx")
        paths.append(folder / f"{town}.xlsx")
    return paths


def play(
    home: Path, towns: Towns, month: int, *, history: tuple[int, ...] = (), answers: Path | None = None,
    totals: dict[tuple[str, str], dict[str, Any]] | None = None,
) -> Round:  # fmt: skip
    """One round read, evaluated and kept as the next round's history, without its papers."""
    request = RoundRequest(
        workbooks=write_towns(home / f"in-{month}", towns, month, totals or {}),
        pack=str(home / "county"),
        rulebook="yinchuan_2025",
        period=Period.month(2021, month),
        out=home / f"out-{month}",
        dated=Period.month(2021, 12).first_day,
        history=[home / f"out-{one}" for one in history],
        answers=answers,
    )
    made = read_round(request, no_notice)
    results = request.out / "results"
    results.mkdir(parents=True, exist_ok=True)
    evaluate_round(made, no_notice).write(results)
    write_cells(results, made.items, made.ledger)
    write_arrivals(results, made.arrivals)
    write_findings(results, made.findings)
    write_decisions(results, made.decisions)
    return made
