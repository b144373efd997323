"""The columns of one generated table: titles over one to three rows, what they hold, and the field they truly are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from guatu.standards.periods import Period
from tests.office.unseen.spellings import Speller, Spelt, blank, day, flag, money, percent, procedure
from tests.office.unseen.truth import PROCEDURES, STAGES, WAN, Project
from tests.office.unseen.vocabulary import GROUPED, NOISE, TITLES

MONEY = {
    "total_investment",
    "annual_plan",
    "month_done",
    "ytd_done",
    "previous_ytd",
    "since_start_done",
    "funds_in_place",
}
DATES = {"plan_start", "actual_start", "included_on", "plan_finish", "actual_finish", "approved_on", "deadline"}
DATES |= {"first_talk_on", "signed_on", "registered_on"}


@dataclass(frozen=True, slots=True)
class Column:
    """`field` None: no field of the ledger; "seq": the running number; "list:x": ticks for list x."""

    path: tuple[str, ...]
    field: str | None
    spell: Callable[[Project], Spelt]
    period: Period | None = None
    also: tuple[str, ...] = ()
    """Fields it may as well be taken for, if the period below is right too."""
    also_period: Period | None = None
    hidden: bool = False
    merge: bool = False
    """Equal neighbours are merged downwards."""
    unit: str | None = None

    @property
    def title(self) -> str:
        return "|".join(part.replace("\n", "") for part in self.path)


Block = tuple[str | None, list["Column | Block"]]


@dataclass(frozen=True, slots=True)
class Units:
    """Where a table says its money unit: sheet, column, group or cell; and each column's own unit."""

    place: str
    sheet: str
    own: dict[str, str]

    def of(self, key: str) -> str:
        return self.own.get(key, self.sheet)


def choose_units(rng: Random) -> Units:
    place = rng.choice(("sheet", "sheet", "sheet", "column", "column", "group", "cell", "mixed", "title", "row"))
    sheet = rng.choice(("万元", "万元", "万元", "亿元", "元"))
    own: dict[str, str] = {}
    if place in ("column", "mixed", "row"):
        own["total_investment"] = rng.choice(("亿元", "万元"))
    if place == "column":
        own |= {key: rng.choice(("万元", sheet)) for key in MONEY if key not in own}
    if place == "cell":
        sheet = rng.choice(("万元", "亿元"))
    return Units(place, sheet, own)


class Maker:
    """Makes columns for one table of one round."""

    def __init__(self, rng: Random, period: Period, units: Units) -> None:
        self.rng, self.period, self.units = rng, period, units
        self.year, self.month = period.start.year, period.start.month

    def filled(self, title: str) -> str:
        marks = {"Y": self.year, "m": self.month, "p": self.month - 1, "N": self.year + 1, "L": self.year - 1}
        for mark, value in marks.items():
            title = title.replace(f"{{{mark}}}", str(value))
        return title

    def title(self, choices: Sequence[str], *, short: bool = False) -> str:
        """One of the titles with the noise of real headers: line breaks, spaces between characters, brackets."""
        title = self.filled(self.rng.choice(choices))
        habit = self.rng.random()
        if habit < 0.1 and len(title) > 4:
            middle = len(title) // 2
            title = f"{title[:middle]}\n{title[middle:]}"
        elif habit < 0.14 and len(title) == 2:
            title = f"{title[0]}  {title[1]}"
        elif habit < 0.18:
            title = title.replace("（", "(").replace("）", ")")
        elif habit < 0.2:
            title = f" {title} "
        return title

    def with_unit(self, title: str, key: str) -> str:
        if self.units.place == "column" or (self.units.place == "mixed" and key in self.units.own):
            return title.rstrip() + self.rng.choice(
                ("（{}）", "({})", "\n（{}）", "/{}", "（单位：{}）", "[{}]")
            ).format(self.units.of(key))
        if self.units.place == "group" and key == "total_investment":
            return f"{title.rstrip()}（{self.units.of(key)}）"
        return title

    def column(self, key: str, group: tuple[str, ...] = (), choices: Sequence[str] | None = None) -> Column:
        title = self.title(choices or TITLES[key])
        period = None
        field = key
        if key in MONEY:
            if (
                not group
                or key not in ("month_done", "ytd_done", "previous_ytd", "since_start_done", "annual_plan")
                or self.units.place != "group"
            ):
                title = self.with_unit(title, key)
            if self.units.place == "group" and not group and key != "total_investment":
                title = f"{title.rstrip()}（{self.units.of(key)}）"
            if key in ("month_done", "ytd_done"):
                period = self.period
            if key == "previous_ytd":
                field, period = "ytd_done", Period.month(self.year, self.month - 1)
        if key == "completion_rate" and "%" not in title and self.rng.random() < 0.3:
            title = f"{title}（%）"
        merge = key in ("responsible_unit", "location", "leader") and self.rng.random() < 0.3
        unit = self.units.of(key) if key in MONEY else None
        return Column((*group, title), field, self.speller(key, title), period, merge=merge, unit=unit)

    def speller(self, key: str, title: str) -> Callable[[Project], Spelt]:
        rng = self.rng
        if key in MONEY:
            spell = money(
                rng,
                self.units.of(key),
                in_cell=self.units.place == "cell",
                zero_blank=key == "month_done" and rng.random() < 0.3,
            )
            return lambda project: spell(project.money[key])
        if key in DATES:
            spell = day(rng, self.year, deadline=key in ("plan_start", "plan_finish", "deadline"))
            return lambda project: self._date(project, key, spell)
        if key in ("is_started", "is_included", "on_schedule"):
            spell = flag(rng, key)
            dated = {"is_included": "included_on"}.get(key, "")
            return lambda project: spell(project.flags[key] and (project.dates.get(dated) or True))
        if key == "completion_rate":
            spell = percent(rng, "%" in title)
            return lambda project: spell(
                Decimal(project.money["ytd_done"] or 0) / Decimal(project.money["annual_plan"] or 1)
            )
        if key in PROCEDURES:
            spell = procedure(rng)
            return lambda project: spell(project.procedures[key])
        if key in ("longitude", "latitude", "energy_needed"):
            return lambda project: Spelt(float(project.numbers[key]), project.numbers[key])
        if key == "stage":
            return lambda project: Spelt(STAGES[project.texts["stage"]], project.texts["stage"])
        if key in ("person", "leader", "finder"):
            return lambda project: Spelt(project.texts[key], (project.texts[key],))
        if key == "phone":
            as_number = rng.random() < 0.5
            return lambda project: Spelt(int(project.phone) if as_number else project.phone, (project.phone,))
        if key == "nature":
            states = {"新建": "new", "续建": "carry_over"}
            return lambda project: Spelt(project.texts[key], states[project.texts[key]])
        if key in ("problem", "note"):
            return lambda project: self._remark(project.texts[key])
        return lambda project: Spelt(project.texts[key], project.texts[key])

    def _date(self, project: Project, key: str, spell: Speller) -> Spelt:
        value = project.dates[key]
        if value is None:
            return Spelt("未开工", None) if key == "actual_start" and self.rng.random() < 0.2 else blank(self.rng)
        if key == "plan_start" and project.texts["nature"] == "续建" and self.rng.random() < 0.5:
            return Spelt(self.rng.choice(("续建", "/")), None)
        return spell(value)

    def _remark(self, text: str) -> Spelt:
        return blank(self.rng) if text in ("", "无") else Spelt(text, text)

    # -- groups ------------------------------------------------------------------------------------------------

    def group(self, kind: str, keys: Iterable[str]) -> Block:
        titles, leaves = self.rng.choice(GROUPED[kind])
        wanted = [key for key in keys if key in leaves]
        title = self.title(titles)
        if kind == "money" and self.units.place == "group":
            title = f"{title.strip()}（{self.units.sheet}）"
        return title, [self.column(key, (title,), leaves[key]) for key in wanted]

    def grouped_keys(self, kind: str) -> set[str]:
        return set().union(*(leaves for _, leaves in GROUPED[kind]))

    # -- what the ledger does not know -------------------------------------------------------------------------

    def noise(self, *, hidden: bool = False) -> Column:
        title, kind = self.rng.choice(NOISE)
        also, also_period = (), None
        if title.startswith("{L}"):
            also, also_period = ("ytd_done", "since_start_done"), Period.month(self.year - 1, 12)
        if title.startswith("{N}"):
            also, also_period = ("annual_plan",), Period.month(self.year + 1, 12)
        return Column(
            (self.title((title,)),), None, self._noise_cell(kind), also=also, also_period=also_period, hidden=hidden
        )

    def void(self) -> Column:
        """A hidden column of old figures, marked as void."""
        spell = money(self.rng, "万元")
        return Column(
            ("原年度计划投资（万元，作废）",),
            None,
            lambda project: spell((project.money["annual_plan"] or 0) + 50 * WAN),
            hidden=True,
        )

    def _noise_cell(self, kind: str) -> Callable[[Project], Spelt]:
        rng = self.rng
        makers: dict[str, Callable[[], object]] = {
            "goal": lambda: rng.choice(("完成主体施工", "竣工投产", "完成基础及地下室施工", "完成投资的80%以上工程量")),
            "money": lambda: rng.randrange(100, 90000),
            "count": lambda: rng.randrange(1, 500),
            "percent": lambda: round(rng.uniform(10, 100), 2),
            "gap": lambda: round(rng.uniform(-30, 30), 2),
            "date": lambda: f"{self.year}年{rng.randrange(1, 13)}月",
            "yesno": lambda: rng.choice(("是", "否")),
            "light": lambda: rng.choice(("红", "黄", "绿")),
            "person": lambda: rng.choice(("周立", "吴晓明", "郑凯")),
            "code": lambda: f"ZDXM{rng.randrange(1000, 9999)}",
            "opinion": lambda: rng.choice(("同意", "已核实", "退回修改")),
        }
        return lambda project: Spelt(makers[kind](), None)

    def person_and_phone(self) -> Column:
        title = self.title(("责任人及电话", "责任人及联系电话", "联系人及电话", "项目负责人及电话"))
        habit = self.rng.choice(("{} {}", "{}{}", "{}\n{}", "{}（{}）", "{}：{}", "{}、{}"))
        return Column(
            (title,),
            "person",
            lambda project: Spelt(habit.format(project.texts["person"], project.phone), (project.texts["person"],)),
        )

    def spacer(self) -> Column:
        """An empty column without a title, as is left between two parts of a table."""
        return Column(("",), None, lambda project: Spelt(None, None))

    def yearly_plans(self) -> Block:
        """The plan of last year, this year and next, side by side: only this year's is the annual plan."""
        title = self.title(("分年度投资计划", "年度投资计划", "分年度计划投资", "各年度计划投资"))
        if self.units.place in ("column", "group"):
            title = f"{title.strip()}（{self.units.of('annual_plan')}）"
        spell = money(self.rng, self.units.of("annual_plan"), in_cell=self.units.place == "cell")
        leaves: list[Column | Block] = []
        for year in (self.year - 1, self.year, self.year + 1):
            own = year == self.year

            def cell(project: Project, shift: int = year - self.year) -> Spelt:
                spelt = spell((project.money["annual_plan"] or 0) + shift * 50 * WAN)
                return spelt if not shift else Spelt(spelt.value, None, spelt.format)

            leaves.append(
                Column(
                    (title, f"{year}年"),
                    "annual_plan" if own else None,
                    cell,
                    also=() if own else ("annual_plan",),
                    also_period=Period.month(year, 12),
                    unit=self.units.of("annual_plan") if own else None,
                )
            )
        return title, leaves

    def ticks(self, key: str, title: str) -> Column:
        spell = flag(self.rng, "list")
        return Column((title,), f"list:{key}", lambda project: spell(key in project.lists))

    def tags(self) -> Column:
        words = {
            "provincial": self.rng.choice(("省重点", "省级重点")),
            "municipal": self.rng.choice(("市重点", "市级重点")),
            "four_new": "四新",
        }
        separator = self.rng.choice(("、", "，", ",", "/", "\n", "；"))
        title = self.rng.choice(("项目类别", "项目级别", "所属清单", "重点项目类别", "项目类型", "项目等级"))

        def spell(project: Project) -> Spelt:
            named = [words[key] for key in sorted(project.lists)]
            return Spelt(separator.join(named) or self.rng.choice(("一般", "/", None)), None)

        return Column((title,), "lists", spell)


def sequence(rng: Random) -> Column:
    counter = iter(range(1, 10_000))
    return Column(
        (rng.choice(("序号", "序 号", "序\n号", "No.", "编号")),), "seq", lambda project: Spelt(next(counter), None)
    )
