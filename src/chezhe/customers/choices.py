"""Fixed choices of the customers room, with their words."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: Final = [("person", _("个人")), ("company", _("企业"))]
SEXES: Final = [("male", _("男")), ("female", _("女")), ("", _("未知"))]
MARITAL_STATUSES: Final = [
    ("unknown", _("未说明")), ("single", _("未婚")), ("married", _("已婚")), ("divorced", _("离异")), ("widowed", _("丧偶")),
]
# In which messages are written to the customer; the messaging room has the same codes.
LANGUAGES: Final = [("zh-hans", _("中文")), ("en", _("英文"))]
MOBILE_PURPOSES: Final = [("own", _("本人")), ("work", pgettext_lazy("mobile", "单位")), ("family", _("家庭"))]
ACCOUNT_KINDS: Final = [("card", _("银行卡")), ("corporate", _("对公账户"))]
RELATIONS: Final = [
    ("spouse", _("配偶")), ("guarantor", _("保证人")), ("controller", _("实际控制人")), ("owner", _("受益所有人（≥25%）")),
    ("legal_representative", _("法定代表人")), ("relative", _("直系亲属")), ("partner", _("合伙人")),
]
# A sole trader's trade (个体工商户), as the register has it.
TRADE_STATUSES: Final = [
    ("active", _("存续")), ("suspended", _("停业")), ("revoked", pgettext_lazy("company", "吊销")),
    ("cancelled", pgettext_lazy("company", "注销")),
]
# Fields whose changes are kept and shown in the history.
FIELD_LABELS: Final = {
    "name": _("姓名（名称）"), "id_number": _("身份证号"), "mobile": _("手机号"), "address": _("地址"),
    "marital_status": _("婚姻状况"), "employer": _("工作单位"), "monthly_income": _("月收入"),
    "uscc": _("统一社会信用代码"), "legal_representative": _("法定代表人"), "actual_controller": _("实际控制人"),
    "registered_capital": _("注册资本"), "established_on": _("成立日期"), "industry": _("行业"), "language": _("消息语言"),
    "trade_name": _("字号"), "trade_uscc": _("个体工商户信用代码"), "trade_registered_on": _("个体工商户注册日期"),
    "trade_premises": _("经营场所"), "trade_scope": _("经营范围"), "trade_industry": _("经营行业"), "trade_status": _("个体工商户状态"),
    "owner": _("客户经理"),
}
