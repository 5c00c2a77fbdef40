"""Refusals of this room."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class TemplateUnknown(BusinessError):
    code = "template_unknown"
    http_status = 422
    field = "template_code"
    sentence = _("没有“%(code)s”这个模板。")


class TemplateReserved(BusinessError):
    code = "template_reserved"
    http_status = 422
    field = "template_code"
    sentence = _("“%(name)s”只能由系统发送。")


class AddressInvalid(BusinessError):
    code = "address_invalid"
    http_status = 422
    field = "address"
    sentence = _("%(channel)s地址不正确，请核对。")


class FactInvalid(BusinessError):
    code = "fact_invalid"
    http_status = 422
    field = "facts"
    sentence = _("模板变量“%(name)s”缺失、多余或格式不符；模板中不得填写个人敏感信息。")


class ReferenceReused(BusinessError):
    code = "message_reference_reused"
    sentence = _("“%(reference)s”已用于另一条消息。")
