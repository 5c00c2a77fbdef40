"""What is known of a person."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from chezhe.customers import choices
from chezhe.kernel import roles
from chezhe.risk.facts.catalogue.defining import Group

_identity = Group("person", "identity", roles.RISK_OFFICER, days=180, consent="personal_info")
_phone = Group("person", "telecom", roles.RISK_OFFICER, days=30, consent="personal_info")
_court = Group("person", "court", roles.RISK_OFFICER, days=7, consent="personal_info")
_bureau = Group("person", "bureau", roles.RISK_MANAGER, days=30, consent="credit_query")
_lenders = Group("person", "multi_lender", roles.RISK_MANAGER, days=7, consent="credit_query")
_insured = Group("person", "social_insurance", roles.RISK_OFFICER, days=60, consent="personal_info")
_flow = Group("person", "flow", roles.RISK_OFFICER, days=90)
_told = Group("person", "declared", roles.SALES, days=180)
_ours = Group("person", "ledger", roles.RISK_MANAGER, days=45)
_trade = Group("person", "registry", roles.RISK_OFFICER, days=30, consent="credit_query")
_list = Group("person", "blacklist", roles.COMPLIANCE, days=1)

# Not stated is unknown, and no value.
MARITAL: Final = [code for code, _label in choices.MARITAL_STATUSES if code != "unknown"]
INCOME_SOURCES: Final = ("statement", "insured", "both", "confirmed")
FACTS: Final = (
    _identity.count("age_years", _("年龄"), 120, unit="years", days=365),
    _identity.flag("id_verified", _("姓名与身份证号一致")),
    _identity.flag("face_verified", _("人脸与证件照一致"), source="face", consent="sensitive_info"),
    _identity.flag("card_verified", _("银行卡四要素一致"), source="bank_card"),
    _phone.count("phone_months", _("手机号在网月数"), 480, unit="months"),
    _phone.flag("phone_name_match", _("手机号为本人实名")),
    _list.flag("on_blacklist", _("在内部黑名单")),
    _list.text("blacklist_reasons", _("列入黑名单的原因")),
    _court.flag("has_enforcement", _("失信被执行人")),
    _court.flag("has_court_case", _("有未结诉讼")),
    _court.flag("has_consumption_ban", _("限制高消费")),
    # What the provider answers, before anybody looked at it; and what screening and compliance made of it, by which decisions go.
    _court.flag("watch_list_alike", _("外部名单查询有相似者"), source="watch_list", owner=roles.COMPLIANCE),
    _court.flag("watch_list_hit", _("命中反洗钱名单"), source="screening", owner=roles.COMPLIANCE),
    _bureau.count("bureau_score", _("征信评分"), 1000, unit="points"),
    _bureau.count("bureau_accounts_open", _("未结清账户数"), 500),
    _bureau.flag("bureau_overdue_now", _("当前有逾期")),
    _bureau.money("bureau_overdue_amount_now", _("当前逾期金额")),
    _bureau.count("bureau_missed_in_row_24m", _("近 24 个月最长连续逾期月数"), 24, unit="months"),
    _bureau.count("bureau_missed_total_24m", _("近 24 个月累计逾期次数"), 2_000),
    _bureau.count("bureau_missed_12m", _("近 12 个月逾期次数"), 1_000),
    _bureau.count("bureau_hard_inquiries_3m", _("近 3 个月硬查询次数"), 500),
    _bureau.count("bureau_hard_inquiries_1m", _("近 1 个月硬查询次数"), 500),
    _bureau.money("bureau_balance_unsecured", _("信用贷款余额")),
    _bureau.money("bureau_balance_secured", _("担保贷款余额")),
    _bureau.money("bureau_card_limit", _("信用卡授信总额")),
    _bureau.money("bureau_card_balance", _("信用卡已用额度")),
    _bureau.rate("bureau_card_use", _("信用卡使用率"), high="10"),
    _bureau.count("bureau_months_since_first", _("首笔信贷距今月数"), 720, unit="months"),
    _bureau.money("bureau_guarantees_amount", _("对外担保余额")),
    _bureau.money("bureau_monthly_due", _("各账户本月应还合计（信用卡按已用额度一成）")),
    _bureau.flag("bureau_bad_debt", _("有呆账、代偿或资产处置")),
    _bureau.flag("bureau_is_thin", _("信用记录少于 6 个月")),
    _lenders.count("lenders_applied_7d", _("近 7 天申请的机构数"), 500),
    _lenders.count("lenders_applied_30d", _("近 30 天申请的机构数"), 500),
    _lenders.count("lenders_applied_90d", _("近 90 天申请的机构数"), 500),
    # What each source shows, and what is made of them (`facts.earning`); older facts have the statement's income under the second name.
    _flow.money("income_statement_monthly", _("流水核实的月收入"), tolerance=Decimal("0.10")),
    _flow.money("income_verified_monthly", _("核实月收入"), tolerance=Decimal("0.10"), source="decision"),
    _flow.text("income_source", _("核实收入的依据"), *INCOME_SOURCES, source="decision"),
    _flow.flag("income_contradicted", _("申报收入与流水和社保都不符"), source="decision"),
    _insured.flag("insured_now", _("社保在缴")),
    _insured.flag("insured_by_employer", _("社保由单位缴纳")),
    _insured.money("insured_base_monthly", _("社保缴费基数（月）")),
    _insured.flag("insured_base_capped", _("社保缴费基数已达上限")),
    _insured.count("insured_months_unbroken", _("社保连续缴费月数"), 720, unit="months"),
    _insured.day("insured_paid_until", _("社保最近缴费月份")),
    _insured.flag("insured_employer_matches", _("社保缴费单位与申报一致")),
    _insured.money("fund_base_monthly", _("公积金缴存基数（月）")),
    _insured.text("fund_status", _("公积金账户状态"), "normal", "sealed", "none"),
    _told.money("income_declared_monthly", _("申报月收入")),
    _flow.rate("income_gap_rate", _("申报收入高出核实收入的比例"), "-1", "1000", source="decision"),
    _flow.count("salary_months_6m", _("近 6 个月有工资入账的月数"), 6, unit="months"),
    _flow.flag("flow_is_continuous", _("流水余额连续")),
    _flow.flag("flow_interest_ok", _("季度结息齐全且合理")),
    _flow.money("flow_average_balance", _("日均余额"), low=-1_000_000_00),
    _flow.money("flow_monthly_inflow", _("月均流入（不含本人互转与贷款）")),
    _flow.money("flow_monthly_outflow", _("月均流出（不含本人互转）")),
    _flow.count("flow_months", _("流水覆盖的整月数"), 120, unit="months"),
    _flow.money("flow_gambling_amount", _("疑似博彩支出")),
    _flow.money("flow_lender_debits_monthly", _("月均向贷款机构还款")),
    _flow.money("flow_in_and_out_24h", _("24 小时内大额进出")),
    _flow.count("flow_duplicates", _("重复的流水行数"), 20_000),
    _flow.rate("flow_top_share", _("最大对手方占流入的比例")),
    _flow.money("monthly_debt", _("现有月还款"), source="decision", days=30),
    _flow.rate("dti", _("收入负债比"), high="1000", source="decision", days=30),
    _told.count("employer_months", _("现单位工作月数"), 720, unit="months"),
    _told.flag("is_local", _("本地居住或工作")),
    _told.text("education", _("学历"), "primary", "junior", "senior", "college", "bachelor", "master", "doctor"),
    _told.text("marital_status", _("婚姻状况"), *MARITAL),
    _told.flag("house_owner", _("有自有住房")),
    # Of the trade of a sole trader: what the register and the tax office say of it.
    _trade.text("trade_status", _("个体工商户状态"), "active", "suspended", "revoked", "cancelled", "moved_out"),
    _trade.count("trade_months", _("个体工商户登记月数"), 1_200, unit="months"),
    _trade.flag("trade_is_own", _("登记的经营者为本人")),
    _trade.money("trade_tax_arrears", _("个体工商户欠税金额")),
    _ours.count("history_loans", _("本公司历史贷款笔数"), 1_000),
    _ours.count("history_worst_dpd", _("本公司历史最长逾期天数"), 10_000, unit="days"),
    _ours.count("history_months_paid", _("本公司已按期还款月数"), 720, unit="months"),
)
