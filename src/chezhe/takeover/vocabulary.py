"""Faults, sheets and statuses in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from chezhe.takeover.layout import SHEETS
from chezhe.takeover.states import TAKEOVER
from chezhe.ui.status import Status

TONES = {
    "collecting": "info", "trying": "progress", "faulty": "danger", "tried": "warning", "submitted": "warning", "taking": "progress",
    "taken": "good", "discarded": "neutral",
}
STATUSES = {code: Status(label, TONES[code]) for code, label in TAKEOVER.choices()}
LOAN_STATUSES = {
    "ready": Status(gettext_lazy("待迁入"), "info"), "taken": Status(gettext_lazy("已迁入"), "good"),
    "failed": Status(gettext_lazy("未迁入"), "danger"),
}
FIGURES = {
    "count": gettext_lazy("笔数"), "principal": gettext_lazy("剩余本金"), "interest": gettext_lazy("到期未还利息"),
    "fee": gettext_lazy("到期未还费用"), "penalty": gettext_lazy("罚息及复利"), "unapplied": gettext_lazy("暂收款"),
    "deposit": gettext_lazy("保证金"),
}
_FAULTS = {
    "required": gettext_lazy("不能为空"),
    "too_long": gettext_lazy("超过 %(most)s 个字符"),
    "day_invalid": gettext_lazy("不是有效日期，请写成 2026-03-14 的样子"),
    "amount_invalid": gettext_lazy("不是有效金额，须为最多两位小数的数字"),
    "amount_negative": gettext_lazy("不能为负数"),
    "amount_zero": gettext_lazy("须大于 0"),
    "whole_invalid": gettext_lazy("须为不超过 %(most)s 的整数"),
    "rate_invalid": gettext_lazy("不是有效年利率，请写成 0.12 或百分比"),
    "choice_unknown": gettext_lazy("不认识，可填：%(known)s"),
    "after_takeover": gettext_lazy("晚于截至日"),
    "signed_after_payout": gettext_lazy("签订日期晚于放款日期"),
    "due_before_payout": gettext_lazy("首个到期日须晚于放款日期"),
    "more_than_principal": gettext_lazy("剩余本金超过贷款本金"),
    "paid_off": gettext_lazy("贷款已经还清，不需要迁入"),
    "paid_off_by_history": gettext_lazy("按还款记录贷款已经还清，不需要迁入"),
    "mortgage_incomplete": gettext_lazy("抵押登记的机关、编号、日期须一并填写或一并留空"),
    "not_due_yet": gettext_lazy("截至日尚未到期，不是欠款"),
    "nothing_owed": gettext_lazy("这一行没有欠款"),
    "twice": gettext_lazy("与第 %(first)s 行重复"),
    "borrower_without_account": gettext_lazy("借款人在客户表中没有还款账号"),
    "balloon_without_method": gettext_lazy("只有气球贷有尾款"),
    "balloon_missing": gettext_lazy("气球贷须填写尾款，或给出还款计划"),
    "steps_without_plan": gettext_lazy("阶梯还款须在还款计划表中给出各期金额"),
    "party_is_borrower": gettext_lazy("这位客户就是借款人"),
    "no_such_loan": gettext_lazy("贷款表中没有这个原贷款号，或那一行有误"),
    "no_such_customer": gettext_lazy("客户表中没有这个原客户号，或那一行有误"),
    "no_such_vehicle": gettext_lazy("车辆表中没有这个车架号，或那一行有误"),
    "vehicle_of_another": gettext_lazy("车辆表中该车属于另一个原客户号"),
    "history_with_arrears": gettext_lazy("迁入方式为“历史”，期初欠款表中却有它"),
    "balance_with_receipts": gettext_lazy("迁入方式为“余额”，还款记录表中却有它"),
    "branch_unknown": gettext_lazy("没有这个营业中的门店代码"),
    "product_unknown": gettext_lazy("没有这个生效中的产品代码"),
    "colleague_unknown": gettext_lazy("没有这个在职同事的登录名"),
    "taken_before": gettext_lazy("这笔贷款已经迁入过"),
    "contract_taken_before": gettext_lazy("这份合同已经迁入过"),
    "named_otherwise": gettext_lazy("证件号已在客户 %(number)s 名下，姓名（名称）却不同"),
    "vehicle_of_another_customer": gettext_lazy("系统中该车（%(number)s）属于另一位客户"),
    "vehicle_is_bound": gettext_lazy("系统中该车（%(number)s）已抵押给另一笔贷款"),
    "plate_of_another": gettext_lazy("车牌号已登记在另一辆车（%(number)s）上"),
    "method_not_offered": gettext_lazy("该产品没有这种还款方式"),
    "plan_impossible": gettext_lazy("按这些条款排不出还款计划"),
    "plan_has_gap": gettext_lazy("期次须连续，到期日须递增"),
    "plan_not_principal": gettext_lazy("还款计划的本金合计 %(plan)s 与贷款本金 %(stated)s 不符"),
    "history_needs_whole_plan": gettext_lazy("迁入方式为“历史”的贷款，还款计划须从第 1 期开始"),
    "paid_before_payout": gettext_lazy("早于放款日期"),
    "no_such_instalment": gettext_lazy("还款计划中没有这个到期日"),
    "more_than_instalment": gettext_lazy("超过该期应还的 %(asked)s"),
    "history_differs": gettext_lazy("原系统余额 %(stated)s，按还款记录重算是 %(found)s，相差 %(difference)s"),
    "arrears_differ": gettext_lazy("原系统余额 %(stated)s，由计划与期初欠款得出 %(found)s，相差 %(difference)s"),
    "column_missing": gettext_lazy("缺少这一列，请使用下载的模板，不要改动表头"),
    "table_unknown": gettext_lazy("认不出这张表，请使用下载的模板，不要改动表头"),
    "file_without_table": gettext_lazy("文件里没有一张认得出的表，须为模板的 XLSX，或 UTF-8、GB18030 编码的 CSV"),
    "no_loans": pgettext_lazy("fault", "没有贷款"),
    "constraint": gettext_lazy("与系统中已有的资料冲突（%(name)s）"),
}


def sheet_label(name: str) -> str:
    """What people call a sheet; a file as a whole has none."""
    return str(SHEETS[name].title) if name in SHEETS else _("文件")


def column_label(sheet: str, column: str) -> str:
    """The heading as the template shows it."""
    if sheet not in SHEETS or not column:
        return ""
    return str(next((one.label for one in SHEETS[sheet].columns if one.name == column), column))


def why(code: str, facts: Mapping[str, Any]) -> str:
    """What is wrong, in the reader's language; findings about identifiers bring their own words."""
    if code in _FAULTS:
        return str(_FAULTS[code]) % facts
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return str(facts.get(language) or facts.get("zh") or code).rstrip("。.")


def fault_sentence(sheet: str, row: int, column: str, given: str, said: str) -> str:
    """`贷款 第 5 行“剩余本金”（-3）：不能为负数。`"""
    facts = {"sheet": sheet_label(sheet), "row": row, "column": column_label(sheet, column), "given": given, "why": said}
    if not column:
        return _("%(sheet)s 第 %(row)s 行：%(why)s。") % facts
    if given:
        return _("%(sheet)s 第 %(row)s 行“%(column)s”（%(given)s）：%(why)s。") % facts
    return _("%(sheet)s 第 %(row)s 行“%(column)s”：%(why)s。") % facts
