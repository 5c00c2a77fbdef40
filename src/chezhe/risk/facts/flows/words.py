"""Words by which the purpose of a movement is told, as banks and payment companies write them."""

from __future__ import annotations

import re
from typing import Final

SALARY: Final = re.compile("工资|代发|薪|奖金|绩效|劳务费|补贴")
INTEREST: Final = re.compile("结息|利息|入息|存息")
LOAN_PAID_OUT: Final = re.compile("放款|贷款发放|贷款入账|借款入账|发放贷款|贷款转存")
LENDER: Final = re.compile(
    "小额贷款|小贷|消费金融|消金|网贷|贷款|借呗|花呗|微粒贷|白条|金条|有钱花|借条|分期乐|拍拍贷|度小满|360数科|普惠|招联|捷信|马上金融|"
    "汽车金融|融资租赁|微众银行|网商银行|信托"
)
GAMBLING: Final = re.compile("博彩|彩票|竞彩|体彩|福彩|投注|棋牌|赌|百家乐|六合彩|娱乐城|电玩城|捕鱼")
SELF: Final = re.compile("本人|自转|同名转账|卡内互转|定期转活|活期转定|理财赎回|理财购买|基金赎回|基金申购|零钱提现|余额提现")
GOODS: Final = re.compile("货款|采购|进货|材料款|原料|运费|加油|维修费|租车费")
REFUND: Final = re.compile("退款|冲正|退货|撤销")
COMPANY: Final = re.compile("公司|集团|厂|店|中心|学校|医院|银行|局|委员会|政府|事务所|合作社|研究院|大学|所$|部$|行$|社$|工会|物业|工作室")


def is_company(name: str) -> bool:
    """Whether a counterparty is an organisation. Two to four characters without such a word are a person."""
    return bool(COMPANY.search(name)) or len(name) > 6
