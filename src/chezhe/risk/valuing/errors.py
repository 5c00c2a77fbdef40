"""What valuing refuses, each with what to do instead."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class AlreadyAsked(BusinessError):
    code = "valuing_under_way"
    sentence = _("这辆车正在询价（%(number)s），答复到齐后会自动得出综合价，请稍候刷新。")


class SameAppraiser(BusinessError):
    code = "same_person"
    sentence = _("%(name)s 出具过这次评估所用的报告或发起了评估，综合价须由另一位同事确认。")


class PhotosMissing(BusinessError):
    code = "photos_missing"
    http_status = 422
    sentence = _("还缺照片：%(photos)s。请在车旁补拍后再提交。")


class ReportNotWhole(BusinessError):
    code = "report_not_whole"
    http_status = 422
    sentence = _("还没有填写：%(parts)s。")


class NotYourReport(BusinessError):
    code = "not_your_report"
    http_status = 403
    sentence = _("这份报告由 %(name)s 填写，其他同事可以查看，不能修改。")


class PhotoOfOtherKind(BusinessError):
    code = "photo_unknown"
    http_status = 422
    field = "category"
    sentence = _("照片种类不在清单内。")


class ValuedAhead(BusinessError):
    code = "valued_ahead"
    http_status = 422
    field = "valued_on"
    sentence = _("看车日期不能晚于今天（%(today)s）。")
