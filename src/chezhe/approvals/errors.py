"""Refusals of a vote."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class AlreadyVoted(BusinessError):
    code = "already_voted"
    sentence = _("%(name)s 已经对这一笔发表过意见，同一人（含受托代办）只能表决一次。")


class NotThisStage(BusinessError):
    code = "not_this_stage"
    http_status = 403
    sentence = _("当前环节由“%(role)s”表决，您没有这个角色。")


class OpinionMissing(BusinessError):
    code = "opinion_missing"
    http_status = 422
    field = "opinion"
    sentence = _("退回或拒绝时请写明理由。")


class OpinionTooLong(BusinessError):
    code = "opinion_too_long"
    http_status = 422
    field = "opinion"
    sentence = _("意见最多 %(length_max)s 个字。")


class UnknownVerdict(BusinessError):
    code = "verdict_unknown"
    http_status = 422
    field = "verdict"
    sentence = _("请选择同意、退回或拒绝。")


class DecidedElsewhere(BusinessError):
    code = "decided_elsewhere"
    sentence = _("“%(kind)s”须在其业务页面上办理，不能在收件箱直接表决。")


class NotOpener(BusinessError):
    code = "not_opener"
    http_status = 403
    sentence = _("只有经办人可以撤回。")
