"""Who may see and move money through banks."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.permission import permission

VIEW = permission(
    "payments.view", _("查看付款与收款"),
    [roles.FUNDING, roles.FINANCE, roles.SERVICING, *roles.MANAGERS, *roles.OVERSIGHT], reads_only=True,
)
IMPORT_BANK_FILE = permission(
    "payments.import_bank_file", _("导入银行流水"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.AUDITOR],
)
RETRY_PAYOUT = permission(
    "payments.retry_payout", _("重发失败付款"), [roles.FUNDING], accountable=roles.FINANCE, consulted=[roles.COLLATERAL_OPS],
    moves_money=True,
)
MAKE_BATCH = permission(
    "payments.make_batch", _("生成与下载批量付款文件"), [roles.FUNDING], accountable=roles.FINANCE, informed=[roles.AUDITOR],
)
SEND_BATCH = permission(
    "payments.send_batch", _("发出批量付款"), [roles.FUNDING], accountable=roles.FINANCE, informed=[roles.AUDITOR], moves_money=True,
)
IMPORT_BATCH_ANSWER = permission(
    "payments.import_batch_answer", _("导入批量付款回盘"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.FUNDING],
    moves_money=True,
)
RESOLVE_NOTICE = permission(
    "payments.resolve_notice", _("处理银行异常通知"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.FUNDING],
    informed=[roles.AUDITOR],
)
VIEW_MANDATES = permission(
    "payments.view_mandates", _("查看代扣授权"),
    [roles.SALES, roles.SERVICING, roles.FINANCE, roles.FUNDING, roles.COLLECTION_SUPERVISOR, roles.COLLECTOR, *roles.MANAGERS,
     *roles.OVERSIGHT], reads_only=True,
)
SIGN_MANDATE = permission(
    "payments.sign_mandate", _("签署代扣授权"), [roles.SALES, roles.SERVICING], accountable=roles.SERVICING, informed=[roles.FINANCE],
    outsiders=[BORROWER],
)
REVOKE_MANDATE = permission(
    "payments.revoke_mandate", _("终止代扣授权"), [roles.SALES, roles.SERVICING, roles.FINANCE, roles.COMPLIANCE],
    accountable=roles.SERVICING, informed=[roles.FINANCE],
)
RESUME_MANDATE = permission(
    "payments.resume_mandate", _("恢复代扣授权"), [roles.SERVICING], accountable=roles.SERVICING, informed=[roles.FINANCE],
)
RECONCILE = permission(
    "payments.reconcile", _("对账：勾对与说明差异"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.FUNDING],
    informed=[roles.AUDITOR],
)
MERGE_RECEIPT = permission(
    "payments.merge_receipt", _("合并与恢复重复登记的收款"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.SERVICING],
    informed=[roles.AUDITOR], moves_money=True,
)
# The system's own: nobody holds them, the worker needs none.
SEND_PAYOUT = permission("payments.send_payout", _("向银行发送付款"), [], accountable=roles.FUNDING, informed=[roles.FINANCE])
SETTLE_PAYOUT = permission("payments.settle_payout", _("登记银行付款结果"), [], accountable=roles.FINANCE, informed=[roles.FUNDING])
SEND_DEBITS = permission("payments.send_debits", _("向渠道发送代扣"), [], accountable=roles.FINANCE, informed=[roles.SERVICING])
SETTLE_DEBITS = permission("payments.settle_debits", _("登记渠道代扣结果"), [], accountable=roles.FINANCE, informed=[roles.SERVICING])
