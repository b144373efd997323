"""What can be recorded: every kind of event, with its name for people."""

from __future__ import annotations

from enum import StrEnum

from guatu.text import Text


class Event(StrEnum):
    """A kind of event: what was done, as `subject.participle`. Kinds are never renamed: old records keep them."""

    UNIT_OPENED = "unit.opened"
    UNIT_RENAMED = "unit.renamed"
    UNIT_MOVED = "unit.moved"
    UNIT_RECODED = "unit.recoded"
    UNIT_CORRECTED = "unit.corrected"
    UNIT_CLOSED = "unit.closed"
    UNITS_MERGED = "unit.merged"
    UNIT_DIVIDED = "unit.divided"
    LOAD_SUBMITTED = "unit.load_submitted"
    LOAD_READ = "unit.load_read"
    LOAD_ACCEPTED = "unit.load_accepted"
    LOAD_SET_BACK = "unit.load_set_back"
    LOAD_DISCARDED = "unit.load_discarded"
    UNITS_LOADED = "unit.loaded"
    LOADED_POSTS_ACCEPTED = "post.load_accepted"
    POSTS_LOADED = "post.loaded"
    PERSON_CREATED = "person.created"
    PERSON_CHANGED = "person.changed"
    PERSON_DISABLED = "person.disabled"
    PERSON_ENABLED = "person.enabled"
    PERSON_ERASED = "person.erased"
    PERSONAL_DATA_REVEALED = "person.revealed"
    PERSONAL_COPY_GIVEN = "person.copy_given"
    SLIPS_PRINTED = "person.slips_printed"
    POST_ASSIGNED = "post.assigned"
    POST_ENDED = "post.ended"
    POST_HANDED_OVER = "post.handed_over"
    STAND_IN_NAMED = "post.stand_in_named"
    SIGNED_IN = "session.signed_in"
    SIGNED_OUT = "session.signed_out"
    SIGN_IN_FAILED = "session.failed"
    SESSIONS_ENDED = "session.ended"
    PASSWORD_CHANGED = "sign_in.password_changed"
    PASSWORD_RESET = "sign_in.password_reset"
    SECOND_FACTOR_ADDED = "sign_in.second_factor_added"
    SECOND_FACTOR_REMOVED = "sign_in.second_factor_removed"
    RECOVERY_CODES_MADE = "sign_in.recovery_codes_made"
    PROVIDER_LINKED = "sign_in.provider_linked"
    TOKEN_ISSUED = "token.issued"
    TOKEN_REVOKED = "token.revoked"
    AUDIT_EXPORTED = "audit.exported"
    CHECKPOINT_PRINTED = "audit.checkpoint_printed"
    PACK_INSTALLED = "pack.installed"
    PACK_OVERLAID = "pack.overlaid"
    ITEM_ENTERED = "item.entered"
    ITEM_CHANGED = "item.changed"
    ITEM_MOVED = "item.moved"
    ITEM_STATE_SET = "item.state_set"
    ITEM_PLACED = "item.placed"
    ITEMS_EXPORTED = "item.exported"
    MILESTONE_PLANNED = "milestone.planned"
    MILESTONE_CLAIMED = "milestone.claimed"
    MILESTONE_CHECKED = "milestone.checked"
    MILESTONE_VERIFIED = "milestone.verified"
    MILESTONE_WITHDRAWN = "milestone.withdrawn"
    MILESTONES_ORDERED = "milestone.ordered"
    MILESTONES_SCHEDULED = "milestone.scheduled"
    BASELINE_SET = "milestone.baseline_set"
    DUTY_ASSIGNED = "duty.assigned"
    DUTY_HANDED_OVER = "duty.handed_over"
    DUTY_ENDED = "duty.ended"
    ITEMS_LINKED = "link.made"
    LINK_ENDED = "link.ended"
    REMARK_ADDED = "remark.added"
    VISIT_KEPT = "visit.kept"
    VISIT_CHANGED = "visit.changed"
    VISIT_SEEN = "visit.seen"
    FIGURES_REPORTED = "figures.reported"
    FIGURE_PUT_BACK = "figures.put_back"
    NEWS_SEEN = "news.seen"
    YEAR_OPENED = "year.opened"
    YEAR_PLAN_ADJUSTED = "year.plan_adjusted"
    YEAR_LEFT = "year.left"
    LIST_REDRAWN = "list.redrawn"
    ITEMS_MERGED = "item.merged"
    VIEW_SAVED = "view.saved"
    VIEW_RENAMED = "view.renamed"
    VIEW_SHARED = "view.shared"
    VIEW_UNSHARED = "view.unshared"
    VIEW_DELETED = "view.deleted"
    ITEMS_SET = "item.set_together"
    ITEMS_TOLD_APART = "item.told_apart"
    IMPORT_SUBMITTED = "import.submitted"
    IMPORT_READ = "import.read"
    IMPORT_TAKEN = "import.taken"
    IMPORT_UNDONE = "import.undone"
    IMPORT_DISCARDED = "import.discarded"
    FILE_ATTACHED = "attachment.attached"
    ATTACHMENT_LOOKED_AT = "attachment.looked_at"
    ATTACHMENT_ERASED = "attachment.erased"
    IMPORT_ASKED_FOR = "import.asked_for"
    IMPORT_NOT_UNDONE = "import.not_undone"
    IMPORT_ANSWERED = "import.answered"
    IMPORT_LEFT_OUT = "import.left_out"
    IMPORT_PUT_BACK = "import.put_back"
    IMPORT_COLUMNS_CONFIRMED = "import.columns_confirmed"
    GOAL_OPENED = "goal.opened"
    GOAL_CHANGED = "goal.changed"
    GOAL_ENDED = "goal.ended"
    GOAL_ASSIGNED = "goal.assigned"
    GOAL_LINKED = "goal.linked"
    GOAL_UNLINKED = "goal.unlinked"
    TARGET_SET = "target.set"
    TARGET_ADJUSTED = "target.adjusted"
    TARGET_SPLIT = "target.split"
    TARGET_ANSWERED = "target.answered"
    TARGET_REACHED = "target.reached"
    PAPER_DRAWN = "paper.drawn"
    PAPER_SIGNED = "paper.signed"
    ROUND_ASKED_FOR = "round.asked_for"
    ROUND_JUDGED = "round.judged"
    ROUND_NOT_JUDGED = "round.not_judged"
    SITE_BEGUN = "site.begun"
    SITE_BACKED_UP = "site.backed_up"
    SITE_RESTORED = "site.restored"


TITLES: dict[Event, Text] = {
    Event.UNIT_OPENED: Text("设立单位", "Unit opened"),
    Event.UNIT_RENAMED: Text("单位更名", "Unit renamed"),
    Event.UNIT_MOVED: Text("单位划转", "Unit moved"),
    Event.UNIT_RECODED: Text("单位代码变更", "Unit code changed"),
    Event.UNIT_CORRECTED: Text("更正单位信息", "Unit corrected"),
    Event.UNIT_CLOSED: Text("撤销单位", "Unit closed"),
    Event.UNITS_MERGED: Text("单位合并", "Units merged"),
    Event.UNIT_DIVIDED: Text("单位拆分", "Unit divided"),
    Event.LOAD_SUBMITTED: Text("上传批量载入文件", "Load workbook submitted"),
    Event.LOAD_READ: Text("读取批量载入文件", "Load workbook read"),
    Event.LOAD_DISCARDED: Text("放弃批量载入", "Load discarded"),
    Event.LOAD_ACCEPTED: Text("核准批量载入", "Load accepted"),
    Event.LOAD_SET_BACK: Text("批量载入未成，退回再看", "Load not carried out, set back"),
    Event.UNITS_LOADED: Text("批量载入单位和人员", "Units and people loaded"),
    Event.LOADED_POSTS_ACCEPTED: Text("核准批量任职", "Posts of a load accepted"),
    Event.POSTS_LOADED: Text("批量任职", "Posts loaded"),
    Event.PERSON_CREATED: Text("新增人员", "Person added"),
    Event.PERSON_CHANGED: Text("修改人员资料", "Person changed"),
    Event.PERSON_DISABLED: Text("停用账号", "Account disabled"),
    Event.PERSON_ENABLED: Text("启用账号", "Account enabled"),
    Event.PERSON_ERASED: Text("删除个人信息", "Personal data erased"),
    Event.PERSONAL_DATA_REVEALED: Text("查看个人信息", "Personal data revealed"),
    Event.PERSONAL_COPY_GIVEN: Text("提供个人信息副本", "Copy of personal data given"),
    Event.SLIPS_PRINTED: Text("打印初始密码条", "Initial-password slips printed"),
    Event.POST_ASSIGNED: Text("任职", "Post assigned"),
    Event.POST_ENDED: Text("免职", "Post ended"),
    Event.POST_HANDED_OVER: Text("岗位交接", "Post handed over"),
    Event.STAND_IN_NAMED: Text("指定代班", "Stand-in named"),
    Event.SIGNED_IN: Text("登录", "Signed in"),
    Event.SIGNED_OUT: Text("退出", "Signed out"),
    Event.SIGN_IN_FAILED: Text("登录失败", "Sign-in failed"),
    Event.SESSIONS_ENDED: Text("会话被终止", "Sessions ended"),
    Event.PASSWORD_CHANGED: Text("修改密码", "Password changed"),
    Event.PASSWORD_RESET: Text("重置密码", "Password reset"),
    Event.SECOND_FACTOR_ADDED: Text("启用二次验证", "Second factor added"),
    Event.SECOND_FACTOR_REMOVED: Text("停用二次验证", "Second factor removed"),
    Event.RECOVERY_CODES_MADE: Text("生成恢复码", "Recovery codes made"),
    Event.PROVIDER_LINKED: Text("关联统一认证账号", "Provider account linked"),
    Event.TOKEN_ISSUED: Text("签发接口令牌", "API token issued"),
    Event.TOKEN_REVOKED: Text("吊销接口令牌", "API token revoked"),
    Event.AUDIT_EXPORTED: Text("导出审计记录", "Audit exported"),
    Event.CHECKPOINT_PRINTED: Text("打印留存检查点", "Checkpoint printed and filed"),
    Event.PACK_INSTALLED: Text("安装业务包", "Pack installed"),
    Event.PACK_OVERLAID: Text("修改业务包（本地）", "Pack changed for this site"),
    Event.ITEM_ENTERED: Text("新增事项", "Item entered"),
    Event.ITEM_CHANGED: Text("修改事项", "Item changed"),
    Event.ITEM_MOVED: Text("事项划转", "Item moved"),
    Event.ITEM_STATE_SET: Text("事项状态变更", "Item state set"),
    Event.ITEM_PLACED: Text("标注位置", "Item placed on the map"),
    Event.ITEMS_EXPORTED: Text("导出事项", "Items exported"),
    Event.MILESTONE_PLANNED: Text("节点计划", "Milestone planned"),
    Event.MILESTONE_CLAIMED: Text("申报节点达到", "Milestone claimed"),
    Event.MILESTONE_CHECKED: Text("审核节点", "Milestone checked"),
    Event.MILESTONE_VERIFIED: Text("核查节点", "Milestone verified"),
    Event.MILESTONE_WITHDRAWN: Text("撤回节点申报", "Claim of a milestone withdrawn"),
    Event.MILESTONES_ORDERED: Text("节点先后", "Order of milestones set"),
    Event.MILESTONES_SCHEDULED: Text("倒排工期", "Milestones scheduled backwards"),
    Event.BASELINE_SET: Text("留存计划基线", "Baseline of the plan kept"),
    Event.DUTY_ASSIGNED: Text("落实责任", "Duty assigned"),
    Event.DUTY_HANDED_OVER: Text("责任交接", "Duty handed over"),
    Event.DUTY_ENDED: Text("解除责任", "Duty ended"),
    Event.ITEMS_LINKED: Text("建立关联", "Items linked"),
    Event.LINK_ENDED: Text("解除关联", "Link ended"),
    Event.REMARK_ADDED: Text("登记备注或日志", "Remark or work-log entry added"),
    Event.VISIT_KEPT: Text("留下走访", "Visit kept"),
    Event.VISIT_CHANGED: Text("改走访", "Visit changed"),
    Event.VISIT_SEEN: Text("记走访情况", "What was seen on a visit"),
    Event.NEWS_SEEN: Text("看过动态", "News seen"),
    Event.FIGURES_REPORTED: Text("手工填报数据", "Figures reported by hand"),
    Event.FIGURE_PUT_BACK: Text("撤销手工填报", "Figure reported by hand taken back"),
    Event.YEAR_OPENED: Text("年度结转和新增", "Items carried over or taken into a year"),
    Event.YEAR_PLAN_ADJUSTED: Text("调整年度计划", "Plan of a year adjusted"),
    Event.YEAR_LEFT: Text("退出年度计划", "Item taken out of a year"),
    Event.LIST_REDRAWN: Text("清单调整", "List redrawn"),
    Event.ITEMS_MERGED: Text("合并事项", "Items merged"),
    Event.VIEW_SAVED: Text("保存视图", "View saved"),
    Event.VIEW_RENAMED: Text("视图改名", "View renamed"),
    Event.VIEW_SHARED: Text("共享视图", "View shared"),
    Event.VIEW_UNSHARED: Text("停止共享视图", "View no longer shared"),
    Event.VIEW_DELETED: Text("删除视图", "View deleted"),
    Event.ITEMS_SET: Text("批量修改事项", "Items changed together"),
    Event.ITEMS_TOLD_APART: Text("判定为两个事项", "Items told apart"),
    Event.IMPORT_SUBMITTED: Text("报送工作簿", "Workbook sent"),
    Event.IMPORT_READ: Text("工作簿已读", "Workbook read"),
    Event.IMPORT_TAKEN: Text("工作簿入账", "Workbook taken"),
    Event.IMPORT_UNDONE: Text("撤销入账", "Import undone"),
    Event.IMPORT_DISCARDED: Text("作废工作簿", "Workbook discarded"),
    Event.FILE_ATTACHED: Text("附上文件", "File attached"),
    Event.ATTACHMENT_LOOKED_AT: Text("查验附件", "Attachment looked at"),
    Event.ATTACHMENT_ERASED: Text("删除附件", "Attachment erased"),
    Event.IMPORT_ASKED_FOR: Text("交后台办理", "Left to the worker"),
    Event.IMPORT_NOT_UNDONE: Text("撤销未成", "Could not be undone"),
    Event.IMPORT_ANSWERED: Text("答复疑问", "Questions answered"),
    Event.IMPORT_LEFT_OUT: Text("列为例外，不入账", "Left out by name"),
    Event.IMPORT_PUT_BACK: Text("取消例外", "No longer left out"),
    Event.IMPORT_COLUMNS_CONFIRMED: Text("核定列的含义", "Columns confirmed"),
    Event.GOAL_OPENED: Text("立目标", "Goal opened"),
    Event.GOAL_CHANGED: Text("修改目标", "Goal changed"),
    Event.GOAL_ENDED: Text("结束目标", "Goal ended"),
    Event.GOAL_ASSIGNED: Text("明确目标责任", "Goal assigned"),
    Event.GOAL_LINKED: Text("目标联上事项", "Items linked to a goal"),
    Event.GOAL_UNLINKED: Text("目标解除事项", "Item unlinked from a goal"),
    Event.TARGET_SET: Text("定目标值", "Target set"),
    Event.TARGET_ADJUSTED: Text("调整目标值", "Target adjusted"),
    Event.TARGET_SPLIT: Text("分解目标值", "Target split"),
    Event.TARGET_ANSWERED: Text("答复目标值", "Target answered"),
    Event.TARGET_REACHED: Text("填报完成值", "Reached value entered"),
    Event.PAPER_DRAWN: Text("生成责任文书", "Paper drawn"),
    Event.PAPER_SIGNED: Text("签订责任文书", "Paper signed"),
    Event.ROUND_ASKED_FOR: Text("提请评判一期", "Round to be judged"),
    Event.ROUND_JUDGED: Text("一期评判完成", "Round judged"),
    Event.ROUND_NOT_JUDGED: Text("一期未能评判", "Round could not be judged"),
    Event.SITE_BEGUN: Text("启用站点", "Site begun"),
    Event.SITE_BACKED_UP: Text("备份", "Backup made"),
    Event.SITE_RESTORED: Text("从备份恢复", "Restored from a backup"),
}
