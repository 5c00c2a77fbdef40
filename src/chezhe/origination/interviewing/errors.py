"""Refusals around interviews."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class InterviewMissing(BusinessError):
    code = "interview_missing"
    sentence = _("%(number)s 按规定须先完成%(who)s的面签并由双方签字，才能制作合同。请客户经理在进件的“面签”中办理。")


class InterviewOpen(BusinessError):
    code = "interview_open"
    sentence = _("%(who)s已有一份尚未签完的面签记录 %(number)s，请先签完或作废。")


class InterviewSigned(BusinessError):
    code = "interview_signed"
    sentence = _("面签记录 %(number)s 已有签字，不能再改；如需更正，请另做一份更正记录。")


class NothingToCorrect(BusinessError):
    code = "interview_nothing_to_correct"
    sentence = _("%(who)s已有签妥的面签记录 %(number)s；再做一份须写明更正原因。")


class InterviewByDecider(BusinessError):
    code = "interview_by_decider"
    http_status = 403
    sentence = _("您在这笔进件中担任“%(duty)s”，不能再做面签人。")


class InterviewByProgram(BusinessError):
    code = "interview_by_program"
    http_status = 403
    sentence = _("面签须由员工登录后本人办理，接口程序不能代做。")


class InterviewerOnly(BusinessError):
    code = "interviewer_only"
    http_status = 403
    sentence = _("面签人一栏只能由%(name)s本人签字。")


class ProofMissing(BusinessError):
    code = "interview_proof_missing"
    http_status = 422
    field = "photo"
    sentence = _("签字前须先上传面签照片，或登记录像编号；视频面签必须登记录像编号。")


class SignedAlready(BusinessError):
    code = "interview_signer_twice"
    sentence = _("%(who)s已经签过字。")


class NotForInterview(BusinessError):
    code = "interview_not_possible"
    sentence = _("%(number)s 目前“%(status)s”，不能做面签。")
