"""What is asked for, and what follows from it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel import roles
from chezhe.risk.facts.catalogue.defining import Group

_asked = Group("application", "application", roles.SALES)
_found = Group("application", "decision", roles.RISK_MANAGER, days=30)

FACTS: Final = (
    _asked.money("amount", _("申请金额"), low=1),
    _asked.count("periods", pgettext_lazy("fact", "期数"), 360, low=1),
    _asked.rate("annual_rate", pgettext_lazy("fact", "年利率")),
    _asked.text("purpose", pgettext_lazy("fact", "用途")),
    _asked.text("product", pgettext_lazy("fact", "产品")),
    _asked.text("borrower_kind", _("借款人类型"), "person", "sole_trader", "company"),
    _found.rate("ltv", _("贷款成数"), high="100"),
    _found.rate("forward_ltv_max", _("期内最高贷款成数"), high="100"),
    _found.rate("coverage", _("担保覆盖率"), high="100000"),
    _found.money("coverage_value", pgettext_lazy("fact", "担保合计")),
    _found.money("owed_to_maturity", pgettext_lazy("fact", "到期本息"), low=1),
    _found.rate("all_in_simple", _("综合年化成本（单利）"), high="100"),
    _asked.text("region", pgettext_lazy("fact", "地区")),
    _found.text("tier", _("客户层级"), "A", "B", "C", "D"),
    _found.count("score", _("评分"), 2_000, unit="points"),
    # Of everybody else who stands for the loan.
    _found.flag("parties_barred", _("共同借款人或担保人被执行、限高或在黑名单")),
    _found.flag("parties_in_arrears", _("共同借款人或担保人当前逾期或有呆账")),
    _found.flag("parties_listed", _("共同借款人或担保人命中反洗钱名单")),
    _found.count("exceptions", _("申请的例外"), 100),
    _asked.text("channel", _("来源渠道"), "direct", "dealer"),
    # What the price and the law are judged by.
    _asked.money("price_base", _("车价基数")),
    _asked.money("instalment", _("新增月供")),
    _asked.money("monthly_debt_declared", _("申报的现有月还款"), source="declared"),
    _found.money("counted_income_monthly", _("计入的月收入（含共同借款人）")),
    _found.money("counted_debt_monthly", _("计入的月还款（含共同借款人）")),
    _asked.money("upfront_fees", _("一次性费用")),
    _asked.rate("all_in_compound", _("综合年化成本（复利）"), high="100"),
    _asked.rate("penalty_multiple", _("罚息倍数"), high="100"),
    _asked.rate("misuse_multiple", _("挪用罚息倍数"), high="100"),
    _asked.text("car_condition", _("新旧"), "new", "used"),
    _asked.text("car_use_kind", _("自用或商用"), "private", "commercial"),
    _asked.text("car_energy_kind", _("传统或新能源"), "conventional", "nev"),
    _asked.rate("product_rate_usual", _("产品常用年利率")),
    _asked.rate("product_rate_min", _("产品最低年利率")),
    _asked.rate("product_rate_max", _("产品最高年利率")),
    _asked.rate("product_ltv_max", _("产品最高贷款成数"), high="100"),
)
