"""Which categories can be read, as what kind of paper, and what their fields are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from chezhe.documents.vendors.ocr.kinds import BRAND_ENDS, FOREVER, SEXES

__all__ = ["BRAND_ENDS", "FIELDS", "FOREVER", "KIND_OF", "SEXES", "STATUSES", "SURE_PERCENT", "VERDICTS", "WHYS", "FieldKind"]

# What we keep as → what the service is told that it is.
KIND_OF: Final = {
    "id_front": "id_front", "spouse_id": "id_front", "legal_representative_id": "id_front", "controller_id": "id_front",
    "id_back": "id_back", "vehicle_licence": "vehicle_licence", "registration_certificate": "registration_certificate",
    "bank_card_photo": "bank_card", "purchase_invoice": "used_car_invoice",
}
# Below this a person has to look: the field is marked.
SURE_PERCENT: Final = 85


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A field's `label`, and as what it is judged and masked: name, id_number, address, vin, plate, card, day, yuan, or free text."""

    label: Any
    judged_as: str = "text"


_NAME = _("姓名")
FIELDS: Final[dict[str, dict[str, FieldKind]]] = {
    "id_front": {
        "name": FieldKind(_NAME, "name"), "sex": FieldKind(_("性别")), "nation": FieldKind(_("民族")),
        "born_on": FieldKind(_("出生日期"), "day"), "address": FieldKind(_("住址"), "address"),
        "id_number": FieldKind(_("身份证号码"), "id_number"),
    },
    "id_back": {
        "authority": FieldKind(_("签发机关")), "valid_from": FieldKind(_("有效期起"), "day"), "valid_to": FieldKind(_("有效期止"), "until"),
    },
    "vehicle_licence": {
        "plate": FieldKind(_("车牌号"), "plate"), "vehicle_type": FieldKind(_("车辆类型")), "owner": FieldKind(_("所有人"), "name"),
        "address": FieldKind(_("住址"), "address"), "usage": FieldKind(_("使用性质")), "model": FieldKind(_("品牌型号")),
        "vin": FieldKind(_("车架号"), "vin"), "engine_no": FieldKind(_("发动机号"), "engine"),
        "registered_on": FieldKind(_("注册日期"), "day"), "issued_on": FieldKind(_("发证日期"), "day"),
    },
    "registration_certificate": {
        "certificate_no": FieldKind(_("登记证编号")), "owner": FieldKind(_("所有人"), "name"),
        "owner_id_number": FieldKind(_("所有人证件号码"), "id_number"), "authority": FieldKind(_("登记机关")),
        "registered_on": FieldKind(_("登记日期"), "day"), "plate": FieldKind(_("车牌号"), "plate"), "brand": FieldKind(_("品牌")),
        "model": FieldKind(_("型号")), "colour": FieldKind(_("颜色")), "vin": FieldKind(_("车架号"), "vin"),
        "engine_no": FieldKind(_("发动机号"), "engine"),
    },
    "bank_card": {
        "bank_name": FieldKind(_("开户行")), "card_number": FieldKind(_("银行卡卡号"), "card"), "valid_thru": FieldKind(_("卡片有效期")),
    },
    "used_car_invoice": {
        "invoice_code": FieldKind(_("发票代码")), "invoice_number": FieldKind(_("发票号码")),
        "invoiced_on": FieldKind(_("开票日期"), "day"),
        "buyer": FieldKind(_("买方"), "name"), "buyer_id_number": FieldKind(_("买方证件号码"), "id_number"),
        "seller": FieldKind(_("卖方"), "name"), "plate": FieldKind(_("车牌号"), "plate"), "certificate_no": FieldKind(_("登记证编号")),
        "vin": FieldKind(_("车架号"), "vin"), "model": FieldKind(_("厂牌型号")), "price": FieldKind(_("车价合计"), "yuan"),
    },
}
STATUSES: Final = [("waiting", _("识别中")), ("read", _("已识别")), ("unreadable", _("无法识别")), ("given_up", _("识别服务无应答"))]
WHYS: Final = {
    "too_small": _("照片太小，认不出文字，请重新拍摄后上传，或手工录入。"),
    "no_picture": _("图片打不开，请手工录入。"), "nothing_readable": _("照片上没有读出文字，请重拍或手工录入。"),
    "other_paper": _("看起来不是这类证件，或拍得不清楚，请核对类别、重拍或手工录入。"),
    "unreached": _("识别服务多次无应答，请手工录入，或稍后重新识别。"),
}
VERDICTS: Final = [("", _("尚未核对")), ("taken", _("已采用")), ("kept", _("以录入为准"))]
