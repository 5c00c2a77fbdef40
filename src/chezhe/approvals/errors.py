"""Refusals of a vote, and of what else is done with a request."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError, WrongState


class AlreadyVoted(BusinessError):
    code = "already_voted"
    sentence = _("%(name)s 已经对这一笔发表过意见，同一人（含受托代办）只能表决一次。")


class DecidedAlready(WrongState):
    """The same as the machine says, but with who and when."""

    sentence = _("这一笔已经有结论（%(status)s，%(who)s，%(at)s），不能再表决。")


class NotThisStage(BusinessError):
    code = "not_this_stage"
    http_status = 403
    sentence = _("当前环节由“%(role)s”表决，您没有这个角色。")


class ClaimedByAnother(BusinessError):
    code = "claimed_by_another"
    sentence = _("这一笔已由 %(name)s 领取。请等 %(name)s 办理、放回，或请主管改派。")


class SteppedBack(BusinessError):
    code = "stepped_back"
    sentence = _("%(name)s 已经回避这一笔，不能再办理。")


class NotClaimable(BusinessError):
    code = "not_claimable"
    sentence = _("当前环节由多人各自表决，不需要领取。")


class NotClaimed(BusinessError):
    code = "not_claimed"
    sentence = _("这一笔没有由您领取，不用放回。")


class NoSuchVoter(BusinessError):
    code = "voter_unfit"
    http_status = 422
    field = "username"
    sentence = _("不能选这位同事：须在职、有权办理这一笔、看得到这家门店，且没有经办、表决或回避过。")


class NotYours(BusinessError):
    code = "not_yours"
    http_status = 403
    sentence = _("只有当前轮到审批的人可以%(verb)s，这一笔现在由“%(role)s”审批。")


class TooManySigners(BusinessError):
    code = "signers_too_many"
    sentence = _("一个环节最多加签 %(most)s 人。")


class CopiedAlready(BusinessError):
    code = "copied_already"
    sentence = _("已经抄送过 %(name)s。")


class NotCopied(BusinessError):
    code = "not_copied"
    sentence = _("这一笔没有抄送给您，或您已阅。")


class UrgedJustNow(BusinessError):
    code = "urged_just_now"
    sentence = _("%(at)s 刚催办过，每 %(minutes)s 分钟只能催办一次。")


class NotUrgeable(BusinessError):
    code = "urge_not_yours"
    http_status = 403
    sentence = _("只有经办人、抄送人或主管可以催办。")


class AlreadyPaused(BusinessError):
    code = "already_paused"
    sentence = _("计时已经暂停：%(reason)s。")


class NotPaused(BusinessError):
    code = "not_paused"
    sentence = _("计时没有暂停，不用恢复。")


class NoTimeLimit(BusinessError):
    code = "no_time_limit"
    sentence = _("这一笔没有办理时限，不需要暂停计时。")


class NotMissing(BusinessError):
    code = "nobody_missing"
    sentence = _("还有人可以审批（%(names)s），不需要改派。可请其本人回避或转审。")


class AlreadyHeld(BusinessError):
    code = "already_held"
    sentence = _("您的意见“%(verdict)s”已于 %(at)s 提交，正等待生效；可先撤销再改。")


class TooLateToUndo(BusinessError):
    code = "undo_too_late"
    sentence = _("撤销时间已过，意见已经生效或未能生效。")


class NotUndoable(BusinessError):
    code = "not_undoable"
    sentence = _("“%(kind)s”的意见立即生效，不能暂缓。")


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


class Biased(BusinessError):
    code = "conflict_of_interest"
    sentence = _("%(name)s 与本笔的“%(whom)s”有已登记的利益关系（%(kind)s），须回避，请由其他同事审批。")


class NoSuchReader(BusinessError):
    code = "reader_unfit"
    http_status = 422
    field = "username"
    sentence = _("不能抄送给这位同事：须在职、可查看审批并看得到这家门店。")
