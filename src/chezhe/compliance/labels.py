"""The words of this room: licences, consent kinds, channels, outcomes and what each parameter means."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.compliance import contact_rules as contact

LICENCES: Final = [
    ("bank", _("银行")), ("afc", _("汽车金融公司")), ("cfc", _("消费金融公司")), ("mcc", _("小额贷款公司")),
    ("flc", _("融资租赁公司")), ("afl", _("金融租赁公司")), ("pawn", _("典当行")), ("guarantor", _("融资担保公司")),
    ("service", _("助贷机构（无放贷资金）")), ("private", _("无牌照（民间借贷）")),
]
CONSENT_KINDS: Final = [
    ("credit_query", _("征信查询授权")), ("personal_info", _("个人信息处理")), ("sensitive_info", _("敏感信息与行踪轨迹")),
    ("sharing", _("向第三方提供")), ("deduction", _("银行卡代扣授权")), ("marketing", _("营销信息")), ("e_sign", _("电子签名")),
]
# A request for a copy of one's data is answered like a complaint, within the same time.
COPY_ASKED: Final = "data_copy"
COMPLAINT_KINDS: Final = [
    ("service", _("服务态度与效率")), ("fee", _("利率与费用")), ("collection", _("催收行为")), ("privacy", _("个人信息")),
    ("contract", _("合同与签署")), (COPY_ASKED, _("索取个人信息副本")), ("other", _("其他")),
]
COMPLAINT_CHANNELS: Final = [("portal", _("客户手机端")), ("staff", _("工作人员代录"))]
OCCASIONS: Final = [("payout", _("放款")), ("settlement", _("结清"))]
EVIDENCE_CHANNELS: Final = [
    ("paper", _("纸质签字")), ("e_sign", _("电子签名")), ("online", _("线上勾选")), ("recording", _("电话录音")), ("api", _("接口")),
]
CHANNELS: Final = [
    (contact.VOICE, _("电话")), (contact.SMS, _("短信")), (contact.WECHAT, _("微信")), (contact.EMAIL, _("电子邮件")),
    (contact.VISIT, _("上门")),
]
PURPOSES: Final = [
    (contact.SERVICE, _("服务")), (contact.NOTICE, _("通知")), (contact.MARKETING, _("营销")), (contact.COLLECTION, _("催收")),
]
OUTCOMES: Final = [
    (contact.EFFECTIVE, _("有效沟通")), (contact.CONNECTED, _("接通未谈成")), (contact.UNANSWERED, _("未接")),
    (contact.SENT, _("已发送")), (contact.FAILED, _("失败")), (contact.NOT_MADE, _("未进行")),
]
BLOCK_REASONS: Final = [(contact.DECEASED, _("已故")), (contact.DISPUTED, _("债务有争议")), (contact.OPTED_OUT, _("拒收营销"))]
UNITS: Final = {
    "rate": _("比率"), "yuan": _("元"), "days": _("天"), "months": _("月"), "count": _("次"), "flag": _("是否"),
    "text": _("文本"), "seconds": _("秒"), "points": _("分"),
}
SEVERITIES: Final = {"block": _("拦截"), "warn": pgettext_lazy("severity", "提示")}

# Every code that the system reads; a proposal for any other code is refused.
PARAMETERS: Final = {
    "LTV_SELF_CONV": _("贷款成数上限：自用传统动力新车"), "LTV_SELF_NEV": _("贷款成数上限：自用新能源新车"),
    "LTV_COMM_CONV": _("贷款成数上限：商用传统动力新车"), "LTV_COMM_NEV": _("贷款成数上限：商用新能源新车"),
    "LTV_USED": _("贷款成数上限：二手车"), "LTV_SECURED": _("贷款成数上限：车辆抵押现金贷款"),
    "LTV_STOCK": _("贷款成数上限：车商库存"), "LTV_LEASE": _("融资成数上限：租赁"),
    "TERM_MAX_NEW": _("最长期限：新车"), "TERM_MAX_USED": _("最长期限：二手车"), "TERM_MAX_DEALER": _("最长期限：经销商"),
    "TERM_MAX_CONSUMER": _("最长期限：个人消费"), "TERM_MAX_BUSINESS": _("最长期限：个人经营"),
    "TERM_MAX_WC": _("最长期限：流动资金"), "TERM_MAX_LEASE": _("最长期限：租赁"),
    "TERM_MAX_CONSUMER_TEMP": _("最长期限：银行个人消费（阶段性）"),
    "ENTRUST_CONSUMER": _("受托支付起点：个人消费"), "ENTRUST_BUSINESS": _("受托支付起点：个人经营"),
    "ENTRUST_WC": _("受托支付起点：流动资金"),
    "LPR1Y": _("一年期 LPR"), "LPR5Y": _("五年期以上 LPR"), "LPR5Y_AFTER_MONTHS": _("参考五年期以上 LPR：期限超过"),
    "COST_SHEET_REQUIRED_PERSONAL": _("个人贷款须出具综合融资成本明示表"),
    "COST_LIST_REQUIRED_ENTERPRISE": _("企业贷款须出具综合融资成本清单"),
    "COST_SHEET_READ_SECONDS": _("明示表强制阅读时间"),
    "CAP_ALLIN_24": _("综合年化成本上限"), "CAP_MEASURE": _("综合成本的年化口径"), "CAP_MCC_LPR4": _("小贷公司成本上限（LPR 倍数）"),
    "CAP_LPR4_PRIVATE": _("民间借贷利率上限（LPR 倍数）"), "CAP_CFC_20": _("消费金融公司成本提示线"),
    "CAP_SELF_DISC": _("行业自律利率上限（LPR 倍数）"), "CAP_SELF_DISC_EFFECT": _("违反自律上限的后果"),
    "VALUATION_DEVIATION_MAX": _("车辆估值：须复核的差异"), "VALUATION_OUTLIER_MAX": _("车辆估值：不计入的偏离"),
    "VALUATION_LIFE_MONTHS": _("车辆估值：使用年限"), "VALUATION_LIFE_MONTHS_TAXI": _("车辆估值：出租网约车使用年限"),
    "VALUATION_MILEAGE_NORM": _("车辆估值：年标准里程"), "VALUATION_MILEAGE_STEP": _("车辆估值：里程每万公里调整"),
    "VALUATION_TRANSFER_STEP": _("车辆估值：每次过户调整"), "VALUATION_WEIGHT_PROVIDER": _("估值权重：外部报价"),
    "VALUATION_WEIGHT_APPRAISER": _("估值权重：评估师"), "VALUATION_WEIGHT_MODEL": _("估值权重：自有模型"),
    "VALUATION_WEIGHT_MARKET": _("估值权重：市价法"), "VALUATION_WEIGHT_COST": _("估值权重：重置成本法"),
    "VALUATION_WEIGHT_INVOICE": _("估值权重：发票"), "HAIRCUT_BASE": _("估值折扣：基本"),
    "HAIRCUT_AGE_60": _("估值折扣：车龄五年至八年"), "HAIRCUT_AGE_96": _("估值折扣：车龄八年以上"),
    "HAIRCUT_NEV": _("估值折扣：新能源"), "HAIRCUT_COMMERCIAL": _("估值折扣：营运"), "HAIRCUT_TIER_C": _("估值折扣：C 层客户"),
    "HAIRCUT_TIER_D": _("估值折扣：D 层客户"), "SECURITY_SHARE_JOINT": _("担保认定比例：连带保证"),
    "SECURITY_SHARE_GENERAL": _("担保认定比例：一般保证"), "SECURITY_SHARE_PLEDGE": _("担保认定比例：质押"),
    "SECURITY_SHARE_DEPOSIT": _("担保认定比例：保证金"), "SECURITY_SHARE_INSURANCE": _("担保认定比例：保证保险"),
    "GUARANTOR_INCOME_MONTHS": _("保证人能力：按几个月收入"), "GUARANTOR_ASSETS_SHARE": _("保证人能力：净资产比例"),
    "INSURED_INCOME_MULTIPLE": _("工资收入不高于社保基数的倍数"), "INCOME_CONFLICT_RATE": _("申报收入与流水和社保的最大差异"),
    "COVERAGE_MIN": _("最低担保覆盖率"), "TIER_A": _("客户分层：A 层分数线"), "TIER_B": _("客户分层：B 层分数线"),
    "TIER_C": _("客户分层：C 层分数线"), "AUTO_APPROVE_MAX": _("自动通过最高金额"),
    "DTI_MAX_A": _("收入负债比上限：A 层"), "DTI_MAX_B": _("收入负债比上限：B 层"), "DTI_MAX_C": _("收入负债比上限：C 层"),
    "DTI_MAX_D": _("收入负债比上限：D 层"), "DEALER_COMM_CAP": _("车商返佣上限"),
    "COMMISSION_DEFAULT_DAYS": _("首期违约退佣：逾期天数"),
    "PENALTY_MULT_OVERDUE": _("逾期罚息倍数上限"), "PENALTY_MULT_MISUSE": _("挪用罚息倍数上限"),
    "COLLECT_QUIET_FROM": _("免打扰开始"), "COLLECT_QUIET_TO": _("免打扰结束"),
    "COLLECT_CALLS_EFFECTIVE": _("每日有效外呼上限"), "COLLECT_NOTICE_CONNECTED": _("每日通知类接通上限"),
    "COLLECT_ATTEMPTS_SAME_NO": _("同一号码每日次数上限"), "COLLECT_REC_KEEP": _("催收记录保存"), "AML_KEEP": _("反洗钱资料保存"),
    "ADVERSE_KEEP_BUREAU": _("不良信息保存"), "DISPUTE_DAYS": _("征信异议答复"), "COMPLAINT_DAYS": _("投诉处理时限"),
    "COMPLAINT_DAYS_COMPLEX": _("投诉延长：情况复杂"), "COMPLAINT_DAYS_SPECIAL": _("投诉延长：特别复杂"),
    "CLASS_DPD_SUBSTANDARD": _("次级：逾期天数超过"), "CLASS_DPD_DOUBTFUL": _("可疑：逾期天数超过"),
    "CLASS_DPD_LOSS": _("损失：逾期天数超过"),
    "OFF_BOOK_DPD": _("利息转表外：逾期天数超过"), "REPAYMENT_MESSAGES": _("到期提醒与入账通知"),
    "FEE_DIRECT_MAX": _("收费免审批限额"), "FEE_PAPERS_MAX": _("补办材料收费上限"), "VALUATION_VALID_DAYS": _("评估有效天数"),
    "HOLIDAY_MONTHS_MAX": _("延期还款最长月数"), "EXTENSION_SHORT_TERM": _("展期：短期贷款的期限"),
    "EXTENSION_MEDIUM_TERM": _("展期：中期贷款的期限"), "EXTENSION_LONG_MAX": _("展期：长期贷款最长展期"),
    "BANK_ACCOUNT_RECEIVING": _("银行账号：收款户"), "BANK_ACCOUNT_PAYOUT": _("银行账号：放款户"),
    "RECONCILIATION_DAYS": _("对账：各方日期可相差"),
    "RESTRUCTURE_OBSERVE_MONTHS": _("重组观察期"),
    "ECL_S2": _("预期信用损失第二阶段"), "ECL_S3": _("预期信用损失第三阶段"), "PMSI_REGISTER_DAYS": _("购置款抵押登记期限"),
    "CONDITION_DAYS": _("放款条件办理期限"), "CUSTODY_LOAN_DAYS_MAX": _("权证借出最长天数"), "RELEASE_DAYS": _("结清后解押交证期限"),
    "REGISTRATION_REMIND_DAYS": _("中登网登记到期提醒天数"),
    "INSURANCE_BEFORE_PAYOUT": _("放款前登记保险第一受益人"),
    "INTERVIEW_AMOUNT_FROM": _("须面签的起点金额"), "INTERVIEW_TIERS": _("须面签的客户层级"),
    "GUARANTEE_PERIOD_DEFAULT": _("保证期间（未约定）"), "SUBSIDY_PP": _("财政贴息：利率"),
    "SUBSIDY_SHARE_MAX": _("财政贴息：占合同利率上限"),
    "SUBSIDY_CAP_YEAR": _("财政贴息：每人每年上限"), "SUBSIDY_PERSONS_ONLY": _("财政贴息：仅限个人借款人"),
    "NPL_TRANSFER_PILOT_END": _("不良贷款转让试点截止"),
    "MCC_SINGLE_MAX": _("小贷单一借款人集中度"), "MCC_GROUP_MAX": _("小贷集团集中度"),
    "PARAMETER_BACKDATE_DAYS": _("参数可向前生效的天数"),
    "CDD_REVIEW_MONTHS_HIGH": _("尽职调查间隔：高风险"), "CDD_REVIEW_MONTHS_MEDIUM": _("尽职调查间隔：中风险"),
    "CDD_REVIEW_MONTHS_LOW": _("尽职调查间隔：低风险"), "UBO_SHARE_MIN": _("受益所有人持股起点"),
    "SCREENING_SCORE_MIN": _("名单比对须核实的分数"), "BLACKLIST_REVIEW_MONTHS": _("黑名单复审间隔"),
    "MODEL_PSI_WATCH": _("模型漂移：PSI 关注线"), "MODEL_PSI_MOVED": _("模型漂移：PSI 漂移线"),
    "MODEL_WATCH_ROWS_MIN": _("模型漂移：判断分布所需申请数"), "MODEL_OUTCOMES_MIN": _("模型漂移：判断概率所需结果数"),
    "MODEL_DEALS_MIN": _("模型漂移：判断估值所需成交数"),
    "MODEL_WATCH_MONTHS": _("模型漂移：申请观察期"), "MODEL_MATURITY_MONTHS": _("模型漂移：表现期"),
    "MODEL_COHORT_MONTHS": _("模型漂移：结果观察期"),
    "EARLY_WARNING_WATCH": _("客户预警：关注起点"), "EARLY_WARNING_HIGH": _("客户预警：预警起点"),
    "CLASS_DPD_SPECIAL_MENTION": _("关注：逾期天数超过"), "CLASS_CUSTOMER_WORST": _("同一个人的贷款按最差一笔分类"),
    "CLASS_CUSTOMER_SHARE": _("企业债务人交叉分类的逾期占比"), "CLASS_UPGRADE_PERIODS": _("上调分类前连续还款的期数"),
    "CLASS_UPGRADE_MONTHS": _("上调分类前正常还款的月数"), "CLASS_ECL_DOUBTFUL": _("可疑：预期损失占余额达到"),
    "CLASS_ECL_LOSS": _("损失：预期损失占余额达到"),
    "ECL_PD_12M_C": _("12 个月违约概率：未逾期"), "ECL_PD_12M_M1": _("12 个月违约概率：M1"),
    "ECL_PD_LIFE_C": _("存续期违约概率：未逾期"), "ECL_PD_LIFE_M1": _("存续期违约概率：M1"),
    "ECL_PD_LIFE_M2": _("存续期违约概率：M2"), "ECL_PD_LIFE_M3": _("存续期违约概率：M3"),
    "ECL_LGD": _("违约损失率：抵押已登记"), "ECL_LGD_S3": _("违约损失率：已减值且抵押已登记"),
    "ECL_LGD_UNSECURED": _("违约损失率：抵押未登记"),
    "ECL_RECOVERY_MONTHS": _("已减值贷款的预计回收时间"),
    "ECL_WEIGHT_BASE": _("情景权重：基准"), "ECL_WEIGHT_UP": _("情景权重：乐观"), "ECL_WEIGHT_DOWN": _("情景权重：悲观"),
    "ECL_PD_FACTOR_UP": _("违约概率倍数：乐观"), "ECL_PD_FACTOR_DOWN": _("违约概率倍数：悲观"),
    "ECL_LGD_FACTOR_UP": _("违约损失率倍数：乐观"), "ECL_LGD_FACTOR_DOWN": _("违约损失率倍数：悲观"),
    "PROVISION_NORMAL": _("监管计提比例：正常"), "PROVISION_SPECIAL_MENTION": _("监管计提比例：关注"),
    "PROVISION_SUBSTANDARD": _("监管计提比例：次级"), "PROVISION_DOUBTFUL": _("监管计提比例：可疑"),
    "PROVISION_LOSS": _("监管计提比例：损失"),
    "PROVISION_BASIS": _("拨备计提依据"),
    "FTP_RATE_12": _("内部资金价格：12 个月以内"), "FTP_RATE_36": _("内部资金价格：36 个月以内"),
    "FTP_RATE_60": _("内部资金价格：36 个月以上"), "FTP_DAY_BASIS": _("内部资金计价的年天数"),
    "OPERATING_COST_MONTH": _("运营成本：每笔每月"), "OPERATING_COST_ONCE": _("运营成本：每笔一次"),
    "VAT_TAXPAYER": _("增值税纳税人类别"), "VAT_RATE_GENERAL": _("增值税率：一般纳税人"), "VAT_RATE_SMALL": _("增值税征收率：小规模纳税人"),
    "DEBIT_HOURS": _("代扣：到期日的扣款整点"), "DEBIT_DAYS_AFTER": _("代扣：到期后第几天再扣"),
    "DEBIT_HOURS_AFTER": _("代扣：到期后各天的扣款整点"), "DEBIT_TRIES_MAX": _("代扣：同一到期日最多次数"),
    "DEBIT_REASONS_RETRIED": _("代扣：按日历再扣的失败原因"), "DEBIT_REASONS_SPLIT": _("代扣：拆分再扣的失败原因"),
    "DEBIT_REASONS_NEXT_DAY": _("代扣：次日再扣的失败原因"), "DEBIT_REASONS_STOP": _("代扣：停止扣款的失败原因"),
    "LANE_SECONDS": _("办理时限：自提交到放款"), "LANE_SECONDS_MACHINE": _("办理时限：系统核验与决策"),
    "LANE_SECONDS_REVIEW": _("办理时限：人工审批"), "LANE_SECONDS_OFFER": _("办理时限：客户接受"),
    "LANE_SECONDS_CONTRACT": _("办理时限：制作合同"), "LANE_SECONDS_SIGNING": _("办理时限：确认与签署"),
    "LANE_SECONDS_SECURING": _("办理时限：抵押与放款条件"), "LANE_SECONDS_PAYOUT": _("办理时限：放款"),
    "OFFER_DAYS": _("批复有效天数"), "APPLICATION_DRAFT_DAYS": _("草稿闲置作废天数"), "SUPPLEMENT_DAYS": _("补件时限天数"),
    "OFFER_ROUNDS_MAX": _("客户另提条件次数上限"), "OPEN_APPLICATIONS_MAX": _("同一借款人同时办理的进件上限"),
    "APPLICATION_PROTECTION_DAYS": _("线索与客户的进件保护期"),
    "VERDICT_UNDO_SECONDS": _("审批意见可撤销的时间"), "URGE_EVERY_MINUTES": _("催办的最短间隔（分钟）"),
}


def label_of(code: str) -> Any:
    """What a parameter code means, in the reader's language; the code itself when it has no words."""
    return PARAMETERS.get(code, code)
