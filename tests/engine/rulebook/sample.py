"""A small ledger and a small rulebook that tests change one line at a time."""

from __future__ import annotations

from pathlib import Path

from guatu.declarations import FieldDeclaration, FieldType, Ledger, ListDeclaration, Place
from guatu.text import Text

HERE = Place("sample", 1)


def field(key: str, title: str, kind: FieldType, **more: object) -> FieldDeclaration:
    return FieldDeclaration(key, Text(title, key.replace("_", " ")), kind, HERE, **more)  # type: ignore[arg-type]


FIELDS = (
    field("name", "名称", FieldType.TEXT),
    field("done", "已完成", FieldType.MONEY, currency="CNY", unit="万元"),
    field("plan", "计划", FieldType.MONEY, currency="CNY", unit="万元"),
    field("is_started", "已开工", FieldType.FLAG),
    field("exempt_progress", "免责", FieldType.FLAG),
)
LEDGER = Ledger(
    key="sample",
    title=Text("样本", "Sample"),
    item=Text("事项", "item"),
    fields={one.key: one for one in FIELDS},
    lists={
        "key": ListDeclaration("key", Text("重点", "Key"), HERE),
        "large": ListDeclaration("large", Text("大项目", "Large"), HERE, where="plan >= 1亿元"),
    },
    definitions={},
    milestones={},
    duties={},
    blanks={},
    no_tags=(),
    identity=(("name",),),
    place=HERE,
)

RULEBOOK = """\
rulebook: sample
title: {zh: 样本细则, en: Sample rulebook}
version: "1"
effective_from: "2021-01-01"
source: {zh: 测试, en: a test}
palette:
  normal: {zh: 绿灯, en: green, colour: green}
  attention: {zh: 黄灯, en: yellow, colour: yellow}
  lagging: {zh: 红灯, en: red, colour: red}
settings:
  - {key: red_from, title: {zh: 红灯, en: red}, value: 30pp, allowed: [30pp, 40pp], why: {zh: 测试, en: a test}}
definitions:
  - {key: gap, title: {zh: 差距, en: gap}, formula: expected_progress - done / plan, show: {unit: pp, decimals: 1}}
indicators:
  - key: projects
    title: {zh: 项目数, en: Projects}
    formula: count()
    show: {unit: 个}
    examples:
      - {kind: value, given: [{name: 甲}], then: 1}
      - {kind: missing, given: [{name: null}], then: 1}
  - key: rate
    title: {zh: 完成率, en: Rate}
    formula: sum(done) / sum(plan)
    show: {unit: "%", decimals: 1}
    decimals: 6
    better: higher
    when_zero: not_scored
    examples:
      - {kind: value, given: [{done: 1万元, plan: 2万元}], then: 50}
      - {kind: missing, given: [{done: null, plan: 2万元}], then: null}
      - {kind: zero, given: [{done: 1万元, plan: 0万元}], then: null}
lights:
  - subject: item
    title: {zh: 亮灯, en: Lights}
    dimensions:
      - key: progress
        title: {zh: 进度, en: Progress}
        clauses:
          - id: red
            severity: lagging
            when: gap > red_from
            because: {zh: "低{gap}", en: "{gap} under"}
            cite: {zh: 测试, en: a test}
            examples:
              - {kind: firing, given: {done: 0万元, plan: 1亿元}, then: lagging}
              - {kind: boundary, period: 2021-06, given: {done: 2000万元, plan: 1亿元}, then: normal}
              - {kind: missing, given: {done: null, plan: 1亿元}, then: not_judged}
"""


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """The sample rulebook with pieces of its text replaced. Each piece must be there."""
    text = RULEBOOK
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "sample.yaml"
    path.write_text(text, encoding="utf-8")
    return path
