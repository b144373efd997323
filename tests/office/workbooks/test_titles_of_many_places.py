"""Titles of ledgers from many places, written down by hand: each finds its field, and what is no field finds none."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from guatu.declarations.ledger import Ledger
from guatu.office.workbooks.columns import SURE, LedgerWords
from guatu.office.workbooks.normalising import word_key
from guatu.office.workbooks.titles import read_title
from guatu.standards.quantities import find_units

TITLES = """
owner: 项目法人 业主（建设）单位 项目实施单位 建设单位名称 投资主体名称
name: 工程项目 项目名称及编号 项目（企业）名称 重点建设项目名称
project_code: 统一项目代码 项目赋码（国家代码） 投资在线平台代码
industry: 行业分类
sector: 所属行业大类 产业分类
location: 所在乡镇（街道、园区） 所属园区 建设地点（镇街） 具体建设地点 项目落地位置
nature: 建设性质（新建、续建、扩建） 新建或续建
scale: 建设内容及规模 项目主要建设内容 项目建设规模及内容 建设规模及主要建设内容 主要建设内容和规模 项目规模
years: 项目建设年限 建设起止时间（年月） 建设工期（年）
total_investment: 总投资（万元） 项目计划总投资 投资概算 总投资（亿元） 概算（万元） 批复总投资
total_investment: 项目估算总投资 投资情况|总投资
annual_plan: 2021年计划投资（万元） 2021年度计划完成投资 2021年计划完成投资额 2021年投资目标
annual_plan: 2021年度投资任务 2021年投资任务（万元） 2021年任务目标 本年计划完成投资
annual_plan: 年度投资目标任务 全年投资任务 2021年安排投资 当年度计划投资 投资情况|2021年计划投资
annual_plan: 投资情况|2021年度计划 投资情况|年度计划 投资计划|2021年 2021年计划|投资额
annual_plan: 2021年目标|投资
month_done: 8月份完成投资 本月完成投资额 8月实际完成 当月完成数 本月投资完成额 本月实际完成投资额
month_done: 完成投资|2021年8月 完成投资情况|本月完成投资 2021年投资完成情况|本月完成
ytd_done: 1-8月完成投资 1-8月累计完成投资额 2021年1-8月完成投资 截至8月底完成投资
ytd_done: 截止8月底累计完成投资 今年累计完成投资额 年内累计完成投资额 2021年累计完成投资
ytd_done: 2021年已完成投资 年初至8月底累计完成投资 1至8月完成投资 1-8月实际完成投资
ytd_done: 截至目前年内完成投资 本年度已完成投资 2021年度完成投资 今年1-8月完成投资 本年1-8月完成投资
ytd_done: 完成投资|1-8月累计 完成投资情况|累计完成投资 2021年投资完成情况|1-8月累计完成
ytd_done: 项目推进情况|已完成投资
since_start_done: 项目开工以来累计完成投资 自开工以来完成投资额 截至8月底自开工累计完成投资
since_start_done: 自项目开工累计完成投资 项目累计完成投资额
completion_rate: 完成年度投资计划比例 占年度计划投资比例 完成年计划% 年度投资计划完成比例
completion_rate: 投资完成率（%） 占年计划的% 完成比率 完成全年目标比例
funds_in_place: 已到位资金额 资金到位额（万元）
plan_start: 计划开工年月 预计开工月份 拟开工日期 计划（拟）开工时间 开工|计划时间 开竣工时间|计划开工
actual_start: 实际开工时间（年月） 已开工项目开工时间 开工时间（年/月） 开竣工时间|实际开工
is_started: 是否已实质性开工 项目是否已开工 开工（是/否）
is_included: 是否已入库 是否纳统入库 是否进入统计库 是否固投入统 纳统入库 纳统|是否纳统
included_on: 入库纳统时间 纳统入库时间 纳统|实际纳统时间
plan_finish: 预计建成时间 计划竣工（投产）时间 计划建成投产时间
actual_finish: 竣工时间
physical_progress: 工程形象进度描述 项目建设形象进度 当前形象进度 本月形象进度 建设进展
physical_progress: 项目当前进展情况 进展情况（截至8月底）
problem: 存在的问题及困难 存在主要问题 推进存在问题 需要市里协调解决的问题 存在问题及建议 当前存在问题
problem: 目前存在的困难和问题 存在问题|问题描述
next_steps: 下步工作计划 下一步推进计划 下步工作打算及措施 解决措施及建议 下月工作安排
responsible_unit: 牵头责任部门 市直责任单位 责任部门（单位） 区责任单位 项目主管部门 行业主管单位
responsible_unit: 责任单位|牵头单位
person: 项目联系人姓名 联系人及手机号 项目负责人及联系方式 企业联系人 业主联系人 联系人及电话 责任人|姓名
person: 企业联系人|姓名
phone: 联系人手机号码 负责人电话 责任人|电话 联系人|手机
leader: 市级包联领导 挂包市领导 包联县级领导 市级责任领导 帮扶领导 包联领导|姓名
note: 备注说明
approval_no: 立项批复文号
project_approval: 立项（核准、备案）
eia: 环境影响评价批复
energy_review: 节能评估审查
drawings_review: 施工图审查备案
real_estate_title: 国有土地使用证 不动产权证书 土地证（不动产权证）
land_planning_permit: 建设用地规划许可
land_needed: 用地面积（亩） 新增用地需求（亩） 要素保障|土地（亩）
funds_needed: 资金需求（万元）
energy_needed: 年综合能耗（吨标煤）
investor: 投资方|名称
investor_origin: 投资方|来源地
signed_on: 签约|时间
registered_on: 注册|时间
registered_capital: 注册|资本
local_no: 项目编号
"""

NO_FIELD = """
时间进度 序时进度 开工时间节点 建设进展状态 计划入统时间 计划纳统时间 目前形象进度及存在问题 配合单位 可研批复
用地预审 规划许可证 投资完成|年度 开竣工时间|竣工 开工时间|目标 责任单位|配合单位 纳统|计划纳统时间
上年度完成投资 去年同期 同比增速（%） 其中：民间投资 其中：设备投资 中央预算内投资 地方政府专项债 开工率 税收
建筑面积（㎡） 容积率 就业人数 土地出让时间 设备投资（万元） 建安投资 征地拆迁投资 计划投资增减 累计完成税收
项目得分 剩余投资 政府投资 社会资本 计划投资完成时间 审批部门 施工单位 监理单位 设计单位 勘察单位 代建单位
施工单位联系人 法人代表 法人代表电话 法人电话
"""


@pytest.fixture(scope="module")
def words(ledgers: Mapping[str, Ledger]) -> LedgerWords:
    return LedgerWords(ledgers["key_projects"])


def best_fit(words: LedgerWords, title: str) -> tuple[float, str]:
    """How well the title fits best, and the first field it fits so; which currency is another question."""
    path = tuple(title.split("|"))
    units = frozenset(word_key(unit.name) for part in path for unit in find_units(part))
    read = read_title(path, 2021, units, words.qualifiers)
    return max(((words.fit(read, key)[0], key) for key in words.ledger.fields), key=lambda found: found[0])


@pytest.mark.parametrize("line", TITLES.strip().splitlines())
def test_titles_of_many_places_find_their_field(words: LedgerWords, line: str) -> None:
    field, _, titles = line.partition(": ")

    assert {title: best_fit(words, title)[1] for title in titles.split()} == dict.fromkeys(titles.split(), field)


@pytest.mark.parametrize("title", NO_FIELD.split())
def test_titles_that_name_no_field_are_taken_for_none_without_a_word(words: LedgerWords, title: str) -> None:
    assert best_fit(words, title)[0] < SURE
