"""The stages between the submission and the money, why a clock may stand, and where a run can be."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STAGES = [
    ("machine", pgettext_lazy("lane", "系统核验与决策")), ("review", pgettext_lazy("lane", "人工审批")),
    ("offer", pgettext_lazy("lane", "客户接受")), ("contract", pgettext_lazy("lane", "制作合同")),
    ("signing", pgettext_lazy("lane", "确认与签署")), ("securing", pgettext_lazy("lane", "抵押与放款条件")),
    ("payout", pgettext_lazy("lane", "放款")),
]
RUNNING, PAUSED, SENT, LEFT = "running", "paused", "sent", "left"
OPEN = (RUNNING, PAUSED)
STATUSES = [
    (RUNNING, pgettext_lazy("lane", "计时中")), (PAUSED, pgettext_lazy("lane", "已暂停")), (SENT, pgettext_lazy("lane", "已放款")),
    (LEFT, pgettext_lazy("lane", "已离开")),
]
# The clock stands for the customer's reasons and for no others; the first is noted by the system alone.
SUPPLEMENT = "supplement"
ASKED_REASONS = [
    ("customer_later", _("客户要求改期")), ("customer_away", _("客户无法到场或无法联系")), ("customer_vehicle", _("客户车辆暂不能交验")),
    ("customer_insurance", _("等待客户办理保险")),
]
REASONS = [(SUPPLEMENT, _("等待客户补件")), *ASKED_REASONS]
