"""Which papers can be read: the words that are printed on each, and what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass

_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VIN = _DIGITS + "ABCDEFGHJKLMNPRSTUVWXYZ"
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云渝藏陕甘青宁新"


@dataclass(frozen=True, slots=True)
class Place:
    """A field: the words printed before it, and which characters can stand in it (empty: any). `shape` says how it is written:
    `text`, `day`, `days_from`, `days_to`, `plate`, `yuan`, `number`; `length` is how many characters it has, 0 for any number."""

    name: str
    label: str
    shape: str = "text"
    allowed: str = ""
    length: int = 0
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A paper: its title, where it has one, and its fields. One is recognised by most of these words."""

    code: str
    titles: tuple[str, ...]
    places: tuple[Place, ...]


def _number(name: str, label: str, allowed: str = _DIGITS, length: int = 0) -> Place:
    return Place(name, label, "number", allowed, length)


def _day(name: str, label: str) -> Place:
    return Place(name, label, "day", _DIGITS + "年月日-./")


def _plate(label: str) -> Place:
    return Place("plate", label, "plate", _DIGITS + _CAPITALS + _PROVINCES)


KINDS = {kind.code: kind for kind in (
    Kind("id_front", (), (
        Place("name", "姓名"), Place("sex", "性别", allowed="男女"), Place("nation", "民族"), _day("born_on", "出生"),
        Place("address", "住址", goes_on=True), _number("id_number", "公民身份号码", _DIGITS + "X", 18),
    )),
    Kind("id_back", ("居民身份证",), (
        Place("authority", "签发机关"), Place("valid_from", "有效期限", "days_from", _DIGITS + ".-长期"),
        Place("valid_to", "有效期限", "days_to", _DIGITS + ".-长期"),
    )),
    Kind("vehicle_licence", ("机动车行驶证",), (
        _plate("号牌号码"), Place("vehicle_type", "车辆类型"), Place("owner", "所有人"), Place("address", "住址"),
        Place("usage", "使用性质"), Place("model", "品牌型号"), _number("vin", "车辆识别代号", _VIN, 17),
        _number("engine_no", "发动机号码", _DIGITS + _CAPITALS), _day("registered_on", "注册日期"), _day("issued_on", "发证日期"),
    )),
    Kind("registration_certificate", ("机动车登记证书",), (
        _number("certificate_no", "证书编号"), Place("owner", "机动车所有人"),
        _number("owner_id_number", "身份证明号码", _DIGITS + "X", 18), Place("authority", "登记机关"), _day("registered_on", "登记日期"),
        _plate("机动车登记编号"), Place("brand", "车辆品牌"), Place("model", "车辆型号"), Place("colour", "车身颜色"),
        _number("vin", "车辆识别代号", _VIN, 17), _number("engine_no", "发动机号", _DIGITS + _CAPITALS),
    )),
    Kind("bank_card", ("储蓄卡", "银联"), (
        Place("bank_name", "", "bank"), _number("card_number", ""), Place("valid_thru", "有效期", "number", _DIGITS + "/", 5),
    )),
    Kind("used_car_invoice", ("二手车销售统一发票",), (
        _number("invoice_code", "发票代码", length=12), _number("invoice_number", "发票号码", length=8), _day("invoiced_on", "开票日期"),
        Place("buyer", "买方名称"), _number("buyer_id_number", "买方身份证号码", _DIGITS + "X", 18), Place("seller", "卖方名称"),
        _plate("车牌照号"), _number("certificate_no", "登记证号"), _number("vin", "车架号", _VIN, 17), Place("model", "厂牌型号"),
        Place("price", "车价合计小写", "yuan", _DIGITS + ".¥"),
    )),
)}
PROVINCES = _PROVINCES
# Words that stand in fields and mean something.
FOREVER, SEXES, BRAND_ENDS = "长期", {"male": "男", "female": "女"}, "牌"
