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


class RegistrationRefused(BusinessError):
    """The vehicle office sent the papers of a mortgage back, for example because somebody else has one on the car."""

    code = "registration_refused"
    sentence = _("%(registry)s不予办理抵押登记（%(number)s）：%(reason)s。请重新办理登记；办不成的，请作废合同。在此之前不能放款。")


class NotUnified(BusinessError):
    code = "registration_without_term"
    sentence = _("登记单 %(number)s 不是中登网登记，没有登记期限，不能展期。")


class NotPurchaseMoney(BusinessError):
    code = "not_purchase_money"
    sentence = _("合同 %(contract)s 不是购车贷款，没有购置款抵押的登记期限。")


class CertificateKept(BusinessError):
    code = "certificate_kept"
    sentence = _("车辆 %(vehicle)s 的登记证书已在库（%(number)s），不能重复入库。")


class StillMortgaged(BusinessError):
    code = "still_mortgaged"
    sentence = _("车辆 %(vehicle)s 的抵押尚未解除，权证不能出库；办事需要可先借出。")


class StockTakeOpen(BusinessError):
    code = "stock_take_open"
    sentence = _("%(branch)s 的盘点 %(number)s 尚未结束。")


class NotReleasing(BusinessError):
    code = "not_releasing"
    sentence = _("抵押没有在办的解押，登记不能注销。")


class StepsBefore(BusinessError):
    code = "release_steps_before"
    sentence = _("请先办妥：%(steps)s。")


class PaperLent(BusinessError):
    code = "paper_lent"
    sentence = _("%(kind)s %(number)s 借给了%(holder)s，请先归还入库再出库。")


class NothingToHandOver(BusinessError):
    code = "nothing_to_hand_over"
    sentence = _("解押 %(number)s 没有在库的权证，不需要出库和交付。")


class WrongRecipient(BusinessError):
    code = "recipient_not_known"
    http_status = 422
    field = "id_number"
    sentence = _("证件号码与借款人、车辆所有人都不一致；代办人领取须上传授权委托书。")


class GpsNotAsked(BusinessError):
    code = "gps_not_asked"
    sentence = _("合同 %(contract)s 的决策没有要求安装 GPS。")


class GpsOrdered(BusinessError):
    code = "gps_ordered"
    sentence = _("合同 %(contract)s 已有安装单 %(number)s，不必重复下单。")


class DeviceElsewhere(BusinessError):
    code = "device_elsewhere"
    http_status = 422
    field = "devices"
    sentence = _("设备 %(device)s 正装在合同 %(contract)s 的车上，请核对设备编号。")


class DeviceLocated(BusinessError):
    code = "device_located"
    sentence = _("设备 %(device)s 已有定位，不能更换。")


class InsuranceUnfit(BusinessError):
    code = "insurance_unfit"
    http_status = 422

    def __init__(self, field: str, sentence: object, **facts: object) -> None:
        self.field, self.sentence = field, sentence
        super().__init__(**facts)
