"""Refusals that several actions of this room share."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class NotADraft(BusinessError):
    code = "not_a_draft"
    sentence = _("版本 %(version)s 已提交或已有结论，内容不能再改；请由它另起一个版本。")


class EditedMeanwhile(BusinessError):
    code = "stale_edit"
    sentence = _("%(name)s 已修改过这份草稿，您的填写没有保存；请另开页面核对最新内容，再合并您的修改。")


class BeginsInThePast(BusinessError):
    code = "begins_in_the_past"
    http_status = 422
    field = "effective_from"
    sentence = _("生效日期 %(effective_from)s 早于业务日期 %(business_date)s。决定不能追溯，请另选日期。")


class NewerPublished(BusinessError):
    code = "newer_published"
    sentence = _("起草之后，%(newest)s 已经发布。请先与它比较，再点“以最新版本为准”确认没有漏掉它的修改。")


class FaultsLeft(BusinessError):
    code = "table_has_faults"
    http_status = 422
    sentence = _("表中还有 %(count)s 处错误，第一处：%(first)s。改好后才能提交。")


class ContentAltered(BusinessError):
    code = "content_altered"
    sentence = _("版本 %(version)s 的内容与提交时的指纹不符，不能发布。请报告管理员。")
