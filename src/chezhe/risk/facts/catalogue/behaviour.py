"""How a customer pays the loans they have from us: told by servicing after each close, worked out by `risk.profiles.behaviour`."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.risk.facts.catalogue.defining import Group

# Told when it changed, and once a month for everybody: older than that it says nothing of how somebody pays now.
_paying = Group("person", "ledger", roles.RISK_MANAGER, days=45)
_holding = Group("person", "ledger", roles.SERVICING, days=45)

FACTS: Final = (
    _paying.count("behaviour_dpd_now", _("当前逾期天数"), 10_000, unit="days"),
    _paying.count("behaviour_worst_dpd_3m", _("近 3 个月最长逾期天数"), 10_000, unit="days"),
    _paying.count("behaviour_worst_dpd_6m", _("近 6 个月最长逾期天数"), 10_000, unit="days"),
    _paying.count("behaviour_worst_dpd_12m", _("近 12 个月最长逾期天数"), 10_000, unit="days"),
    _paying.rate("behaviour_on_time_rate_12m", _("近 12 个月按期还款的期数占比")),
    _paying.count("behaviour_late_30_count_12m", _("近 12 个月逾期 30 天以上的期数"), 1_000),
    _paying.count("behaviour_days_late_6m", _("近 6 个月各期逾期天数合计"), 100_000, unit="days"),
    _paying.count("behaviour_partial_payments_6m", _("近 6 个月部分还款的期数"), 1_000),
    _paying.count("behaviour_months_clean", _("连续未逾期的月数"), 720, unit="months"),
    _paying.count("behaviour_debit_failures_3m", _("近 3 个月扣款失败次数"), 10_000),
    _paying.rate("behaviour_prepaid_rate", _("提前还本占原始本金的比例")),
    _holding.rate("behaviour_utilisation", _("剩余本金占原始本金的比例")),
    _holding.money("behaviour_principal_left", _("剩余本金")),
    _holding.money("behaviour_instalment_monthly", _("下一期应还合计")),
    _holding.count("behaviour_months_on_book", _("在贷月数"), 720, unit="months"),
    _holding.count("behaviour_instalments_left", _("剩余期数"), 720),
    _holding.money("behaviour_deposit_left", _("保证金余额")),
    _holding.count("behaviour_loans_running", _("在还贷款笔数"), 1_000),
)
