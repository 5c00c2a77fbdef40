"""Where a run can be, and why it goes to people."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RUNNING, DONE, LEFT = "running", "done", "left"
STATUSES: Final = [
    (RUNNING, pgettext_lazy("straight", "直通办理中")), (DONE, pgettext_lazy("straight", "已直通至签署")),
    (LEFT, pgettext_lazy("straight", "已转人工")),
]
REASONS: Final = {
    "not_agreed": _("客户没有预先同意按申请条件直接办理，须由客户答复批复。"),
    "not_prime": _("不属于 A 层、无例外且在自动通过额度以内的优质件。"),
    "offer_differs": _("批复的金额、期限或利率与申请不同，须由客户答复批复。"),
    "conditions_open": _("批复带有尚未办完的条件。"),
    "printing_failed": _("合同文本没有制成。"),
    "signing_refused": _("签署人拒绝签署。"), "signing_failed": _("电子签名没有完成。"),
    "contract_void": _("合同已作废。"),
    "withdrawn": _("进件已撤回或已过期。"),
}
