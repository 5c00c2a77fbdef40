"""What is known of a company."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.risk.facts.catalogue.defining import Group

_registry = Group("company", "registry", roles.RISK_OFFICER, days=30, consent="credit_query")
_accounts = Group("company", "accounts", roles.RISK_OFFICER, days=400, consent="credit_query")
_found = Group("company", "decision", roles.RISK_MANAGER, days=90)
# Ratios of the same year from two hands differ by what each of them rounds or nets.
_NEAR = Decimal("0.10")
_tax = Group("company", "tax", roles.RISK_OFFICER, days=90, consent="credit_query")
_bureau = Group("company", "enterprise_bureau", roles.RISK_MANAGER, days=30, consent="credit_query")

FACTS: Final = (
    _registry.count("company_months", _("成立月数"), 2_400, unit="months"),
    _registry.text("company_status", _("登记状态"), "active", "suspended", "revoked", "cancelled", "moved_out"),
    _accounts.money("revenue_year", _("年营业收入"), tolerance=Decimal("0.20")),
    _accounts.rate("profit_margin", _("销售利润率"), "-100", "1", tolerance=_NEAR),
    _accounts.rate("debt_ratio", _("资产负债率"), "0", "100", tolerance=_NEAR),
    _accounts.rate("current_ratio", _("流动比率"), "0", "10000", tolerance=_NEAR),
    _accounts.rate("quick_ratio", _("速动比率"), "0", "10000", tolerance=_NEAR),
    _accounts.rate("interest_cover", _("利息保障倍数"), "-100000", "100000", tolerance=_NEAR),
    _accounts.rate("receivable_turns", _("应收账款周转次数"), "0", "100000", tolerance=_NEAR),
    _accounts.rate("inventory_turns", _("存货周转次数"), "0", "100000", tolerance=_NEAR),
    _found.money("working_capital_need", _("营运资金量"), low=-10_000_000_000_00),
    _found.money("working_capital_line", _("新增流动资金贷款额度")),
    _found.rate("revenue_tax_gap_rate", _("营业收入与纳税申报的差异"), "-1000", "1000"),
    _found.rate("revenue_flow_gap_rate", _("营业收入与银行流水的差异"), "-1000", "1000"),
    # The larger invoices alone: more of them than the books, the tax office or the account know of cannot be.
    _found.rate("revenue_invoice_gap_rate", _("开票收入高出报表、纳税或流水的比例"), "-1", "1000"),
    _tax.money("revenue_taxed_year", _("年纳税申报收入")),
    _tax.money("revenue_invoiced_year", _("年开票收入（较大的发票）")),
    _tax.rate("invoice_top_buyer_share", _("最大购方占开票收入的比例")),
    _tax.money("tax_arrears", _("欠税金额")),
    _tax.text("vat_rating", _("纳税信用级别"), "A", "B", "M", "C", "D"),
    _bureau.count("company_accounts_open", _("企业未结清信贷账户数"), 1_000),
    _bureau.flag("company_overdue_now", _("企业当前有逾期")),
    _bureau.money("company_loan_balance", _("企业借款余额")),
    _bureau.money("company_guarantees_amount", _("企业对外担保余额")),
    _bureau.flag("company_bad_debt", _("企业有不良或关注类信贷")),
    _registry.flag("company_has_enforcement", _("企业为失信被执行人"), source="court", days=7),
    # What the register alone shows; and what the due diligence of ours found, by which decisions go.
    _registry.rate("registry_owners_rate", _("工商登记可穿透到个人的股权比例")),
    _registry.rate("owners_known_rate", _("已识别的股权比例"), source="diligence", owner=roles.COMPLIANCE, days=400),
    _registry.flag("beneficial_owner_unknown", _("受益所有人未识别"), source="diligence", owner=roles.COMPLIANCE, days=400),
)
