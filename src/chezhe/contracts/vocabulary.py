"""Conditions, duties and statuses in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.contracts import rules
from chezhe.contracts.paying.states import LEG, LIMIT, PAYEE
from chezhe.contracts.states import CONTRACT, DISBURSEMENT, MORTGAGE, SIGNING
from chezhe.kernel import roles
from chezhe.ui.status import Status

CONDITIONS = {
    rules.COST_SHEET: gettext_lazy("综合融资成本明示表已确认"), rules.SIGNED: gettext_lazy("合同已签署"),
    rules.MORTGAGE: gettext_lazy("抵押登记已办妥"), rules.ACCOUNT: gettext_lazy("收款账户为借款人本人在用账户"),
    rules.COVERAGE: gettext_lazy("担保足以覆盖到期本息"), rules.GPS: gettext_lazy("GPS 已按决策要求安装并定位"),
    rules.APPROVAL: gettext_lazy("批复在有效期内"), rules.PAYOFF: gettext_lazy("旧贷款今日结清金额已确认"),
}
_CONTRACT_TONES = {"prepared": "info", "signed": "progress", "effective": "good", "settled": "neutral", "void": "neutral"}
CONTRACT_STATUSES = {code: Status(label, _CONTRACT_TONES[code]) for code, label in CONTRACT.choices()}
_MORTGAGE_TONES = {
    "proposed": "warning", "registered": "good", "release_requested": "progress", "released": "neutral", "cancelled": "neutral",
    "handed_on": "neutral",
}
MORTGAGE_STATUSES = {code: Status(label, _MORTGAGE_TONES[code]) for code, label in MORTGAGE.choices()}
_DISBURSEMENT_TONES = {
    "prepared": "info", "checked": "progress", "sent": "progress", "paid": "good", "failed": "danger", "returned": "warning",
    "cancelled": "neutral",
}
DISBURSEMENT_STATUSES = {code: Status(label, _DISBURSEMENT_TONES[code]) for code, label in DISBURSEMENT.choices()}
LEG_STATUSES = {code: Status(label, _DISBURSEMENT_TONES[code]) for code, label in LEG.choices()}
_PAYEE_TONES = {"proposed": "info", "verified": "good", "refused": "neutral", "closed": "neutral"}
PAYEE_STATUSES = {code: Status(label, _PAYEE_TONES[code]) for code, label in PAYEE.choices()}
_LIMIT_TONES = {"proposed": "info", "agreed": "good", "refused": "neutral"}
LIMIT_STATUSES = {code: Status(label, _LIMIT_TONES[code]) for code, label in LIMIT.choices()}

_SIGNING_TONES = {"asked": "progress", "done": "good", "failed": "danger", "dropped": "neutral"}
SIGNING_STATUSES = {code: Status(label, _SIGNING_TONES[code]) for code, label in SIGNING.choices()}
_SIGNING_FAILURES = {
    "held": gettext_lazy("业务目前不能继续办理"), "bad_signature": gettext_lazy("签名无效"),
    "another_document": gettext_lazy("退回的文件与原文不符"),
    "no_answer": gettext_lazy("签名服务超过一天没有答复"), "face_mismatch": gettext_lazy("签署人未通过身份核验"),
    "test_authority_refused": gettext_lazy("没有可用的签名服务"),
}


def failure_in_words(code: str) -> str:
    """Why a signature did not come; a provider's own code stays as it is."""
    return str(_SIGNING_FAILURES.get(code, code))


def in_one_line(labels: Iterable[object]) -> str:
    """Several conditions in one line."""
    return _("、").join(str(label) for label in labels)


def duty_in_words(duty: str) -> str:
    """A duty as the refusal names it."""
    return _("放款经办") if duty == "maker" else str(roles.LABELS.get(duty, duty))
