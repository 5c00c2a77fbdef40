"""Refusals that several verbs share."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class FaultsLeft(BusinessError):
    code = "template_faults"
    http_status = 422
    sentence = _("模板还有 %(count)s 处错误，先改正再提交。第一处：%(first)s")


class NotADraft(BusinessError):
    code = "template_not_draft"
    sentence = _("%(version)s 已不是草稿，不能修改。")


class EditedMeanwhile(BusinessError):
    code = "template_edited_meanwhile"
    sentence = _("%(name)s 刚刚保存了另一份内容，请先查看再修改。")


class NewerPublished(BusinessError):
    code = "template_newer_published"
    sentence = _("起草之后已有 %(newest)s 发布。请以它为基础重新起草，以免覆盖。")


class AnotherWaits(BusinessError):
    code = "another_template_waits"
    sentence = _("%(waiting)s 正在等待发布，请先对它作出决定。")


class NothingChanged(BusinessError):
    code = "template_unchanged"
    http_status = 422
    sentence = _("内容与 %(base)s 完全相同，无需发布。")


class BeginsInThePast(BusinessError):
    code = "template_begins_in_past"
    http_status = 422
    field = "effective_from"
    sentence = _("生效日 %(on)s 早于业务日期 %(today)s。")


class ContentAltered(BusinessError):
    code = "template_altered"
    sentence = _("%(version)s 的内容与提交时不同，不能发布。")
