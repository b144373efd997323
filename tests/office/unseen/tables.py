"""Which columns a layout has, in which order and under which groups; and the rows of one project."""

from __future__ import annotations

from random import Random

from guatu.standards.periods import Period
from tests.office.unseen.columns import Block, Column, Maker, sequence
from tests.office.unseen.spellings import Spelt, money
from tests.office.unseen.truth import WAN, Project

Blocks = list["Column | Block"]

MEASURES = {
    "node_plan": ("计划节点", "节点计划", "工作计划", "计划"),
    "node_actual": ("实际进展", "完成情况", "实际完成", "进展情况"),
    "month_done": ("完成投资", "投资完成", "完成投资额"),
}


def blocks_of(layout: str, maker: Maker, depth: int, *, has_lists: bool) -> Blocks:
    """The columns of a table of `layout`, with header rows up to `depth`."""
    match layout:
        case "L1":
            return _dispatch(maker, depth, has_lists)
        case "L2":
            return _procedures(maker, depth)
        case "L3":
            return _nodes(maker, depth)
        case "L5":
            return _promotion(maker, depth)
        case "months":
            return _months(maker, depth, has_lists)
    return _hybrid(maker, depth, has_lists)


def _maybe(rng: Random, keys: tuple[str, ...], odds: float) -> list[str]:
    return [key for key in keys if rng.random() < odds]


def _some(maker: Maker, kind: str, keys: list[str], depth: int) -> Blocks:
    """The keys as a group when the header has the rows for it and there are two of them, else one by one."""
    grouped = [key for key in keys if key in maker.grouped_keys(kind)]
    if depth > 1 and len(grouped) > 1 and maker.rng.random() < 0.75:
        block = maker.group(kind, grouped)
        taken = len(block[1])
        if taken == len(grouped):
            return [block, *(maker.column(key) for key in keys if key not in grouped)]
    return [maker.column(key) for key in keys]


def _heads(maker: Maker, depth: int, keys: list[str]) -> Blocks:
    return _some(maker, "basics", ["name", *keys], depth)


def _lists(maker: Maker, has_lists: bool) -> Blocks:
    if has_lists:
        return []
    habit = maker.rng.choice(("tags", "ticks", "none"))
    if habit == "tags":
        return [maker.tags()]
    if habit == "ticks":
        rng = maker.rng
        return [
            maker.ticks("provincial", rng.choice(("省重点", "是否省重点", "省级重点项目", "是否省级重点"))),
            maker.ticks("municipal", rng.choice(("市重点", "是否市重点", "市级重点项目", "是否列入市重点"))),
            maker.ticks("four_new", rng.choice(("是否四新", "四新经济", "四新项目"))),
        ]
    return []


def _money(maker: Maker, depth: int) -> Blocks:
    rng = maker.rng
    total = maker.column("total_investment")
    by_year = depth > 1 and rng.random() < 0.12
    keys = [
        *(() if by_year else ("annual_plan",)),
        *_maybe(rng, ("month_done",), 0.7),
        *_maybe(rng, ("previous_ytd",), 0.15),
        "ytd_done",
    ]
    keys += _maybe(rng, ("completion_rate", "since_start_done"), 0.5)
    if depth == 1:
        return [total, *(maker.column(key) for key in keys)]
    title, leaves = maker.group("money", keys)
    done = {
        leaf.field if leaf.field != "ytd_done" or leaf.period == maker.period else "previous_ytd"
        for leaf in leaves
        if isinstance(leaf, Column)
    }
    singles: Blocks = [maker.column(key) for key in keys if key not in done]
    blocks: Blocks = [total, *([maker.yearly_plans()] if by_year else []), *singles, (title, leaves)]
    if depth == 3 and not by_year and maker.units.place != "group":
        return [(rng.choice(("投资情况", "项目投资", "投资计划及完成情况")), blocks)]
    return blocks


def _shuffled(rng: Random, head: Blocks, rest: Blocks) -> Blocks:
    rng.shuffle(rest)
    return [*head, *rest]


def _tail(maker: Maker, depth: int) -> Blocks:
    rng = maker.rng
    duties = _maybe(rng, ("responsible_unit", "person", "phone", "leader"), 0.7)
    together = rng.random() < 0.2
    duties = [key for key in duties if not together or key not in ("person", "phone")]
    progress = ["physical_progress", *_maybe(rng, ("problem", "next_steps"), 0.7)]
    people: Blocks = [maker.person_and_phone()] if together else []
    spacer: Blocks = [maker.spacer()] if rng.random() < 0.06 else []
    return [*_some(maker, "progress", progress, depth), *_some(maker, "duties", duties, depth), *people, *spacer]


def _noise(maker: Maker, most: int) -> Blocks:
    found: dict[str, Column] = {}
    for _ in range(maker.rng.randrange(0, most + 1)):
        column = maker.noise(hidden=maker.rng.random() < 0.08)
        found.setdefault(column.title[:6], column)
    noise: Blocks = list(found.values())
    return [*noise, maker.void()] if maker.rng.random() < 0.06 else noise


def _dispatch(maker: Maker, depth: int, has_lists: bool) -> Blocks:
    rng = maker.rng
    head = _heads(maker, depth, _maybe(rng, ("project_code", "industry", "location", "nature", "years", "owner"), 0.5))
    head += [maker.column("scale")] if rng.random() < 0.5 else []
    started = rng.choice(
        (["plan_start", "actual_start"], ["plan_start", "actual_start", "is_started"], ["plan_start", "is_started"])
    )
    rest: Blocks = [*_some(maker, "start", started, depth)]
    rest += _some(maker, "inclusion", rng.choice((["is_included"], ["is_included", "included_on"])), depth)
    rest += [maker.column(key) for key in _maybe(rng, ("plan_finish", "on_schedule", "funds_in_place"), 0.3)]
    rest += _some(maker, "place", ["longitude", "latitude"], depth) if rng.random() < 0.2 else []
    money_and_more = [*_lists(maker, has_lists), *_money(maker, depth)]
    body = [*rest, *_tail(maker, depth), *_noise(maker, 4)]
    rng.shuffle(body)
    if rng.random() < 0.3:  # money last, as some do
        body, money_and_more = money_and_more, body
    note: Blocks = [maker.column("note")] if rng.random() < 0.6 else []
    first: Blocks = [sequence(rng)] if rng.random() < 0.92 else []
    return [*first, *head, *money_and_more, *body, *note]


def _approval(maker: Maker, depth: int) -> Blocks:
    return _some(maker, "approval", ["project_approval", "approval_no", "approved_on"], depth)


def _steps(maker: Maker, depth: int) -> Blocks:
    keys = ["land_conversion", "land_supply", "real_estate_title", "land_planning_permit", "works_planning_permit"]
    keys += ["eia", "energy_review", "drawings_review", "construction_permit"]
    kept = [key for key in keys if maker.rng.random() < 0.75]
    steps = _some(maker, "procedures", kept or keys[:2], depth)
    if depth == 3 and maker.rng.random() < 0.6:
        inner = [*_approval(maker, 2), *(maker.column(key) for key in kept)]
        return [(maker.rng.choice(("前期手续", "手续办理情况", "前期手续办理进度")), inner)]
    return [*_approval(maker, depth), *steps]


def _factors(maker: Maker, depth: int) -> Blocks:
    rng = maker.rng
    grouped = depth > 1

    def land(project: Project) -> Spelt:
        mu = project.numbers["land_needed"]
        return Spelt(int(mu), int(mu) * 1_000_000)

    spell = money(rng, "亿元")
    titles = (
        ("土地（亩）", "资金（亿元）", "能耗（吨标准煤）")
        if grouped
        else ("用地需求（亩）", "资金需求（亿元）", "能耗需求（吨标煤）")
    )
    group = (rng.choice(("要素需求", "要素保障需求", "需保障要素")),) if grouped else ()
    leaves: Blocks = [
        Column((*group, titles[0]), "land_needed", land),
        Column((*group, titles[1]), "funds_needed", lambda project: spell(project.money["funds_needed"])),
        Column(
            (*group, titles[2]),
            "energy_needed",
            lambda project: Spelt(int(project.numbers["energy_needed"]), project.numbers["energy_needed"]),
        ),
    ]
    return [(group[0], leaves)] if group else leaves


def _procedures(maker: Maker, depth: int) -> Blocks:
    head: Blocks = [sequence(maker.rng), maker.column("name")]
    rest: Blocks = [*_factors(maker, depth), maker.column("responsible_unit"), maker.column("deadline")]
    core = [maker.column("total_investment"), maker.column("annual_plan"), maker.column("ytd_done")]
    return [*head, *core, *_steps(maker, depth), *rest, *_noise(maker, 1)]


def _nodes(maker: Maker, depth: int) -> Blocks:
    rng = maker.rng
    head: Blocks = [
        sequence(rng),
        Column((rng.choice(("项目", "项目名称")),), "name", lambda project: Spelt(project.name, project.name)),
    ]
    head.append(
        Column((rng.choice(("指标", "类别", "内容", "工作内容")),), "row_measure", lambda project: Spelt(None, None))
    )
    months: Blocks = []
    group = (rng.choice((f"{maker.year}年月度节点", "月度推进计划", f"{maker.year}年各月")),) if depth > 1 else ()
    for month in range(1, 13):
        title = rng.choice((f"{month}月", f"{month}月", f"{month}月份"))
        months.append(
            Column((*group, title), "node", lambda project: Spelt(None, None), Period.month(maker.year, month))
        )
    body: Blocks = [(group[0], months)] if group else months
    if rng.random() < 0.5:
        return [*head, *body, maker.column("person")]
    return [*head, maker.column("responsible_unit"), *body, maker.column("person")]


def lines_of(
    layout: str, project: Project, columns: dict[int, Column], period: Period
) -> list[dict[int, tuple[Column, Spelt]]]:
    """The rows one project takes: one, or in a battle map one a measure."""
    whole = {index: (column, column.spell(project)) for index, column in columns.items()}
    if layout != "L3":
        return [whole]
    lines = []
    for measure, words in MEASURES.items():
        line = {}
        for index, (column, spelt) in whole.items():
            if column.field == "row_measure":
                spelt = Spelt(words[len(project.name) % len(words)], measure)
            elif column.field == "node" and column.period is not None:
                month = column.period.start.month
                spelt = _node(measure, project, month)
                line[index] = (Column(column.path, measure, column.spell, column.period), spelt)
                continue
            line[index] = (column, spelt)
        lines.append(line)
    return lines


def _node(measure: str, project: Project, month: int) -> Spelt:
    if measure == "month_done":
        fen = project.months.get(month)
        if fen is None:
            return Spelt(None, None)
        return Spelt(fen // WAN if fen % WAN == 0 else fen / WAN, fen)
    said = f"{'计划' if measure == 'node_plan' else '已'}完成{('基础', '主体', '封顶', '安装')[month % 4]}施工"
    return (
        Spelt(said, said)
        if month % 3 != 1 and (measure == "node_plan" or month in project.months)
        else Spelt(None, None)
    )


def _promotion(maker: Maker, depth: int) -> Blocks:
    rng = maker.rng
    capital, inside, outside = money(rng, "万元"), money(rng, "万元"), money(rng, "万美元")
    big, dollars = money(rng, "亿元"), money(rng, "亿美元", in_cell=True)

    def total(project: Project) -> Spelt:
        fen = project.money["total_investment"] or 0
        return replace_foreign(dollars(fen)) if project.foreign else big(fen)

    def replace_foreign(spelt: Spelt) -> Spelt:
        return Spelt(spelt.value, None)

    head: Blocks = [sequence(rng), *_heads(maker, depth, _maybe(rng, ("industry",), 0.4))]
    body: Blocks = [maker.column("investor"), maker.column("investor_origin"), maker.column("stage")]
    mixed = rng.random() < 0.4
    title = rng.choice(("总投资（亿元）", "计划总投资(亿元)", "投资总额（亿元）"))
    plain = lambda project: big(project.money["total_investment"] or 0)  # noqa: E731
    body.append(Column((title,), "total_investment", total if mixed else plain, unit=None if mixed else "亿元"))
    body.append(
        Column(
            ("注册资本（万元）",), "registered_capital", lambda project: capital(project.money["registered_capital"])
        )
    )
    body += [maker.column(key) for key in ("first_talk_on", "signed_on", "registered_on")]
    group = rng.choice(("到位资金", "资金到位情况", "累计到位资金")) if depth > 1 else None
    names = ("内资（万元）", "外资（万美元）") if group else ("到位内资（万元）", "到位外资（万美元）")
    path = (group,) if group else ()
    pair: Blocks = [
        Column((*path, names[0]), "funds_in_place", lambda project: inside(project.money["funds_in_place"])),
        Column((*path, names[1]), "foreign_funds", lambda project: outside(project.money["foreign_funds"])),
    ]
    body += [(group, pair)] if group else pair
    body += [maker.column("finder"), *_noise(maker, 2)]
    return _shuffled(rng, head, body)


def _months(maker: Maker, depth: int, has_lists: bool) -> Blocks:
    """A ledger with a column for every month's investment."""
    rng, blocks = maker.rng, _dispatch(maker, 1, has_lists)
    blocks = [
        one
        for one in blocks
        if not (
            isinstance(one, Column) and one.field in ("month_done", "ytd_done", "completion_rate", "since_start_done")
        )
    ]
    unit = maker.units.sheet if maker.units.place in ("sheet", "mixed", "title") else "万元"
    spell = money(rng, unit, in_cell=False)
    noted = "" if maker.units.place in ("sheet", "mixed", "title") else f"（{unit}）"
    grouped = depth > 1
    months: Blocks = []
    first = 1
    if rng.random() < 0.4:  # statistics know no January report
        months.append(_cumulative(maker, 2, noted if not grouped else "", spell, group=grouped))
        first = 3
    for month in range(first, maker.month + 1):
        title = f"{month}月" if grouped else f"{month}月{noted}"
        months.append(
            Column((title,), "month_done", _in_month(spell, month), Period.month(maker.year, month), unit=None)
        )
    ytd = maker.column("ytd_done")
    if grouped:
        return [*blocks, (f"{maker.year}年各月完成投资{noted}", months), ytd]
    return [*blocks, *months, ytd]


def _cumulative(maker: Maker, month: int, noted: str, spell, *, group: bool) -> Column:  # type: ignore[no-untyped-def]
    def done(project: Project) -> Spelt:
        return spell(sum(value for one, value in project.months.items() if one <= month))

    return Column((f"1-{month}月{noted}",), "ytd_done", done, Period.month(maker.year, month))


def _in_month(spell, month: int):  # type: ignore[no-untyped-def]
    return lambda project: spell(project.months[month])


def _hybrid(maker: Maker, depth: int, has_lists: bool) -> Blocks:
    """Dispatch table and procedures in one, as many counties keep it."""
    blocks = _dispatch(maker, depth, has_lists)
    extra = _steps(maker, depth) if maker.rng.random() < 0.7 else _factors(maker, depth)
    return [*blocks, *extra]
