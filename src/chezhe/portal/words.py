"""What an outsider is told of a refusal. Nothing is said of the house, of its staff, or of anybody else's business.

Only what is wrong with what was typed, and the refusals listed in SAFE, is told as it is. Everything else becomes one of a few
sentences: why a case is held, or who else is our customer, is nothing that a portal may hint at.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError

# Refusals written for outsiders, and those of the doors that speak of nothing but the request; rooms' own are added with their pages.
SAFE: set[str] = {
    "code_wrong", "code_over", "codes_too_many", "identity_unknown", "mobile_shared", "dealer_account_missing",
    "idempotency_key_required", "idempotency_key_reused", "idempotency_key_invalid", "shown_once", "address_unreadable",
    "settlement_sum_changed", "mandate_missing", "debit_in_flight", "offer_expired", "offer_rounds_over", "nothing_changed",
    "cost_sheet_differs", "cost_sheet_confirmed", "reading_too_short", "reading_stale", "e_sign_consent_needed", "nothing_to_sign",
    "signing_under_way", "cost_sheet_not_confirmed", "applied_already", "enquiry_stands", "rated_already", "not_yet_rated",
    "loan_not_settled", "cash_left", "consent_not_given", "open_application_exists", "appealed_before",
    "control_character", "method_not_allowed", "body_too_large", "media_type_unsupported", "body_not_read", "cursor_invalid",
}
# Of the request itself.
_TOLD_STATUS: Final = (400, 405, 413, 415, 422)
# A wrong value whose sentence says something of others.
HUSHED: Final = {
    "customer_exists", "customer_exists_elsewhere", "vin_exists", "vin_exists_elsewhere", "plate_exists", "plate_exists_elsewhere",
    "vehicle_taken", "customer_not_found", "no_branch", "business_held",
}


class Unseen(BusinessError):
    code = "not_found"
    http_status = 404
    sentence = _("没有找到这个页面或资料，请回到首页查看。")


class Stale(BusinessError):
    code = "stale_edit"
    sentence = _("内容已经更新，请刷新后再试；您填写的内容没有保存。")


class TooOften(BusinessError):
    code = "locked_out"
    http_status = 429
    sentence = _("尝试次数过多，请稍后再试。")


class CodeNeeded(BusinessError):
    code = "step_up_required"
    http_status = 403
    sentence = _("为保障您的资金安全，请先输入短信验证码。")


class NotNow(BusinessError):
    code = "not_possible"
    sentence = _("这一步目前不能在线办理，请联系您的客户经理或到门店咨询。")


class Later(BusinessError):
    code = "busy"
    http_status = 503
    sentence = _("系统正忙，请稍后再试。")


_BY_CODE: Final[dict[str, Any]] = {"stale_edit": Stale, "step_up_required": CodeNeeded, "busy": Later, "locked_out": TooOften}


def reworded(refusal: BusinessError) -> BusinessError:
    """The refusal as an outsider may hear it; what is told as it is stays itself."""
    code = refusal.code
    if isinstance(refusal, tuple(_BY_CODE.values()) + (Unseen, NotNow)):
        return refusal
    if code in _BY_CODE:
        return _kept_field(_BY_CODE[code](), refusal)
    if refusal.http_status in (403, 404):
        return Unseen()
    is_told = code in SAFE or (refusal.http_status in _TOLD_STATUS and code not in HUSHED)
    if is_told:
        return refusal
    return _kept_field(Later() if refusal.http_status >= 500 else NotNow(), refusal)


def _kept_field(told: BusinessError, refusal: BusinessError) -> BusinessError:
    told.field = refusal.field
    return told
