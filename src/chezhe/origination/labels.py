"""The words for what is missing and for what the figures say."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.compliance import labels as compliance_labels
from chezhe.documents import catalogue
from chezhe.origination import choices
from chezhe.origination.rules import Gap
from chezhe.origination.states import APPLICATION
from chezhe.ui.status import Status

STATUSES = {
    "draft": Status(APPLICATION.labels["draft"], "neutral", "pencil"),
    "supplement": Status(APPLICATION.labels["supplement"], "warning"),
    "checking": Status(APPLICATION.labels["checking"], "progress", "loader"),
    "first_review": Status(APPLICATION.labels["first_review"], "progress"),
    "final_review": Status(APPLICATION.labels["final_review"], "progress"),
    "approved": Status(APPLICATION.labels["approved"], "good"),
    "accepted": Status(APPLICATION.labels["accepted"], "good", "user-check"),
    "rejected": Status(APPLICATION.labels["rejected"], "danger", "circle-x"),
    "withdrawn": Status(APPLICATION.labels["withdrawn"], "neutral", "arrow-back-up"),
    "expired": Status(APPLICATION.labels["expired"], "neutral", "clock"),
}
PRIME = {"prime": Status(gettext_lazy("优质"), "good", "star")}
_GAPS = {
    "product_missing": gettext_lazy("请选择产品"), "purpose_missing": gettext_lazy("请选择用途"),
    "trade_closed": gettext_lazy("个体工商户须为存续状态"),
    "guarantor_missing": gettext_lazy("此产品要求保证人"), "vehicle_missing": gettext_lazy("请选择车辆"),
    "price_missing": gettext_lazy("请填写成交价"), "valuation_missing": gettext_lazy("车辆缺少评估价或成交价"),
    "amount_missing": gettext_lazy("请填写申请金额"), "periods_missing": gettext_lazy("请填写期限"),
    "rate_missing": gettext_lazy("请填写年利率"), "income_missing": gettext_lazy("请填写月收入"),
}

_OF_CARS = {
    "owner_elsewhere": gettext_lazy("%(car)s 的所有人不是借款人或共借、担保人"), "further_unvalued": gettext_lazy("%(car)s 缺少评估价"),
}


def gap_words(gap: Gap) -> str:
    """One thing missing, as a chip says it."""
    if gap.code == "document_missing":
        return str(catalogue.BY_CODE[gap.what].label)
    if gap.code == "car_paper_missing":
        return _("%(car)s 的“%(paper)s”") % {"car": gap.who, "paper": catalogue.BY_CODE[gap.what].label}
    if gap.code in _OF_CARS:
        return str(_OF_CARS[gap.code]) % {"car": gap.who}
    if gap.code == "consent_missing":
        kind = dict(compliance_labels.CONSENT_KINDS)[gap.what]
        return _("%(who)s 的“%(kind)s”") % {"who": gap.who, "kind": kind}
    if gap.code == "wanted_open":
        return _("补件要求：%(what)s") % {"what": gap.what}
    if gap.code == "field_wrong":
        return _("“%(field)s”填写有误") % {"field": choices.FIELDS[gap.what]}
    return str(_GAPS[gap.code])


def step_label(step: str) -> Any:
    return dict(choices.STEPS)[step]
