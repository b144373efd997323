"""Every finding the reader can make: its grade, its reason and its remedy in both languages, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.office.workbooks.reading import Finding, Grade
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Message:
    grade: Grade
    reason: Text
    remedy: Text


def _error(zh: str, en: str, remedy_zh: str, remedy_en: str) -> Message:
    return Message("error", Text(zh, en), Text(remedy_zh, remedy_en))


def _question(zh: str, en: str, remedy_zh: str, remedy_en: str) -> Message:
    return Message("question", Text(zh, en), Text(remedy_zh, remedy_en))


def _warning(zh: str, en: str, remedy_zh: str, remedy_en: str) -> Message:
    return Message("warning", Text(zh, en), Text(remedy_zh, remedy_en))


_CONFIRM = Text(
    "运行 guatu map 核定这一列，或请填报单位改回原来的版式。",
    "Confirm the column with guatu map, or have the sender go back to the old layout.",
)

MESSAGES: Mapping[str, Message] = {
    # -- cells: errors -------------------------------------------------------------------------------------
    "excel_error": _error(
        "“{field}”中是 Excel 错误值",
        "'{field}' holds an Excel error value",
        "修好公式，或直接填数值。",
        "Repair the formula or type the value.",
    ),
    "not_a_number": _error(
        "“{field}”应填数字",
        "'{field}' must be a number",
        "只填数字；说明写到备注列。",
        "Type the number only; put explanations into the remarks column.",
    ),
    "bad_thousands": _error(
        "“{field}”的千分位逗号位置不对",
        "'{field}' has thousands separators in the wrong place",
        "去掉逗号，重新填写数字。",
        "Remove the commas and type the number again.",
    ),
    "negative": _error(
        "“{field}”不应为负数",
        "'{field}' cannot be negative",
        "核对数字；核减只能填在可为负的月度列。",
        "Check the figure; corrections belong in a monthly column that allows them.",
    ),
    "not_whole": _error(
        "“{field}”应填整数",
        "'{field}' must be a whole number",
        "改为整数。",
        "Type a whole number.",
    ),
    "beyond_measure": _error(
        "“{field}”的数大到不可能是真的",
        "'{field}' is larger than any figure can be",
        "核对数字和单位后重填。",
        "Check figure and unit and type it again.",
    ),
    "not_a_date": _error(
        "“{field}”中认不出日期",
        "'{field}' holds no date that can be recognised",
        "填成 2021年9月 或 2021-09-15；没有就填“/”。",
        "Write 2021年9月 or 2021-09-15; write / when there is none.",
    ),
    "impossible_date": _error(
        "“{field}”中的日期不存在",
        "'{field}' holds a date that does not exist",
        "改成真实的年月日。",
        "Write a real date.",
    ),
    "no_name": _error(
        "这一行有数据，但没有{field}",
        "this row has figures but no {field}",
        "补上{field}；不是项目的行请写明“合计”“小计”或“注:”。",
        "Fill in the {field}; mark a row that is no item as 合计, 小计 or 注:.",
    ),
    "formula_without_value": _error(
        "“{field}”是公式，但文件里没有存下计算结果",
        "'{field}' is a formula whose result is not saved in the file",
        "用 Excel 或 WPS 打开、重算、保存后再报。",
        "Open the file in Excel or WPS, recalculate, save and send it again.",
    ),
    # -- cells: questions ----------------------------------------------------------------------------------
    "month_1_or_10": _question(
        "“{field}”是数字 {raw}，可能是 {year}年1月，也可能是 {year}年10月（Excel 会去掉末尾的 0）",
        "'{field}' is the number {raw}: January {year}, or October {year} whose zero Excel dropped",
        "写成“{year}年1月”或“{year}年10月”。",
        "Write {year}年1月 or {year}年10月.",
    ),
    "two_dates": _question(
        "“{field}”里有两个日期",
        "'{field}' holds two dates",
        "只留一个日期。",
        "Keep one date.",
    ),
    "two_numbers": _question(
        "“{field}”里有两个数",
        "'{field}' holds two numbers",
        "只留一个数，另一个写到备注列。",
        "Keep one number; put the other into the remarks.",
    ),
    "scaled_by_format": _question(
        "“{field}”存的是 {raw}，但数字格式“{format}”移动了小数点，显示的是另一个数",
        "'{field}' holds {raw}, but its number format '{format}' moves the point and shows another figure",
        "去掉该数字格式，直接填以表头单位计的数。",
        "Remove the number format and type the figure in the unit of the header.",
    ),
    "unit_by_format": _question(
        "“{field}”用数字格式带出单位“{unit}”，与本列单位不一致",
        "'{field}' is shown with the unit '{unit}' by its number format, which is not the unit of the column",
        "按本列单位填数，或把单位直接写在单元格里。",
        "Give the figure in the unit of the column, or type the unit into the cell.",
    ),
    "implausible_amount": _question(
        "“{field}”是 {raw}，与{other}相差悬殊，像是把元填成了更大的单位",
        "'{field}' is {raw}, out of all proportion to {other_en}: yuan taken for a larger unit, perhaps",
        "核对数字和单位后重填。",
        "Check figure and unit and type it again.",
    ),
    "open_date": _question(
        "“{field}”是约期或没有说定的日期",
        "'{field}' is an approximate or open-ended date",
        "填确定的日期或最晚期限，例如“2023年9月底前”。",
        "Give a definite date or the latest one, such as 2023年9月底前.",
    ),
    "about_a_number": _question(
        "“{field}”是约数",
        "'{field}' is an approximate figure",
        "填确切的数；暂无确数就填“/”。",
        "Give the exact figure, or / when there is none yet.",
    ),
    "unknown_unit": _question(
        "“{field}”里的单位“{unit}”不认识",
        "'{field}' uses the unit '{unit}', which is not known",
        "用元、万元、亿元等通用单位。",
        "Use 元, 万元, 亿元 or another common unit.",
    ),
    "other_unit": _question(
        "“{field}”按{currency}填报，这里是“{unit}”",
        "'{field}' is reported in {currency}, but this is in '{unit}'",
        "填{currency}金额；其他货币另列说明。",
        "Give the amount in {currency}; state other currencies separately.",
    ),
    "no_unit": _question(
        "“{field}”没有写明单位",
        "nothing says what unit '{field}' is in",
        "在列名后注明单位，例如“(万元)”，或在表头上方写“单位:万元”。",
        "Put the unit behind the column title, such as (万元), or write 单位:万元 above the table.",
    ),
    "unknown_word": _question(
        "“{field}”里的“{raw}”不在约定用语之内",
        "'{raw}' is not among the agreed words for '{field}'",
        "改用：{known}。",
        "Use one of: {known}.",
    ),
    "bad_project_code": _question("{why}", "{why}", "{fix}", "{fix}"),
    "bad_credit_code": _question("{why}", "{why}", "{fix}", "{fix}"),
    "implausible_rate": _question(
        "“{field}”的数值大得不合常理",
        "'{field}' is implausibly large",
        "核对是百分数还是金额填错了列。",
        "Check whether an amount slipped into the rate column.",
    ),
    "dates_disagree": _question(
        "“{field}”列的日期是 {date}，这里写的却是“{raw}”",
        "column '{field_en}' has the date {date}, but this says '{raw}'",
        "两处改为一致；系统采用“{field}”列的日期。",
        "Make the two agree; Guatu takes the date of column '{field_en}'.",
    ),
    # -- cells: warnings -----------------------------------------------------------------------------------
    "rounded": _warning(
        "“{field}”不足 1 分的部分已四舍五入",
        "'{field}' was rounded half up to hundredths of the currency",
        "如需更精确，请换用更小的单位填报。",
        "Report in a smaller unit when the fraction matters.",
    ),
    "bad_phone": _warning(
        "“{field}”里认不出电话号码",
        "'{field}' holds no phone number that can be recognised",
        "填 11 位手机号，或带区号的固定电话。",
        "Give an 11-digit mobile number or a landline with area code.",
    ),
    "free_tag": _warning(
        "“{tag}”不是已声明的清单，按自由标签保留",
        "'{tag}' is no declared list; it is kept as a free tag",
        "如确为清单，请在业务包 lists 中声明或加为同义词。",
        "If it is a list, declare it under lists in the pack or add it as a synonym.",
    ),
    "unexplained_mark": _question(
        "圈码“{tag}”在表下注释里没有说明",
        "the mark '{tag}' is not explained in the notes under the table",
        "在“注:”里写明每个圈码的含义。",
        "Explain every mark in the 注: line.",
    ),
    "merged_figure": _question(
        "“{field}”的数字与上面几行合并成了一格，只记在第一行",
        "the figure of '{field}' is merged over this row and those above, and was counted for the first only",
        "取消合并，每行各填各的数。",
        "Unmerge the cells and give every row its own figure.",
    ),
    "repeated_item": _question(
        "与第 {other} 行是同一个项目（{by}相同）",
        "the same item as row {other} (same {by})",
        "删去重复的一行，或更正其中一行。",
        "Delete the duplicate row or correct one of them.",
    ),
    "same_name": _warning(
        "与第 {other} 行名称相同，代码不同",
        "has the name of row {other} but another code",
        "如是同一项目，请统一代码；如是两个项目，请写明期数或地点。",
        "Give one code if it is one item; tell two apart by phase or place.",
    ),
    "answered": _warning(
        "按答复读作“{answer}”，原为“{raw}”",
        "read as '{answer}' by a person's answer, the cell says '{raw}'",
        "请填报单位在下期改正原表。",
        "The unit should correct its own workbook for the next round.",
    ),
    "answer_without_cell": _warning(
        "答复“{raw}”指的单元格不在本工作簿里",
        "the answer '{raw}' is about a cell this workbook does not have",
        "核对答复文件里的工作表名和单元格。",
        "Check sheet and cell in the answers file.",
    ),
    # -- rows ----------------------------------------------------------------------------------------------
    "hidden_rows": _warning(
        "隐藏行（{rows}）按数据读取",
        "hidden rows ({rows}) were read as data",
        "不应计入的行请删除，不要隐藏。",
        "Delete rows that should not count instead of hiding them.",
    ),
    "unclear_row": _warning(
        "这一行不像项目，未计入",
        "this row does not look like an item and was left out",
        "如是项目，请补上名称或代码。",
        "If it is an item, fill in its name or code.",
    ),
    "unread_row": _error(
        "这一行有内容，但看不出是项目、合计、小节还是注释，未读取",
        "this row holds something but is neither item, total, section nor note, and was not read",
        "是项目就补上名称；是合计、注释就写明“合计”“注:”；与本表无关的请移到另一张工作表。",
        "Name it if it is an item; mark it 合计 or 注: if it is a total or a note; move what does not belong elsewhere.",
    ),
    "continued_row": _question(
        "这一行与上一行合用一个项目名称，只读了第一行",
        "this row shares its name with the row above, and only the first of them was read",
        "一个项目写成一行；是两个项目就取消合并，各写各的名称。",
        "Write an item in one row; if there are two, unmerge the name and give each its own.",
    ),
    "guide_row": _warning(
        "这一行是填写示例或说明（{raw}），未计入",
        "this row is an example or instructions ({raw}) and was left out",
        "无需处理；如是项目，请把首格改为序号。",
        "Nothing to do; if it is an item, put its number into the first cell.",
    ),
    "no_rows": _error(
        "有表头，但表头下没有读到一行项目",
        "there is a header, but not one item was read below it",
        "填上项目；确实没有的，请删去这张空表或工作表。",
        "Fill in the items; if there are none, delete the empty table or sheet.",
    ),
    "empty_table": _warning(
        "这张表是空的",
        "this table is empty",
        "确实没有项目就不必处理。",
        "Nothing to do if there really are no items.",
    ),
    "other_table": _question(
        "这几行像是另一张表，未读取：{why}",
        "these rows look like another table and were not read: {why_en}",
        "如应计入，请改用台账列名；否则移到另一张工作表。",
        "Use the ledger's column titles if they should count; move them to another sheet if not.",
    ),
    "foreign_table": _warning(
        "这几行是另一张表，未读取：{why}",
        "these rows are another table and were not read: {why_en}",
        "如应计入，请用台账列名。",
        "If it should count, use the ledger's column titles.",
    ),
    # -- columns -------------------------------------------------------------------------------------------
    "unmapped_column": _warning(
        "列“{title}”对不上任何字段，未读取",
        "column '{title}' fits no field and was not read",
        "运行 guatu map 指明字段，或在业务包中加同义词。",
        "Name its field with guatu map or add a synonym to the pack.",
    ),
    "unsure_column": _warning(
        "列“{title}”读作“{field}”，把握不大（{confidence}）",
        "column '{title}' was read as '{field}', with little certainty ({confidence})",
        "核对后运行 guatu map 记下。",
        "Check it and keep it with guatu map.",
    ),
    "competing_columns": _error(
        "列“{title}”与“{other}”列都像“{field}”，无法取舍",
        "columns '{title}' and '{other}' fit '{field}' equally well",
        "改清楚其中一列的列名，或运行 guatu map 指明。",
        "Rename one of them clearly, or decide with guatu map.",
    ),
    "left_column": _warning(
        "列“{title}”也像“{field}”，已采用更符合的“{other}”，此列未读取",
        "column '{title}' resembles '{field}' too; '{other}' fits better and was taken, this one was not read",
        "如取错了，请运行 guatu map 更正。",
        "If that is wrong, correct it with guatu map.",
    ),
    "void_column": _warning(
        "列“{title}”标明作废，未读取",
        "column '{title}' is marked as void and was not read",
        "无需处理；也可删去此列。",
        "Nothing to do; the column may be deleted.",
    ),
    "hidden_column": _warning(
        "隐藏列“{title}”按“{field}”读取",
        "hidden column '{title}' was read as '{field}'",
        "不应计入的列请删除，不要隐藏。",
        "Delete a column that should not count instead of hiding it.",
    ),
    "no_column": _error(
        "没有找到“{field}”列{detail}",
        "there is no column for '{field}'{detail_en}",
        "补上此列，或运行 guatu map 指明是哪一列。",
        "Add the column, or say which one it is with guatu map.",
    ),
    "figures_absent": _warning(
        "这张表没有{fields}列，各项目的这些数按缺失处理",
        "this table has no column for {fields}; these figures count as missing for every item",
        "若本期要用这些数，请补上相应的列，或另报一张进度表。",
        "If the round needs these figures, add the columns or send a table of progress as well.",
    ),
    "no_unit_column": _error(
        "列“{title}”是金额，但列名、表头和“单位:”行都没有写单位",
        "column '{title}' holds amounts, but neither title nor header nor a 单位: line gives a unit",
        "在列名后注明单位，例如“(万元)”，或在表头上方写“单位:万元”。",
        "Put the unit behind the title, such as (万元), or write 单位:万元 above the table.",
    ),
    # -- kept mappings -------------------------------------------------------------------------------------
    "layout_changed": _warning(
        "版式与核定过的（{made}）不同：{changes}",
        "the layout is not the one that was {made}: {changes_en}",
        "没变的列照核定的读；核对后运行 guatu map 记下新版式。",
        "Columns that did not change were read as confirmed; check the rest and keep the new layout with guatu map.",
    ),
    "layout_unlike": _warning(
        "与这个单位核定过的版式都不像，按新表认列",
        "this table is like none confirmed for this sender and was mapped anew",
        "核对后运行 guatu map 记下。",
        "Check it and keep it with guatu map.",
    ),
    "column_unsure": _question(
        "列“{title}”像“{field}”，把握只有{confidence}，还没有核定，未读取",
        "column '{title}' resembles '{field}' with a certainty of only {confidence}; nobody confirmed it, and it was not read",
        _CONFIRM.zh,
        _CONFIRM.en,
    ),
    "column_other_field": _question(
        "列“{title}”原为“{before}”，核定作“{was}”，现在像“{field}”，未读取",
        "column '{title}' was '{before}', confirmed as '{was}', now resembles '{field}', and was not read",
        _CONFIRM.zh,
        _CONFIRM.en,
    ),
    "column_lost": _question(
        "列“{title}”原为“{before}”，核定作“{was}”，现在认不出来，未读取",
        "column '{title}' was '{before}', confirmed as '{was}', now fits no field, and was not read",
        _CONFIRM.zh,
        _CONFIRM.en,
    ),
    "column_other_unit": _question(
        "列“{title}”的单位由{before}变为{now}，未读取",
        "the unit of column '{title}' changed from {before} to {now}; it was not read",
        _CONFIRM.zh,
        _CONFIRM.en,
    ),
    "column_taken": _question(
        "列“{title}”像“{field}”，而“{other}”已核定为这一项，未读取",
        "column '{title}' resembles '{field}', which '{other}' was confirmed to be; it was not read",
        _CONFIRM.zh,
        _CONFIRM.en,
    ),
    # -- controls ------------------------------------------------------------------------------------------
    "control_unreadable": _warning(
        "{label}行的“{field}”读不出数（{raw}），无法核对",
        "the {label} row has no readable figure for '{field}' ({raw}), so it cannot be checked",
        "修好合计公式。",
        "Repair the formula of the total.",
    ),
    "control_difference": _question(
        "{label}“{field}”填报 {stated}，各行相加 {summed}，相差 {difference}",
        "{label} of '{field}' says {stated}, the rows add up to {summed}, a difference of {difference}",
        "核对各行与合计；系统只用各行，不用合计。",
        "Check rows and total; Guatu uses the rows, never the total.",
    ),
    "control_rounding": _warning(
        "{label}“{field}”填报 {stated}，各行相加 {summed}，相差在四舍五入范围内",
        "{label} of '{field}' says {stated}, the rows add up to {summed}, within rounding",
        "无需处理。",
        "Nothing to do.",
    ),
    "count_difference": _question(
        "“{label}”写的是 {stated} 个，实有 {summed} 行",
        "'{label}' says {stated} items, there are {summed} rows",
        "核对个数，看是否漏行。",
        "Check the count; a row may be missing.",
    ),
    # -- sheets and workbook -------------------------------------------------------------------------------
    "macros_not_run": _warning(
        "工作簿带有宏，宏一概不运行，只读保存下来的内容",
        "the workbook holds macros; none is run, what was saved is read",
        "无需处理；请另存为不带宏的 .xlsx 再报更稳妥。",
        "Nothing to do; sending it as .xlsx without macros is safer.",
    ),
    "external_links": _warning(
        "工作簿里有指向其他文件的链接，一概不去取，读的是文件里存下的结果",
        "the workbook links to other files; nothing is fetched, the results saved in it are read",
        "确认这些数是最新的；最好粘贴为数值后再报。",
        "Make sure these figures are up to date; pasting them as values is safest.",
    ),
    "not_a_ledger": _warning(
        "工作表“{sheet}”不是台账，未读取：{why}",
        "sheet '{sheet}' is no ledger and was not read: {why_en}",
        "如应计入，请用台账列名。",
        "If it should count, use the ledger's column titles.",
    ),
    "hidden_sheet": _warning(
        "隐藏工作表“{sheet}”未读取",
        "hidden sheet '{sheet}' was not read",
        "如应计入，请取消隐藏后再报。",
        "Unhide it and send again if it should count.",
    ),
    "no_table": _error(
        "整个工作簿里没有认出台账",
        "no ledger was recognised in the whole workbook",
        "至少要有{fields}等列，列名在数据上方。",
        "It needs columns such as {fields_en}, with titles above the data.",
    ),
    "unknown_sender": _error(
        "认不出这是哪个单位报的",
        "it cannot be told which unit sent this",
        "文件名、标题或“填报单位:”里写明单位全称。",
        "Give the unit's full name in the file name, the title or the 填报单位: line.",
    ),
    "columns_differ": _question(
        "“{field}”有两列，{column}列写的是“{other}”",
        "'{field}' has two columns, and column {column} says '{other}'",
        "留下对的一个，另一格清空。",
        "Keep the right one and clear the other cell.",
    ),
    # -- delimited text ------------------------------------------------------------------------------------
    "encoding_assumed": _warning(
        "文字编码没有写明，按 {encoding} 读取",
        "the text does not say its encoding; it was read as {encoding}",
        "看几个有特殊字符的单元格；不对就另存为“CSV UTF-8”，或用 guatu map --encoding 记下编码。",
        "Look at cells with special characters; if they are wrong, save as 'CSV UTF-8' or keep the encoding with "
        "guatu map --encoding.",
    ),
    "lost_character": _warning(
        "有一个字节不是任何字符，显示为 \ufffd",
        "one byte is no character and is shown as \ufffd",
        "在原文件里改正这个字符。",
        "Correct the character in the file.",
    ),
    "long_row": _error(
        "这一行有{cells}格，全表只有{usual}列：多半是单元格里的分隔符没有加引号，后面的格子全错了位",
        "this row has {cells} cells, the table {usual} columns: most likely a delimiter inside a cell has no quotes, and "
        "all cells behind it are shifted",
        "给那个单元格加引号，或从 Excel 重新导出。",
        "Put that cell in quotes, or export the file from Excel again.",
    ),
    "sender_conflict": _question(
        "{first_by}说是“{first}”，{second_by}说是“{second}”",
        "the {first_by_en} says {first_en}, the {second_by_en} says {second_en}",
        "核对后改为一致。",
        "Check and make them agree.",
    ),
    "other_round": _error(
        "表里写的是{found}，本期是{round}",
        "the sheet is for {found_en}, this round is {round_en}",
        "报送本期的表；如只是标题忘了改，请改标题。",
        "Send this round's workbook; if only the title is old, correct it.",
    ),
}


def finding(code: str, *, workbook: str, sheet: str = "", cell: str = "", raw: str = "", **words: str) -> Finding:
    """The finding of that code with its places filled."""
    message = MESSAGES[code]
    filled = {"raw": raw, "sheet": sheet, **words}
    return Finding(
        workbook=workbook,
        sheet=sheet,
        cell=cell,
        raw=raw,
        grade=message.grade,
        code=code,
        reason=_fill(message.reason, filled),
        remedy=_fill(message.remedy, filled),
    )


def _fill(text: Text, words: Mapping[str, str]) -> Text:
    """English places take the `_en` word where there is one, so that field names appear in the reader's language."""
    english = {
        **words,
        **{key.removesuffix("_en"): word for key, word in words.items() if key.endswith("_en")},
        **words,
    }
    english |= {key: words[f"{key}_en"] for key in words if f"{key}_en" in words}
    return Text(zh=text.zh.format(**words), en=text.en.format(**english))
