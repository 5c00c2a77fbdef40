"""What the relations part refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class EntryTwice(BusinessError):
    code = "blacklist_entry_twice"
    http_status = 409
    field = "value"
    sentence = _("这个值已因同一理由列入或正在等待复核，请查看原条目。")


class ValueUnreadable(BusinessError):
    code = "blacklist_value_unreadable"
    http_status = 422
    field = "value"
    sentence = _("这个值无法比对，请填写完整的%(kind)s。")


class EntryNotInForce(BusinessError):
    code = "blacklist_entry_not_in_force"
    http_status = 409
    sentence = _("条目 %(number)s 不在生效中，不能复审。")
