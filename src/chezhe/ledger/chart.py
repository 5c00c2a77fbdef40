"""The chart of accounts of a vehicle lender: codes that postings name, and what each account is.

Pure values: every room's `postings.py` imports the constants. The table of accounts is filled from CHART and can
grow by further sub-accounts (another bank account), which `actions.open_account` adds.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What an account is; memo accounts (表外) stand beside the balance sheet and move only among themselves."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"
    MEMO = "memo"


class Side(StrEnum):
    """The side on which an account grows."""

    DEBIT = "debit"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class AccountSpec:
    """One shipped account: `name` is Chinese, `english` the lower-case name that journal texts use."""

    code: str
    name: str
    english: str
    kind: Kind
    side: Side


# Assets
CASH: Final = "1001"
BANK: Final = "1002.01"
BANK_PAYOUT: Final = "1002.02"
FUNDS_IN_TRANSIT: Final = "1012"
INTEREST_RECEIVABLE: Final = "1132.01"
ACCRUED_INTEREST: Final = "1132.02"
PENALTY_RECEIVABLE: Final = "1132.03"
COMPOUND_RECEIVABLE: Final = "1132.04"
FEE_RECEIVABLE: Final = "1221.01"
SUBSIDY_RECEIVABLE: Final = "1221.02"
ADVANCED_COSTS: Final = "1221.03"
CLAWBACK_RECEIVABLE: Final = "1221.04"
CHANNEL_CLEARING: Final = "1221.05"
LOAN_PRINCIPAL: Final = "1303.01"
PROVISION: Final = "1304"
REPOSSESSED_ASSETS: Final = "1441"
# Liabilities
UNAPPLIED_CASH: Final = "2203.01"
SUSPENSE: Final = "2203.02"
DEBITS_COLLECTED: Final = "2203.03"
VAT_PAYABLE: Final = "2221.01"
VAT_DEFERRED: Final = "2221.02"
DEPOSITS_HELD: Final = "2241.01"
COMMISSION_PAYABLE: Final = "2241.02"
THIRD_PARTY_PAYABLE: Final = "2241.03"
REFUNDS_PAYABLE: Final = "2241.04"
BORROWED_FUNDS: Final = "2501"
MIGRATION_CLEARING: Final = "3001.01"
# Equity
CAPITAL: Final = "4001"
RETAINED_EARNINGS: Final = "4104"
# Income
INTEREST_INCOME: Final = "6011.01"
PENALTY_INCOME: Final = "6011.02"
COMPOUND_INCOME: Final = "6011.03"
FEE_INCOME: Final = "6021.01"
EARLY_SETTLEMENT_INCOME: Final = "6021.02"
OTHER_INCOME: Final = "6051"
RECOVERIES: Final = "6301.01"
# Expenses
FUNDING_COST: Final = "6411"
COMMISSION_EXPENSE: Final = "6421.01"
BANK_CHARGES: Final = "6421.02"
PROVISION_EXPENSE: Final = "6702.01"
WRITE_OFF: Final = "6702.02"
WAIVERS: Final = "6711.01"
# Memo, off the balance sheet
OFF_BOOK_INTEREST: Final = "7001.01"
OFF_BOOK_INTEREST_CONTRA: Final = "7001.02"
WRITTEN_OFF_CLAIMS: Final = "7011.01"
WRITTEN_OFF_CLAIMS_CONTRA: Final = "7011.02"
INTERNAL_FUNDING: Final = "7021.01"
INTERNAL_FUNDING_CONTRA: Final = "7021.02"

_D, _C = Side.DEBIT, Side.CREDIT

CHART: Final[tuple[AccountSpec, ...]] = (
    AccountSpec(CASH, "库存现金", "cash", Kind.ASSET, _D),
    AccountSpec(BANK, "银行存款—收款户", "bank", Kind.ASSET, _D),
    AccountSpec(BANK_PAYOUT, "银行存款—放款户", "payout bank", Kind.ASSET, _D),
    AccountSpec(FUNDS_IN_TRANSIT, "在途资金", "funds in transit", Kind.ASSET, _D),
    AccountSpec(INTEREST_RECEIVABLE, "应收利息", "interest receivable", Kind.ASSET, _D),
    AccountSpec(ACCRUED_INTEREST, "应计利息（未到期）", "accrued interest", Kind.ASSET, _D),
    AccountSpec(PENALTY_RECEIVABLE, "应收罚息", "penalty receivable", Kind.ASSET, _D),
    AccountSpec(COMPOUND_RECEIVABLE, "应收复利", "compound receivable", Kind.ASSET, _D),
    AccountSpec(FEE_RECEIVABLE, "应收费用", "fee receivable", Kind.ASSET, _D),
    AccountSpec(SUBSIDY_RECEIVABLE, "应收财政贴息", "subsidy receivable", Kind.ASSET, _D),
    AccountSpec(ADVANCED_COSTS, "代垫费用", "advanced costs", Kind.ASSET, _D),
    AccountSpec(CLAWBACK_RECEIVABLE, "应收退佣", "clawback receivable", Kind.ASSET, _D),
    AccountSpec(CHANNEL_CLEARING, "应收代扣渠道款", "channel clearing", Kind.ASSET, _D),
    AccountSpec(LOAN_PRINCIPAL, "贷款本金", "principal", Kind.ASSET, _D),
    AccountSpec(PROVISION, "贷款损失准备", "provision", Kind.ASSET, _C),
    AccountSpec(REPOSSESSED_ASSETS, "抵债资产", "repossessed assets", Kind.ASSET, _D),
    AccountSpec(UNAPPLIED_CASH, "暂收款（溢缴款）", "unapplied cash", Kind.LIABILITY, _C),
    AccountSpec(SUSPENSE, "待清分款项", "suspense", Kind.LIABILITY, _C),
    AccountSpec(DEBITS_COLLECTED, "代扣待入账款", "collected debits", Kind.LIABILITY, _C),
    AccountSpec(VAT_PAYABLE, "应交增值税", "VAT payable", Kind.LIABILITY, _C),
    AccountSpec(VAT_DEFERRED, "待转销项税额", "deferred VAT", Kind.LIABILITY, _C),
    AccountSpec(DEPOSITS_HELD, "存入保证金", "deposits held", Kind.LIABILITY, _C),
    AccountSpec(COMMISSION_PAYABLE, "应付渠道佣金", "dealer commission payable", Kind.LIABILITY, _C),
    AccountSpec(THIRD_PARTY_PAYABLE, "代收代付款", "third-party payable", Kind.LIABILITY, _C),
    AccountSpec(REFUNDS_PAYABLE, "应付退款", "refunds payable", Kind.LIABILITY, _C),
    AccountSpec(BORROWED_FUNDS, "借入资金", "borrowed funds", Kind.LIABILITY, _C),
    AccountSpec(MIGRATION_CLEARING, "存量迁入清算", "migration clearing", Kind.LIABILITY, _C),
    AccountSpec(CAPITAL, "实收资本", "capital", Kind.EQUITY, _C),
    AccountSpec(RETAINED_EARNINGS, "未分配利润", "retained earnings", Kind.EQUITY, _C),
    AccountSpec(INTEREST_INCOME, "利息收入", "interest income", Kind.INCOME, _C),
    AccountSpec(PENALTY_INCOME, "罚息收入", "penalty income", Kind.INCOME, _C),
    AccountSpec(COMPOUND_INCOME, "复利收入", "compound income", Kind.INCOME, _C),
    AccountSpec(FEE_INCOME, "手续费收入", "fee income", Kind.INCOME, _C),
    AccountSpec(EARLY_SETTLEMENT_INCOME, "提前结清违约金收入", "early-settlement income", Kind.INCOME, _C),
    AccountSpec(OTHER_INCOME, "其他收入", "other income", Kind.INCOME, _C),
    AccountSpec(RECOVERIES, "已核销贷款收回", "recoveries", Kind.INCOME, _C),
    AccountSpec(FUNDING_COST, "资金成本", "funding cost", Kind.EXPENSE, _D),
    AccountSpec(COMMISSION_EXPENSE, "渠道佣金支出", "commission expense", Kind.EXPENSE, _D),
    AccountSpec(BANK_CHARGES, "银行手续费支出", "bank charges", Kind.EXPENSE, _D),
    AccountSpec(PROVISION_EXPENSE, "信用减值损失", "provision expense", Kind.EXPENSE, _D),
    AccountSpec(WRITE_OFF, "贷款核销损失", "write-off", Kind.EXPENSE, _D),
    AccountSpec(WAIVERS, "息费减免损失", "waivers", Kind.EXPENSE, _D),
    AccountSpec(OFF_BOOK_INTEREST, "表外应收利息", "off-book interest", Kind.MEMO, _D),
    AccountSpec(OFF_BOOK_INTEREST_CONTRA, "表外应收利息对方", "off-book interest contra", Kind.MEMO, _C),
    AccountSpec(WRITTEN_OFF_CLAIMS, "已核销债权（账销案存）", "written-off claims", Kind.MEMO, _D),
    AccountSpec(WRITTEN_OFF_CLAIMS_CONTRA, "已核销债权对方", "written-off claims contra", Kind.MEMO, _C),
    AccountSpec(INTERNAL_FUNDING, "内部资金成本（管理）", "internal funding cost", Kind.MEMO, _D),
    AccountSpec(INTERNAL_FUNDING_CONTRA, "内部资金成本对方", "internal funding contra", Kind.MEMO, _C),
)

BY_CODE: Final[dict[str, AccountSpec]] = {spec.code: spec for spec in CHART}
