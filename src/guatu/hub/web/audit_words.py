"""What the parts of a record are called on the auditor's page."""

from __future__ import annotations

from guatu.hub.audit.source import Door
from guatu.text import Text

DOORS: dict[str, Text] = {
    Door.WEB: Text("网页", "Site"),
    Door.API: Text("接口", "API"),
    Door.CLI: Text("命令", "Command"),
    Door.WORKER: Text("后台", "Worker"),
}
SUBJECTS: dict[str, Text] = {
    "accounts.unit": Text("单位", "Unit"),
    "accounts.person": Text("人员", "Person"),
    "accounts.post": Text("岗位", "Post"),
    "accounts.apitoken": Text("接口令牌", "API token"),
    "audit.checkpoint": Text("检查点", "Checkpoint"),
}
FIELDS: dict[str, Text] = {
    "title_zh": Text("名称", "Name"),
    "title_en": Text("英文名称", "English name"),
    "kind": Text("类别", "Kind"),
    "code": Text("代码", "Code"),
    "order": Text("次序", "Order"),
    "parent": Text("上级", "Under"),
    "unit": Text("单位", "Unit"),
    "units": Text("单位", "Units"),
    "person": Text("人员", "Person"),
    "people": Text("人员", "People"),
    "post": Text("岗位", "Post"),
    "role": Text("角色", "Role"),
    "on": Text("日期", "Day"),
    "opened_on": Text("设立", "Opened on"),
    "closed_on": Text("撤销", "Closed on"),
    "starts_on": Text("起", "From"),
    "ends_on": Text("止", "Until"),
    "expires_on": Text("失效", "Expires on"),
    "name": Text("名称", "Name"),
    "username": Text("登录名", "Sign-in name"),
    "phone": Text("电话", "Phone"),
    "id_number": Text("身份证号", "Id number"),
    "email": Text("邮箱", "Email"),
    "field": Text("字段", "Field"),
    "count": Text("条数", "Count"),
    "digest": Text("摘要", "Digest"),
    "filters": Text("条件", "Filters"),
    "from_place": Text("起始位次", "From place"),
    "to_place": Text("截止位次", "To place"),
    "records": Text("记录数", "Records"),
    "place": Text("位次", "Place"),
    "holder": Text("留存处", "Holder"),
    "where": Text("存放", "Kept in"),
    "address": Text("网络地址", "Network address"),
    "stands_in_for": Text("代谁的班", "Stands in for"),
    "into": Text("并入", "Into"),
    "children": Text("下属", "Units below"),
    "revoked_at": Text("吊销时间", "Revoked at"),
    "administrators": Text("管理员", "Administrators"),
    "language": Text("语言", "Language"),
    "provider": Text("认证来源", "Sign-in provider"),
    "browser": Text("浏览器", "Browser"),
    "ways": Text("方式", "Ways"),
    "kinds": Text("方式", "Ways"),
    "sessions_ended": Text("终止的会话", "Sessions ended"),
    "values_in_the_record": Text("记录中删除的值", "Values erased from the record"),
    "since": Text("起", "From"),
    "until": Text("止", "Until"),
    "door": Text("入口", "Door"),
    "subject": Text("编号", "Id"),
    "subject_kind": Text("对象", "Of"),
}
"""What a field of a record is called; one not listed goes by its own name."""
