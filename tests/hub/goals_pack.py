"""A small pack that declares goals, over a ledger of projects."""

from __future__ import annotations

from pathlib import Path

from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.models import PackVersion
from tests.hub.people import NOW

PACK = """\
pack: campaign
title: {zh: 攻势, en: Campaign}
version: "1"
effective_from: "2026-01-01"
source: {zh: 测试, en: For tests}
"""
LEDGER = """\
ledger: projects
title: {zh: 项目台账, en: Ledger of projects}
item: {zh: 项目, en: project}
identity: [[name]]
fields:
  - {key: name, title: {zh: 名称, en: Name}, type: text, required: true}
  - {key: ytd_done, title: {zh: 累计完成, en: Completed}, type: money, unit: 万元, currency: CNY, measure: done, basis: year_to_date}
  - {key: begun_on, title: {zh: 开工时间, en: Begun on}, type: date}
milestones:
  - key: started
    title: {zh: 开工, en: Started}
    actual: begun_on
    standard: {zh: 破土, en: Ground broken}
    source: {zh: 测试, en: For tests}
"""
GOALS = """\
goals: campaign
source: {zh: 测试, en: For tests}
pace: {attention: 0, behind: 10, source: {zh: 测试, en: For tests}}
levels:
  - {key: campaign, title: {zh: 攻势, en: Campaign}}
  - {key: line, title: {zh: 主线, en: Line}, under: [campaign]}
  - {key: battle, title: {zh: 战役, en: Battle}, under: [campaign, line]}
  - {key: drive, title: {zh: 限时行动, en: Drive}, under: [campaign, battle]}
  - {key: task, title: {zh: 任务, en: Task}, under: [battle, drive]}
slots:
  - {key: commander, title: {zh: 指挥长, en: Commander}}
  - {key: lead_unit, title: {zh: 牵头单位, en: Lead unit}}
flags:
  - {key: assessment, title: {zh: 纳入综合考核, en: In the assessment}}
  - {key: promise, title: {zh: 区办实事, en: Public promise}}
indicators:
  - key: investment
    title: {zh: 完成投资, en: Investment}
    type: money
    currency: CNY
    unit: 亿元
    actual: {ledger: projects, figure: ytd_done}
  - {key: started, title: {zh: 开工项目, en: Started}, type: integer, unit: 个, actual: {ledger: projects, milestone: started}}
  - {key: growth, title: {zh: 增速, en: Growth}, type: percent, unit: "%"}
papers:
  - {key: roadmap, title: {zh: 路线图, en: Roadmap}, sections: [statement, steps]}
  - key: letter
    title: {zh: 责任状, en: Responsibility letter}
    sections: [statement, targets, timetable, duties, terms]
    signed_by: [commander, lead_unit]
    terms:
      - text: {zh: 职责到人、时间到日。, en: "Down to the person and the day."}
"""
FILES = {"pack.yaml": PACK, "ledger.yaml": LEDGER, "goals.yaml": GOALS}


def write_goals_pack(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def kept_goals_pack() -> PackVersion:
    """The pack as an installed one lies in the database."""
    return PackVersion.objects.create(
        key="campaign", version="1", hash="goals" * 12, files=canonical({"key": "campaign", "files": {"campaign": FILES}}),
        title_zh="攻势", title_en="Campaign", installed_at=NOW, is_current=True,
    )  # fmt: skip
