"""Refusals around collateral."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class NotSigned(BusinessError):
    code = "contract_not_signed"
    sentence = _("合同签署后才能登记抵押。")


class NothingToRegister(BusinessError):
    code = "nothing_to_register"
    sentence = _("合同 %(contract)s 目前没有待登记的抵押。")


class ReceiptOfAnother(BusinessError):
    code = "receipt_of_another"
    http_status = 422
    field = "receipt_number"
    sentence = _("回执编号 %(receipt)s 已登记在 %(number)s 名下，请核对回执。")


class NotPurchaseMoney(BusinessError):
    code = "not_purchase_money"
    sentence = _("合同 %(contract)s 不是购车贷款，没有购置款抵押的登记期限。")
