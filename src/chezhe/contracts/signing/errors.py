"""Refusals of signing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class WrongOrder(BusinessError):
    code = "signing_order"
    sentence = _("须先由%(who)s签署。")


class NothingToSign(BusinessError):
    code = "nothing_to_sign"
    sentence = _("%(who)s没有待签署的文件。")


class SigningUnderWay(BusinessError):
    code = "signing_under_way"
    sentence = _("%(who)s的电子签名正在处理，请稍候再试。")


class NotAParty(BusinessError):
    code = "not_a_party"
    http_status = 422
    field = "customer_number"
    sentence = _("%(number)s 不是合同 %(contract)s 的签署方。")


class MobileMissing(BusinessError):
    code = "mobile_missing"
    http_status = 422
    field = "customer_number"
    sentence = _("%(who)s没有主用手机号，无法发送签署链接，请先在客户资料中补录。")


class ConsentNeeded(BusinessError):
    code = "e_sign_consent_needed"
    http_status = 422
    field = "agrees"
    sentence = _("请先勾选同意使用电子签名。")


class CodeTooSoon(BusinessError):
    code = "code_too_soon"
    http_status = 429
    sentence = _("请 %(seconds)s 秒后再获取验证码。")


class CodesUsedUp(BusinessError):
    code = "codes_used_up"
    http_status = 429
    sentence = _("验证码发送次数已用完，请联系经办人重新发送链接。")


class CodeNotSent(BusinessError):
    code = "code_not_sent"
    http_status = 503
    sentence = _("验证码未能发送，请联系经办人。")


class CodeWrong(BusinessError):
    code = "code_wrong"
    http_status = 422
    field = "typed"
    sentence = _("验证码不正确或已过期，还可尝试 %(left)s 次。")


class LinkEnded(BusinessError):
    code = "link_ended"
    http_status = 422
    field = "typed"
    sentence = _("验证码错误次数过多，链接已失效，请联系经办人重新发送。")


class PaperUnsigned(BusinessError):
    code = "paper_unsigned"
    sentence = _("“%(title)s”还没有电子签名；纸质签署的请下载签字页扫描件。")


class SignaturesBroken(BusinessError):
    code = "signatures_broken"
    sentence = _("“%(title)s”的电子签名无效或文件被改动，不能下载；请停止使用，并报告管理员。")
