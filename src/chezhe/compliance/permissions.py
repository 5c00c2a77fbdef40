"""What may be done with figures, the lender's particulars, consents, contacts and the calendar.

There is deliberately no permission that lets anybody exceed a cap.
"""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.permission import permission

_CONTACT_ROLES = (roles.SALES, roles.SERVICING, roles.COLLECTION_SUPERVISOR, roles.COLLECTOR, roles.BRANCH_MGR)
_FACE_TO_CUSTOMER = (roles.SALES, roles.RISK_OFFICER, roles.COLLATERAL_OPS, roles.SERVICING, roles.BRANCH_MGR)

VIEW = permission(
    "compliance.view", _("查看监管参数、机构资料与日历"), roles.ALL, accountable=roles.COMPLIANCE, reads_only=True
)
VIEW_SUBJECT = permission(
    "compliance.view_subject", _("查看客户的授权与联系记录"), roles.BUSINESS, accountable=roles.COMPLIANCE, reads_only=True
)
VIEW_CONTACTS = permission(
    "compliance.view_contacts", _("查看全部联系记录"), roles.OVERSIGHT, accountable=roles.COMPLIANCE, reads_only=True,
)
VIEW_REGISTER = permission(
    "compliance.view_register", _("查看个人信息字段目录"), [*roles.OVERSIGHT, roles.ADMIN], accountable=roles.COMPLIANCE, reads_only=True
)
PROPOSE_PARAMETER = permission(
    "compliance.propose_parameter", _("提议调整参数"), [roles.COMPLIANCE, roles.RISK_MANAGER, roles.ADMIN],
    accountable=roles.COMPLIANCE, consulted=[roles.FINANCE], informed=[roles.AUDITOR, roles.RISK_MANAGER],
)
APPROVE_PARAMETER = permission(
    "compliance.approve_parameter", _("复核参数调整"), [roles.COMPLIANCE, roles.RISK_MANAGER],
    accountable=roles.COMPLIANCE, consulted=[roles.FINANCE], informed=[roles.AUDITOR],
)
SET_LENDER = permission(
    "compliance.set_lender", _("提议变更机构资料"), [roles.COMPLIANCE, roles.ADMIN],
    accountable=roles.COMPLIANCE, consulted=[roles.FINANCE], informed=[roles.AUDITOR],
)
APPROVE_LENDER = permission(
    "compliance.approve_lender", _("复核机构资料变更"), [roles.COMPLIANCE, roles.RISK_MANAGER],
    accountable=roles.COMPLIANCE, consulted=[roles.FINANCE], informed=[roles.AUDITOR],
)
GRANT_CONSENT = permission(
    "compliance.grant_consent", _("登记客户授权"), _FACE_TO_CUSTOMER, accountable=roles.COMPLIANCE, outsiders=[BORROWER],
)
WITHDRAW_CONSENT = permission(
    "compliance.withdraw_consent", _("登记客户撤回授权"), [*_FACE_TO_CUSTOMER, roles.COMPLIANCE], accountable=roles.COMPLIANCE,
    outsiders=[BORROWER],
)
RESERVE_CONTACT = permission("compliance.reserve_contact", _("预约联系客户"), _CONTACT_ROLES, accountable=roles.COMPLIANCE)
RECORD_CONTACT_OUTCOME = permission(
    "compliance.record_contact_outcome", _("登记联系结果"), _CONTACT_ROLES, accountable=roles.COMPLIANCE
)
BLOCK_CONTACT = permission(
    "compliance.block_contact", _("限制联系客户"), [roles.COMPLIANCE, roles.COLLECTION_SUPERVISOR, roles.SERVICING, roles.BRANCH_MGR],
    accountable=roles.COMPLIANCE, consulted=[roles.COLLECTOR],
)
LIFT_CONTACT_BLOCK = permission(
    "compliance.lift_contact_block", _("解除联系限制"), [roles.COMPLIANCE], accountable=roles.COMPLIANCE,
    consulted=[roles.SERVICING, roles.COLLECTION_SUPERVISOR], informed=[roles.AUDITOR],
)
SET_HOLIDAY = permission(
    "compliance.set_holiday", _("维护节假日历"), [roles.COMPLIANCE, roles.FINANCE, roles.ADMIN], accountable=roles.COMPLIANCE,
    consulted=[roles.SERVICING],
)
VIEW_COMPLAINTS = permission(
    "compliance.view_complaints", _("查看客户投诉"), roles.OVERSIGHT, accountable=roles.COMPLIANCE, reads_only=True,
)
FILE_COMPLAINT = permission(
    "compliance.file_complaint", _("登记客户投诉"), [*_FACE_TO_CUSTOMER, roles.COMPLIANCE], accountable=roles.COMPLIANCE,
    informed=[roles.REGIONAL_MGR], outsiders=[BORROWER],
)
ANSWER_COMPLAINT = permission(
    "compliance.answer_complaint", _("答复客户投诉"), [roles.COMPLIANCE], accountable=roles.COMPLIANCE, consulted=[roles.BRANCH_MGR],
    informed=[roles.AUDITOR],
)
CLOSE_COMPLAINT = permission(
    "compliance.close_complaint", _("办结客户投诉"), [roles.COMPLIANCE], accountable=roles.COMPLIANCE, informed=[roles.AUDITOR],
    outsiders=[BORROWER],
)
VIEW_RATINGS = permission(
    "compliance.view_ratings", _("查看客户评价"), roles.OVERSIGHT, accountable=roles.COMPLIANCE, reads_only=True,
)
