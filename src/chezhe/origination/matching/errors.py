"""Refusals when papers and files are held against each other."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class PaperNotRead(BusinessError):
    code = "paper_not_read"
    sentence = _("这份资料没有可核对的识别结果，请照原件录入。")


class FieldUnread(BusinessError):
    code = "paper_field_unknown"
    http_status = 404
    sentence = _("这份资料上没有读出“%(field)s”这一项。")


class NothingToTake(BusinessError):
    code = "paper_nothing_to_take"
    sentence = _("“%(field)s”没有需要采用的内容：已经一致、只供核对，或还没有选定对应的车辆。")


class NoConflict(BusinessError):
    code = "paper_no_conflict"
    sentence = _("“%(field)s”与录入没有不一致，不需要判定。")


class PaperValueWrong(BusinessError):
    code = "paper_value_wrong"
    http_status = 422
    sentence = _("“%(field)s”识别结果%(fault)s，不能采用，请照原件录入。")


class StandsOtherwise(BusinessError):
    code = "paper_stands_otherwise"
    sentence = _("“%(field)s”在您核对期间已被改动，没有采用。请对照最新内容再判定。")
